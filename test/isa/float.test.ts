import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operationNamed, operations } from '../../src/isa/index.ts';

// Float32 reals against exact arithmetic: a float is a whole number times a power of two, and so are sums, products and
// scalings of floats. Only the result is rounded, to nearest, ties to even.

interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

function exactOf(float: number): Exact {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, float);
  const bits = view.getUint32(0);
  const biased = (bits >>> 23) & 0xff;
  const fraction = BigInt(bits & 0x7fffff);
  const digits = biased === 0 ? fraction : fraction + 2n ** 23n;
  return { digits: bits >>> 31 === 1 ? -digits : digits, exponent: Math.max(biased, 1) - 150 };
}

function roundToFloat({ digits, exponent }: Exact): number {
  const isNegative = digits < 0n;
  let magnitude = isNegative ? -digits : digits;
  const dropped = Math.max(magnitude.toString(2).length - 24, -149 - exponent);
  let scale = exponent;
  if (dropped > 0) {
    const unit = 2n ** BigInt(dropped);
    const rest = magnitude % unit;
    magnitude /= unit;
    if (2n * rest > unit || (2n * rest === unit && magnitude % 2n === 1n)) magnitude += 1n;
    scale += dropped;
  }
  // At most 24 bits, of which the last weighs at least 2^-149: exact in a double. Beyond the largest float: infinity.
  const value = Number(magnitude) * 2 ** Math.max(scale, -1000);
  const float = value > (2 ** 24 - 1) * 2 ** 104 ? Number.POSITIVE_INFINITY : value;
  return isNegative ? -float : float;
}

function add(a: number, b: number): Exact {
  const x = exactOf(a);
  const y = exactOf(b);
  const exponent = Math.min(x.exponent, y.exponent);
  const digits =
    x.digits * 2n ** BigInt(x.exponent - exponent) + y.digits * 2n ** BigInt(y.exponent - exponent);
  return { digits, exponent };
}

function multiply(a: number, b: number): Exact {
  const x = exactOf(a);
  const y = exactOf(b);
  return { digits: x.digits * y.digits, exponent: x.exponent + y.exponent };
}

function scale(a: number, exponent: number): Exact {
  const { digits, exponent: own } = exactOf(a);
  return { digits, exponent: own + exponent };
}

/** a < b, of exact numbers. */
const isLess = (a: number, b: number): boolean => add(a, -b).digits < 0n;

type RealSpecification = (a: number, b: number, c: number) => number;

const sameForAll = (names: readonly string[], specification: RealSpecification) =>
  Object.fromEntries(names.map((name) => [name, specification]));
/** Nothing saturates or wraps, whatever the form. */
const forms = (name: string, f: RealSpecification) => sameForAll([name, `${name}.s`, `${name}.w`], f);
/** Nothing rounds but the float, whatever the rounding. */
const roundings = (name: string, f: RealSpecification) =>
  sameForAll(
    ['', '.rn', '.ru', '.rz', '.sr'].map((suffix) => name + suffix),
    f,
  );

const reals: Readonly<Record<string, RealSpecification>> = {
  ldi: (a) => a,
  mov: (a) => a,
  real: (a) => roundToFloat(add(a, 0)),
  floor: (a) => {
    const whole = Math.trunc(a) > a ? Math.trunc(a) - 1 : Math.trunc(a);
    // The test looks at results as floats.
    return Math.fround(Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), whole)));
  },
  ...forms('add', (a, b) => roundToFloat(add(a, b))),
  ...forms('sub', (a, b) => roundToFloat(add(a, -b))),
  ...forms('mul', (a, b) => roundToFloat(multiply(a, b))),
  ...forms('neg', (a) => -a),
  ...forms('abs', (a) => (isLess(a, 0) ? -a : a)),
  min: (a, b) => (isLess(a, b) ? a : b),
  max: (a, b) => (isLess(a, b) ? b : a),
  clip: (a, b, c) => (isLess(a, b) ? b : isLess(c, a) ? c : a),
  ...forms('shl', (a, n) => roundToFloat(scale(a, n))),
  ...roundings('sra', (a, n) => roundToFloat(scale(a, -n))),
  srav: (a, n) => roundToFloat(scale(a, -Math.min(31, Math.max(0, n)))),
  // No fused multiply-add: the product is a float of its own.
  ...sameForAll(
    ['', '.s', '.w', '.rn', '.ru', '.rz', '.sr'].map((suffix) => `mulsra${suffix}`),
    (a, b, n) => {
      const product = roundToFloat(multiply(a, b));
      return Number.isFinite(product) ? roundToFloat(scale(product, -n)) : product;
    },
  ),
  'cmp.eq': (a, b) => Number(add(a, -b).digits === 0n),
  'cmp.ne': (a, b) => Number(add(a, -b).digits !== 0n),
  'cmp.lt': (a, b) => Number(isLess(a, b)),
  'cmp.le': (a, b) => Number(!isLess(b, a)),
  'cmp.gt': (a, b) => Number(isLess(b, a)),
  'cmp.ge': (a, b) => Number(!isLess(a, b)),
  sel: (a, b, c) => (a === 1 ? b : c),
};

const largest = (2 ** 24 - 1) * 2 ** 104;
const floats = [
  0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -2.5,
  127,
  255.5,
  -32768,
  2 ** 24,
  2 ** 24 - 1,
  1 + 2 ** -23,
  largest,
  -largest,
  2 ** -126,
  2 ** -149,
  -(2 ** -149),
  3 * 2 ** -149,
  (2 ** 23 - 1) * 2 ** -149,
  ...fc.sample(fc.float({ noNaN: true, noDefaultInfinity: true }), { seed: 32, numRuns: 15 }),
];
const amounts = [-31, -8, -1, 0, 1, 2, 5, 8, 30, 31];

test('every operation that takes reals has a meaning on floats, and no other', () => {
  const takesReals = operations.filter(
    ({ kinds, effect }) =>
      effect.does === 'compute' && kinds.some((kind) => kind === 'N' || kind === 'A' || kind === 'real'),
  );
  expect(takesReals.map(({ mnemonic }) => mnemonic).sort()).toEqual(Object.keys(reals).sort());
  const meaning = operations.filter(({ effect }) => effect.does === 'compute' && effect.real !== undefined);
  expect(meaning.map(({ mnemonic }) => mnemonic).sort()).toEqual(Object.keys(reals).sort());
});

describe.each(Object.entries(reals))('%s of reals', (mnemonic, specification) => {
  const { kinds, operands, effect } = operationNamed(mnemonic);
  const real = effect.does === 'compute' ? effect.real : undefined;
  const sources = kinds.slice(operands[0] === 'result' ? 1 : 0);

  test('is exact before the float rounds', () => {
    const lists = sources.map((kind, index) =>
      kind === '-'
        ? mnemonic.startsWith('shl')
          ? amounts.filter((amount) => amount >= 0)
          : amounts
        : kind === 'integer'
          ? [-(2 ** 31), ...amounts, 32, 2 ** 31 - 1]
          : kind === 'B'
            ? [0, 1]
            : mnemonic === 'clip' && index > 0
              ? floats.slice(0, 10)
              : floats,
    );
    for (const a of lists[0] ?? []) {
      for (const b of lists[1] ?? [0]) {
        for (const c of lists[2] ?? [0]) {
          if (mnemonic === 'clip' && b > c) continue;
          const expected = specification(a, b, c);
          for (const random of [0, 0xffffffff]) {
            const found = Math.fround(real?.(a, b, c, random) ?? Number.NaN);
            if (found !== expected)
              expect({ a, b, c, random, found }).toEqual({ a, b, c, random, found: expected });
          }
        }
      }
    }
  });

  test('a number that is not one stays so, unless it is compared', () => {
    const found = real?.(mnemonic === 'sel' ? 1 : Number.NaN, mnemonic === 'sel' ? Number.NaN : 1, 2, 0);
    if (kinds[0] === 'flag') expect([0, 1]).toContain(found);
    else expect(found).toBeNaN();
  });
});
