import type { Overflow, Rounding } from './arithmetic.ts';

/** The relation that a comparison tests. */
export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/**
 * What a code generator offers: a few primitives on lane-wide values of type V, to which the table lowers every operation.
 * The generator knows from the instruction whether values are integers or reals.
 */
export interface LaneCode<V> {
  /** A whole number in every lane, of the instruction's kind: what an operation composed of others needs. */
  constant(n: number): V;
  /** a ∘ b, exactly, then saturated or wrapped at the datapath where `overflow` says so. Negation is 0 - b. */
  arithmetic(operation: 'add' | 'sub' | 'mul', overflow: Overflow, a: V, b: V): V;
  /** |a|, likewise. */
  absolute(overflow: Overflow, a: V): V;
  negate(overflow: Overflow, a: V): V;
  /** a × 2^n for a constant n >= 0, likewise. */
  shiftLeft(overflow: Overflow, a: V, n: V): V;
  /** a / 2^n for a constant n of either sign, rounded. `unsigned` reads a as an unsigned 32-bit number. */
  shiftRight(rounding: Rounding, a: V, n: V, unsigned: boolean): V;
  /** a × b / 2^n of the exact product, rounded. */
  shiftProduct(rounding: Rounding, a: V, b: V, n: V): V;
  bitwise(operation: 'and' | 'or' | 'xor', a: V, b: V): V;
  /** The number of ones among the bits of a lane. */
  countOnes(a: V): V;
  minimum(a: V, b: V): V;
  maximum(a: V, b: V): V;
  /** At least `low` and at most `high`; a value that is neither below nor above stays itself. */
  clamp(a: V, low: V, high: V): V;
  compare(comparison: Comparison, unsigned: boolean, a: V, b: V): V;
  select(condition: V, a: V, b: V): V;
  /** The n-bit draw, n a constant, after stepping the generators. */
  draw(n: V): V;
}
