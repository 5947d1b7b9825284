import type { NodeConventions } from './conventions.ts';
import type { NirNode } from './graph.ts';
import { itemCount, perItem, type TensorShape } from './shapes.ts';

/** A population of neurons: plain arithmetic in doubles. */
export class Neurons {
  /** Potentials: before the reset where it is late, else after it. */
  readonly v: Float64Array;
  /** Potentials as they met the threshold. */
  readonly met: Float64Array;
  /** Currents. */
  readonly i: Float64Array;
  readonly #constants: NeuronConstants;
  readonly #rules: NodeConventions;
  readonly #out: Float64Array;

  /** @throws PlasticoreError `data` for parameters of another shape */
  constructor(name: string, node: NirNode, shape: TensorShape, rules: NodeConventions, isInCycle: boolean) {
    const size = itemCount(shape);
    this.#constants = neuronConstants(name, node, shape, rules, isInCycle);
    this.#rules = rules;
    this.v = new Float64Array(size);
    this.met = new Float64Array(size);
    this.i = new Float64Array(size);
    this.#out = new Float64Array(size);
    this.restart();
  }

  restart(): void {
    this.v.set(this.#constants.start);
    this.i.fill(0);
    this.#out.fill(0);
  }

  /** One step. Returns spikes, or potentials of neurons that do not spike; valid until the next step. */
  step(x: Float64Array): Float64Array {
    const { hasCurrent, spikes, kept, leak, gain, currentKept } = this.#constants;
    const [v, i] = [this.v, this.i];
    const drive = hasCurrent ? this.#takeCurrent(x) : x;
    this.#takeReset('before');
    for (let at = 0; at < v.length; at++) {
      const share = kept[at] ?? 0;
      v[at] = share * (v[at] ?? 0) + (1 - share) * (leak[at] ?? 0) + (gain[at] ?? 0) * (drive[at] ?? 0);
    }
    if (hasCurrent && this.#rules.current === 'jump')
      for (let at = 0; at < v.length; at++) i[at] = (i[at] ?? 0) * (currentKept[at] ?? 0);
    if (!spikes) return v;
    this.#takeReset('after');
    this.met.set(v);
    this.#fire();
    return this.#out;
  }

  #takeCurrent(x: Float64Array): Float64Array {
    const { currentKept, currentGain } = this.#constants;
    const { current } = this.#rules;
    const { i } = this;
    for (let at = 0; at < i.length; at++) {
      const before = i[at] ?? 0;
      const share = currentKept[at] ?? 0;
      const input = (currentGain[at] ?? 0) * (x[at] ?? 0);
      i[at] =
        current === 'jump'
          ? before + input
          : current === 'euler'
            ? share * before + input
            : share * (before + input);
    }
    return i;
  }

  /**
   * What spikes of the step before do late. A neuron with a current or a recurrence whose reset is to zero integrates
   * nothing in the step after a spike; others lose what they had, and integrate.
   */
  #takeReset(when: 'before' | 'after'): void {
    const { reset } = this.#rules;
    if (reset !== 'zero-late' && reset !== 'subtract-late') return;
    const { isDeadAfterSpike, threshold } = this.#constants;
    if (when !== (reset === 'zero-late' && !isDeadAfterSpike ? 'before' : 'after')) return;
    for (let at = 0; at < this.v.length; at++) {
      const spikes = this.#out[at] ?? 0;
      if (spikes === 0) continue;
      this.v[at] = reset === 'zero-late' ? 0 : (this.v[at] ?? 0) - spikes * (threshold[at] ?? 0);
    }
  }

  #fire(): void {
    const { fires, reset } = this.#rules;
    const { threshold: thresholds, reset: resets } = this.#constants;
    for (let at = 0; at < this.v.length; at++) {
      const [v, threshold] = [this.v[at] ?? 0, thresholds[at] ?? 0];
      const holds = fires === 'above' ? v > threshold : v >= threshold;
      const spikes = !holds ? 0 : fires === 'each' ? Math.max(0, Math.floor(v / threshold)) : 1;
      this.#out[at] = spikes;
      if (spikes === 0) continue;
      if (reset === 'value') this.v[at] = resets[at] ?? 0;
      if (reset === 'subtract') this.v[at] = v - spikes * threshold;
    }
  }
}

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
