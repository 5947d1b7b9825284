import { type Comparison, integerRange } from './arithmetic.ts';
import type { Compute, Operation } from './operation.ts';
import { bitsFor, clampedTo, contains, join, type ValueRange, valueRange } from './value-range.ts';

/** The ranges of operands in an interval analysis: undefined for floats. */
export type Ranges = readonly (ValueRange | undefined)[];

/** Every value that a register can hold. */
export const registerRange: ValueRange = integerRange(32, true);
const flagRange = valueRange(0, 1);
const zeroRange = valueRange(0, 0);

/**
 * The range of exact results of an instruction, before its operation saturates or wraps; undefined for a float, and if
 * it has no result.
 *
 * @param terms the most terms of a sum over a row, or over positions; a sum may also have none
 */
export function exactRange(
  { effect, kinds }: Operation,
  operands: Ranges,
  terms: number,
): ValueRange | undefined {
  const [first, second] = operands;
  switch (effect.does) {
    case 'compute': {
      const known = operands.filter((range) => range !== undefined);
      if (known.length === operands.length) return effect.range(known);
      // Comparing floats gives a flag, whatever their values.
      return kinds[0] === 'flag' ? flagRange : registerRange;
    }
    case 'load':
    case 'draw':
      return effect.predicated && first !== undefined ? join(first, zeroRange) : first;
    case 'any':
      return flagRange;
    case 'store':
    case 'emit':
      return undefined;
    case 'reduce':
      if (first === undefined) return undefined;
      // A row without an active column has the lowest number.
      if (effect.joins === 'largest') return valueRange(registerRange.low, first.high);
      return sumRange(first, terms);
    case 'correlate':
      return second && sumRange(second, terms);
  }
}

/** The range of a sum of at most so many terms, or of none. */
function sumRange({ low, high }: ValueRange, terms: number): ValueRange {
  return valueRange(Math.min(0, low) * terms, Math.max(0, high) * terms);
}

/** The range of a result after the datapath has saturated or wrapped it. */
export function fittedRange(exact: ValueRange, { effect }: Operation, datapath: ValueRange): ValueRange {
  if (effect.does !== 'compute' || contains(datapath, exact)) return exact;
  switch (effect.overflow) {
    case 'saturate':
      return clampedTo(datapath, exact);
    case 'wrap':
      return datapath;
    case 'proven':
      return contains(registerRange, exact) ? exact : registerRange;
  }
}

/** The bits of a register that hold all of these values: unsigned if none is negative. */
export function widthOf(ranges: Ranges): number {
  const known = ranges.filter((range) => range !== undefined);
  return Math.min(32, bitsFor(known.reduce(join, zeroRange)));
}

const opposites: Readonly<Record<Comparison, Comparison>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'ge',
  ge: 'lt',
  gt: 'le',
  le: 'gt',
};

/**
 * The possible values of a comparison's two operands if it holds, or if it does not.
 *
 * @returns `nothing` if no conclusion can be drawn, because the operation is not a comparison or compares unsigned
 * numbers; `never` if the outcome is impossible
 */
export function assuming(
  compares: Compute['compares'],
  holds: boolean,
  a: ValueRange,
  b: ValueRange,
): readonly [ValueRange, ValueRange] | 'nothing' | 'never' {
  if (compares === undefined || compares.unsigned) return 'nothing';
  const assumed = narrowed(holds ? compares.relation : opposites[compares.relation], a, b);
  return assumed.some(({ low, high }) => low > high) ? 'never' : assumed;
}

function narrowed(comparison: Comparison, a: ValueRange, b: ValueRange): readonly [ValueRange, ValueRange] {
  switch (comparison) {
    case 'eq': {
      const both = valueRange(Math.max(a.low, b.low), Math.min(a.high, b.high));
      return [both, both];
    }
    case 'ne':
      return [a, b];
    case 'lt':
      return ordered(a, b, 1);
    case 'le':
      return ordered(a, b, 0);
    case 'gt': {
      const [less, more] = ordered(b, a, 1);
      return [more, less];
    }
    case 'ge': {
      const [less, more] = ordered(b, a, 0);
      return [more, less];
    }
  }
}

/** Narrows both operands, given that less + gap <= more. */
function ordered(less: ValueRange, more: ValueRange, gap: 0 | 1): readonly [ValueRange, ValueRange] {
  return [
    valueRange(less.low, Math.min(less.high, more.high - gap)),
    valueRange(Math.max(more.low, less.low + gap), more.high),
  ];
}
