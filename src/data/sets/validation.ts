import { noEpoch, permutation } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Dataset, LabelledSet, ValidationKind } from './dataset.ts';
import { select, stratifiedSplit } from './split.ts';

/** The default share of a training set to hold out: a sixth, 10 000 of MNIST's 60 000. */
export const defaultValidationFraction = 1 / 6;

/** The seed of the split; fixed, so that every run of an experiment holds out the same samples. */
const splitSeed = 1;

/**
 * Holds out a part of the training set for validation. The part replaces the test set, which is dropped.
 *
 * The part depends only on the training set and the fraction. A set that identifies speakers is split by speaker, so
 * that no speaker is on both sides.
 *
 * @param fraction of the training set, between 0 and 1; at least one sample is held out and one is left
 * @throws PlasticoreError `invalid-value` for a fraction out of range, `data` for a set that is too small
 */
export function holdOutValidation(data: Dataset, fraction: number): Dataset {
  if (!(fraction > 0 && fraction < 1)) {
    throw new PlasticoreError(
      'invalid-value',
      `validation fraction: ${fraction} found, a number between 0 and 1 expected`,
    );
  }
  const { train: whole } = data;
  if (whole.count < 2) {
    throw new PlasticoreError('data', `data set '${data.name}' has ${whole.count} sample for training`, {
      hint: 'holding out a part for validation takes at least two',
    });
  }
  const total = Math.min(whole.count - 1, Math.max(1, Math.round(fraction * whole.count)));
  const kind = kindOf(whole);
  const { train, held } = kind === 'by group' ? splitGroups(whole, total) : splitStratified(whole, total);
  const how = kind === 'by group' ? 'whole groups' : 'stratified';
  return {
    ...data,
    description: `${data.description}; of the samples for training ${held.count} are held out for validation (${how}), the test set is not used`,
    train,
    test: held,
    heldOut: kind,
  };
}

function kindOf(set: LabelledSet): ValidationKind {
  const groups = groupsOf(set);
  return groups === undefined || new Set(groups).size < 2 ? 'stratified' : 'by group';
}

/** The group of each sample, such as its speaker, if the set has groups. */
function groupsOf(set: LabelledSet): Uint16Array | undefined {
  return set.kind === 'events' ? set.speakers : undefined;
}

function splitStratified(set: LabelledSet, total: number): { train: LabelledSet; held: LabelledSet } {
  const { train, test } = stratifiedSplit(set, total, splitSeed);
  return { train, held: { ...test, name: 'validation' } };
}

function splitGroups(set: LabelledSet, total: number): { train: LabelledSet; held: LabelledSet } {
  const isHeld = new Set(chooseGroups(groupsOf(set) ?? [], total));
  const held: number[] = [];
  const others: number[] = [];
  groupsOf(set)?.forEach((group, sample) => {
    (isHeld.has(group) ? held : others).push(sample);
  });
  return { train: select(set, 'train', others), held: select(set, 'validation', held) };
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
    const group = known[index] ?? 0;
    const more = count + (sizes.get(group) ?? 0);
    const isNearer = Math.abs(total - more) < Math.abs(total - count);
    if (chosen.length === known.length - 1 || (chosen.length > 0 && !isNearer)) break;
    chosen.push(group);
    count = more;
  }
  return chosen;
}
