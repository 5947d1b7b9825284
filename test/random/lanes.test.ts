import { expect, test } from 'vitest';
import { mix, seedLanes, stepLane, topBits } from '../../src/random/index.ts';

/** The specification in unbounded integers. */
const word = (value: bigint): bigint => BigInt.asUintN(32, value);

function exactMix(value: bigint): bigint {
  let h = word(value);
  h ^= h >> 16n;
  h = word(h * 0x85ebca6bn);
  h ^= h >> 13n;
  h = word(h * 0xc2b2ae35n);
  return h ^ (h >> 16n);
}

function exactSeed(seed: bigint, lane: number, core: number): bigint {
  const state = exactMix(exactMix(seed) + 0x9e3779b9n * BigInt(1 + lane + 1024 * core));
  return state === 0n ? 1n : state;
}

function exactStep(state: bigint): bigint {
  let s = state;
  s ^= word(s << 13n);
  s ^= s >> 17n;
  s ^= word(s << 5n);
  return s;
}

test('the first ten words of lane 0 for seed 1, as the specification lists them', () => {
  const listed = [
    0x1404ec41, 0xb81d9867, 0x693ec00f, 0x96d06a90, 0xebc6cd71, 0x7f767ce5, 0xadba1690, 0x026445a4,
    0xd0c0994c, 0xbec66fb8,
  ];
  let state = seedLanes(1, 1)[0] ?? 0;
  let exact = exactSeed(1n, 0, 0);
  expect(state).toBe(0x50653bed);
  for (const expected of listed) {
    state = stepLane(state);
    exact = exactStep(exact);
    expect([state, exact]).toEqual([expected, BigInt(expected)]);
  }
});

test('mix is murmur3 fmix32', () => {
  for (const value of [0, 1, 2, 0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff]) {
    expect(BigInt(mix(value))).toBe(exactMix(BigInt(value)));
  }
});

test('every lane of every core, for any seed, starts and steps as specified', () => {
  for (const seed of [0, 1, 42, 0x7fffffff, 0xffffffff]) {
    for (const core of [0, 1, 127]) {
      const states = seedLanes(seed, 1024, core);
      expect(states).toHaveLength(1024);
      states.forEach((state, lane) => {
        const exact = exactSeed(BigInt(seed), lane, core);
        if (BigInt(state) !== exact) expect([lane, BigInt(state)]).toEqual([lane, exact]);
        if (BigInt(stepLane(state)) !== exactStep(exact)) {
          expect([lane, BigInt(stepLane(state))]).toEqual([lane, exactStep(exact)]);
        }
      });
    }
  }
});

test('the core is the first by default, a seed counts modulo 2^32', () => {
  expect(seedLanes(7, 4)).toEqual(seedLanes(7, 4, 0));
  expect(seedLanes(7 + 2 ** 32, 4)).toEqual(seedLanes(7, 4));
  expect(seedLanes(-1, 4)).toEqual(seedLanes(0xffffffff, 4));
});

test('a state that would be zero becomes one', () => {
  // mix is a bijection with mix(0) = 0, so the state is zero where mix(seed) = -0x9E3779B9 * (1 + lane).
  const unmix = (value: bigint): bigint => {
    let h = value ^ (value >> 16n);
    h = word(h * inverse(0xc2b2ae35n));
    h ^= (h >> 13n) ^ (h >> 26n);
    h = word(h * inverse(0x85ebca6bn));
    return h ^ (h >> 16n);
  };
  const lane = 5;
  const seed = unmix(word(-0x9e3779b9n * BigInt(1 + lane)));
  expect(exactMix(exactMix(seed) + 0x9e3779b9n * 6n)).toBe(0n);
  const states = seedLanes(Number(seed), 16);
  expect(states[lane]).toBe(1);
  expect(states).not.toContain(0);
});

test('a draw takes the top bits, and none for a width of zero', () => {
  expect(topBits(0x96d06a90, 0)).toBe(0);
  expect(topBits(0x96d06a90, 1)).toBe(1);
  expect(topBits(0x96d06a90, 8)).toBe(0x96);
  expect(topBits(0x96d06a90, 31)).toBe(0x4b683548);
  expect(topBits(0x96d06a90, 32)).toBe(0x96d06a90);
});

/** The inverse of an odd number modulo 2^32, by Newton's iteration. */
function inverse(odd: bigint): bigint {
  let x = odd;
  for (let bits = 3; bits < 32; bits *= 2) x = word(x * (2n - odd * x));
  return x;
}
