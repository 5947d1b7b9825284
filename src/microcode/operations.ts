import {
  clamp,
  drawBits,
  integerRange,
  type Rounding,
  shiftProduct,
  shiftRight,
  wrap,
} from './arithmetic.ts';
import { corners, hull, type Interval, interval, join } from './interval.ts';
import type { Comparison, LaneCode } from './lowering.ts';
import type { Compute, KindPattern, LaneFunction, Operation, OperationCost, Overflow } from './operation.ts';

// The table of operations. The assembler, the disassembler, the analyses, both engines, the cost model and the
// reference page derive from it; adding an operation touches this file and nothing else.

const maxShift = 31;

const flagRange = interval(0, 1);
const first = (operands: readonly Interval[]): Interval => operands[0] ?? flagRange;
const second = (operands: readonly Interval[]): Interval => operands[1] ?? flagRange;
const third = (operands: readonly Interval[]): Interval => operands[2] ?? flagRange;

/** The three forms of an operation that can leave the datapath: plain (proven), `.s` and `.w`. */
function overflowing(definition: {
  name: string;
  group: Operation['group'];
  operands: Operation['operands'];
  kinds: readonly KindPattern[];
  cost: OperationCost;
  meaning: string;
  /** The exact result as a double: exact up to 2^53, and beyond 2^31 whenever the true result is. */
  exact: LaneFunction;
  /** The low 32 bits of the exact result. */
  low: LaneFunction;
  lower: <V>(code: LaneCode<V>, overflow: Overflow, a: V, b: V) => V;
  range: Compute['range'];
  check?: NonNullable<Compute['check']>;
}): Operation[] {
  const { name, cost, exact, low, range, meaning } = definition;
  const form = (suffix: string, overflow: Overflow, extra: OperationCost, words: string): Operation => ({
    mnemonic: `${name}${suffix}`,
    group: definition.group,
    operands: definition.operands,
    kinds: definition.kinds,
    cost: { ...cost, ...extra },
    draws: false,
    meaning: `${meaning}; ${words}`,
    effect: {
      does: 'compute',
      overflow,
      integer: (bits) => {
        if (overflow === 'wrap') return (a, b, c, random) => wrap(low(a, b, c, random), bits, true);
        if (overflow === 'proven') return exact;
        const bounds = integerRange(bits, true);
        return (a, b, c, random) => clamp(exact(a, b, c, random), bounds.low, bounds.high);
      },
      real: exact,
      lower: (code, a, b) => definition.lower(code, overflow, a, b),
      range,
      ...(definition.check && { check: definition.check }),
    },
  });
  return [
    form('', 'proven', {}, 'proven to stay within the datapath'),
    form('.s', 'saturate', { compare: 1 }, 'saturates at the datapath'),
    form('.w', 'wrap', {}, 'wraps at the datapath'),
  ];
}

/** An operation whose result never leaves the hull of its operands (or is a flag). */
function closed(
  mnemonic: string,
  group: Operation['group'],
  kinds: readonly KindPattern[],
  cost: OperationCost,
  meaning: string,
  integer: LaneFunction,
  lower: Compute['lower'],
  range: Compute['range'],
): Operation {
  const takesReals = kinds.some((kind) => kind === 'N' || kind === 'A');
  return {
    mnemonic,
    group,
    operands: ['result', ...kinds.slice(1).map(() => 'value' as const)],
    kinds,
    cost,
    draws: false,
    meaning,
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => integer,
      ...(takesReals && { real: integer }),
      lower,
      range,
    },
  };
}

const roundings: readonly { suffix: string; rounding: Rounding; words: string }[] = [
  { suffix: '', rounding: 'floor', words: 'dropping bits (floor)' },
  { suffix: '.rn', rounding: 'nearest', words: 'to nearest, floor(x / 2^n + 1/2)' },
  { suffix: '.ru', rounding: 'up', words: 'up (ceiling)' },
  { suffix: '.rz', rounding: 'zero', words: 'toward zero' },
  { suffix: '.sr', rounding: 'stochastic', words: 'stochastically, floor((x + draw of n bits) / 2^n)' },
];

function roundingCost(rounding: Rounding): OperationCost {
  if (rounding === 'floor') return {};
  return rounding === 'stochastic' ? { add: 1, random: 1 } : { add: 1 };
}

/** What a rounding right shift of an interval can give: the floor of its low end up to the ceiling of its high end. */
function shiftedRange({ low, high }: Interval, amount: number, rounding: Rounding): Interval {
  const shift = shiftRight[rounding];
  return interval(shift(low, amount, 0), shift(high, amount, 0xffffffff));
}

function shiftRange(operand: Interval, amounts: Interval, rounding: Rounding): Interval {
  return join(shiftedRange(operand, amounts.low, rounding), shiftedRange(operand, amounts.high, rounding));
}

function amountBetween(low: number, index: number): NonNullable<Compute['check']> {
  return (constants) => {
    const amount = constants[index];
    if (amount === undefined || (Number.isInteger(amount) && amount >= low && amount <= maxShift))
      return undefined;
    return `expected a whole shift of ${low} to ${maxShift}, found ${amount}`;
  };
}

/** A family of right shifts, one for each rounding. */
function shifts(
  name: string,
  kinds: readonly KindPattern[],
  cost: OperationCost,
  meaning: string,
  low: number,
  integer: (rounding: Rounding) => LaneFunction,
  lower: <V>(code: LaneCode<V>, rounding: Rounding, a: V, b: V, c: V) => V,
  range: (operands: readonly Interval[], rounding: Rounding) => Interval,
  real?: LaneFunction,
): Operation[] {
  return roundings.map(({ suffix, rounding, words }) => ({
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
      ...(real && { real }),
      lower: (code, a, b, c) => lower(code, rounding, a, b, c),
      range: (operands) => range(operands, rounding),
      check: amountBetween(low, kinds.length - 2),
    },
  }));
}

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

function wholeRegister({ low, high }: Interval): Interval {
  return low >= 0 ? interval(low, high) : interval(-(2 ** 31), 2 ** 31 - 1);
}

export const operations: readonly Operation[] = [
  {
    mnemonic: 'ldi',
    group: 'move',
    operands: ['result', 'constant'],
    kinds: ['A', 'A'],
    cost: { move: 1 },
    draws: false,
    meaning: 'loads a constant',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (a) => a,
      real: (a) => a,
      lower: (_code, a) => a,
      range: first,
    },
  },
  {
    mnemonic: 'ld',
    group: 'move',
    operands: ['result', 'field'],
    kinds: ['A', 'A'],
    cost: {},
    draws: false,
    meaning: 'loads a field of the item (or its `index`, or a host scalar, which cost no bank access)',
    effect: { does: 'load', predicated: false },
  },
  {
    mnemonic: 'ld.row',
    group: 'move',
    operands: ['result', 'field', 'register'],
    kinds: ['A', 'A', 'B'],
    cost: {},
    draws: false,
    meaning:
      'loads, and counts the access, only where the row-uniform predicate is not zero; elsewhere the result is zero',
    effect: { does: 'load', predicated: true },
  },
  {
    mnemonic: 'st',
    group: 'move',
    operands: ['register', 'field'],
    kinds: ['A', 'A'],
    cost: {},
    draws: false,
    meaning: 'stores into a field, which saturates or wraps as it is declared',
    effect: { does: 'store' },
  },
  closed(
    'mov',
    'move',
    ['A', 'A'],
    { move: 1 },
    'copies',
    (a) => a,
    (_code, a) => a,
    first,
  ),

  ...overflowing({
    name: 'add',
    group: 'arithmetic',
    operands: ['result', 'value', 'value'],
    kinds: ['N', 'N', 'N'],
    cost: { add: 1 },
    meaning: 'a + b',
    exact: (a, b) => a + b,
    low: (a, b) => (a + b) | 0,
    lower: (code, overflow, a, b) => code.arithmetic('add', overflow, a, b),
    range: (operands) => corners((a, b) => a + b, first(operands), second(operands)),
  }),
  ...overflowing({
    name: 'sub',
    group: 'arithmetic',
    operands: ['result', 'value', 'value'],
    kinds: ['N', 'N', 'N'],
    cost: { add: 1 },
    meaning: 'a - b',
    exact: (a, b) => a - b,
    low: (a, b) => (a - b) | 0,
    lower: (code, overflow, a, b) => code.arithmetic('sub', overflow, a, b),
    range: (operands) => corners((a, b) => a - b, first(operands), second(operands)),
  }),
  ...overflowing({
    name: 'mul',
    group: 'arithmetic',
    operands: ['result', 'value', 'value'],
    kinds: ['N', 'N', 'N'],
    cost: { multiply: 1 },
    meaning: 'a × b',
    exact: (a, b) => a * b,
    low: (a, b) => Math.imul(a, b),
    lower: (code, overflow, a, b) => code.arithmetic('mul', overflow, a, b),
    range: (operands) => corners((a, b) => a * b, first(operands), second(operands)),
  }),
  ...overflowing({
    name: 'neg',
    group: 'arithmetic',
    operands: ['result', 'value'],
    kinds: ['N', 'N'],
    cost: { add: 1 },
    meaning: '-a',
    exact: (a) => -a,
    low: (a) => (0 - a) | 0,
    lower: (code, overflow, a) => code.negate(overflow, a),
    range: (operands) => hull(-first(operands).low, -first(operands).high),
  }),
  ...overflowing({
    name: 'abs',
    group: 'arithmetic',
    operands: ['result', 'value'],
    kinds: ['N', 'N'],
    cost: { add: 1 },
    meaning: '|a|',
    exact: (a) => Math.abs(a),
    low: (a) => Math.abs(a) | 0,
    lower: (code, overflow, a) => code.absolute(overflow, a),
    range: (operands) => {
      const { low, high } = first(operands);
      return interval(
        low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high)),
        Math.max(-low, high),
      );
    },
  }),
  closed(
    'min',
    'arithmetic',
    ['N', 'N', 'N'],
    { compare: 1 },
    'the smaller',
    (a, b) => Math.min(a, b),
    (code, a, b) => code.minimum(a, b),
    (operands) => corners(Math.min, first(operands), second(operands)),
  ),
  closed(
    'max',
    'arithmetic',
    ['N', 'N', 'N'],
    { compare: 1 },
    'the larger',
    (a, b) => Math.max(a, b),
    (code, a, b) => code.maximum(a, b),
    (operands) => corners(Math.max, first(operands), second(operands)),
  ),
  {
    mnemonic: 'clip',
    group: 'arithmetic',
    operands: ['result', 'value', 'constant', 'constant'],
    kinds: ['N', 'N', 'N', 'N'],
    cost: { compare: 2 },
    draws: false,
    meaning: 'a, but at least b and at most c (two constants, b ≤ c)',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => clamp,
      real: clamp,
      lower: (code, a, low, high) => code.clamp(a, low, high),
      range: (operands) => {
        const a = first(operands);
        const low = second(operands).low;
        const high = third(operands).high;
        return interval(clamp(a.low, low, high), clamp(a.high, low, high));
      },
      check: ([, low, high]) =>
        low !== undefined && high !== undefined && low > high
          ? `expected the lower bound first, found ${low} and ${high}`
          : undefined,
    },
  },

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
    (a, n) => a * 2 ** -n,
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
      const unsigned = low >= 0 ? interval(low, high) : interval(0, 2 ** 32 - 1);
      const range = shiftRange(unsigned, second(operands), rounding);
      return range.high >= 2 ** 31 ? wholeRegister(interval(-1, 0)) : range;
    },
  ),
  ...shifts(
    'mulsra',
    ['N', 'N', 'N', '-'],
    { multiply: 1, shift: 1 },
    'a × b / 2^n of the exact 64-bit product',
    -maxShift,
    (rounding) => (a, b, n, random) => shiftProduct(a, b, n, rounding, random),
    (code, rounding, a, b, n) => code.shiftProduct(rounding, a, b, n),
    (operands, rounding) => {
      const { low, high } = third(operands);
      const ends = [low, high].flatMap((n) =>
        [0, 0xffffffff].map((random) =>
          corners((a, b) => shiftProduct(a, b, n, rounding, random), first(operands), second(operands)),
        ),
      );
      return ends.reduce(join);
    },
    (a, b, n) => Math.fround(a * b) * 2 ** -n,
  ),

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
    },
  },

  {
    mnemonic: 'rnd',
    group: 'machine',
    operands: ['result', 'constant'],
    kinds: ['integer', '-'],
    cost: { random: 1 },
    draws: true,
    meaning: 'an unsigned draw of n bits (0 to 31) from the lane’s generator',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => (n, _b, _c, random) => drawBits(random, n),
      lower: (code, n) => code.draw(n),
      range: (operands) => interval(0, 2 ** first(operands).high - 1),
      check: amountBetween(0, 0),
    },
  },
  {
    mnemonic: 'emit',
    group: 'machine',
    operands: ['register'],
    kinds: ['B'],
    cost: {},
    draws: false,
    meaning: 'pushes the item’s index into the event FIFO where the value is not zero',
    effect: { does: 'emit' },
  },
  {
    mnemonic: 'reduce',
    group: 'machine',
    operands: ['register', 'field'],
    kinds: ['N', 'N'],
    cost: { add: 1 },
    draws: false,
    meaning:
      'overwrites a field of the pre-synaptic neuron with the sum over its row; neurons whose row is not visited keep theirs',
    effect: { does: 'reduce' },
  },
];

const byMnemonic = new Map(operations.map((operation) => [operation.mnemonic, operation]));

/** The operation of a mnemonic, or undefined. */
export function findOperation(mnemonic: string): Operation | undefined {
  return byMnemonic.get(mnemonic);
}

/** The operation of a mnemonic that an assembler has already checked. */
export function operationNamed(mnemonic: string): Operation {
  const operation = byMnemonic.get(mnemonic);
  if (operation === undefined) throw new Error(`no operation '${mnemonic}'`);
  return operation;
}
