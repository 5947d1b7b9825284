import type { Overflow } from '../../src/isa/arithmetic.ts';

// The integer meaning of every computing operation, in unbounded integers and from the text of the instruction set's
// documentation: nothing here comes from the table of operations.

export interface Specification {
  /** The result before the datapath saturates or wraps it. `random` is the lane's new word, unsigned 32 bit. */
  readonly exact: (operands: readonly bigint[], random: bigint) => bigint;
  readonly overflow: Overflow;
  readonly draws: boolean;
  /** The shift amounts or draw widths allowed, and the operand that is one. */
  readonly amounts?: { readonly operand: number; readonly low: number; readonly high: number };
  /** Operands beyond amounts that the operation refuses. */
  readonly refuses?: (operands: readonly bigint[]) => boolean;
}

/** The largest whole number not above numerator / denominator. */
export function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** The top `bits` bits of a word of 32. */
export function draw(random: bigint, bits: number): bigint {
  return floorDivide(random, 2n ** BigInt(32 - bits));
}

/** x / 2^n, rounded; a negative n multiplies. */
type Divide = (x: bigint, n: number, random: bigint) => bigint;

const roundings: Readonly<Record<string, Divide>> = {
  '': (x, n) => floorDivide(x, 2n ** BigInt(n)),
  '.rn': (x, n) => floorDivide(2n * x + 2n ** BigInt(n), 2n ** BigInt(n + 1)),
  '.ru': (x, n) => -floorDivide(-x, 2n ** BigInt(n)),
  '.rz': (x, n) => x / 2n ** BigInt(n),
  '.sr': (x, n, random) => floorDivide(x + draw(random, n), 2n ** BigInt(n)),
};

/** The bits of a register, read as a number without a sign. */
export function unsigned(value: bigint): bigint {
  return value < 0n ? value + 2n ** 32n : value;
}

/** The 32 bits of a register, the highest first. */
function bitsOf(value: bigint): string {
  return unsigned(value).toString(2).padStart(32, '0');
}

/** The low bits of a number, the highest of them weighing negative. */
export function lowBits(value: bigint, bits: number): bigint {
  const size = 2n ** BigInt(bits);
  const low = value - floorDivide(value, size) * size;
  return low >= size / 2n ? low - size : low;
}

function plain(exact: Specification['exact']): Specification {
  return { exact, overflow: 'proven', draws: false };
}

/** The plain, the saturating and the wrapping form. */
function threeForms(
  name: string,
  exact: Specification['exact'],
  amounts?: NonNullable<Specification['amounts']>,
): Record<string, Specification> {
  const form = (overflow: Overflow): Specification => ({
    exact,
    overflow,
    draws: false,
    ...(amounts && { amounts }),
  });
  return { [name]: form('proven'), [`${name}.s`]: form('saturate'), [`${name}.w`]: form('wrap') };
}

function rightShifts(
  name: string,
  operand: number,
  lowest: number,
  dividend: (operands: readonly bigint[]) => bigint,
  toRegister: (result: bigint) => bigint = (result) => result,
): Record<string, Specification> {
  return Object.fromEntries(
    Object.entries(roundings).map(([suffix, divide]) => [
      `${name}${suffix}`,
      {
        exact: (operands, random) => {
          const x = dividend(operands);
          const n = Number(operands[operand]);
          return toRegister(n < 0 ? x * 2n ** BigInt(-n) : divide(x, n, random));
        },
        overflow: 'proven',
        draws: suffix === '.sr',
        amounts: { operand, low: lowest, high: 31 },
      } satisfies Specification,
    ]),
  );
}

function smaller(x: bigint, y: bigint): bigint {
  if (x < y) return x;
  return y;
}

const flag = (holds: boolean): bigint => (holds ? 1n : 0n);
const a = (operands: readonly bigint[]): bigint => operands[0] ?? 0n;
const b = (operands: readonly bigint[]): bigint => operands[1] ?? 0n;
const c = (operands: readonly bigint[]): bigint => operands[2] ?? 0n;

export const specifications: Readonly<Record<string, Specification>> = {
  ldi: plain(a),
  mov: plain(a),
  // An integer is its own floor.
  floor: plain(a),
  real: plain(a),
  ...threeForms('add', (x) => a(x) + b(x)),
  ...threeForms('sub', (x) => a(x) - b(x)),
  ...threeForms('mul', (x) => a(x) * b(x)),
  ...threeForms('neg', (x) => -a(x)),
  ...threeForms('abs', (x) => (a(x) < 0n ? -a(x) : a(x))),
  min: plain((x) => smaller(a(x), b(x))),
  max: plain((x) => -smaller(-a(x), -b(x))),
  clip: {
    ...plain((x) => smaller(-smaller(-a(x), -b(x)), c(x))),
    refuses: (x) => b(x) > c(x),
  },
  ...threeForms('shl', (x) => a(x) * 2n ** b(x), { operand: 1, low: 0, high: 31 }),
  ...rightShifts('sra', 1, -31, a),
  ...rightShifts(
    'shr',
    1,
    0,
    (x) => unsigned(a(x)),
    (result) => lowBits(result, 32),
  ),
  srav: plain((x) => {
    const amount = b(x) < 0n ? 0n : smaller(b(x), 31n);
    return floorDivide(a(x), 2n ** amount);
  }),
  ...rightShifts('mulsra', 2, -31, (x) => a(x) * b(x)),
  ...threeForms(
    'mulsra',
    (x) => (c(x) < 0n ? a(x) * b(x) * 2n ** -c(x) : floorDivide(a(x) * b(x), 2n ** c(x))),
    { operand: 2, low: -31, high: 31 },
  ),
  and: plain((x) => a(x) & b(x)),
  or: plain((x) => a(x) | b(x)),
  xor: plain((x) => a(x) ^ b(x)),
  popcount: plain((x) => BigInt(bitsOf(a(x)).replaceAll('0', '').length)),
  clz: plain((x) => BigInt(bitsOf(a(x)).indexOf('1') < 0 ? 32 : bitsOf(a(x)).indexOf('1'))),
  'cmp.eq': plain((x) => flag(a(x) === b(x))),
  'cmp.ne': plain((x) => flag(a(x) !== b(x))),
  'cmp.lt': plain((x) => flag(a(x) < b(x))),
  'cmp.le': plain((x) => flag(a(x) <= b(x))),
  'cmp.gt': plain((x) => flag(a(x) > b(x))),
  'cmp.ge': plain((x) => flag(a(x) >= b(x))),
  'cmp.ltu': plain((x) => flag(unsigned(a(x)) < unsigned(b(x)))),
  'cmp.geu': plain((x) => flag(unsigned(a(x)) >= unsigned(b(x)))),
  sel: plain((x) => (a(x) !== 0n ? b(x) : c(x))),
  rnd: {
    exact: (x, random) => draw(random, Number(a(x))),
    overflow: 'proven',
    draws: true,
    amounts: { operand: 0, low: 0, high: 31 },
  },
};

/** What a datapath of some bits makes of an exact result; undefined where a plain form is not proven. */
export function onDatapath(exact: bigint, overflow: Overflow, bits: number): bigint | undefined {
  const high = 2n ** BigInt(bits - 1) - 1n;
  const low = -high - 1n;
  switch (overflow) {
    case 'wrap':
      return lowBits(exact, bits);
    case 'saturate':
      return exact < low ? low : exact > high ? high : exact;
    case 'proven':
      return exact < low || exact > high ? undefined : exact;
  }
}
