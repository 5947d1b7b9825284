import type { NodeConventions } from './conventions.ts';
import type { NirNode } from './graph.ts';
import { itemCount, perItem, type TensorShape } from './shapes.ts';

/**
 * The constants of a step of a population of neurons, one number for each neuron. A step is
 *
 *     i = currentKept i + currentGain x                    neurons with a current; others see x itself
 *     v = kept v + (1 - kept) leak + gain i
 *
 * but that the conventions say when the current leaks, and what the reset does.
 */
export interface NeuronConstants {
  readonly hasCurrent: boolean;
  readonly spikes: boolean;
  /** Whether a late reset to zero discards what is integrated in the step after the spike. */
  readonly isDeadAfterSpike: boolean;
  readonly start: Float64Array;
  readonly kept: Float64Array;
  readonly gain: Float64Array;
  readonly leak: Float64Array;
  readonly threshold: Float64Array;
  readonly reset: Float64Array;
  readonly currentKept: Float64Array;
  readonly currentGain: Float64Array;
}

/**
 * The constants of a node with a state.
 *
 * @param isInCycle whether an edge of the node takes a step
 * @throws PlasticoreError `data` for parameters of another shape
 */
export function neuronConstants(
  name: string,
  node: NirNode,
  shape: TensorShape,
  rules: NodeConventions,
  isInCycle: boolean,
): NeuronConstants {
  const size = itemCount(shape);
  const each = (parameter: string, otherwise = 0) => perItem(name, node, parameter, shape, otherwise);
  const { dt } = rules;
  const hasCurrent = node.type === 'CubaLI' || node.type === 'CubaLIF';
  const leaks = node.type !== 'I' && node.type !== 'IF';
  const isExponential = rules.leak === 'exponential';
  const tau = each(hasCurrent ? 'tau_mem' : 'tau', Infinity);
  const [leak, reset] = [each('v_leak'), each('v_reset')];
  const synaptic = each('tau_syn', Infinity);
  return {
    hasCurrent,
    spikes: node.type === 'IF' || node.type === 'LIF' || node.type === 'CubaLIF',
    isDeadAfterSpike: rules.reset === 'zero-late' && (node.type === 'CubaLIF' || isInCycle),
    start: rules.start === 'zero' ? new Float64Array(size) : rules.start === 'leak' ? leak : reset,
    kept: tau.map((time) => (leaks ? (isExponential ? Math.exp(-dt / time) : 1 - dt / time) : 1)),
    gain: each('r', 1).map((resistance, at) => {
      const time = tau[at] ?? 1;
      if (!leaks) return dt * resistance;
      if (!isExponential) return (dt / time) * (rules.current === 'jump' && hasCurrent ? 1 : resistance);
      return rules.normalised && !hasCurrent ? 1 - Math.exp(-dt / time) : 1;
    }),
    leak,
    threshold: each('v_threshold'),
    reset,
    currentKept: synaptic.map((time) =>
      rules.current === 'leaking-jump' ? Math.exp(-dt / time) : 1 - dt / time,
    ),
    currentGain: each('w_in', 1).map((weight, at) =>
      rules.current === 'euler' ? (dt / (synaptic[at] ?? 1)) * weight : 1,
    ),
  };
}
