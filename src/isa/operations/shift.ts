import {
  clamp,
  type LaneCode,
  lowBitsOfProduct,
  maxShift,
  type Rounding,
  shiftProduct,
  shiftRight,
} from '../arithmetic.ts';
import type { Compute, KindPattern, LaneFunction, Operation, WorkClasses } from '../operation.ts';
import { corners, join, type ValueRange, valueRange } from '../value-range.ts';
import { amountBetween, closed, first, overflowing, plainFacts, second, third } from './families.ts';

const roundings: readonly { suffix: string; rounding: Rounding; words: string }[] = [
  { suffix: '', rounding: 'floor', words: 'dropping bits (floor)' },
  { suffix: '.rn', rounding: 'nearest', words: 'to nearest, floor(x / 2^n + 1/2)' },
  { suffix: '.ru', rounding: 'up', words: 'up (ceiling)' },
  { suffix: '.rz', rounding: 'zero', words: 'toward zero' },
  { suffix: '.sr', rounding: 'stochastic', words: 'stochastically, floor((x + draw of n bits) / 2^n)' },
];

function roundingCost(rounding: Rounding): WorkClasses {
  if (rounding === 'floor') return {};
  return rounding === 'stochastic' ? { add: 1, random: 1 } : { add: 1 };
}

/**
 * The results of a rounding right shift of a range: from the floor of its low end to the ceiling of its high end.
 */
function shiftedRange({ low, high }: ValueRange, amount: number, rounding: Rounding): ValueRange {
  const shift = shiftRight[rounding];
  return valueRange(shift(low, amount, 0), shift(high, amount, 0xffffffff));
}

function shiftRange(operand: ValueRange, amounts: ValueRange, rounding: Rounding): ValueRange {
  return join(shiftedRange(operand, amounts.low, rounding), shiftedRange(operand, amounts.high, rounding));
}

/** A family of right shifts, one for each of these rounding modes. */
function shifts(
  name: string,
  kinds: readonly KindPattern[],
  cost: WorkClasses,
  meaning: string,
  low: number,
  integer: (rounding: Rounding) => LaneFunction,
  lower: <V>(code: LaneCode<V>, rounding: Rounding, a: V, b: V, c: V) => V,
  range: (operands: readonly ValueRange[], rounding: Rounding) => ValueRange,
  facts: Partial<Pick<Compute, 'real' | 'reads' | 'passes' | 'product'>>,
  modes = roundings,
): Operation[] {
  return modes.map(({ suffix, rounding, words }) => ({
    mnemonic: `${name}${suffix}`,
    group: 'shift',
    operands: ['result', ...kinds.slice(1, -1).map(() => 'value' as const), 'constant'],
    kinds,
    cost: { ...cost, ...roundingCost(rounding) },
    draws: rounding === 'stochastic',
    meaning: `${meaning}, rounded ${words}`,
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => integer(rounding),
      lower: (code, a, b, c) => lower(code, rounding, a, b, c),
      range: (operands) => range(operands, rounding),
      check: amountBetween(low, kinds.length - 2),
      ...plainFacts,
      ...facts,
    },
  }));
}

function wholeRegister({ low, high }: ValueRange): ValueRange {
  return low >= 0 ? valueRange(low, high) : valueRange(-(2 ** 31), 2 ** 31 - 1);
}

/** The range of a shifted product: exact for each amount, so for the ends of the schedule's. */
function productRange(operands: readonly ValueRange[], rounding: Rounding): ValueRange {
  const { low, high } = third(operands);
  const ends = [low, high].flatMap((n) =>
    [0, 0xffffffff].map((random) =>
      corners((a, b) => shiftProduct(a, b, n, rounding, random), first(operands), second(operands)),
    ),
  );
  return ends.reduce(join);
}

const scaledProduct = {
  real: (a: number, b: number, n: number) => Math.fround(a * b) * 2 ** -n,
  product: (operands: readonly ValueRange[]) => corners((a, b) => a * b, first(operands), second(operands)),
};

/** An amount that an item brings itself: beyond its ends it shifts as far as they do. */
const amountOfItem = (n: number): number => clamp(n, 0, maxShift);

/** Shifts, with every rounding mode. */
export const shifting: readonly Operation[] = [
  ...overflowing({
    name: 'shl',
    group: 'shift',
    operands: ['result', 'value', 'constant'],
    kinds: ['N', 'N', '-'],
    cost: { shift: 1 },
    meaning: 'a × 2^n',
    exact: (a, n) => a * 2 ** n,
    low: (a, n) => a << n,
    lower: (code, overflow, a, n) => code.shiftLeft(overflow, a, n),
    range: (operands) => corners((a, n) => a * 2 ** n, first(operands), second(operands)),
    passes: [0],
    check: amountBetween(0, 1),
  }),
  ...shifts(
    'sra',
    ['N', 'N', '-'],
    { shift: 1 },
    'a / 2^n (a × 2^-n for negative n)',
    -maxShift,
    (rounding) => {
      const shift = shiftRight[rounding];
      return (a, n, _c, random) => shift(a, n, random);
    },
    (code, rounding, a, n) => code.shiftRight(rounding, a, n, false),
    (operands, rounding) => shiftRange(first(operands), second(operands), rounding),
    { real: (a, n) => a * 2 ** -n, passes: [0] },
  ),
  ...shifts(
    'shr',
    ['integer', 'integer', '-'],
    { shift: 1 },
    'a / 2^n, a read as an unsigned 32-bit number',
    0,
    (rounding) => {
      const shift = shiftRight[rounding];
      return (a, n, _c, random) => shift(a >>> 0, n, random) | 0;
    },
    (code, rounding, a, n) => code.shiftRight(rounding, a, n, true),
    (operands, rounding) => {
      const { low, high } = first(operands);
      const unsigned = low >= 0 ? valueRange(low, high) : valueRange(0, 2 ** 32 - 1);
      const range = shiftRange(unsigned, second(operands), rounding);
      return range.high >= 2 ** 31 ? wholeRegister(valueRange(-1, 0)) : range;
    },
    { reads: 'registers', passes: [0] },
  ),
  closed(
    'srav',
    'shift',
    ['N', 'N', 'integer'],
    { shift: 1 },
    'a / 2^n, rounded down, by an amount n of each item; n below 0 counts as 0, above 31 as 31',
    (a, n) => a >> amountOfItem(n),
    (code, a, n) => code.shiftRightBy(a, n),
    (operands) => {
      const { low, high } = second(operands);
      return shiftRange(first(operands), valueRange(amountOfItem(low), amountOfItem(high)), 'floor');
    },
    { real: (a, n) => a * 2 ** -amountOfItem(n), passes: [0] },
  ),
  ...overflowing({
    name: 'mulsra',
    group: 'shift',
    operands: ['result', 'value', 'value', 'constant'],
    kinds: ['N', 'N', 'N', '-'],
    cost: { multiply: 1, shift: 1 },
    meaning: 'a × b / 2^n of the exact 64-bit product, rounded dropping bits (floor)',
    exact: (a, b, n) => shiftProduct(a, b, n, 'floor', 0),
    low: lowBitsOfProduct,
    lower: (code, overflow, a, b, n) => code.shiftProduct(overflow, 'floor', a, b, n),
    range: (operands) => productRange(operands, 'floor'),
    check: amountBetween(-maxShift, 2),
    ...scaledProduct,
  }),
  ...shifts(
    'mulsra',
    ['N', 'N', 'N', '-'],
    { multiply: 1, shift: 1 },
    'a × b / 2^n of the exact 64-bit product',
    -maxShift,
    (rounding) => (a, b, n, random) => shiftProduct(a, b, n, rounding, random),
    (code, rounding, a, b, n) => code.shiftProduct('proven', rounding, a, b, n),
    productRange,
    scaledProduct,
    roundings.slice(1),
  ),
];
