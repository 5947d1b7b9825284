/*
 * Declared generators: linear feedback shift registers, unfolded so that one advance gives many bits.
 *
 * A generator is a bit sequence y[n] = y[n-near] xor y[n-far], and n, the position of the current word. Its state is
 * the `far` bits before that position, with y[n-far] in bit 0. Since squaring is linear over GF(2),
 * y[n] = y[n - 2^k near] xor y[n - 2^k far] holds for every k as soon as the history is that long.
 */

/** The distances of a recurrence: near < far <= 32. */
export interface Recurrence {
  readonly near: number;
  readonly far: number;
}

/** The state after `count` more positions, or before them if `count` is negative. Unsigned. */
export function advanceState({ near, far }: Recurrence, state: number, count: number): number {
  let window = state >>> 0;
  const top = far - 1;
  const mask = far === 32 ? 0xffffffff : 2 ** far - 1;
  for (let i = 0; i < count; i++) {
    const next = ((window >>> (far - near)) ^ window) & 1;
    window = ((window >>> 1) | (next << top)) >>> 0;
  }
  for (let i = 0; i > count; i--) {
    // y[n-1-far] = y[n-1] xor y[n-1-near]; the window holds y[n-far] to y[n-1].
    const before = ((window >>> top) ^ (window >>> (top - near))) & 1;
    window = (((window << 1) & mask) | before) >>> 0;
  }
  return window;
}

/** The bits that follow a state. */
export function bitsFrom({ near, far }: Recurrence, state: number, count: number): Uint8Array {
  const bits = new Uint8Array(far + count);
  for (let i = 0; i < far; i++) bits[i] = (state >>> i) & 1;
  for (let i = far; i < bits.length; i++) bits[i] = (bits[i - near] ?? 0) ^ (bits[i - far] ?? 0);
  return bits.subarray(far);
}

/** The state at position 0, from `far` consecutive bits of the sequence, the earliest first: y[first] and on. */
export function stateFrom(recurrence: Recurrence, first: number, bits: readonly number[]): number {
  // They are the state at the position after them.
  const state = bits.reduce((sum, bit, i) => sum + bit * 2 ** i, 0);
  return advanceState(recurrence, state, -(first + recurrence.far));
}
