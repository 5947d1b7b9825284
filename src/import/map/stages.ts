import type { GivenLayer, GivenLink, GivenModel, GivenNetwork } from '../../chips/index.ts';
import type { NeuronConstants, NirNode, NodeConventions, TensorShape } from '../../nir/index.ts';
import { magnitude } from '../../text/index.ts';
import type { InputNumbers } from '../input-numbers.ts';
import type { LinearMap, NirPictureShape } from './linear.ts';
import type { Delay, PathNode } from './path.ts';

/** The origin of a population: an input, neurons, or a node where edges meet. */
export interface NirStage extends GivenLayer {
  readonly type: NirNode['type'];
  /** As the graph has it. */
  readonly shape: TensorShape;
  /** Undefined for the input. */
  readonly model: Model | undefined;
}

/** The origin of a projection: all linear nodes on a path between two stages. */
export interface Link extends GivenLink {
  readonly name: string;
  readonly from: NirStage;
  readonly to: NirStage;
  /** The nodes on the path. */
  readonly nodes: readonly string[];
  readonly path: readonly PathNode[];
  /** The additional delay of spikes. */
  readonly delay: Delay;
  /** In units of the target's potential, or of its current: weights with the gain of its model. */
  readonly map: LinearMap;
  /** Set if the weights times 2^scale are the integers that were trained, which are not rounded again. */
  readonly integerScale?: number | undefined;
}

/** A graph as populations and projections, in doubles. */
export interface Network extends Omit<GivenNetwork, 'readout'> {
  readonly input: NirStage;
  /** The input: links from it are in its units. */
  readonly numbers: InputNumbers;
  readonly stages: readonly NirStage[];
  readonly links: readonly Link[];
  /** By output node of the graph, the stage whose spikes or potentials it gives. */
  readonly outputs: ReadonlyMap<string, NirStage>;
  /** By stage, pictures whose neurons are numbered by place, then channel, as convolutions need it. */
  readonly pictures: ReadonlyMap<string, NirPictureShape>;
}

/**
 * Where gains go that differ from neuron to neuron of a convolution: into its weights, which are no longer shared then;
 * or to the neurons, each of which multiplies what it has gathered in a step.
 */
export type Gains = 'weights' | 'neurons';

/** How weights become those of a program. */
export interface WeightsWay {
  readonly gains: Gains;
  /** Set if they are whole numbers of so many bits times a scale, and are taken as they are. */
  readonly integerBits?: number | undefined;
}

/**
 * The step of a population, in numbers for each of its neurons: the input is added to its potential, or to
 * its current, which is then added to its potential; it fires; it is reset; it leaks for the next step:
 *
 *     v = kept v + drive
 *
 * So what stands in memory between two steps is the potential with the leak and the constant input of the step to come.
 */
export interface Model extends GivenModel {
  /** Multiply the model's potentials by this to get the graph's. */
  readonly unit: Float64Array;
  /** The filter between the input and the potential, in units of the potential: `share` of the graph's current. */
  readonly current:
    | { readonly kept: Float64Array; readonly drive: Float64Array; readonly share: Float64Array }
    | undefined;
  /** Multiply weights by this to get units of the potential, or of the current. */
  readonly gain: Float64Array;
  /** Set if a part of the gain is that of each neuron, of what it gathers in a step, and not of the weights. */
  readonly inputGain?: InputGain | undefined;
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

/** A gain for each neuron, of what it has gathered in a step: factors x 2^-bits. */
export interface InputGain {
  readonly factors: Int32Array;
  readonly bits: number;
  /** The gain that is left to the weights, the same for all neurons. */
  readonly common: number;
}

/** Factors of so many bits, where a product loses `shift` of them: exact halves first, then as narrow as will do. */
const kinds = [
  { shift: 7, most: 2 ** 7, mostError: 0 },
  { shift: 8, most: 2 ** 8 - 1, mostError: 2 ** -8 },
  { shift: 12, most: 2 ** 12 - 1, mostError: Infinity },
] as const;

/** Gains as factors of 8 bits, or of 12 where those would be wrong by more than a weight of 8 bits. */
export function inputGainOf(gain: Float64Array): InputGain {
  const largest = magnitude(gain) || 1;
  for (const { shift, most, mostError } of kinds) {
    const exact = gain.map((value) => (value / largest) * most);
    const factors = Int32Array.from(exact, Math.round);
    const isNear = exact.every(
      (value, at) => Math.abs((factors[at] ?? 0) - value) <= mostError * Math.abs(value),
    );
    if (isNear) return { factors, bits: shift, common: (largest * 2 ** shift) / most };
  }
  throw new Error('no factors');
}

/** The bits of gains that stand beside weights which are not rounded. */
const fineBits = 15;

/** Gains as factors of 15 bits, none of it left to the weights. */
export function fineGainOf(gain: Float64Array): InputGain {
  const largest = magnitude(gain) || 1;
  const bits = fineBits - 1 - Math.floor(Math.log2(largest));
  return { factors: Int32Array.from(gain, (value) => Math.round(value * 2 ** bits)), bits, common: 1 };
}

/**
 * Numbers neurons by place, then channel, if a convolution needs it. If several convolutions need different numberings,
 * all but the first become lists of synapses.
 */
export function settle(links: readonly Link[]): Pick<Network, 'links' | 'pictures'> {
  const pictures = new Map<string, NirPictureShape>();
  const takes = (stage: NirStage, picture: NirPictureShape): boolean => {
    const known = pictures.get(stage.name);
    return known === undefined || known.every((length, axis) => length === picture[axis]);
  };
  const settled = links.map((link): Link => {
    const { sliding } = link.map;
    if (sliding === undefined) return link;
    if (!takes(link.from, sliding.from) || !takes(link.to, sliding.to))
      return { ...link, map: { ...link.map, sliding: undefined } };
    pictures.set(link.from.name, sliding.from);
    pictures.set(link.to.name, sliding.to);
    return link;
  });
  return { links: settled, pictures };
}
