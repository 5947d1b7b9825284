import { expect, test } from 'vitest';
import { nearest, suggest } from '../../src/text/index.ts';

test.each([
  ['weigth', 'weight'],
  ['Weight', 'weight'],
  // Two of six letters may change, three may not.
  ['wexghx', 'weight'],
  ['wxxxht', undefined],
  // One always may.
  ['x', 'v'],
])('of weight and v, %s means %s', (name, meant) => {
  expect(nearest(name, ['weight', 'v'])).toBe(meant);
});

test('where none is near, all are named, in the order of the alphabet', () => {
  expect(suggest('threshold', ['weight', 'v'])).toBe('known: v, weight');
});
