import type { Comparison } from './lowering.ts';
import type { Compute } from './operation.ts';
import { type ValueRange, valueRange } from './value-range.ts';

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
