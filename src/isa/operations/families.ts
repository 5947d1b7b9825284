import { clamp, integerRange, type LaneCode, maxShift, type Overflow, wrapInteger } from '../arithmetic.ts';
import type { Compute, KindPattern, LaneFunction, Operation, WorkClasses } from '../operation.ts';
import { type ValueRange, valueRange } from '../value-range.ts';

// Families of operations, and facts shared by several groups of the table.

export const flagRange = valueRange(0, 1);
export const first = (operands: readonly ValueRange[]): ValueRange => operands[0] ?? flagRange;
export const second = (operands: readonly ValueRange[]): ValueRange => operands[1] ?? flagRange;
export const third = (operands: readonly ValueRange[]): ValueRange => operands[2] ?? flagRange;

/** The default facts of an operation. */
export const plainFacts = { reads: 'numbers', isSum: false, passes: [], selects: false } as const;

/** The three forms of an operation whose result may leave the datapath: plain (proven), `.s` and `.w`. */
export function overflowing(definition: {
  name: string;
  group: Operation['group'];
  operands: Operation['operands'];
  kinds: readonly KindPattern[];
  cost: WorkClasses;
  meaning: string;
  /** The exact result as a double: exact up to 2^53, and above 2^31 whenever the true result is. */
  exact: LaneFunction;
  /** The low 32 bits of the exact result. */
  low: LaneFunction;
  /** On reals, where that is not `exact`. */
  real?: LaneFunction;
  lower: <V>(code: LaneCode<V>, overflow: Overflow, a: V, b: V, c: V) => V;
  range: Compute['range'];
  check?: NonNullable<Compute['check']>;
  isSum?: boolean;
  passes?: Compute['passes'];
  product?: NonNullable<Compute['product']>;
}): Operation[] {
  const { name, cost, exact, low, range, meaning } = definition;
  const form = (suffix: string, overflow: Overflow, extra: WorkClasses, words: string): Operation => ({
    mnemonic: `${name}${suffix}`,
    group: definition.group,
    operands: definition.operands,
    kinds: definition.kinds,
    cost: { ...cost, ...extra },
    meaning: `${meaning}; ${words}`,
    effect: {
      does: 'compute',
      overflow,
      integer: (bits) => {
        if (overflow === 'wrap') return (a, b, c, random) => wrapInteger(low(a, b, c, random), bits, true);
        if (overflow === 'proven') return exact;
        const bounds = integerRange(bits, true);
        return (a, b, c, random) => clamp(exact(a, b, c, random), bounds.low, bounds.high);
      },
      real: definition.real ?? exact,
      lower: (code, a, b, c) => definition.lower(code, overflow, a, b, c),
      range,
      ...(definition.check && { check: definition.check }),
      ...(definition.product && { product: definition.product }),
      ...plainFacts,
      isSum: definition.isSum ?? false,
      passes: definition.passes ?? [],
    },
  });
  return [
    form('', 'proven', {}, 'proven to stay within the datapath'),
    form('.s', 'saturate', { compare: 1 }, 'saturates at the datapath'),
    form('.w', 'wrap', {}, 'wraps at the datapath'),
  ];
}

/** An operation whose result always lies within the hull of its operands (or is a flag). */
export function closed(
  mnemonic: string,
  group: Operation['group'],
  kinds: readonly KindPattern[],
  cost: WorkClasses,
  meaning: string,
  integer: LaneFunction,
  lower: Compute['lower'],
  range: Compute['range'],
  facts: Partial<Pick<Compute, 'real' | 'reads' | 'passes' | 'compares'>> = {},
): Operation {
  const takesReals = kinds.some((kind) => kind === 'N' || kind === 'A');
  return {
    mnemonic,
    group,
    operands: ['result', ...kinds.slice(1).map(() => 'value' as const)],
    kinds,
    cost,
    meaning,
    effect: {
      does: 'compute',
      overflow: 'proven',
      integer: () => integer,
      ...(takesReals && { real: integer }),
      lower,
      range,
      ...plainFacts,
      ...facts,
    },
  };
}

export function amountBetween(low: number, index: number): NonNullable<Compute['check']> {
  return (constants) => {
    const amount = constants[index];
    if (amount === undefined || (Number.isInteger(amount) && amount >= low && amount <= maxShift))
      return undefined;
    return `expected a whole shift of ${low} to ${maxShift}, found ${amount}`;
  };
}
