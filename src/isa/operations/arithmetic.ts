import { clamp } from '../arithmetic.ts';
import type { Operation } from '../operation.ts';
import { clampedBetween, corners, hull, valueRange } from '../value-range.ts';
import { closed, first, overflowing, plainFacts, second, third } from './families.ts';

/** What sums, differences and products of two values have in common, and what negatives and magnitudes have. */
const binary = {
  group: 'arithmetic',
  operands: ['result', 'value', 'value'],
  kinds: ['N', 'N', 'N'],
} as const;
const unary = { group: 'arithmetic', operands: ['result', 'value'], kinds: ['N', 'N'] } as const;

/** Arithmetic. */
export const arithmeticOperations: readonly Operation[] = [
  ...overflowing({
    name: 'add',
    ...binary,
    cost: { add: 1 },
    meaning: 'a + b',
    exact: (a, b) => a + b,
    low: (a, b) => (a + b) | 0,
    lower: (code, overflow, a, b) => code.arithmetic('add', overflow, a, b),
    range: (operands) => corners((a, b) => a + b, first(operands), second(operands)),
    isSum: true,
    passes: [0, 1],
  }),
  ...overflowing({
    name: 'sub',
    ...binary,
    cost: { add: 1 },
    meaning: 'a - b',
    exact: (a, b) => a - b,
    low: (a, b) => (a - b) | 0,
    lower: (code, overflow, a, b) => code.arithmetic('sub', overflow, a, b),
    range: (operands) => corners((a, b) => a - b, first(operands), second(operands)),
    isSum: true,
    passes: [0],
  }),
  ...overflowing({
    name: 'mul',
    ...binary,
    cost: { multiply: 1 },
    meaning: 'a × b',
    exact: (a, b) => a * b,
    low: (a, b) => Math.imul(a, b),
    lower: (code, overflow, a, b) => code.arithmetic('mul', overflow, a, b),
    range: (operands) => corners((a, b) => a * b, first(operands), second(operands)),
  }),
  ...overflowing({
    name: 'neg',
    ...unary,
    cost: { add: 1 },
    meaning: '-a',
    exact: (a) => -a,
    low: (a) => (0 - a) | 0,
    lower: (code, overflow, a) => code.negate(overflow, a),
    range: (operands) => hull(-first(operands).low, -first(operands).high),
  }),
  ...overflowing({
    name: 'abs',
    ...unary,
    cost: { add: 1 },
    meaning: '|a|',
    exact: (a) => Math.abs(a),
    low: (a) => Math.abs(a) | 0,
    lower: (code, overflow, a) => code.absolute(overflow, a),
    range: (operands) => {
      const { low, high } = first(operands);
      return valueRange(
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
    meaning: 'a, but at least b and at most c (two constants, b ≤ c)',
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => clamp,
      real: clamp,
      lower: (code, a, low, high) => code.clamp(a, low, high),
      range: (operands) => {
        const [a, low, high] = [first(operands), second(operands), third(operands)];
        return clampedBetween(low, high, a);
      },
      check: ([, low, high]) =>
        low !== undefined && high !== undefined && low > high
          ? `expected the lower bound first, found ${low} and ${high}`
          : undefined,
      ...plainFacts,
    },
  },
];
