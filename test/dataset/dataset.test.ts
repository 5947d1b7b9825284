import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classCounts,
  type FeatureSet,
  labelledSet,
  quotas,
  sampleValues,
  stratifiedPrefix,
  stratifiedSplit,
} from '../../src/dataset/index.ts';
import { noEpoch, permutation } from '../../src/random/index.ts';
import { expectError } from '../support/errors.ts';

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
