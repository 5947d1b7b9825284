import { type Interval, interval, join } from '../interval.ts';
import type { Comparison } from '../lowering.ts';
import type { Operation } from '../operation.ts';
import { closed, first, flagRange, plain, second, third } from './families.ts';

const comparisons: readonly { name: Comparison; words: string; test: (a: number, b: number) => boolean }[] = [
  { name: 'eq', words: 'a = b', test: (a, b) => a === b },
  { name: 'ne', words: 'a ≠ b', test: (a, b) => a !== b },
  { name: 'lt', words: 'a < b', test: (a, b) => a < b },
  { name: 'le', words: 'a ≤ b', test: (a, b) => a <= b },
  { name: 'gt', words: 'a > b', test: (a, b) => a > b },
  { name: 'ge', words: 'a ≥ b', test: (a, b) => a >= b },
];

const unsignedComparisons: readonly {
  name: string;
  comparison: Comparison;
  words: string;
  test: (a: number, b: number) => boolean;
}[] = [
  {
    name: 'ltu',
    comparison: 'lt',
    words: 'a < b, both read as unsigned 32-bit numbers',
    test: (a, b) => a >>> 0 < b >>> 0,
  },
  {
    name: 'geu',
    comparison: 'ge',
    words: 'a ≥ b, both read as unsigned 32-bit numbers',
    test: (a, b) => a >>> 0 >= b >>> 0,
  },
];

/** Bitwise results of two intervals: exact bounds are not needed, the enclosing power of two is. */
function bitwiseRange(operands: readonly Interval[]): Interval {
  const a = first(operands);
  const b = second(operands);
  const reach = Math.max(a.high, b.high, -1 - a.low, -1 - b.low, 1);
  const high = 2 ** (Math.floor(Math.log2(reach)) + 1) - 1;
  return interval(a.low < 0 || b.low < 0 ? -1 - high : 0, high);
}

/** Bits, comparisons and the select. */
export const logic: readonly Operation[] = [
  closed(
    'and',
    'logic',
    ['B', 'B', 'B'],
    { logic: 1 },
    'bitwise and',
    (a, b) => a & b,
    (code, a, b) => code.bitwise('and', a, b),
    (operands) => {
      const range = bitwiseRange(operands);
      const bounds = operands.filter((operand) => operand.low >= 0).map((operand) => operand.high);
      return bounds.length > 0 ? interval(0, Math.min(...bounds)) : range;
    },
  ),
  closed(
    'or',
    'logic',
    ['B', 'B', 'B'],
    { logic: 1 },
    'bitwise or',
    (a, b) => a | b,
    (code, a, b) => code.bitwise('or', a, b),
    bitwiseRange,
    { passes: [0, 1] },
  ),
  closed(
    'xor',
    'logic',
    ['B', 'B', 'B'],
    { logic: 1 },
    'bitwise exclusive or',
    (a, b) => a ^ b,
    (code, a, b) => code.bitwise('xor', a, b),
    bitwiseRange,
    { passes: [0, 1] },
  ),
  ...comparisons.map(({ name, words, test }) =>
    closed(
      `cmp.${name}`,
      'logic',
      ['flag', 'N', 'N'],
      { compare: 1 },
      `1 where ${words}, else 0`,
      (a, b) => Number(test(a, b)),
      (code, a, b) => code.compare(name, false, a, b),
      () => flagRange,
      { compares: { relation: name, unsigned: false } },
    ),
  ),
  ...unsignedComparisons.map(({ name, comparison, words, test }) =>
    closed(
      `cmp.${name}`,
      'logic',
      ['flag', 'integer', 'integer'],
      { compare: 1 },
      `1 where ${words}, else 0`,
      (a, b) => Number(test(a, b)),
      (code, a, b) => code.compare(comparison, true, a, b),
      () => flagRange,
      { reads: 'registers', compares: { relation: comparison, unsigned: true } },
    ),
  ),
  {
    mnemonic: 'sel',
    group: 'logic',
    operands: ['result', 'register', 'value', 'value'],
    kinds: ['A', 'B', 'A', 'A'],
    cost: { logic: 1 },
    draws: false,
    meaning: 'b where a is not zero, else c',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (a, b, c) => (a !== 0 ? b : c),
      real: (a, b, c) => (a !== 0 ? b : c),
      lower: (code, a, b, c) => code.select(a, b, c),
      range: (operands) => join(second(operands), third(operands)),
      ...plain,
      passes: [2],
      selects: true,
    },
  },
];
