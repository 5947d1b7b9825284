import { misfit } from '../../nir/index.ts';
import { addAt, largest, magnitude, option } from '../../text/index.ts';
import { inputBits } from '../input-numbers.ts';
import { weightGroups } from '../map/linear.ts';
import type { Link, Network, NirStage } from '../map/stages.ts';
import type { ActivityByStage, Magnitudes } from './activity.ts';

/** The output of a stage in a step. */
export type StageOutput =
  /** At most one spike. */
  | { readonly is: 'spike' }
  /** Several spikes: one that carries their number. */
  | { readonly is: 'count'; readonly bits: number }
  /** Its potential, or a value of the input: a spike carries it times 2^scale. */
  | {
      readonly is: 'value';
      readonly bits: number;
      readonly scale: number;
      readonly isUnsigned?: boolean | undefined;
    };

/** The scales of a stage: integers are the model's numbers times a power of two. */
export interface Scale {
  /** Of the potential. */
  readonly potential: number;
  /** Of the current, which is as fine or finer. */
  readonly current: number;
  /** Of input that a field of its own gathers or keeps, which is as fine as what it is added to, or finer. */
  readonly input: number;
  readonly given: StageOutput;
  /** The magnitudes that the scales of its potential and its current allow for. */
  readonly potentialRange: number;
  readonly currentRange: number;
  /** The origin of the ranges. */
  readonly from: 'the worst case' | 'the calibration';
}

/** Room for more spikes in a step than the calibration had. */
const margin = 2;
/**
 * The share of potentials that may saturate. Most belong to neurons far below their threshold, which do not spike
 * either way; a scale that holds them all would leave few bits to the others.
 */
const mostSaturated = 0.01;
/** The largest potential, in units of the graph. */
const largestRange = 2 ** 24;
/** The finest scale, whatever the range. */
const finest = 24;
/** Bits of a spike's address. */
const addressBits = 24;
/** Bits for the number of spikes of a neuron in a step if there is no calibration. */
const countBits = 4;

/** Widths of the values in memory. */
export interface MemoryWidths {
  readonly weightBits: number;
  readonly accumulatorBits: number;
}

/**
 * Chooses the scales of all stages: the finest with which accumulators hold twice the range of a calibration, or
 * without one, the most that a step can add to a potential at its threshold.
 *
 * @param mostInput the most spikes of an input in a step
 */
export function scalesOf(
  { input, numbers, stages, links }: Network,
  { accumulatorBits }: MemoryWidths,
  activity: ActivityByStage | undefined,
  mostInput: number,
  steps: number,
): ReadonlyMap<string, Scale> {
  const scales = new Map<string, Scale>();
  const nothing = {
    potential: 0,
    current: 0,
    input: 0,
    potentialRange: 0,
    currentRange: 0,
    from: 'the worst case',
  } as const;
  scales.set(input.name, {
    ...nothing,
    given:
      numbers.are === 'spikes'
        ? { is: 'spike' }
        : { is: 'value', bits: inputBits, scale: 0, isUnsigned: true },
  });
  const most = (stage: NirStage): number => {
    if (stage === input) return mostInput;
    if (stage.model?.firing === undefined) return scales.get(stage.name)?.potentialRange ?? 1;
    return isCounted(stage) ? 2 ** countsOf(stage, activity) - 1 : 1;
  };
  for (const stage of stages) {
    const seen = activity?.get(stage.name);
    const into = links.filter(({ to }) => to === stage);
    const worst = worstOf(stage, into, most, steps);
    const potentialRange = chosen(seen?.potential, worst.potential, stage);
    const currentRange = chosen(seen?.current, worst.current, stage);
    for (const range of [potentialRange, currentRange])
      if (!(range <= largestRange))
        throw misfit(
          stage.node,
          `its potentials or currents may reach ${range.toPrecision(3)}, which integers on a core cannot follow; is the time step (${option('dt')}) in the unit of the file's time constants?`,
        );
    const fits = (range: number) =>
      Math.min(
        finest,
        Math.floor(Math.log2((2 ** (accumulatorBits - 1) - 1) / Math.max(range, 2 ** -finest))),
      );
    const potential = fits(potentialRange);
    const current = Math.max(potential, fits(currentRange));
    const isSpiking = stage.model?.firing !== undefined;
    const isGathered = stage.model?.inputGain !== undefined;
    const areIntegers = into.some(({ integerScale }) => integerScale !== undefined);
    if (areIntegers && !isGathered)
      refuseNarrow(stage, Math.max(0, ...into.map(exponentOf)), potential, accumulatorBits);
    const valueBits = Math.min(accumulatorBits, addressBits - Math.ceil(Math.log2(Math.max(1, stage.size))));
    scales.set(stage.name, {
      potential: isCounted(stage) ? Math.max(0, potential) : potential,
      current,
      input: Math.max(
        areIntegers ? 0 : stage.model?.current === undefined ? potential : current,
        fits(addedBy(isGathered ? into : into.filter(({ from }) => from === input), most)),
      ),
      potentialRange,
      currentRange,
      given: !isSpiking
        ? { is: 'value', bits: valueBits, scale: potential - (accumulatorBits - valueBits) }
        : isCounted(stage)
          ? { is: 'count', bits: countsOf(stage, activity) }
          : { is: 'spike' },
      from: (seen?.potential.most ?? 0) > 0 ? 'the calibration' : 'the worst case',
    });
  }
  return scales;
}

export function isCounted({ model }: NirStage): boolean {
  return model?.firing?.fires === 'each';
}

function countsOf({ name }: NirStage, activity: ActivityByStage | undefined): number {
  const most = activity?.get(name)?.most ?? 0;
  return most === 0 ? countBits : Math.min(8, Math.ceil(Math.log2(margin * most + 1)));
}

/** A range also has to hold the thresholds and constants. */
function chosen(seen: Magnitudes | undefined, worst: number, { model }: NirStage): number {
  const constants = [model?.firing?.threshold, model?.firing?.resetTo, model?.drive, model?.start];
  const least = largest(constants.map((values) => magnitude(values ?? [])));
  return Math.max(least, seen === undefined || seen.most === 0 ? worst : seen.bound(mostSaturated));
}

/** The largest magnitudes of the current and of the potential that the inputs can cause. */
function worstOf(
  { model }: NirStage,
  into: readonly Link[],
  most: (stage: NirStage) => number,
  steps: number,
): { readonly potential: number; readonly current: number } {
  if (model === undefined) return { potential: 0, current: 0 };
  const added = addedBy(into, most);
  const gathered = (kept: Float64Array) => Math.min(steps, 1 / Math.max(1e-9, 1 - magnitude(kept)));
  const { current, firing } = model;
  const currentRange =
    current === undefined ? 0 : (added + magnitude(current.drive)) * gathered(current.kept);
  const perStep = (current === undefined ? added : currentRange) + magnitude(model.drive);
  return {
    current: currentRange,
    potential: firing === undefined ? perStep * gathered(model.kept) : perStep + magnitude(firing.threshold),
  };
}

/**
 * Refuses integers that accumulators have no room for: they are not shifted to the right.
 *
 * @param needed the scale of the integers, in units of the potential
 */
function refuseNarrow({ node }: NirStage, needed: number, scale: number, accumulatorBits: number): void {
  if (scale >= needed) return;
  throw misfit(
    node,
    `its potentials, in units of the integers of its weights, need ${accumulatorBits + needed - scale} bits, and accumulators have ${accumulatorBits}: ${option('accumulator', accumulatorBits + needed - scale)}`,
  );
}

function exponentOf({ integerScale = 0 }: Link): number {
  return integerScale;
}

/** The largest magnitude that a step adds through links. */
function addedBy(into: readonly Link[], most: (stage: NirStage) => number): number {
  let added = 0;
  for (const link of into) {
    const { positive, negative } = positiveAndNegative(link);
    const both = link.from.model?.firing === undefined && link.from.model !== undefined;
    added += most(link.from) * (both ? positive + negative : Math.max(positive, negative));
  }
  return added;
}

/** Weights as integers: weight = integer / 2^scale, except those that were clipped. */
export interface Integers {
  readonly scale: number;
  readonly values: Int32Array;
  /** How many weights exceed the largest integer. */
  readonly clipped: number;
  /** Root mean square of the changes by rounding and clipping. */
  readonly error: number;
}

/** The number of scales to try beyond the finest that clips nothing. */
const clippingScales = 3;

/**
 * Converts a link's weights to integers, in the order of its map. Without a calibration the scale is the finest that
 * clips no weight; with one, the scale whose errors change the targets' input least.
 *
 * @param finest the finest scale that the target allows
 */
export function quantiseWeights(
  link: Link,
  weightBits: number,
  finest: number,
  activity: ActivityByStage | undefined,
): Integers {
  const { weights, group, groups } = weightGroups(link.map, link.to.size);
  const high = 2 ** (weightBits - 1) - 1;
  if (link.integerScale !== undefined) return integersAt(weights, link.integerScale, high);
  const most = magnitude(weights);
  const whole = Math.min(finest, most === 0 ? 0 : Math.floor(Math.log2(high / most)));
  const at = (scale: number) => integersAt(weights, scale, high);
  const seen = activity?.get(link.from.name);
  if (seen === undefined) return at(whole);
  const ends: Ends = { groups, group, source: sourcesOf(link) };
  let best = at(whole);
  let least = effect(weights, best, ends, seen);
  for (let scale = whole + 1; scale <= Math.min(finest, whole + clippingScales); scale++) {
    const candidate = at(scale);
    const changed = effect(weights, candidate, ends, seen);
    if (changed < least) [best, least] = [candidate, changed];
  }
  return best;
}

function integersAt(weights: Float64Array, scale: number, high: number): Integers {
  const values = new Int32Array(weights.length);
  let [clipped, squares] = [0, 0];
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] ?? 0;
    const rounded = Math.round(weight * 2 ** scale);
    const value = Math.max(-high - 1, Math.min(high, rounded));
    if (value !== rounded) clipped += 1;
    values[at] = value;
    squares += (value / 2 ** scale - weight) ** 2;
  }
  return { scale, values, clipped, error: Math.sqrt(squares / Math.max(1, weights.length)) };
}

/** The source neurons of each weight of a link: first and end. */
function sourcesOf({ map, from }: Link): (at: number) => readonly [first: number, end: number] {
  if (map.sliding !== undefined) {
    const { kernel, from: source } = map.sliding;
    const area = kernel[0] * kernel[1];
    const plane = source[1] * source[2];
    const channel = (at: number) => Math.floor(at / area) % source[0];
    return (at) => [channel(at) * plane, (channel(at) + 1) * plane];
  }
  const { starts, targets } = map.rows();
  const sources = new Uint32Array(targets.length);
  for (let item = 0; item < from.size; item++) sources.fill(item, starts[item] ?? 0, starts[item + 1] ?? 0);
  return (at) => [sources[at] ?? 0, (sources[at] ?? 0) + 1];
}

/** What sums each weight, and what it comes from. */
interface Ends extends Pick<ReturnType<typeof weightGroups>, 'group' | 'groups'> {
  readonly source: ReturnType<typeof sourcesOf>;
}

/** The mean square error of the targets' input in a step. */
function effect(
  weights: Float64Array,
  { values, scale }: Integers,
  { group, groups, source }: Ends,
  { mean, meanSquare }: { readonly mean: Float64Array; readonly meanSquare: Float64Array },
): number {
  const shifted = new Float64Array(groups);
  let spread = 0;
  for (let at = 0; at < weights.length; at++) {
    const wrong = (values[at] ?? 0) / 2 ** scale - (weights[at] ?? 0);
    if (wrong === 0) continue;
    const [first, end] = source(at);
    let [average, square] = [0, 0];
    for (let item = first; item < end; item++) {
      average += mean[item] ?? 0;
      square += meanSquare[item] ?? 0;
    }
    average /= end - first;
    square /= end - first;
    addAt(shifted, group(at), average * wrong);
    spread += (square - average * average) * wrong * wrong;
  }
  return shifted.reduce((sum, shift) => sum + shift * shift, spread);
}

/** The largest sums of positive and of negative weights onto one target. */
function positiveAndNegative({ map, to }: Link): { readonly positive: number; readonly negative: number } {
  const { weights, group, groups } = weightGroups(map, to.size);
  const [positive, negative] = [new Float64Array(groups), new Float64Array(groups)];
  for (const [place, weight] of weights.entries())
    addAt(weight > 0 ? positive : negative, group(place), Math.abs(weight));
  return { positive: largest(positive, 0), negative: largest(negative, 0) };
}
