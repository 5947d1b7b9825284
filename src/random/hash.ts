import { numberAt, PlasticoreError, wordAt } from '../text/index.ts';
import { goldenRatio, mix } from './mix.ts';

/**
 * Random numbers outside the core. Every word is a hash of its purpose, so it does not depend on precision, lanes,
 * cores, workers, or the point where a run was resumed.
 *
 * The specification, in unsigned 32-bit arithmetic, with `*` keeping the low 32 bits:
 *
 *     combine(h, x)          = mix(h ^ ((x + 1) * 0x9E3779B9))
 *     hash32(seed, p1, p2 …) = combine(… combine(combine(combine(0, seed), p1), p2) …)
 *
 * `mix` is murmur3's finaliser. Parts are taken modulo 2^32. For a fixed prefix, `combine` is a bijection of its last
 * part; the odd multiplier prevents the words of neighbouring prefixes from being shifted copies of each other.
 */

const twoTo32 = 2 ** 32;

/** The first part of each kind of draw, so that equal indices of different kinds draw different words. */
export const streams = {
  input: 1,
  weight: 2,
  order: 3,
  jitter: 4,
  synapseField: 5,
  neuronField: 6,
  task: 7,
  generator: 8,
  connection: 9,
  delay: 10,
  noise: 11,
  search: 12,
  figure: 13,
  augmentation: 14,
  seedSpread: 15,
  seedVariance: 16,
  cell: 17,
  packet: 18,
} as const;

/** The epoch for draws that belong to no training epoch: test sets and fixed shuffles. */
export const noEpoch = 0xffffffff;

/** The hash that extends `h` by one part: `mix(h ^ ((x + 1) * 0x9E3779B9))`, unsigned 32 bit. */
export function combine(h: number, x: number): number {
  return mix(h ^ Math.imul(x + 1, goldenRatio));
}

/** One random word, unsigned 32 bit, identified by a seed and any number of integers. */
export function hash32(seed: number, ...parts: readonly number[]): number {
  let h = combine(0, seed);
  for (const part of parts) h = combine(h, part);
  return h;
}

/**
 * The index of the first of ascending numbers that is above another; their number if none is: the outcome that a draw
 * stands for, where the numbers sum up probabilities.
 */
export function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (value < numberAt(ascending, middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Ends of a range to draw from lie within ± this value, so that scaling a 32-bit word to the range is exact. */
export const largestDraw = 2 ** 20 - 1;

/**
 * Integers uniform in low..high, one for each last part: `floor(u / 2^32 * (high - low + 1)) + low` with
 * `u = hash32(seed, ...prefix, last)`. The first part is the draws' stream.
 *
 * @param low an integer of at least -(2^20 - 1); a `range` error otherwise
 * @param high an integer in low..2^20 - 1; a `range` error otherwise
 */
export function drawsBetween(
  low: number,
  high: number,
  seed: number,
  ...prefix: readonly number[]
): (last: number) => number {
  const areWhole = Number.isInteger(low) && Number.isInteger(high);
  if (!areWhole || low < -largestDraw || high > largestDraw || low > high) {
    throw new PlasticoreError(
      'range',
      `range of a uniform draw: ${low}..${high} found, integers in ascending order within ±${largestDraw} expected`,
    );
  }
  const owner = hash32(seed, ...prefix);
  return (last) => below(high - low + 1, combine(owner, last)) + low;
}

/**
 * A nearly normal random number, of mean 0 and standard deviation 1, within ±6: the sum of twelve uniform ones, in
 * integers except for the last step, so that the result is the same on every computer.
 *
 * `(floor(u_0 / 2^16) + ... + floor(u_11 / 2^16) + 6) / 2^16 - 6` with `u_i = hash32(seed, ...parts, i)`.
 */
export function drawNormal(seed: number, ...parts: readonly number[]): number {
  const prefix = hash32(seed, ...parts);
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += combine(prefix, i) >>> 16;
  return (sum + 6) / 2 ** 16 - 6;
}

/**
 * The shift of a sample in an epoch, an integer uniform in -amplitude..amplitude:
 * `floor(u / 2^32 * (2 amplitude + 1)) - amplitude` with `u = hash32(seed, streams.jitter, epoch, sample)`.
 *
 * @param amplitude an integer in 0..2^20 - 1, so that the product is exact
 */
export function drawJitter(amplitude: number, seed: number, epoch: number, sample: number): number {
  return below(2 * amplitude + 1, hash32(seed, streams.jitter, epoch, sample)) - amplitude;
}

/**
 * The order of the samples of one epoch: a permutation of 0..count - 1.
 *
 * Fisher-Yates from the end: position i = count - 1 … 1 swaps with `floor(u / 2^32 * (i + 1))`,
 * `u = hash32(seed, streams.order, epoch, i)`.
 */
export function permutation(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const prefix = hash32(seed, streams.order, epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1, combine(prefix, i));
    const moved = wordAt(order, i);
    order[i] = wordAt(order, j);
    order[j] = moved;
  }
  return order;
}

/** Scales a 32-bit word to an integer in 0..bound - 1. */
function below(bound: number, word: number): number {
  return Math.floor((word / twoTo32) * bound);
}
