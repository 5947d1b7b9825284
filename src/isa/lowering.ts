import type { Overflow, Rounding } from './arithmetic.ts';

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
