/**
 * Integer semantics, written down once. Both engines obey this file; `docs/instruction-set.md` repeats it in words.
 *
 * A register holds a signed 32-bit integer. The datapath is `bits` wide (8 to 32): results of plain operations
 * are proven to lie within it, saturating ones are clamped to it, wrapping ones keep its low bits, sign-extended.
 */

/** How a right shift treats the bits that it drops. */
export type Rounding = 'floor' | 'nearest' | 'up' | 'zero' | 'stochastic';

/** How a result that does not fit the datapath is handled: proven impossible, saturated, or wrapped. */
export type Overflow = 'proven' | 'saturate' | 'wrap';

/** Smallest and largest value of a two's complement (or unsigned) number of some bits. */
export function integerRange(bits: number, signed: boolean): { readonly low: number; readonly high: number } {
  return signed ? { low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 } : { low: 0, high: 2 ** bits - 1 };
}

export function clamp(value: number, low: number, high: number): number {
  if (value < low) return low;
  if (value > high) return high;
  return value;
}

const mostShift = 63;
const powers = Float64Array.from({ length: 2 * mostShift + 1 }, (_, index) => 2 ** (index - mostShift));

/** 2^n for integers n from -63 to 63, from a table, because an engine needs powers of two for every lane. */
function powerOfTwo(n: number): number {
  return powers[n + mostShift] ?? 2 ** n;
}

/** The low `bits` of a 32-bit integer, sign-extended or not. Unsigned fields have at most 31, to fit a register. */
export function wrapInteger(value: number, bits: number, signed: boolean): number {
  const unused = 32 - bits;
  return signed ? (value << unused) >> unused : (value << unused) >>> unused;
}

/** The `bits`-bit draw of a random word: its top bits. A draw of no bits is zero. */
export function drawBits(random: number, bits: number): number {
  return bits <= 0 ? 0 : random >>> (32 - bits);
}

/**
 * value / 2^amount, exactly, then rounded to an integer:
 *
 * - `floor` drops the bits, `nearest` is floor(x + 1/2), `up` is the ceiling, `zero` truncates;
 * - `stochastic` is floor((value + r) / 2^amount) with r the `amount`-bit draw of `random`.
 *
 * A negative amount shifts left. `value` is an integer of magnitude below 2^52, so that every step is exact in a
 * double.
 */
export const shiftRight: Readonly<
  Record<Rounding, (value: number, amount: number, random: number) => number>
> = {
  floor: (value, amount) => Math.floor(value * powerOfTwo(-amount)),
  nearest: (value, amount) => Math.floor(value * powerOfTwo(-amount) + 0.5),
  up: (value, amount) => Math.ceil(value * powerOfTwo(-amount)) + 0,
  zero: (value, amount) => Math.trunc(value * powerOfTwo(-amount)) + 0,
  stochastic: (value, amount, random) => Math.floor((value + drawBits(random, amount)) * powerOfTwo(-amount)),
};

/** The largest amount of a shift. */
export const maxShift = 31;

/** The exact product of two registers, shifted right as {@link shiftRight} does. */
export function shiftProduct(
  a: number,
  b: number,
  amount: number,
  rounding: Rounding,
  random: number,
): number {
  const product = a * b;
  if (Math.abs(product) < 2 ** 52) return shiftRight[rounding](product, amount, random);
  const exact = BigInt(a) * BigInt(b);
  if (amount <= 0) return Number(exact << BigInt(-amount));
  const shift = BigInt(amount);
  const mask = (1n << shift) - 1n;
  const addend = {
    floor: 0n,
    nearest: 1n << (shift - 1n),
    up: mask,
    zero: exact < 0n ? mask : 0n,
    stochastic: BigInt(drawBits(random, amount)),
  }[rounding];
  return Number((exact + addend) >> shift);
}

/** The low 32 bits of the exact product of two registers, shifted right and rounded down, or left if negative. */
export function lowBitsOfProduct(a: number, b: number, amount: number): number {
  const exact = BigInt(a) * BigInt(b);
  return Number(BigInt.asIntN(32, amount < 0 ? exact << BigInt(-amount) : exact >> BigInt(amount)));
}

/**
 * The inference weight that is a view of a shadow weight: the shadow's low `dropped` bits rounded to nearest (ties up),
 * then saturated to `weightBits` signed bits. `w = min((w_sh + half) >> dropped, 2^(b-1) - 1)`.
 */
export function weightView(dropped: number, weightBits: number): (shadow: number) => number {
  const { low, high } = integerRange(weightBits, true);
  return (shadow) => clamp(shiftRight.nearest(shadow, dropped, 0), low, high);
}

/** The relation that a comparison tests. */
export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/**
 * The primitives that a code generator offers, on lane-wide values of type V; the table lowers every operation to them.
 * The generator knows from the instruction whether values are integers or reals.
 */
export interface LaneCode<V> {
  /** A whole number in every lane, of the instruction's kind, for operations composed of others. */
  constant(n: number): V;
  /** a ∘ b, computed exactly, then saturated or wrapped to the datapath as `overflow` requires. Negation is 0 - b. */
  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: V, b: V): V;
  /** |a|, with the same overflow handling. */
  absolute(overflow: Overflow, a: V): V;
  negate(overflow: Overflow, a: V): V;
  /** a × 2^n for a constant n >= 0, with the same overflow handling. */
  shiftLeft(overflow: Overflow, a: V, n: V): V;
  /** a / 2^n for a constant n of either sign, rounded. `unsigned` reads a as an unsigned 32-bit number. */
  shiftRight(rounding: Rounding, a: V, n: V, unsigned: boolean): V;
  /** a / 2^n for an integer n of each lane, rounded down; n below 0 counts as 0, above 31 as 31. */
  shiftRightBy(a: V, n: V): V;
  /** a × b / 2^n, rounded from the exact product, with the same overflow handling. */
  shiftProduct(overflow: Overflow, rounding: Rounding, a: V, b: V, n: V): V;
  /** The integer not above a: a itself, unless it is a real. */
  floor(a: V): V;
  /** An integer as a real: itself, unless reals are floats. */
  real(a: V): V;
  bitwise(operation: 'and' | 'or' | 'xor', a: V, b: V): V;
  /** The number of one bits in a lane. */
  countOnes(a: V): V;
  minimum(a: V, b: V): V;
  maximum(a: V, b: V): V;
  /** Clamps to `low`..`high`; a value that compares as neither below nor above is unchanged. */
  clamp(a: V, low: V, high: V): V;
  compare(comparison: Comparison, unsigned: boolean, a: V, b: V): V;
  select(condition: V, a: V, b: V): V;
  /** The n-bit draw, n a constant, after stepping the generators. */
  draw(n: V): V;
}
