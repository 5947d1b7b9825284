import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classCounts,
  contentOf,
  createSetEncoder,
  defaultEventEncoding,
  describeSet,
  type EventSet,
  encodedInputs,
  type FeatureSet,
  labelledSet,
  plainEncoding,
  quotas,
  remarksOn,
  sampleEvents,
  sampleValues,
  stratifiedPrefix,
  stratifiedSplit,
} from '../../../src/data/index.ts';
import { noEpoch, permutation } from '../../../src/random/index.ts';
import { expectError } from '../../support/errors.ts';

/** A set whose sample i has the features (i mod 256, i div 256). */
function numbered(labels: readonly number[], classes: number): FeatureSet {
  const values = Uint8Array.from(labels.flatMap((_, i) => [i % 256, Math.floor(i / 256)]));
  return labelledSet({ name: 'all', inputs: 2, classes, values, labels, valuesFile: 'x', labelsFile: 'y' });
}

/** Which samples of a numbered set these are. */
function numbers(set: FeatureSet): number[] {
  return Array.from({ length: set.count }, (_, i) => {
    const [low = 0, high = 0] = sampleValues(set, i);
    return low + 256 * high;
  });
}

const anySet = fc
  .array(fc.nat(3), { minLength: 1, maxLength: 300 })
  .map((labels) => ({ labels, set: numbered(labels, 4) }));

test('quotas by largest remainder, by hand', () => {
  expect(quotas([50, 30, 20], 10)).toEqual([5, 3, 2]);
  expect(quotas([1, 1, 1], 2)).toEqual([1, 1, 0]); // equal remainders: the lower classes
  expect(quotas([47, 16, 16, 12, 9], 10)).toEqual([5, 2, 1, 1, 1]); // 4.7 1.6 1.6 1.2 0.9: places for .9 .7 .6
  expect(quotas([3, 0, 1], 4)).toEqual([3, 0, 1]);
});

describe('stratifiedPrefix', () => {
  test('keeps the proportions to within one sample, and the order of the fixed shuffle', () => {
    fc.assert(
      fc.property(anySet, fc.integer({ min: 1, max: 300 }), fc.nat(100), ({ labels, set }, limit, seed) => {
        fc.pre(limit < set.count);
        const prefix = stratifiedPrefix(set, limit, seed);
        expect(prefix.count).toBe(limit);
        const wanted = classCounts(set).map((count) => (count * limit) / set.count);
        const taken = classCounts(prefix);
        wanted.forEach((exact, label) => {
          expect(Math.abs((taken[label] ?? 0) - exact)).toBeLessThan(1);
        });
        const chosen = numbers(prefix);
        expect([...prefix.labels]).toEqual(chosen.map((sample) => labels[sample]));
        // Of each class the first of the shuffle, nothing skipped.
        const shuffle = [...permutation(set.count, seed, noEpoch)];
        const first = taken.flatMap((count, label) =>
          shuffle.filter((s) => labels[s] === label).slice(0, count),
        );
        expect(chosen).toEqual(shuffle.filter((sample) => first.includes(sample)));
      }),
    );
  });

  test('the whole set, or more, is the set itself', () => {
    const set = numbered([0, 1, 0], 2);
    expect(stratifiedPrefix(set, 3, 1)).toBe(set);
    expect(stratifiedPrefix(set, 99, 1)).toBe(set);
  });

  test('refuses a limit that is not a count', () => {
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      expectError(
        () => stratifiedPrefix(numbered([0], 1), limit, 1),
        'invalid-value',
        'limit',
        String(limit),
      );
    }
  });
});

test('stratifiedSplit is complete and disjoint, and its test part stratified', () => {
  fc.assert(
    fc.property(anySet, fc.nat(100), ({ set }, seed) => {
      const testCount = Math.floor(set.count / 3);
      const parts = stratifiedSplit(set, testCount, seed);
      expect(parts.test.count).toBe(testCount);
      expect(classCounts(parts.test)).toEqual(quotas(classCounts(set), testCount));
      const all = [...numbers(parts.train), ...numbers(parts.test)].sort((a, b) => a - b);
      expect(all).toEqual(numbers(set));
    }),
  );
});

test('labels of more than 256 classes keep their value', () => {
  const set = numbered([0, 299, 5, 5], 300);
  expect([...set.labels]).toEqual([0, 299, 5, 5]);
  expect([...stratifiedPrefix(set, 3, 1).labels].every((label) => [0, 299, 5].includes(label))).toBe(true);
});

/** A set of events whose sample i has i mod 3 + 1 spikes, 10 ms apart, of the units i, i + 1 …; speaker i mod 2. */
function eventsOf(labels: readonly number[], classes: number): EventSet {
  const spikes = labels.map((_, sample) => Array.from({ length: (sample % 3) + 1 }, (_, index) => index));
  const ends = spikes.map((_, sample) =>
    spikes.slice(0, sample + 1).reduce((sum, { length }) => sum + length, 0),
  );
  return {
    kind: 'events',
    name: 'all',
    inputs: 400,
    classes,
    count: labels.length,
    labels: Uint8Array.from(labels),
    times: Float32Array.from(spikes.flat(), (index) => index / 100),
    units: Uint16Array.from(spikes.flatMap((indices, sample) => indices.map((index) => sample + index))),
    starts: Uint32Array.from(ends, (end, sample) => end - (spikes[sample]?.length ?? 0)),
    ends: Uint32Array.from(ends),
    speakers: Uint16Array.from(labels.keys(), (sample) => sample % 2),
  };
}

/** Which samples of such a set these are. */
const eventNumbers = (set: EventSet) =>
  Array.from({ length: set.count }, (_, sample) => sampleEvents(set, sample).units[0] ?? -1);

describe('sets of events', () => {
  test('are split and limited as sets of features are, spikes and speakers with their labels', () => {
    fc.assert(
      fc.property(anySet, fc.nat(100), ({ labels, set }, seed) => {
        const events = eventsOf(labels, 4);
        const testCount = Math.floor(set.count / 3);
        const expected = stratifiedSplit(set, testCount, seed);
        const found = stratifiedSplit(events, testCount, seed);
        for (const part of ['train', 'test'] as const) {
          expect(eventNumbers(found[part])).toEqual(numbers(expected[part]));
          expect([...found[part].labels]).toEqual([...expected[part].labels]);
          expect([...(found[part].speakers ?? [])]).toEqual(
            numbers(expected[part]).map((sample) => sample % 2),
          );
        }
        const last = sampleEvents(found.train, found.train.count - 1);
        const sample = numbers(expected.train).at(-1) ?? 0;
        expect([...last.units]).toEqual(
          Array.from({ length: (sample % 3) + 1 }, (_, index) => sample + index),
        );
        const prefix = stratifiedPrefix(events, testCount + 1, seed);
        expect(eventNumbers(prefix)).toEqual(numbers(stratifiedPrefix(set, testCount + 1, seed)));
      }),
    );
  });

  test('have a content that a hash tells apart: times, units, labels, and where samples end', () => {
    const text = (set: EventSet) => [...contentOf(set)].map((bytes) => bytes.join()).join(';');
    const set = eventsOf([0, 1, 0], 2);
    const known = text(set);
    expect(text(eventsOf([0, 1, 0], 2))).toBe(known);
    const others: EventSet[] = [
      { ...set, labels: Uint8Array.of(0, 1, 1) },
      { ...set, units: set.units.map((unit) => unit + 1) },
      { ...set, times: set.times.map((time) => time + 1) },
      { ...set, ends: Uint32Array.of(2, 3, 6), starts: Uint32Array.of(0, 2, 3) },
    ];
    for (const other of others) expect(text(other)).not.toBe(known);
  });

  test('are described: spikes by sample, by hand', () => {
    // 1, 2, 3 and 1 spikes, the last at 0, 10, 20 and 0 ms; units 0, 1 2, 2 3 4, 3.
    expect(describeSet(eventsOf([0, 1, 1, 1], 2))).toMatchObject({
      name: 'all',
      samples: 4,
      classes: 2,
      samplesByClass: [1, 3],
      events: {
        channels: 400,
        activeChannels: 5,
        spikes: 7,
        spikesPerSample: { min: 1, median: 1.5, max: 3 },
        speakers: [
          { speaker: 0, samples: 2 },
          { speaker: 1, samples: 2 },
        ],
      },
    });
    const { events } = describeSet(eventsOf([0, 1, 1, 1], 2));
    expect(events?.lastSpikeSeconds?.median).toBeCloseTo(0.005, 9);
    expect(events?.lastSpikeSeconds?.max).toBeCloseTo(0.02, 9);
  });

  test('remarks: absent classes, silent samples, times that are no seconds, test samples known from training', () => {
    const set = eventsOf([0, 1, 0, 1], 3);
    expect(remarksOn([set])).toEqual(['all: no samples of class 2']);
    const silent = { ...set, ends: set.starts };
    expect(remarksOn([silent])).toContain('all: 4 samples hold no spikes: the input stays silent');
    const late = { ...set, times: set.times.map((time) => 1e5 * time + 61) };
    expect(remarksOn([late])[1]).toContain('are their times in seconds?');
    const { train, test: tested } = stratifiedSplit(set, 2, 0);
    expect(remarksOn([train, tested]).join()).not.toContain('also in the training set');
    expect(remarksOn([set, tested])).toContain(
      '2 test samples are also in the training set: accuracy will be too high',
    );
  });
});

describe('encoders and the sets they are for', () => {
  const features = numbered([0, 1], 2);
  const events = eventsOf([0, 1], 2);
  const context = { seed: 1, epoch: 0, sample: 1 };

  test('features by name, events by bins', () => {
    expect(encodedInputs(features, 'phase')).toBe(2);
    // Sample 1 has the features 1 and 0: from 128, steps of 1 reach 256 at step 127.
    const train = createSetEncoder(features, 'phase')(context, 128);
    expect([train.steps, ...train.indices.subarray(0, train.offsets[128])]).toEqual([128, 0]);
    expect(encodedInputs(events, { ...defaultEventEncoding, groupChannels: 3 })).toBe(134);
    const bins = createSetEncoder(events, defaultEventEncoding)(context, 100);
    expect([bins.steps, ...bins.indices.subarray(0, 2)]).toEqual([2, 1, 2]);
  });

  test('channels that the data do not have are refused', () => {
    const ranged = (first: number, last: number) => ({ ...defaultEventEncoding, channels: { first, last } });
    expect(encodedInputs(events, { ...ranged(100, 399), groupChannels: 8 })).toBe(38);
    for (const refused of [createSetEncoder, encodedInputs])
      for (const [first, last] of [
        [100, 400],
        [9, 8],
      ] as const)
        expectError(
          () => refused(events, ranged(first, last)),
          'data',
          `channels ${first} to ${last} are to be encoded`,
          'channels 0 to 399',
        );
  });

  test('spikes that carry values are refused where nothing takes them', () => {
    const counts = { ...defaultEventEncoding, counts: true };
    expectError(() => plainEncoding(counts), 'data', 'counts give spikes values, which nothing takes here');
    expectError(() => plainEncoding('graded'), 'data', 'graded gives spikes values', 'bernoulli or phase');
    for (const plain of [defaultEventEncoding, 'phase', { ...counts, counts: false }] as const)
      expect(plainEncoding(plain)).toBe(plain);
  });

  test('one for the other kind is refused, with those that fit', () => {
    for (const refused of [createSetEncoder, encodedInputs]) {
      expectError(() => refused(events, 'bernoulli'), 'data', 'bernoulli is an encoder for features', 'bins');
      expectError(() => refused(features, defaultEventEncoding), 'data', 'the data are features', 'phase');
    }
  });
});
