import { addAt, at } from '../../arrays/index.ts';
import { noEpoch, permutation } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import {
  classCounts,
  type Dataset,
  type EventSet,
  type FeatureSet,
  type LabelledSet,
  sampleValues,
} from './dataset.ts';

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

/**
 * Concatenates the samples of two sets of the same kind and inputs; labels of both count from the same 0.
 *
 * @throws PlasticoreError `data` for sets that do not go together
 */
function joinSets(first: LabelledSet, second: LabelledSet, name: string): LabelledSet {
  const classes = Math.max(first.classes, second.classes);
  const shapeOf = ({ kind, inputs, ...set }: LabelledSet): string =>
    `${inputs} ${kind === 'features' ? 'features' : 'channels'}${'steps' in set && set.steps !== undefined ? ` in ${set.steps} steps` : ''}`;
  if (shapeOf(first) !== shapeOf(second))
    throw new PlasticoreError('data', `has ${shapeOf(second)}, ${shapeOf(first)} expected`, { file: name });
  if (first.kind === 'events' && second.kind === 'events')
    return joinEvents(first.name, { ...first, classes }, second);
  if (first.kind === 'events' || second.kind === 'events') throw new Error('sets of two kinds of one shape');
  const labels =
    classes <= 256
      ? joined(Uint8Array, first.labels, second.labels)
      : joined(Uint16Array, first.labels, second.labels);
  return {
    ...first,
    classes,
    count: first.count + second.count,
    values: joined(Uint8Array, first.values, second.values),
    labels,
  };
}

/**
 * Concatenates data sets of one kind, set by set. One alone stays what it is.
 *
 * @param all at least one
 * @throws PlasticoreError `data` for those that do not go together
 */
export function joinDatasets(all: readonly Dataset[]): Dataset {
  const [first, ...others] = all;
  if (first === undefined) throw new Error('no data set to join');
  if (others.length === 0) return first;
  const joinAll = (set: 'train' | 'test') =>
    others.reduce((sum, other) => joinSets(sum, other[set], other.name), first[set]);
  const firstOf = (set: 'train' | 'test', index: number) =>
    all.slice(0, index).reduce((sum, data) => sum + data[set].count, 0);
  return {
    ...first,
    name: [...new Set(all.map(({ name }) => name))].join(' and '),
    description: all.map(({ description }) => description).join('; '),
    train: joinAll('train'),
    test: joinAll('test'),
    corrections: all.flatMap(({ corrections = [] }) => corrections),
    sources: all.map((_, index) => ({ train: firstOf('train', index), test: firstOf('test', index) })),
  };
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
  return deal(set, permutation(set.count, seed, noEpoch), quotas(classCounts(set), total));
}

/** Deals samples in their order: those for which their class has a place left, and the others. */
function deal(
  { labels }: LabelledSet,
  samples: Iterable<number>,
  places: readonly number[],
): { chosen: number[]; others: number[] } {
  const free = [...places];
  const chosen: number[] = [];
  const others: number[] = [];
  for (const sample of samples) {
    const label = labels[sample] ?? 0;
    const left = free[label] ?? 0;
    free[label] = left - 1;
    (left > 0 ? chosen : others).push(sample);
  }
  return { chosen, others };
}

/**
 * Some of the samples of a set, which a fixed shuffle selected by `seed` chooses: as many of each class as `placesFor`
 * says, or all that there are. In ascending order.
 *
 * @param samples numbers of samples in the set
 * @param placesFor takes the number of these samples in each class
 */
export function chooseByClass(
  set: LabelledSet,
  samples: ArrayLike<number>,
  seed: number,
  placesFor: (counts: readonly number[]) => readonly number[],
): Uint32Array {
  const counts = new Array<number>(Math.max(1, set.classes)).fill(0);
  const shuffled = Array.from(permutation(samples.length, seed, noEpoch), (index) => at(samples, index));
  for (const sample of shuffled) addAt(counts, set.labels[sample] ?? 0, 1);
  return Uint32Array.from(deal(set, shuffled, placesFor(counts)).chosen).sort();
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
