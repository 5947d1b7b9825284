import { expect, test } from 'vitest';
import { duration } from '../../../src/report/text/format.ts';

test.each([
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [3599, '59 min 59 s'],
  [3600, '1 h 0 min'],
  // No hour has sixty minutes.
  [7199, '1 h 59 min'],
  [2e7, '?'],
])('%s seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
