import type { NeuronConstants, NodeConventions } from '../../nir/index.ts';
import type { InputGain } from './input-gain.ts';

/**
 * The step of a population, in numbers for each of its neurons: the input is added to its potential, or to
 * its current, which is then added to its potential; it fires; it is reset; it leaks for the next step:
 *
 *     v = kept v + drive
 *
 * So what stands in memory between two steps is the potential with the leak and the constant input of the step to come.
 */
export interface Model {
  /** Multiply the model's potentials by this to get the graph's. */
  readonly unit: Float64Array;
  readonly kept: Float64Array;
  readonly drive: Float64Array;
  /** The potential before the first step. */
  readonly start: Float64Array;
  /** The filter between the input and the potential, in units of the potential: `share` of the graph's current. */
  readonly current:
    | { readonly kept: Float64Array; readonly drive: Float64Array; readonly share: Float64Array }
    | undefined;
  /** Multiply weights by this to get units of the potential, or of the current. */
  readonly gain: Float64Array;
  /** Set if a part of the gain is that of each neuron, of what it gathers in a step, and not of the weights. */
  readonly inputGain?: InputGain | undefined;
  /** Undefined for neurons that do not spike. */
  readonly firing: Firing | undefined;
}

interface Firing {
  readonly threshold: Float64Array;
  readonly fires: NodeConventions['fires'];
  /** `dead`: to zero, and the input of the step after a spike is lost. `none`: the threshold has no memory. */
  readonly reset: NodeConventions['reset'] | 'dead' | 'none';
  readonly resetTo: Float64Array;
}

/**
 * The model of neurons of NIR. If they may fire several times a step, potentials are in units of thresholds, so that a
 * core counts spikes by a shift.
 *
 * @param bias constant input of each neuron
 */
export function neuronModel(constants: NeuronConstants, rules: NodeConventions, bias: Float64Array): Model {
  const { kept, leak, hasCurrent, currentKept, spikes } = constants;
  const isCounted = spikes && rules.fires === 'each';
  const unit = constants.threshold.map((threshold) => (isCounted ? threshold : 1));
  const inUnits = (values: Float64Array) => values.map((value, at) => value / (unit[at] ?? 1));
  const share = inUnits(constants.gain);
  const gain = share.map((value, at) => {
    if (!hasCurrent) return value;
    const seen = rules.current === 'leaking-jump' ? (currentKept[at] ?? 1) : 1;
    return value * (constants.currentGain[at] ?? 1) * seen;
  });
  const constant = gain.map((value, at) => value * (bias[at] ?? 0));
  const drift = inUnits(leak).map((value, at) => (1 - (kept[at] ?? 0)) * value);
  return {
    unit,
    kept,
    gain,
    start: inUnits(constants.start),
    drive: hasCurrent ? drift : drift.map((value, at) => value + (constant[at] ?? 0)),
    current: hasCurrent ? { kept: currentKept, drive: constant, share } : undefined,
    firing: spikes
      ? {
          threshold: inUnits(constants.threshold),
          fires: rules.fires,
          reset: constants.isDeadAfterSpike ? 'dead' : rules.reset,
          resetTo: inUnits(constants.reset),
        }
      : undefined,
  };
}

/** The same model in units of its own for each neuron, so that its weights are whole numbers. */
export function inUnits(model: Model, units: Float64Array): Model {
  const { firing, current } = model;
  const own = (values: Float64Array) => values.map((value, at) => value / (units[at] ?? 1));
  return {
    ...model,
    unit: model.unit.map((value, at) => value * (units[at] ?? 1)),
    start: own(model.start),
    drive: own(model.drive),
    current: current && { kept: current.kept, drive: own(current.drive), share: own(current.share) },
    firing: firing && { ...firing, threshold: own(firing.threshold), resetTo: own(firing.resetTo) },
  };
}

/** A stage without memory: it passes on its input, or a spike if the input exceeds a threshold. */
export function placeModel(bias: Float64Array, threshold?: Float64Array): Model {
  const zeros = new Float64Array(bias.length);
  const ones = zeros.map(() => 1);
  return {
    unit: ones,
    kept: zeros,
    drive: bias,
    start: zeros,
    current: undefined,
    gain: ones,
    firing: threshold && { threshold, fires: 'above', reset: 'none', resetTo: zeros },
  };
}

/** The potential in a core's memory after a step, computed from the graph's potential and its spikes in that step. */
export function storedPotential(model: Model, at: number, v: number, spikes: number): number {
  const { unit, kept, drive, firing } = model;
  const own = v / (unit[at] ?? 1);
  if (firing === undefined) return own;
  const [share, constant] = [kept[at] ?? 0, drive[at] ?? 0];
  if (firing.reset === 'zero-late') return (spikes > 0 ? 0 : share * own) + constant;
  const late = firing.reset === 'subtract-late' ? spikes * (firing.threshold[at] ?? 0) : 0;
  return share * own + constant - late;
}
