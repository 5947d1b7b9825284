import { expect, test } from 'vitest';
import { append, largest, smallest } from '../../src/text/index.ts';

test('the ends of a million values, and a million appended, where arguments would overflow the stack', () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, at) => (at === 700_000 ? -2 : at % 9));
  expect(() => Math.max(...values)).toThrow(RangeError);
  expect([largest(values), smallest(values)]).toEqual([8, -2]);
  expect([largest([], 1), largest([0], 1), smallest([], 3), smallest([5], 3)]).toEqual([1, 1, 3, 3]);
  const list = [1];
  append(list, values);
  expect([list.length, list[1], list.at(-1)]).toEqual([1_000_001, 0, 0]);
});
