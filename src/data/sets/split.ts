import { noEpoch, permutation } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { classCounts, type EventSet, type FeatureSet, type LabelledSet, sampleValues } from './dataset.ts';

/**
 * A stratified prefix of the fixed shuffle selected by `seed`: the first samples of each class, in shuffled order.
 *
 * Class proportions are preserved as closely as whole samples allow (see `quotas`). If the limit covers the whole set,
 * the set itself is returned.
 *
 * @param limit a whole number of samples, at least 1; otherwise an `invalid-value` error is thrown
 */
export function stratifiedPrefix<Kind extends LabelledSet>(set: Kind, limit: number, seed: number): Kind {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new PlasticoreError(
      'invalid-value',
      `limit: ${limit} found, a whole number of samples from 1 expected`,
    );
  }
  if (limit >= set.count) return set;
  return select(set, set.name, stratify(set, limit, seed).chosen);
}

/** Splits off `testCount` stratified test samples; both parts are in the order of the fixed shuffle of `seed`. */
export function stratifiedSplit<Kind extends LabelledSet>(
  set: Kind,
  testCount: number,
  seed: number,
): { train: Kind; test: Kind } {
  const { chosen, others } = stratify(set, testCount, seed);
  return { train: select(set, 'train', others), test: select(set, 'test', chosen) };
}

/** How an experiment splits its data into training and test set, instead of using the files' own split. */
export interface Split {
  readonly holdOut: HoldOut;
}

/** The test samples: those of these speakers, or of the speakers listed in the data. */
interface HoldOut {
  readonly speakers: readonly number[] | 'file';
}

/**
 * Splits a set into the samples of some speakers, for testing, and those of all others, both in set order.
 *
 * @param file names the data in errors
 * @throws a `data` error if the set does not identify speakers, a speaker is not in it, or no speaker is left
 */
export function holdOutSpeakers(
  set: EventSet,
  speakers: readonly number[],
  file: string,
): { train: EventSet; test: EventSet } {
  if (set.speakers === undefined) {
    throw new PlasticoreError('data', 'does not identify speakers (extra/speaker), so none can be held out', {
      file,
    });
  }
  const known = new Set(set.speakers);
  const unknown = speakers.find((speaker) => !known.has(speaker));
  const inOrder = [...known].sort((a, b) => a - b);
  if (unknown !== undefined) {
    throw new PlasticoreError('data', `no samples of speaker ${unknown}, who is to be held out`, {
      file,
      hint: `speakers: ${inOrder.join(', ')}`,
    });
  }
  const isHeldOut = new Set(speakers);
  const parts = partition(set, (sample) => isHeldOut.has(set.speakers?.[sample] ?? -1));
  if (parts.train.count === 0 || parts.test.count === 0) {
    throw new PlasticoreError('data', `${parts.test.count === 0 ? 'no' : 'every'} speaker is held out`, {
      file,
      hint: `speakers: ${inOrder.join(', ')}`,
    });
  }
  return parts;
}

/** Splits a set into the samples that are held out, for testing, and all others, both in set order. */
export function partition<Kind extends LabelledSet>(
  set: Kind,
  isHeldOut: (sample: number) => boolean,
): { train: Kind; test: Kind } {
  const chosen: number[] = [];
  const others: number[] = [];
  for (let sample = 0; sample < set.count; sample++) (isHeldOut(sample) ? chosen : others).push(sample);
  return { train: select(set, 'train', others), test: select(set, 'test', chosen) };
}

/** Concatenates the samples of two sets with the same channels and classes. */
export function joinEvents(name: string, first: EventSet, second: EventSet): EventSet {
  const moved = (positions: Uint32Array) => positions.map((position) => position + first.times.length);
  const speakers =
    first.speakers === undefined || second.speakers === undefined
      ? undefined
      : joined(Uint16Array, first.speakers, second.speakers);
  const recordings =
    first.recordings === undefined || second.recordings === undefined
      ? undefined
      : joined(Uint32Array, first.recordings, second.recordings);
  return {
    ...first,
    name,
    count: first.count + second.count,
    times: joined(Float32Array, first.times, second.times),
    units: joined(Uint16Array, first.units, second.units),
    labels:
      first.classes <= 256
        ? joined(Uint8Array, first.labels, second.labels)
        : joined(Uint16Array, first.labels, second.labels),
    starts: joined(Uint32Array, first.starts, moved(second.starts)),
    ends: joined(Uint32Array, first.ends, moved(second.ends)),
    speakers,
    recordings,
  };
}

function joined<Items extends Uint8Array | Uint16Array | Uint32Array | Float32Array>(
  Kind: new (length: number) => Items,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Items {
  const all = new Kind(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/**
 * How many of `total` places each class gets, in proportion to `counts`: the largest-remainder method, ties going to
 * the lower class. Exact in integers; `total` must not exceed the sum of `counts`.
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

/** The sample indices of a stratified prefix, and the others, both in shuffled order. */
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

/** Selects samples of a set, in the given order. */
export function select<Kind extends LabelledSet>(set: Kind, name: string, samples: readonly number[]): Kind {
  const part: LabelledSet =
    set.kind === 'features' ? selectFeatures(set, samples) : selectEvents(set, samples);
  return { ...set, ...part, name };
}

function selectFeatures(set: FeatureSet, samples: readonly number[]): FeatureSet {
  const values = new Uint8Array(samples.length * set.inputs);
  samples.forEach((sample, index) => {
    values.set(sampleValues(set, sample), index * set.inputs);
  });
  return { ...set, count: samples.length, values, labels: pick(set.labels, samples) };
}

/** The spikes themselves are shared, not copied. */
function selectEvents(set: EventSet, samples: readonly number[]): EventSet {
  return {
    ...set,
    count: samples.length,
    labels: pick(set.labels, samples),
    starts: pick(set.starts, samples),
    ends: pick(set.ends, samples),
    speakers: set.speakers === undefined ? undefined : pick(set.speakers, samples),
    recordings: set.recordings === undefined ? undefined : pick(set.recordings, samples),
  };
}

function pick<Items extends Uint8Array | Uint16Array | Uint32Array>(
  items: Items,
  samples: readonly number[],
): Items {
  const picked = items.slice(0, samples.length);
  samples.forEach((sample, index) => {
    picked[index] = items[sample] ?? 0;
  });
  return picked as Items;
}
