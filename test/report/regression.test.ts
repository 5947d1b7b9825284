import { expect, it } from 'vitest';
import { regressionOf } from '../../src/report/index.ts';

it.each([
  ['right answers', [1, 2, 3], [1, 2, 3], 0, 1],
  // |4 - 3| / 7 of three; the squares around 2 sum up to 2.
  ['one miss', [1, 2, 4], [1, 2, 3], 200 / 3 / 7, 1 - 1 / 2],
  // 1/3, 0 and 1/5.
  ['their mean', [2, 2, 2], [1, 2, 3], (200 / 3) * (1 / 3 + 1 / 5), 0],
  // Opposite signs are as wrong as can be; so is zero in place of any number.
  ['the other sign', [-1, 0], [1, 3], 200, 1 - (4 + 9) / 2],
])('%s: sMAPE and R2 by hand', (_, answers, targets, sMAPE, R2) => {
  const found = regressionOf(answers, targets);
  expect(found.sMAPE).toBeCloseTo(sMAPE, 12);
  expect(found.R2).toBeCloseTo(R2, 12);
});

it('knows what the mean of the targets would give', () => {
  expect(regressionOf([0, 0, 0], [1, 2, 3]).sMAPEOfMean).toBeCloseTo((200 / 3) * (1 / 3 + 1 / 5), 12);
});

it('has no R2 of targets that are all alike, and no error in a zero that is asked for', () => {
  expect(regressionOf([5, 7], [5, 5])).toMatchObject({ R2: null, sMAPE: (200 / 2) * (2 / 12) });
  expect(regressionOf([0, 1], [0, 1]).sMAPE).toBe(0);
});
