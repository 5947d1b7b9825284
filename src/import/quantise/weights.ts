import type { Link } from '../map/index.ts';
import type { Activity } from './activity.ts';

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
  activity: Activity | undefined,
): Integers {
  const weights = weightsOf(link);
  const high = 2 ** (weightBits - 1) - 1;
  if (link.integerScale !== undefined) return integersAt(weights, link.integerScale, high);
  const most = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0);
  const whole = Math.min(finest, most === 0 ? 0 : Math.floor(Math.log2(high / most)));
  const at = (scale: number) => integersAt(weights, scale, high);
  const seen = activity?.get(link.from.name);
  if (seen === undefined) return at(whole);
  const groups = groupsOf(link);
  let best = at(whole);
  let least = effect(weights, best, groups, seen);
  for (let scale = whole + 1; scale <= Math.min(finest, whole + clippingScales); scale++) {
    const candidate = at(scale);
    const changed = effect(weights, candidate, groups, seen);
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

/** Weights that the same target sums, and their sources. */
interface Groups {
  /** For each weight: the number of its target, or of its target's channel. */
  target(at: number): number;
  readonly targets: number;
  /** For each weight: its source neurons, first and end. */
  source(at: number): readonly [first: number, end: number];
}

function groupsOf({ map, to, from }: Link): Groups {
  if (map.sliding !== undefined) {
    const { kernel, from: source, to: made } = map.sliding;
    const area = kernel[0] * kernel[1];
    const plane = source[1] * source[2];
    const channel = (at: number) => Math.floor(at / area) % source[0];
    return {
      targets: made[0],
      target: (at) => Math.floor(at / (area * source[0])),
      source: (at) => [channel(at) * plane, (channel(at) + 1) * plane],
    };
  }
  const { starts, targets } = map.rows();
  const sources = new Uint32Array(targets.length);
  for (let item = 0; item < from.size; item++) sources.fill(item, starts[item] ?? 0, starts[item + 1] ?? 0);
  return {
    targets: to.size,
    target: (at) => targets[at] ?? 0,
    source: (at) => [sources[at] ?? 0, (sources[at] ?? 0) + 1],
  };
}

/** The mean square error of the targets' input in a step. */
function effect(
  weights: Float64Array,
  { values, scale }: Integers,
  groups: Groups,
  { mean, meanSquare }: { readonly mean: Float64Array; readonly meanSquare: Float64Array },
): number {
  const shifted = new Float64Array(groups.targets);
  let spread = 0;
  for (let at = 0; at < weights.length; at++) {
    const wrong = (values[at] ?? 0) / 2 ** scale - (weights[at] ?? 0);
    if (wrong === 0) continue;
    const [first, end] = groups.source(at);
    let [average, square] = [0, 0];
    for (let item = first; item < end; item++) {
      average += mean[item] ?? 0;
      square += meanSquare[item] ?? 0;
    }
    average /= end - first;
    square /= end - first;
    const target = groups.target(at);
    shifted[target] = (shifted[target] ?? 0) + average * wrong;
    spread += (square - average * average) * wrong * wrong;
  }
  return shifted.reduce((sum, shift) => sum + shift * shift, spread);
}

/** All weights of a link, in the order of its map. */
function weightsOf({ map }: Link): Float64Array {
  return map.sliding?.weights ?? map.rows().weights;
}

/** The largest sums of positive and of negative weights onto one target. */
export function positiveAndNegative(link: Link): { readonly positive: number; readonly negative: number } {
  const groups = groupsOf(link);
  const [positive, negative] = [new Float64Array(groups.targets), new Float64Array(groups.targets)];
  for (const [at, weight] of weightsOf(link).entries()) {
    const target = groups.target(at);
    const sums = weight > 0 ? positive : negative;
    sums[target] = (sums[target] ?? 0) + Math.abs(weight);
  }
  const most = (sums: Float64Array) => sums.reduce((largest, sum) => Math.max(largest, sum), 0);
  return { positive: most(positive), negative: most(negative) };
}
