import { clamp } from './arithmetic.ts';

/** A range of integers, both ends included. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

export function valueRange(low: number, high: number): ValueRange {
  return { low, high };
}

/** The smallest range that holds every value given. */
export function hull(...values: number[]): ValueRange {
  return { low: Math.min(...values), high: Math.max(...values) };
}

export function join(a: ValueRange, b: ValueRange): ValueRange {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

export function contains(outer: ValueRange, inner: ValueRange): boolean {
  return outer.low <= inner.low && inner.high <= outer.high;
}

/** A range after its values are clamped to another one. */
export function clampedTo({ low, high }: ValueRange, range: ValueRange): ValueRange {
  return valueRange(clamp(range.low, low, high), clamp(range.high, low, high));
}

/** A range after its values are clamped between two bounds, each of which a schedule may change. */
export function clampedBetween(least: ValueRange, most: ValueRange, range: ValueRange): ValueRange {
  return valueRange(clamp(range.low, least.low, most.low), clamp(range.high, least.high, most.high));
}

/** The range of a function that is monotonic in each argument: the hull of its values at the corners. */
export function corners(f: (a: number, b: number) => number, a: ValueRange, b: ValueRange): ValueRange {
  return hull(f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high));
}

/** Bits that hold every value of the range: unsigned if none is negative, else two's complement. */
export function bitsFor({ low, high }: ValueRange): number {
  const magnitude = Math.max(high, -1 - low);
  const bits = magnitude <= 0 ? 0 : Math.floor(Math.log2(magnitude)) + 1;
  return Math.max(1, low < 0 ? bits + 1 : bits);
}

/** The intersection of two ranges; the second one if they do not meet. */
export function meet(a: ValueRange | undefined, b: ValueRange): ValueRange {
  if (a === undefined) return b;
  const both = valueRange(Math.max(a.low, b.low), Math.min(a.high, b.high));
  return both.low <= both.high ? both : b;
}
