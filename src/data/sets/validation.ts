import { noEpoch, permutation } from '../../random/index.ts';
import { at, PlasticoreError, wordAt } from '../../text/index.ts';
import type { Dataset, EventSet, LabelledSet, ValidationKind } from './dataset.ts';
import { joinSets } from './join.ts';
import { holdOut, partition, splitLast, stratifiedSplit } from './split.ts';

/** The default share of a training set to hold out: a sixth, 10 000 of MNIST's 60 000. */
export const defaultValidationFraction = 1 / 6;

/** The seed of the split; fixed, so that every run of an experiment holds out the same samples. */
const splitSeed = 1;

/**
 * What is held out of a training set: a fraction of it, between 0 and 1, which may be that of its last samples; the
 * samples of some speakers; or the recordings whose numbers are multiples of another.
 */
export type ValidationPart =
  | number
  | { readonly fraction: number; readonly order: 'stored' }
  | { readonly speakers: readonly number[] }
  | { readonly recordings: { readonly multiplesOf: number } };

/** Names a part, as in `0.1 of the training set`. */
export function describePart(part: ValidationPart): string {
  if (typeof part === 'number') return `${part} of the training set`;
  if ('fraction' in part) return `the last ${part.fraction} of the training set`;
  if ('speakers' in part)
    return `speaker${part.speakers.length === 1 ? '' : 's'} ${part.speakers.join(', ')} of the training set`;
  return `the recordings of the training set whose numbers are multiples of ${part.recordings.multiplesOf}`;
}

/**
 * Holds out a part of the training set for validation. The part replaces the test set, which is dropped.
 *
 * The part depends only on the training set and on what is asked for. A fraction of a set that identifies speakers has
 * whole speakers, so that no speaker is on both sides.
 *
 * @param part a fraction holds out at least one sample and leaves one
 * @throws PlasticoreError `invalid-value` for a fraction out of range; `data` for a set that is too small, does not
 * have these speakers or recordings, or would have nothing left
 */
export function holdOutValidation(data: Dataset, part: ValidationPart): Dataset {
  const { train, held, kind, how } = splitOff(data, part);
  return {
    ...data,
    description: `${data.description}; of the samples for training ${held.count} are held out for validation (${how}), the test set is not used`,
    train,
    test: { ...held, name: 'validation' },
    heldOut: kind,
  };
}

/**
 * A data set whose test set ends with a part that is held out of its training set, so that a run can be scored on both.
 *
 * @param whole the data set with its test set
 * @param validated the same with the part in place of the test set: see {@link holdOutValidation}
 */
export function joinValidation(whole: Dataset, validated: Dataset): Dataset {
  const { train, test: held, heldOut } = validated;
  return {
    ...whole,
    description: `${whole.description}; of the samples for training ${held.count} are held out, to choose the epoch that is tested`,
    train,
    test: joinSets(whole.test, held, whole.name),
    ...(heldOut !== undefined && { heldOut }),
    validationFrom: whole.test.count,
  };
}

interface SplitOff {
  readonly train: LabelledSet;
  readonly held: LabelledSet;
  readonly kind: ValidationKind;
  readonly how: string;
}

function splitOff(data: Dataset, part: ValidationPart): SplitOff {
  if (typeof part === 'number') return splitFraction(data, part);
  if ('fraction' in part) return splitFraction(data, part.fraction, true);
  const how = describePart(part);
  const set = data.train;
  if ('speakers' in part) {
    const { train, test } = holdOut(eventsOf(data, 'speakers'), [part], data.name);
    return { train, held: test, kind: 'by group', how };
  }
  const { recordings } = eventsOf(data, 'recordings');
  if (recordings === undefined)
    throw new PlasticoreError('data', 'does not number recordings (extra/recording)', {
      file: data.name,
      hint: 'hold out speakers, or a fraction: validation: {fraction: 0.1}',
    });
  const { multiplesOf } = part.recordings;
  const { train, test } = partition(set, (sample) => wordAt(recordings, sample) % multiplesOf === 0);
  if (train.count === 0 || test.count === 0)
    throw new PlasticoreError(
      'data',
      `${test.count === 0 ? 'no' : 'every'} recording for training has a multiple of ${multiplesOf} as its number`,
      { file: data.name },
    );
  return { train, held: test, kind: 'by recording', how };
}

function eventsOf({ name, train }: Dataset, what: string): EventSet {
  if (train.kind === 'events') return train;
  throw new PlasticoreError('data', `data set '${name}' has no ${what}, so none can be held out`, {
    hint: 'hold out a fraction: validation: {fraction: 0.1}',
  });
}

function splitFraction({ name, train: whole }: Dataset, fraction: number, isStored = false): SplitOff {
  if (!(fraction > 0 && fraction < 1)) {
    throw new PlasticoreError(
      'invalid-value',
      `validation fraction: ${fraction} found, a number between 0 and 1 expected`,
    );
  }
  const { recordingSteps: steps = 1 } = whole;
  if (whole.count < 2 * steps) {
    const what = steps === 1 ? `${whole.count} sample` : 'less than two recordings';
    throw new PlasticoreError('data', `data set '${name}' has ${what} for training`, {
      hint: 'holding out a part for validation takes at least two',
    });
  }
  const total = Math.min(whole.count - 1, Math.max(1, Math.round(fraction * whole.count)));
  if (isStored || whole.targets !== undefined) {
    const { train, test } = splitLast(whole, total);
    return { train, held: test, kind: 'last', how: 'the last' };
  }
  if (steps > 1) {
    const drawn = permutation(Math.floor(whole.count / steps), splitSeed, noEpoch);
    const isHeld = new Set(drawn.subarray(0, Math.max(1, Math.floor(total / steps))));
    const { train, test } = partition(whole, (sample) => isHeld.has(Math.floor(sample / steps)));
    return { train, held: test, kind: 'by recording', how: 'whole recordings' };
  }
  const groups = groupsOf(whole);
  if (groups === undefined || new Set(groups).size < 2) {
    const { train, test } = stratifiedSplit(whole, total, splitSeed);
    return { train, held: test, kind: 'stratified', how: 'stratified' };
  }
  const isHeld = new Set(chooseGroups(groups, total));
  const { train, test } = partition(whole, (sample) => isHeld.has(groups[sample] ?? -1));
  return { train, held: test, kind: 'by group', how: 'whole groups' };
}

/** The group of each sample, such as its speaker, if the set has groups. */
function groupsOf(set: LabelledSet): Uint16Array | undefined {
  return set.kind === 'events' ? set.speakers : undefined;
}

/**
 * Chooses groups, in a fixed shuffled order, whose samples come as close to `total` as that order allows: at least one
 * group, and not all of them.
 *
 * @param groups the group of each sample; at least two different ones
 */
export function chooseGroups(groups: ArrayLike<number>, total: number): number[] {
  const sizes = new Map<number, number>();
  for (const group of Array.from(groups)) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const known = [...sizes.keys()].sort((a, b) => a - b);
  const chosen: number[] = [];
  let count = 0;
  for (const index of permutation(known.length, splitSeed, noEpoch)) {
    const group = at(known, index);
    const more = count + (sizes.get(group) ?? 0);
    const isNearer = Math.abs(total - more) < Math.abs(total - count);
    if (chosen.length === known.length - 1 || (chosen.length > 0 && !isNearer)) break;
    chosen.push(group);
    count = more;
  }
  return chosen;
}
