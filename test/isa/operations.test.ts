import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Compute, type Operation, operationNamed, operations } from '../../src/isa/index.ts';
import { onDatapath, type Specification, specifications } from './specification.ts';

const widths = [8, 12, 16, 24, 32];
const words = [0, 1, 0x7fffffff, 0x80000000, 0x9e3779b9, 0xffffffff];

function computeOf(operation: Operation): Compute {
  if (operation.effect.does !== 'compute') throw new Error(`${operation.mnemonic} does not compute`);
  return operation.effect;
}

/** The ends of every width that is no wider, what surrounds them and zero, and a few more. */
function valuesOf(bits: number): number[] {
  const high = 2 ** (bits - 1) - 1;
  const low = -high - 1;
  const ends = [1, 2, 4, ...widths].filter((width) => width <= bits).map((width) => 2 ** (width - 1));
  const near = ends.flatMap((end) => [-end, 1 - end, end - 1, end]);
  const more = fc.sample(fc.integer({ min: low, max: high }), { seed: bits, numRuns: 4 });
  return [...new Set([...near, ...more, low / 2, 0])].filter((value) => value <= high);
}

function amountsOf({ low, high }: NonNullable<Specification['amounts']>, sources: number): number[] {
  const all = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  return sources < 3 ? all : all.filter((amount) => [-31, -16, -1, 0, 1, 2, 7, 16, 30, 31].includes(amount));
}

/** Every combination of one value from each list. */
function combinations(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (tuples, list) => tuples.flatMap((tuple) => list.map((value) => [...tuple, value])),
    [[]],
  );
}

function operandsOf(operation: Operation, specification: Specification, bits: number): number[][] {
  const sources = operation.operands.filter((shape) => shape !== 'result');
  const lists = sources.map((_, index) =>
    specification.amounts?.operand === index
      ? amountsOf(specification.amounts, sources.length)
      : valuesOf(bits),
  );
  return combinations(lists).filter((operands) => !specification.refuses?.(operands.map(BigInt)));
}

test('every operation of the table is specified, and nothing else', () => {
  const computing = operations.filter(({ effect }) => effect.does === 'compute');
  expect(computing.map(({ mnemonic }) => mnemonic).sort()).toEqual(Object.keys(specifications).sort());
  const others = operations.filter(({ effect }) => effect.does !== 'compute');
  expect(others.map(({ mnemonic, effect }) => `${mnemonic}: ${effect.does}`)).toEqual([
    'ld: load',
    'ld.row: load',
    'st: store',
    'st.tile: store',
    'ld.at: load',
    'st.at: store',
    'draw: draw',
    'draw.if: draw',
    'any: any',
    'emit: emit',
    'emit.v: emit',
    'correlate: correlate',
    'reduce: reduce',
    'reduce.max: reduce',
  ]);
  expect(new Set(operations.map(({ mnemonic }) => mnemonic)).size).toBe(operations.length);
});

describe.each(Object.entries(specifications))('%s', (mnemonic, specification) => {
  const operation = operationNamed(mnemonic);
  const effect = computeOf(operation);

  test.each(widths)('on a datapath of %i bits', (bits) => {
    const compute = effect.integer(bits);
    let compared = 0;
    for (const operands of operandsOf(operation, specification, bits)) {
      for (const random of specification.draws ? words : [0]) {
        const exact = specification.exact(operands.map(BigInt), BigInt(random));
        const expected = onDatapath(exact, specification.overflow, bits);
        if (expected === undefined) continue;
        const [a = 0, b = 0, c = 0] = operands;
        const found = compute(a, b, c, random);
        compared += 1;
        // Registers are integers: minus zero is zero.
        if (found + 0 !== Number(expected))
          expect({ operands, random, found }).toEqual({ operands, random, found: Number(expected) });
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  test('draws and overflows as specified', () => {
    expect(operation.draws === true).toBe(specification.draws);
    expect(effect.overflow).toBe(specification.overflow);
  });

  test('refuses amounts and bounds as specified', () => {
    const sources = operation.operands.filter((shape) => shape !== 'result').length;
    const { amounts, refuses } = specification;
    expect(effect.check !== undefined).toBe(amounts !== undefined || refuses !== undefined);
    if (refuses !== undefined) {
      for (const operands of [
        [0, -3, 5],
        [0, 4, 4],
        [0, 5, -3],
        [9, 1, 0],
      ]) {
        expect(effect.check?.(operands) !== undefined, String(operands)).toBe(refuses(operands.map(BigInt)));
      }
      expect(effect.check?.([undefined, undefined, 0])).toBeUndefined();
    }
    if (amounts === undefined) return;
    const withAmount = (amount: number | undefined) =>
      Array.from({ length: sources }, (_, index) => (index === amounts.operand ? amount : undefined));
    for (const amount of [amounts.low, 0, amounts.high, undefined]) {
      expect(effect.check?.(withAmount(amount)), String(amount)).toBeUndefined();
    }
    for (const amount of [amounts.low - 1, amounts.high + 1, 2.5, Number.NaN]) {
      expect(effect.check?.(withAmount(amount)), String(amount)).toContain(`found ${amount}`);
    }
  });
});

describe('the facts in an operation’s row', () => {
  const computing = operations.flatMap((operation) =>
    operation.effect.does === 'compute' ? [{ operation, effect: operation.effect }] : [],
  );

  test('which operands it passes where all others are zero', () => {
    const passing = computing.filter(({ effect }) => effect.passes.length > 0);
    expect(passing.map(({ operation }) => operation.mnemonic.replace(/\..*/, ''))).toContain('sub');
    for (const { operation, effect } of computing) {
      const sources = operation.operands.filter((shape) => shape !== 'result');
      const values = valuesOf(32);
      for (const [index] of sources.entries()) {
        if (operation.kinds[index + 1] === '-') continue;
        const results = values.map((value) => {
          const [a = 0, b = 0, c = 0] = sources.map((_, other) => (other === index ? value : 0));
          return effect.integer(32)(a, b, c, 0xffffffff) + 0;
        });
        const passes = results.every((result, at) => result === values[at]);
        expect([operation.mnemonic, index, effect.passes.includes(index)]).toEqual([
          operation.mnemonic,
          index,
          passes,
        ]);
      }
    }
  });

  test('which relation it tests', () => {
    const relations = {
      eq: (a: bigint, b: bigint) => a === b,
      ne: (a: bigint, b: bigint) => a !== b,
      lt: (a: bigint, b: bigint) => a < b,
      le: (a: bigint, b: bigint) => a <= b,
      gt: (a: bigint, b: bigint) => a > b,
      ge: (a: bigint, b: bigint) => a >= b,
    };
    const comparisons = computing.filter(
      ({ operation }) => operation.cost.compare === 1 && operation.kinds[0] === 'flag',
    );
    expect(comparisons).toHaveLength(8);
    for (const { operation, effect } of comparisons) {
      const { compares } = effect;
      if (compares === undefined) throw new Error(`${operation.mnemonic} compares nothing`);
      const read = (value: number) => BigInt(compares.unsigned ? value >>> 0 : value);
      for (const [a = 0, b = 0] of combinations([valuesOf(16), valuesOf(16)]))
        expect(effect.integer(32)(a, b, 0, 0)).toBe(Number(relations[compares.relation](read(a), read(b))));
    }
  });

  test('whether it reads the 32 bits of registers', () => {
    const unsigned = computing.filter(({ effect }) => effect.reads === 'registers');
    expect(unsigned.map(({ operation }) => operation.mnemonic)).toEqual([
      ...['shr', 'shr.rn', 'shr.ru', 'shr.rz', 'shr.sr'],
      ...['popcount', 'clz', 'cmp.ltu', 'cmp.geu'],
    ]);
  });
});
