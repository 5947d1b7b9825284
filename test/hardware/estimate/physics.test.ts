import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimators, outOfRange } from '../../../src/hardware/index.ts';
import { estimate, estimatorNamed, rangeOf } from './estimate.ts';

/** Shapes within the range of the estimator, whole numbers and powers of two alike. */
const shape = fc.record({
  capacityBits: fc
    .integer({ min: 9, max: 25 })
    .chain((power) => fc.integer({ min: 2 ** power, max: 2 ** (power + 1) - 1 })),
  wordBits: fc.integer({ min: 1, max: 1024 }),
  ports: fc.integer({ min: 1, max: 7 }),
  technologyNm: fc.double({ min: 7, max: 180, noNaN: true }),
  supplyV: fc.double({ min: 0.65, max: 1.3, noNaN: true }),
});
const sram = (inputs: Readonly<Record<string, number>>) => estimate('sram', inputs);

describe('a bank', () => {
  test('that grows costs more an access, leaks more, takes more area, and is slower', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: 1.01, max: 2, noNaN: true }), (given, factor) => {
        const [small, large] = [sram(given), sram({ ...given, capacityBits: given.capacityBits * factor })];
        for (const figure of ['readPj', 'writePj', 'leakUw', 'areaUm2', 'accessNs'])
          expect(large[figure]).toBeGreaterThan(small[figure] ?? 0);
      }),
    );
  });

  test('with a wider word costs more an access and less a bit', () => {
    fc.assert(
      fc.property(shape, fc.integer({ min: 2, max: 2 ** 11 }), (given, other) => {
        const [narrow, wide] = [Math.min(given.wordBits, other - 1), Math.max(given.wordBits + 1, other)];
        const at = (wordBits: number) => sram({ ...given, wordBits }).readPj ?? 0;
        expect(at(wide)).toBeGreaterThan(at(narrow));
        expect(at(wide) / wide).toBeLessThan(at(narrow) / narrow);
      }),
    );
  });

  test('with more ports takes more area, and leaks more', () => {
    fc.assert(
      fc.property(shape, (given) => {
        const [few, many] = [sram(given), sram({ ...given, ports: given.ports + 1 })];
        expect(many.areaUm2).toBeGreaterThan(few.areaUm2 ?? 0);
        expect(many.leakUw).toBeGreaterThan(few.leakUw ?? 0);
        expect(many.readPj).toBe(few.readPj);
      }),
    );
  });

  test('at half the supply spends a quarter an access and leaks an eighth, and is slower', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: 1, max: 1.3, noNaN: true }), (given, supplyV) => {
        const [whole, halved] = [sram({ ...given, supplyV }), sram({ ...given, supplyV: supplyV / 2 })];
        expect((halved.readPj ?? 0) / (whole.readPj ?? 0)).toBeCloseTo(1 / 4, 9);
        expect((halved.writePj ?? 0) / (whole.writePj ?? 0)).toBeCloseTo(1 / 4, 9);
        expect((halved.leakUw ?? 0) / (whole.leakUw ?? 0)).toBeCloseTo(1 / 8, 9);
        expect(halved.accessNs).toBeGreaterThan(whole.accessNs ?? 0);
        expect(halved.areaUm2).toBe(whole.areaUm2);
      }),
    );
  });
});

test.each(['arithmetic', 'registers', 'fetch', 'fifo', 'router'])(
  'all energies of %s follow the square of the supply, and no figure falls with a size',
  (name) => {
    const estimator = estimatorNamed(name);
    for (const kind of estimator.kinds?.names ?? ['']) {
      const sizes = Object.keys(estimator.range).filter(
        (input) => !['technologyNm', 'supplyV'].includes(input),
      );
      const least = Object.fromEntries(sizes.map((size) => [size, rangeOf(name, size).low]));
      const at = (inputs: Readonly<Record<string, number>>) =>
        estimate(name, { ...least, technologyNm: 28, supplyV: 1.2, ...inputs }, kind);
      for (const [figure, value] of Object.entries(at({ supplyV: 0.6 })))
        if (figure.endsWith('Pj')) expect(value / (at({})[figure] ?? 0)).toBeCloseTo(1 / 4, 9);
      for (const size of sizes)
        for (const [figure, value] of Object.entries(at({ [size]: 2 * (least[size] ?? 1) })))
          expect(value).toBeGreaterThanOrEqual(at({})[figure] ?? 0);
    }
  },
);

test('every estimator refuses what is beyond any end of its range', () => {
  for (const estimator of estimators) {
    const inputs = Object.fromEntries(Object.entries(estimator.range).map(([name, { low }]) => [name, low]));
    expect(outOfRange(estimator, inputs)).toBeUndefined();
    for (const [name, range] of Object.entries(estimator.range))
      for (const beyond of [range.low - Math.max(Math.abs(range.low) / 2, 1), range.high * 2, Number.NaN])
        expect(outOfRange(estimator, { ...inputs, [name]: beyond })?.input).toBe(name);
  }
});
