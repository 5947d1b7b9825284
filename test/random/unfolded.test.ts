import { describe, expect, it } from 'vitest';
import { advanceState, bitsFrom, stateFrom } from '../../src/random/index.ts';

describe('an unfolded generator', () => {
  // By hand: y[-3] = 1, y[-2] = 0, y[-1] = 0; y[n] = y[n-1] xor y[n-3] has period 7.
  const short = { near: 1, far: 3 };
  const sequence = [1, 1, 1, 0, 1, 0, 0];

  it('gives the bits of its recurrence', () => {
    expect([...bitsFrom(short, 0b001, 14)]).toEqual([...sequence, ...sequence]);
  });

  it('keeps the bits before its place, the earliest lowest', () => {
    // Before place 4: y[1], y[2], y[3] = 1, 1, 0.
    expect(advanceState(short, 0b001, 4)).toBe(0b011);
    expect(advanceState(short, 0b001, 7)).toBe(0b001);
  });

  it.each([
    { near: 1, far: 3 },
    { near: 3, far: 25 },
    { near: 1, far: 32 },
  ])('goes back as it goes on: $near, $far', (recurrence) => {
    const state = 0x9e3779b9 % 2 ** recurrence.far;
    for (const count of [1, 5, 40, 128])
      expect(advanceState(recurrence, advanceState(recurrence, state, count), -count)).toBe(state);
  });

  it('has its state from any neighbouring bits', () => {
    expect(stateFrom(short, 2, sequence.slice(2, 5))).toBe(0b001);
    expect(stateFrom(short, -2, [0, 0, ...sequence.slice(0, 1)])).toBe(0b001);
  });

  it('obeys the recurrence at distances of 2^7 times as much', () => {
    const recurrence = { near: 3, far: 25 };
    const bits = bitsFrom(recurrence, 0x1a2b3c, 25 * 128 + 300);
    for (let n = 25 * 128; n < bits.length; n++)
      expect(bits[n]).toBe((bits[n - 3 * 128] ?? 0) ^ (bits[n - 25 * 128] ?? 0));
  });
});
