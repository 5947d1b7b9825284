import { noEpoch, permutation } from '../random/index.ts';
import { PlasticoreError } from '../source/index.ts';

/** Samples with labels, in memory. */
export interface LabelledSet {
  readonly name: string;
  /** Features per sample. */
  readonly inputs: number;
  /** Labels are 0..classes - 1. */
  readonly classes: number;
  readonly count: number;
  /** `count` rows of `inputs` features, 0..255. */
  readonly values: Uint8Array;
  /** One label per sample. */
  readonly labels: Labels;
}

export type Labels = Uint8Array | Uint16Array;

/** What a run learns from and is tested on. */
export interface Dataset {
  readonly name: string;
  /** Where it comes from and how it was split, for a report's provenance. */
  readonly description: string;
  readonly train: LabelledSet;
  readonly test: LabelledSet;
}

/** What a labelled set is made of, and the files that its parts came from, for errors. */
export interface Samples {
  readonly name: string;
  readonly inputs: number;
  readonly classes: number;
  readonly values: Uint8Array;
  readonly labels: ArrayLike<number>;
  readonly valuesFile: string;
  readonly labelsFile: string;
}

/** Checks that values and labels belong together and labels are integers in 0..classes - 1; else a `data` error. */
export function labelledSet(samples: Samples): LabelledSet {
  const { name, inputs, classes, values, labels, valuesFile, labelsFile } = samples;
  const count = values.length / inputs;
  if (!(count > 0)) throw new PlasticoreError('data', 'holds no samples', { file: valuesFile });
  if (labels.length !== count) {
    throw new PlasticoreError(
      'data',
      `${labels.length} labels found, ${count} expected: one for each sample`,
      {
        file: labelsFile,
        hint: `the samples are in ${valuesFile}`,
      },
    );
  }
  for (let index = 0; index < count; index++) {
    const label = labels[index] ?? Number.NaN;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new PlasticoreError(
        'data',
        `label ${index} is ${label}; an integer in 0..${classes - 1} expected`,
        { file: labelsFile, hint: 'labels count from 0' },
      );
    }
  }
  const kept = classes <= 256 ? Uint8Array.from(labels) : Uint16Array.from(labels);
  return { name, inputs, classes, count, values, labels: kept };
}

/** The features of one sample: a view of `inputs` values, not a copy. */
export function sampleValues(set: LabelledSet, sample: number): Uint8Array {
  return set.values.subarray(sample * set.inputs, (sample + 1) * set.inputs);
}

/** How many samples each class has. */
export function classCounts(set: LabelledSet): number[] {
  const counts = new Array<number>(set.classes).fill(0);
  for (const label of set.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/**
 * A stratified prefix of the fixed shuffle that `seed` names: of each class its first samples, in the shuffle's order.
 *
 * Classes keep their proportions as nearly as whole samples allow (see `quotas`). A limit of the whole set or more
 * returns the set itself.
 *
 * @param limit a whole number of samples, at least 1; an `invalid-value` error otherwise
 */
export function stratifiedPrefix(set: LabelledSet, limit: number, seed: number): LabelledSet {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new PlasticoreError(
      'invalid-value',
      `limit: ${limit} found, a whole number of samples from 1 expected`,
    );
  }
  if (limit >= set.count) return set;
  return select(set, set.name, stratify(set, limit, seed).chosen);
}

/** Splits a set into `testCount` stratified test samples and the rest, both in the order of the fixed shuffle that `seed` names. */
export function stratifiedSplit(
  set: LabelledSet,
  testCount: number,
  seed: number,
): { train: LabelledSet; test: LabelledSet } {
  const { chosen, others } = stratify(set, testCount, seed);
  return { train: select(set, 'train', others), test: select(set, 'test', chosen) };
}

/**
 * How many of `total` places each class gets, in proportion to `counts`: the largest-remainder method, ties to the
 * lower class. Exact in integers; `total` at most the sum of `counts`.
 */
export function quotas(counts: readonly number[], total: number): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const places = counts.map((count) => Math.floor((count * total) / sum));
  const byRemainder = counts
    .map((count, index) => ({ index, remainder: (count * total) % sum }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const left = total - places.reduce((a, b) => a + b, 0);
  for (const { index } of byRemainder.slice(0, left)) places[index] = (places[index] ?? 0) + 1;
  return places;
}

/** The sample indices of a stratified prefix, and the others, both in the order of the shuffle. */
function stratify(set: LabelledSet, total: number, seed: number): { chosen: number[]; others: number[] } {
  const free = quotas(classCounts(set), total);
  const chosen: number[] = [];
  const others: number[] = [];
  for (const sample of permutation(set.count, seed, noEpoch)) {
    const label = set.labels[sample] ?? 0;
    const places = free[label] ?? 0;
    free[label] = places - 1;
    (places > 0 ? chosen : others).push(sample);
  }
  return { chosen, others };
}

/** A copy of some samples, in the order given. */
function select(set: LabelledSet, name: string, samples: readonly number[]): LabelledSet {
  const values = new Uint8Array(samples.length * set.inputs);
  const labels = set.classes <= 256 ? new Uint8Array(samples.length) : new Uint16Array(samples.length);
  samples.forEach((sample, index) => {
    values.set(sampleValues(set, sample), index * set.inputs);
    labels[index] = set.labels[sample] ?? 0;
  });
  return { ...set, name, count: samples.length, values, labels };
}
