import { expect, test } from 'vitest';
import { drawBits, integerRange, weightView, wrapInteger } from '../../src/isa/index.ts';

test('the ends of a width, with and without a sign', () => {
  expect(integerRange(8, true)).toEqual({ low: -128, high: 127 });
  expect(integerRange(8, false)).toEqual({ low: 0, high: 255 });
  expect(integerRange(32, true)).toEqual({ low: -2147483648, high: 2147483647 });
  expect(integerRange(1, false)).toEqual({ low: 0, high: 1 });
});

test('wrapping keeps the low bits', () => {
  expect([wrapInteger(128, 8, true), wrapInteger(-129, 8, true), wrapInteger(511, 8, true)]).toEqual([
    -128, 127, -1,
  ]);
  expect([wrapInteger(256, 8, false), wrapInteger(-1, 8, false), wrapInteger(-1, 31, false)]).toEqual([
    0, 255, 2147483647,
  ]);
  expect([wrapInteger(-5, 32, true), wrapInteger(3, 1, false)]).toEqual([-5, 1]);
});

test('a draw is the top bits of the word', () => {
  expect([drawBits(0xabcdef01, 0), drawBits(0xabcdef01, 4), drawBits(0xabcdef01, 16)]).toEqual([
    0, 0xa, 0xabcd,
  ]);
  expect(drawBits(0xffffffff, 31)).toBe(0x7fffffff);
});

test.each([
  [16, 4],
  [16, 8],
  [16, 12],
  [8, 4],
])('the inference weight of every %i-bit shadow weight at %i bits', (shadowBits, weightBits) => {
  // w = min((w_sh + half) >> (S - b), 2^(b-1) - 1), half = 2^(S-b-1): Gomez and Tang's rounded and saturated weight.
  const dropped = shadowBits - weightBits;
  const view = weightView(dropped, weightBits);
  for (let shadow = -(2 ** (shadowBits - 1)); shadow < 2 ** (shadowBits - 1); shadow++) {
    const expected = Math.min((shadow + 2 ** (dropped - 1)) >> dropped, 2 ** (weightBits - 1) - 1);
    if (view(shadow) !== expected)
      expect({ shadow, weight: view(shadow) }).toEqual({ shadow, weight: expected });
  }
});

test('a view that drops nothing is the shadow weight', () => {
  const view = weightView(0, 8);
  for (let shadow = -128; shadow < 128; shadow++) expect(view(shadow)).toBe(shadow);
});
