import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitsFor, operationNamed, type ValueRange, valueRange } from '../../src/isa/index.ts';
import { type Specification, specifications } from './specification.ts';

const register = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const anyInterval = fc
  .oneof(
    fc.tuple(register, register),
    fc.tuple(register, fc.integer({ min: 0, max: 300 })).map(([a, d]) => [a, a + d]),
  )
  .map(([a = 0, b = 0]) => valueRange(Math.min(a, b), Math.min(2 ** 31 - 1, Math.max(a, b))));

function rangeOf(mnemonic: string): (operands: readonly ValueRange[]) => ValueRange {
  const { effect } = operationNamed(mnemonic);
  if (effect.does !== 'compute') throw new Error(`${mnemonic} does not compute`);
  return effect.range;
}

function sourceCount(mnemonic: string): number {
  return operationNamed(mnemonic).operands.filter((shape) => shape !== 'result').length;
}

/** Intervals that the operands may have. Shift amounts and clip's bounds are single allowed values. */
function operandIntervals(mnemonic: string, { amounts }: Specification): fc.Arbitrary<ValueRange[]> {
  const operation = operationNamed(mnemonic);
  const shapes = operation.operands.filter((shape) => shape !== 'result');
  const each = shapes.map((shape, index) => {
    if (amounts?.operand === index) {
      return fc.integer({ min: amounts.low, max: amounts.high }).map((n) => valueRange(n, n));
    }
    return shape === 'constant' ? register.map((value) => valueRange(value, value)) : anyInterval;
  });
  return fc.tuple(...each);
}

function within({ low, high }: ValueRange, fraction: number): bigint {
  return BigInt(low + Math.floor(fraction * (high - low)));
}

describe.each(Object.entries(specifications))('the range of %s', (mnemonic, specification) => {
  test('holds every result of its operands', () => {
    const range = rangeOf(mnemonic);
    const fraction = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    const choice = fc.array(fraction, { minLength: 3, maxLength: 3 });
    const choices = fc.array(choice, { minLength: 8, maxLength: 8 });
    const word = fc.oneof(fc.constantFrom(0, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));
    fc.assert(
      fc.property(operandIntervals(mnemonic, specification), choices, word, (operands, all, random) => {
        if (specification.refuses?.(operands.map(({ low }) => BigInt(low)))) return;
        const { low, high } = range(operands);
        for (const fractions of all) {
          const values = operands.map((operand, index) => within(operand, fractions[index] ?? 0));
          const result = Number(specification.exact(values, BigInt(random)));
          if (result < low || result > high) expect({ values, result }).toEqual({ low, high });
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Every value of an interval. */
function valuesIn({ low, high }: ValueRange): number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

const smallest = [-3, -2, -1, 0, 1, 2, 3];
const smallIntervals = smallest.flatMap((low) =>
  smallest.filter((high) => high >= low).map((high) => valueRange(low, high)),
);
/** Bitwise operations have the enclosing power of two, comparisons always 0 to 1, both on purpose. */
const exactlyRanged = Object.entries(specifications).filter(
  ([mnemonic]) => !/^(and|or|xor|cmp\..*|rnd|sel|ldi)$/.test(mnemonic),
);

describe.each(exactlyRanged)('the range of %s', (mnemonic, specification) => {
  test('is no wider than necessary', () => {
    const range = rangeOf(mnemonic);
    const sources = sourceCount(mnemonic);
    const { amounts } = specification;
    const points = [-2, -1, 0, 1, 2].map((value) => valueRange(value, value));
    const lists = Array.from({ length: sources }, (_, index) => {
      if (amounts?.operand === index) return points.filter(({ low }) => low >= amounts.low);
      return mnemonic.startsWith('shr') ? smallIntervals.filter(({ low }) => low >= 0) : smallIntervals;
    });
    for (const first of lists[0] ?? []) {
      for (const second of lists[1] ?? [valueRange(0, 0)]) {
        for (const third of lists[2] ?? [valueRange(0, 0)]) {
          const operands = [first, second, third].slice(0, sources);
          // Bounds that a schedule changes are in order in each of its intervals, so their ends are.
          if (specification.refuses?.(operands.map(({ low }) => BigInt(low)))) continue;
          if (specification.refuses?.(operands.map(({ high }) => BigInt(high)))) continue;
          const { low, high } = hullOfResults(operands);
          const found = range(operands);
          if (found.low !== low || found.high !== high)
            expect({ operands, found }).toEqual({ operands, found: { low, high } });
        }
      }
    }
  });

  /** By trying everything, with the least and the greatest draw. */
  function hullOfResults(operands: readonly ValueRange[]): ValueRange {
    const words = specification.draws ? [0n, 0xffffffffn] : [0n];
    const results: number[] = [];
    for (const a of valuesIn(operands[0] ?? valueRange(0, 0)))
      for (const b of valuesIn(operands[1] ?? valueRange(0, 0)))
        for (const c of valuesIn(operands[2] ?? valueRange(0, 0)))
          for (const word of words)
            if (specification.refuses?.([BigInt(a), BigInt(b), BigInt(c)]) !== true)
              results.push(Number(specification.exact([BigInt(a), BigInt(b), BigInt(c)], word)));
    return valueRange(Math.min(...results), Math.max(...results));
  }
});

test('ranges of single instructions, by hand', () => {
  expect(rangeOf('rnd')([valueRange(5, 5)])).toEqual({ low: 0, high: 31 });
  expect(rangeOf('sel')([valueRange(0, 1), valueRange(-7, 2), valueRange(5, 9)])).toEqual({
    low: -7,
    high: 9,
  });
  expect(rangeOf('and')([valueRange(-100, 100), valueRange(0, 15)])).toEqual({ low: 0, high: 15 });
  expect(rangeOf('or')([valueRange(0, 5), valueRange(0, 8)])).toEqual({ low: 0, high: 15 });
  expect(rangeOf('xor')([valueRange(-5, 5), valueRange(0, 8)])).toEqual({ low: -16, high: 15 });
  expect(rangeOf('shr')([valueRange(-1, 5), valueRange(4, 4)])).toEqual({ low: 0, high: 2 ** 28 - 1 });
  expect(rangeOf('shr')([valueRange(-1, 5), valueRange(0, 0)])).toEqual({
    low: -(2 ** 31),
    high: 2 ** 31 - 1,
  });
  expect(rangeOf('cmp.ltu')([valueRange(0, 0), valueRange(1, 1)])).toEqual({ low: 0, high: 1 });
});

test('the bits that hold an interval', () => {
  const bits = (low: number, high: number) => bitsFor(valueRange(low, high));
  expect(bits(0, 0)).toBe(1);
  expect(bits(0, 1)).toBe(1);
  expect(bits(-1, 0)).toBe(1);
  for (let n = 2; n <= 32; n++) {
    expect([bits(0, 2 ** n - 1), bits(0, 2 ** n), bits(-(2 ** (n - 1)), 2 ** (n - 1) - 1)]).toEqual([
      n,
      n + 1,
      n,
    ]);
    expect([bits(-(2 ** (n - 1)) - 1, 0), bits(-1, 2 ** (n - 1))]).toEqual([n + 1, n + 1]);
  }
});
