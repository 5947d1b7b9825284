import { clamp } from './arithmetic.ts';

/** A range of integers, both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export function interval(low: number, high: number): Interval {
  return { low, high };
}

/** The smallest interval that holds every value given. */
export function hull(...values: number[]): Interval {
  return { low: Math.min(...values), high: Math.max(...values) };
}

export function join(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

export function contains(outer: Interval, inner: Interval): boolean {
  return outer.low <= inner.low && inner.high <= outer.high;
}

/** An interval after its values are clamped to another one. */
export function clampedTo({ low, high }: Interval, range: Interval): Interval {
  return interval(clamp(range.low, low, high), clamp(range.high, low, high));
}

/** The range of a function that is monotonic in each argument: the hull of its values at the corners. */
export function corners(f: (a: number, b: number) => number, a: Interval, b: Interval): Interval {
  return hull(f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high));
}

/** Bits that hold every value of the interval: unsigned if none is negative, else two's complement. */
export function bitsFor({ low, high }: Interval): number {
  const magnitude = Math.max(high, -1 - low);
  const bits = magnitude <= 0 ? 0 : Math.floor(Math.log2(magnitude)) + 1;
  return Math.max(1, low < 0 ? bits + 1 : bits);
}

/** The intersection of two intervals; the second one, should they not meet. */
export function meet(a: Interval | undefined, b: Interval): Interval {
  if (a === undefined) return b;
  const both = interval(Math.max(a.low, b.low), Math.min(a.high, b.high));
  return both.low <= both.high ? both : b;
}
