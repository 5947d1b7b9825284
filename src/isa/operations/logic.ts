import type { Comparison } from '../arithmetic.ts';
import type { Operation } from '../operation.ts';
import { join, type ValueRange, valueRange } from '../value-range.ts';
import { closed, first, flagRange, plainFacts, second, third } from './families.ts';

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

/** Bitwise results of two ranges: exact bounds are not needed, so the enclosing power of two serves. */
function bitwiseRange(operands: readonly ValueRange[]): ValueRange {
  const a = first(operands);
  const b = second(operands);
  const reach = Math.max(a.high, b.high, -1 - a.low, -1 - b.low, 1);
  const high = 2 ** (Math.floor(Math.log2(reach)) + 1) - 1;
  return valueRange(a.low < 0 || b.low < 0 ? -1 - high : 0, high);
}

/** The smallest number of one bits in any value from `low` to `high`, unsigned numbers of at most 32 bits. */
function fewestOnes(low: number, high: number): number {
  // The minimum is at the lower end, or at a value that keeps its upper bits, rounded up, and ends in zeros.
  const rounded = Array.from({ length: 33 }, (_, bits) => Math.ceil(low / 2 ** bits) * 2 ** bits);
  return Math.min(...rounded.filter((value) => value <= high).map(countOnes));
}

function countOnes(value: number): number {
  let ones = 0;
  for (let rest = value | 0; rest !== 0; rest &= rest - 1) ones++;
  return ones;
}

/** The non-negative and the negative part of a range, read as unsigned 32-bit numbers. */
function unsignedParts({ low, high }: ValueRange): ValueRange[] {
  const parts = [valueRange(Math.max(low, 0), high), valueRange(low + 2 ** 32, Math.min(high, -1) + 2 ** 32)];
  return parts.filter((part) => part.low <= part.high);
}

/** The complement of a 32-bit number, read as unsigned. */
const complement = (value: number): number => 2 ** 32 - 1 - value;

function onesRange(operands: readonly ValueRange[]): ValueRange {
  return unsignedParts(first(operands))
    .map(({ low, high }) =>
      valueRange(fewestOnes(low, high), 32 - fewestOnes(complement(high), complement(low))),
    )
    .reduce(join);
}

/** A non-negative number has fewer leading zeros the larger it is; a negative one has none. */
function zerosRange(operands: readonly ValueRange[]): ValueRange {
  return unsignedParts(first(operands))
    .map(({ low, high }) => valueRange(Math.clz32(high), Math.clz32(low)))
    .reduce(join);
}

/** Shifts that spread the highest one bit of 32 to all bits below it; each is valid in a 16-bit lane. */
const smearing = [1, 2, 4, 8, 8, 8];

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
      return bounds.length > 0 ? valueRange(0, Math.min(...bounds)) : range;
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
  closed(
    'popcount',
    'logic',
    ['integer', 'integer'],
    { logic: 1 },
    'the number of ones among the 32 bits of a, 0 to 32',
    countOnes,
    (code, a) => code.countOnes(a),
    onesRange,
    { reads: 'registers' },
  ),
  closed(
    'clz',
    'logic',
    ['integer', 'integer'],
    { logic: 1 },
    'the number of zeros above the highest one of the 32 bits of a, 0 to 32; 32 if a is zero',
    (a) => Math.clz32(a),
    (code, a) => {
      const ones = smearing.reduce(
        (bits, n) => code.bitwise('or', bits, code.shiftRight('floor', bits, code.constant(n), true)),
        a,
      );
      return code.arithmetic('sub', 'proven', code.constant(32), code.countOnes(ones));
    },
    zerosRange,
    { reads: 'registers' },
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
    meaning: 'b if a is not zero, else c',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (a, b, c) => (a !== 0 ? b : c),
      real: (a, b, c) => (a !== 0 ? b : c),
      lower: (code, a, b, c) => code.select(a, b, c),
      range: (operands) => join(second(operands), third(operands)),
      ...plainFacts,
      passes: [2],
      selects: true,
    },
  },
];
