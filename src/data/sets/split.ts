import { noEpoch, permutation } from '../../random/index.ts';
import { addAt, at, PlasticoreError } from '../../text/index.ts';
import {
  classCounts,
  type Dataset,
  type EventSet,
  type FeatureSet,
  type LabelledSet,
  sampleValues,
  staysInOrder,
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
  // Numbers have no classes to be in proportion, and steps have a place in their recording.
  if (staysInOrder(set))
    return selectSamples(
      set,
      set.name,
      Array.from({ length: limit }, (_, sample) => sample),
    );
  return selectSamples(set, set.name, stratify(set, limit, seed).chosen);
}

/** Splits off `testCount` stratified test samples; both parts are in the order of the fixed shuffle of `seed`. */
export function stratifiedSplit<Kind extends LabelledSet>(
  set: Kind,
  testCount: number,
  seed: number,
): { train: Kind; test: Kind } {
  const { chosen, others } = stratify(set, testCount, seed);
  return { train: selectSamples(set, 'train', others), test: selectSamples(set, 'test', chosen) };
}

/**
 * Splits off a fixed stratified fifth as test set, where the files have none; every run tests on the same samples.
 *
 * @param files names the files, for the description
 * @throws PlasticoreError `data` for too few samples
 */
export function splitFifth<Kind extends LabelledSet>(
  set: Kind,
  files: string,
  place: { readonly file?: string | undefined; readonly hint?: string },
): Pick<Dataset<Kind>, 'description' | 'train' | 'test'> {
  const testCount = Math.round(set.count / 5);
  if (testCount === 0 || set.count < 2 * (set.recordingSteps ?? 1))
    throw new PlasticoreError('data', `${set.count} samples are too few to split off a test set`, place);
  if (staysInOrder(set)) {
    const { train, test } = splitLast(set, testCount);
    const description = `${files}: the last ${test.count} samples for testing, ${train.count} for training`;
    return { description, train, test };
  }
  return {
    description: `${files}: a fixed stratified split, ${set.count - testCount} for training and ${testCount} for testing`,
    ...stratifiedSplit(set, testCount, 0),
  };
}

/** Splits off so many of the last samples; of recordings, those that are whole, at least one. */
export function splitLast<Kind extends LabelledSet>(set: Kind, total: number): { train: Kind; test: Kind } {
  const { recordingSteps: steps = 1 } = set;
  const first = set.count - Math.max(steps, total - (total % steps));
  return partition(set, (sample) => sample >= first);
}

/** How an experiment splits its data into training and test set, instead of using the files' own split. */
export interface Split {
  /** The samples to test on: those of a part, or of any of several. */
  readonly holdOut: HoldOut | readonly HoldOut[];
}

/** Samples that have all of this. At least one key is there. */
interface HoldOut {
  /** Of these speakers, or of those listed in the data. */
  readonly speakers?: readonly number[] | 'file' | undefined;
  /** Recordings by their numbers in the data, both ends included. */
  readonly recordings?: { readonly first: number; readonly last: number } | undefined;
  /** So many of each class, and of each speaker where speakers are named; a fixed draw. */
  readonly samplesPerClass?: number | undefined;
}

/** A part whose speakers are known. */
export type HeldPart = Omit<HoldOut, 'speakers'> & { readonly speakers?: readonly number[] | undefined };

/** Names a part, as in `30 samples of each class of speakers 4, 5`. */
export function describeHeld({ speakers, recordings, samplesPerClass }: HeldPart): string {
  return [
    ...(samplesPerClass === undefined ? [] : [`${samplesPerClass} samples of each class`]),
    ...(recordings === undefined ? [] : [`recordings ${recordings.first} to ${recordings.last}`]),
    ...(speakers === undefined ? [] : [`speaker${speakers.length === 1 ? '' : 's'} ${speakers.join(', ')}`]),
  ].join(' of ');
}

/**
 * Splits a set into the samples of some parts, for testing, and all others, both in set order.
 *
 * @param file names the data in errors
 * @throws a `data` error if the set does not identify what a part names, has no sample of a part, or has no other
 */
export function holdOut(
  set: EventSet,
  parts: readonly HeldPart[],
  file: string,
): { train: EventSet; test: EventSet } {
  const isHeld = new Set(parts.flatMap((part) => [...samplesIn(set, part, file)]));
  const split = partition(set, (sample) => isHeld.has(sample));
  if (split.train.count === 0) {
    const isSpeakers = parts.every((part) => part.recordings === undefined);
    throw new PlasticoreError('data', `every ${isSpeakers ? 'speaker' : 'sample'} is held out`, {
      file,
      hint: 'none is left to learn from',
    });
  }
  return split;
}

/** The samples of a part. */
function samplesIn(set: EventSet, part: HeldPart, file: string): readonly number[] {
  const isMember = memberOf(set, part, file);
  const { speakers, samplesPerClass } = part;
  const found = Array.from(permutation(set.count, heldSeed, noEpoch)).filter(isMember);
  if (found.length === 0)
    throw new PlasticoreError('data', `has no samples of ${describeHeld(part)}, which are to be held out`, {
      file,
    });
  if (samplesPerClass === undefined) return found;
  const groups = (speakers ?? [undefined]).flatMap((speaker) => {
    const own = found.filter((sample) => speaker === undefined || set.speakers?.[sample] === speaker);
    const places = new Array<number>(set.classes).fill(samplesPerClass);
    return deal(set, own, places).chosen;
  });
  const wanted = samplesPerClass * set.classes * (speakers?.length ?? 1);
  if (groups.length === wanted) return groups;
  throw new PlasticoreError(
    'data',
    `has not ${describeHeld(part)}, which are to be held out: ${groups.length} of ${wanted} samples`,
    { file },
  );
}

/** The seed of the draw of a part; fixed, so that every run tests on the same samples. */
const heldSeed = 0;

/** Tells whether a sample has what a part names. */
function memberOf(
  { speakers: speakerOf, recordings: recordingOf }: EventSet,
  { speakers, recordings }: HeldPart,
  file: string,
): (sample: number) => boolean {
  const isSpeaker = speakers && new Set(speakers);
  if (isSpeaker !== undefined) {
    if (speakerOf === undefined)
      throw new PlasticoreError(
        'data',
        'does not identify speakers (extra/speaker), so none can be held out',
        { file },
      );
    const known = new Set(speakerOf);
    const unknown = speakers?.find((speaker) => !known.has(speaker));
    if (unknown !== undefined)
      throw new PlasticoreError('data', `no samples of speaker ${unknown}, who is to be held out`, {
        file,
        hint: `speakers: ${[...known].sort((a, b) => a - b).join(', ')}`,
      });
  }
  if (recordings !== undefined && recordingOf === undefined)
    throw new PlasticoreError(
      'data',
      'does not number recordings (extra/recording), so none can be held out',
      {
        file,
      },
    );
  return (sample) => {
    const recording = recordingOf?.[sample] ?? -1;
    const isRecording =
      recordings === undefined || (recording >= recordings.first && recording <= recordings.last);
    return isRecording && isSpeaker?.has(speakerOf?.[sample] ?? -1) !== false;
  };
}

/** Splits a set into the samples that are held out, for testing, and all others, both in set order. */
export function partition<Kind extends LabelledSet>(
  set: Kind,
  isHeldOut: (sample: number) => boolean,
): { train: Kind; test: Kind } {
  const chosen: number[] = [];
  const others: number[] = [];
  for (let sample = 0; sample < set.count; sample++) (isHeldOut(sample) ? chosen : others).push(sample);
  return { train: selectSamples(set, 'train', others), test: selectSamples(set, 'test', chosen) };
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
    const label = at(labels, sample);
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
  for (const sample of shuffled) addAt(counts, at(set.labels, sample), 1);
  return Uint32Array.from(deal(set, shuffled, placesFor(counts)).chosen).sort();
}

/** Selects samples of a set, in the given order. */
export function selectSamples<Kind extends LabelledSet>(
  set: Kind,
  name: string,
  samples: readonly number[],
): Kind {
  const part: LabelledSet =
    set.kind === 'features' ? selectFeatures(set, samples) : selectEvents(set, samples);
  const { origins } = set;
  return { ...set, ...part, name, ...(origins && { origins: samples.map((sample) => at(origins, sample)) }) };
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
    speakers: set.speakers && pick(set.speakers, samples),
    recordings: set.recordings && pick(set.recordings, samples),
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
