import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  combine,
  drawsBetween,
  hash32,
  largestDraw,
  mix,
  noEpoch,
  permutation,
  streams,
} from '../../src/random/index.ts';
import { expectError } from '../support/errors.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });

/** The specification once more, in unbounded integers. */
const mask = 0xffffffffn;
function mixBig(x: bigint): bigint {
  let h = x;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & mask;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & mask;
  return h ^ (h >> 16n);
}
function hashBig(...parts: number[]): number {
  let h = 0n;
  for (const part of parts) h = mixBig(h ^ (((BigInt(part) + 1n) * 0x9e3779b9n) & mask));
  return Number(h);
}

describe('hash32', () => {
  test('mix is fmix32: values of the reference C code of MurmurHash3', () => {
    // From compiling Appleby's fmix32 with a C compiler.
    expect([0, 1, 2, 0x12345678, 0xffffffff].map(mix)).toEqual([
      0, 0x514e28b7, 0x30f4c306, 0xe37cd1bc, 0x81f16f39,
    ]);
  });

  test('the first ten words of seed 1, from the specification compiled as C', () => {
    expect(Array.from({ length: 10 }, (_, index) => hash32(1, index))).toEqual([
      0x464be85a, 0x152de004, 0x2cda0998, 0x8e0610e8, 0x96fbbe98, 0xd8a1bf7f, 0xe3d876ac, 0x23c457a5,
      0xf1d12ee7, 0xa6e60886,
    ]);
  });

  test('equals the specification in unbounded integers, for any parts', () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 5 }), (seed, parts) => {
        expect(hash32(seed, ...parts)).toBe(hashBig(seed, ...parts));
      }),
    );
  });

  test('extends by combine, so that a prefix can be shared', () => {
    expect(combine(hash32(7, 1, 2), 3)).toBe(hash32(7, 1, 2, 3));
  });

  test('fills each of the 256 top bytes evenly over neighbouring parts', () => {
    const bins = new Array<number>(256).fill(0);
    const draws = 256 * 400;
    for (let i = 0; i < draws; i++) {
      const bin = hash32(3, i % 320, Math.floor(i / 320)) >>> 24;
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // Chi-square with 255 degrees of freedom: mean 255, standard deviation sqrt(510) = 22.6; five of them.
    const chiSquare = bins.reduce((sum, seen) => sum + (seen - 400) ** 2 / 400, 0);
    expect(chiSquare).toBeGreaterThan(255 - 5 * 22.6);
    expect(chiSquare).toBeLessThan(255 + 5 * 22.6);
  });
});

describe('drawsBetween', () => {
  const end = fc.integer({ min: -largestDraw, max: largestDraw });

  test('follows its formula and stays within the range', () => {
    fc.assert(
      fc.property(end, end, word, fc.nat(9), fc.nat(200_000), (a, b, seed, projection, synapse) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const u = BigInt(hashBig(seed, 2, projection, synapse));
        const expected = Number((u * BigInt(high - low + 1)) >> 32n) + low;
        const drawn = drawsBetween(low, high, seed, 2, projection)(synapse);
        expect(drawn).toBe(expected);
        expect(drawn).toBeGreaterThanOrEqual(low);
        expect(drawn).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('reaches both ends, evenly', () => {
    const seen = new Map<number, number>();
    for (let i = 0; i < 5000; i++) {
      const drawn = drawsBetween(-1, 3, 1, 2, 0)(i);
      seen.set(drawn, (seen.get(drawn) ?? 0) + 1);
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3]);
    // Binomial(5000, 1/5): standard deviation 28.3; five of them.
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(142);
  });

  test.each([
    [1, 0],
    [0.5, 1],
    [0, 1.5],
    [-(2 ** 20), 0],
    [0, 2 ** 20],
    [0, Number.NaN],
  ])('refuses %d..%d', (low, high) => {
    expectError(() => drawsBetween(low, high, 1), 'range', `${low}..${high}`, '±1048575');
  });
});

describe('permutation', () => {
  test('holds each index once', () => {
    fc.assert(
      fc.property(fc.nat(300), word, word, (count, seed, epoch) => {
        const sorted = [...permutation(count, seed, epoch)].sort((a, b) => a - b);
        expect(sorted).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  test('equals Fisher-Yates written out with the specified words', () => {
    const expected = [0, 1, 2, 3, 4, 5, 6];
    for (let i = 6; i > 0; i--) {
      const j = Number((BigInt(hashBig(9, 3, 4, i)) * BigInt(i + 1)) >> 32n);
      const [a = 0, b = 0] = [expected[i], expected[j]];
      expected[i] = b;
      expected[j] = a;
    }
    expect([...permutation(7, 9, 4)]).toEqual(expected);
  });

  test('differs between epochs and seeds, and gives every order of three its share', () => {
    expect(permutation(50, 1, 0)).not.toEqual(permutation(50, 1, 1));
    expect(permutation(50, 1, 0)).not.toEqual(permutation(50, 2, 0));
    const seen = new Map<string, number>();
    for (let epoch = 0; epoch < 6000; epoch++) {
      const order = permutation(3, 5, epoch).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    // Binomial(6000, 1/6): standard deviation 28.9; five of them.
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
  });
});

test('kinds of draw have streams of their own', () => {
  expect(new Set(Object.values(streams)).size).toBe(Object.keys(streams).length);
  expect(noEpoch).toBe(2 ** 32 - 1);
});
