import { describe, expect, test } from 'vitest';
import {
  chooseGroups,
  classCounts,
  type Dataset,
  describePart,
  type EventSet,
  type FeatureSet,
  holdOutValidation,
} from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

/** Sample i has the feature i and the class i mod 3. */
function features(name: string, count: number): FeatureSet {
  return {
    kind: 'features',
    name,
    inputs: 1,
    classes: 3,
    count,
    values: Uint8Array.from({ length: count }, (_, index) => index),
    labels: Uint8Array.from({ length: count }, (_, index) => index % 3),
  };
}

/** Sample i has one spike at i seconds; its speaker is given. */
function events(speakers: readonly number[], recordings?: readonly number[]): EventSet {
  const count = speakers.length;
  const index = Uint32Array.from({ length: count }, (_, sample) => sample);
  return {
    kind: 'events',
    name: 'train',
    inputs: 1,
    classes: 2,
    count,
    times: Float32Array.from(index),
    units: new Uint16Array(count),
    labels: Uint8Array.from(index, (sample) => sample % 2),
    starts: index,
    ends: index.map((sample) => sample + 1),
    speakers: Uint16Array.from(speakers),
    recordings: recordings && Uint32Array.from(recordings),
  };
}

const data = (train: Dataset['train']): Dataset => ({
  name: 'd',
  description: 'what it is',
  train,
  test: features('test', 5),
});

describe('a validation split', () => {
  test('is a share of the training set with the classes in proportion, and the rest is learned', () => {
    const { train, test: held, heldOut, description } = holdOutValidation(data(features('train', 60)), 1 / 6);
    expect([train.count, held.count, heldOut]).toEqual([50, 10, 'stratified']);
    expect(held.name).toBe('validation');
    // 10 of 20 + 20 + 20: 3 1/3 each, and the one left goes to the lowest class.
    expect(classCounts(held)).toEqual([4, 3, 3]);
    const values = [train, held].flatMap((set) => (set.kind === 'features' ? [...set.values] : []));
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index));
    expect(description).toBe(
      'what it is; of the samples for training 10 are held out for validation (stratified), the test set is not used',
    );
  });

  test('does not depend on the test set, and is the same each time', () => {
    const first = holdOutValidation(data(features('train', 60)), 0.2);
    const other = { ...data(features('train', 60)), test: features('test', 1) };
    expect(holdOutValidation(other, 0.2)).toEqual(first);
  });

  test('takes at least one sample and leaves one', () => {
    const counts = (count: number, fraction: number) => {
      const { train, test: held } = holdOutValidation(data(features('train', count)), fraction);
      return [train.count, held.count];
    };
    expect(counts(10, 0.001)).toEqual([9, 1]);
    expect(counts(10, 0.999)).toEqual([1, 9]);
    expectError(() => counts(1, 0.5), 'data', "'d' has 1 sample for training");
    for (const fraction of [0, 1, -1, Number.NaN]) {
      expectError(() => counts(10, fraction), 'invalid-value', `validation fraction: ${fraction} found`);
    }
  });

  test('of speakers has whole speakers, and none of them is learned', () => {
    const speakers = Array.from({ length: 60 }, (_, sample) => sample % 6);
    const { train, test: held, heldOut, description } = holdOutValidation(data(events(speakers)), 1 / 3);
    if (train.kind !== 'events' || held.kind !== 'events') throw new Error('events were expected');
    expect([train.count, held.count, heldOut]).toEqual([40, 20, 'by group']);
    const [learned, scored] = [new Set(train.speakers), new Set(held.speakers)];
    expect([learned.size, scored.size]).toEqual([4, 2]);
    for (const speaker of scored) expect(learned.has(speaker)).toBe(false);
    expect(description).toContain('(whole groups)');
  });

  test('of a single speaker is stratified', () => {
    const { train, test: held, heldOut } = holdOutValidation(data(events([7, 7, 7, 7])), 0.5);
    expect([train.count, held.count, heldOut]).toEqual([2, 2, 'stratified']);
  });
});

describe('a validation split that is named', () => {
  /** Which samples these are: the time of each one's only spike. */
  const samplesOf = (set: Dataset['train']) =>
    set.kind === 'events' ? Array.from(set.starts, (start) => set.times[start]) : [];
  const whole = data(events([0, 1, 2, 0, 1, 2, 0], [6, 12, 5, 7, 0, 18, 600]));

  test('has the samples of the speakers, and leaves all others', () => {
    const { train, test: held, heldOut, description } = holdOutValidation(whole, { speakers: [0, 2] });
    expect([samplesOf(train), samplesOf(held)]).toEqual([
      [1, 4],
      [0, 2, 3, 5, 6],
    ]);
    expect([train.name, held.name, heldOut]).toEqual(['train', 'validation', 'by group']);
    expect(description).toContain(
      '5 are held out for validation (speakers 0, 2 of the training set), the test',
    );
    expect(describePart({ speakers: [3] })).toBe('speaker 3 of the training set');
  });

  test('has the recordings whose numbers are multiples', () => {
    const part = { recordings: { multiplesOf: 6 } };
    const { train, test: held, heldOut, description } = holdOutValidation(whole, part);
    expect([samplesOf(train), samplesOf(held)]).toEqual([
      [2, 3],
      [0, 1, 4, 5, 6],
    ]);
    expect(heldOut).toBe('by recording');
    expect(description).toContain('recordings of the training set whose numbers are multiples of 6');
    // What is held out keeps its numbers: a part of a part.
    const again = holdOutValidation({ ...whole, train: held }, { recordings: { multiplesOf: 12 } });
    expect(samplesOf(again.test)).toEqual([1, 4, 6]);
  });

  test('is refused where there is none, or nothing else', () => {
    const images = data(features('train', 9));
    const unnumbered = data(events([0, 1]));
    const six = { recordings: { multiplesOf: 6 } };
    expectError(() => holdOutValidation(images, { speakers: [0] }), 'data', "data set 'd' has no speakers");
    expectError(() => holdOutValidation(images, six), 'data', "'d' has no recordings", 'fraction: 0.1');
    expectError(
      () => holdOutValidation(unnumbered, six),
      'data',
      'does not number recordings (extra/recording)',
    );
    expectError(
      () => holdOutValidation(whole, { speakers: [9] }),
      'data',
      'no samples of speaker 9',
      '0, 1, 2',
    );
    expectError(() => holdOutValidation(whole, { speakers: [0, 1, 2] }), 'data', 'every speaker is held out');
    const all = data(events([0, 1], [0, 6]));
    const none = data(events([0, 1], [1, 7]));
    expectError(
      () => holdOutValidation(all, six),
      'data',
      'every recording for training has a multiple of 6',
    );
    expectError(() => holdOutValidation(none, six), 'data', 'no recording for training has a multiple of 6');
  });
});

describe('groups', () => {
  test('come as near to the total as whole groups do; at least one, never all', () => {
    const sizes = (chosen: readonly number[], groups: readonly number[]) =>
      groups.filter((group) => chosen.includes(group)).length;
    const equal = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3];
    // 3 and 6 of 12 are equally near to neither: 4 is nearer to 3, 5 nearer to 6.
    expect(sizes(chooseGroups(equal, 4), equal)).toBe(3);
    expect(sizes(chooseGroups(equal, 5), equal)).toBe(6);
    expect(chooseGroups(equal, 1)).toHaveLength(1);
    expect(chooseGroups(equal, 12)).toHaveLength(3);
    expect(chooseGroups([8, 9], 2)).toHaveLength(1);
  });
});

test('the last samples of a training set are held out in the order of the files', () => {
  const data: Dataset = {
    name: 'six',
    description: 'six',
    train: features('train', 6),
    test: features('test', 2),
  };
  const { train, test: held, heldOut } = holdOutValidation(data, { fraction: 1 / 3, order: 'stored' });
  expect([valuesOf(train), Array.from(train.labels)]).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 0],
  ]);
  expect([valuesOf(held), Array.from(held.labels)]).toEqual([
    [4, 5],
    [1, 2],
  ]);
  expect(heldOut).toBe('last');
  expect(describePart({ fraction: 0.1, order: 'stored' })).toBe('the last 0.1 of the training set');
});

const valuesOf = (set: Dataset['train']): number[] => (set.kind === 'features' ? Array.from(set.values) : []);
