import { expect, test } from 'vitest';
import { area, energy, power, within } from '../../../src/report/text/format.ts';

test('a value with its bounds in the same unit, to two digits', () => {
  expect(within(1.93e6, { low: 1.4e6, high: 2.61e6 }, energy)).toBe('1.93 µJ (1.4 to 2.6)');
  expect(within(950, { low: 300, high: 4000 }, energy)).toBe('950 pJ (300 to 4000)');
  expect(within(3.02e6, { low: 1.6e6, high: 6e6 }, area)).toBe('3.02 mm2 (1.6 to 6)');
});

test('the value alone where it is exact, or nothing is known', () => {
  expect(within(5, { low: 5, high: 5 }, energy)).toBe('5.00 pJ');
  expect(within(5, undefined, energy)).toBe('5.00 pJ');
  // Figures of single samples add up to bounds that differ by less than is shown.
  expect(within(97.6e6, { low: 97.58e6, high: 97.62e6 }, energy)).toBe('97.6 µJ');
  expect(within(0, { low: 0, high: 0 }, energy)).toBe('0 J');
});

test('an energy that nobody knows, and what follows from it', () => {
  expect(energy(null)).toBe('unknown');
  expect(within(null, null, energy)).toBe('unknown');
  expect(power(null, 10)).toBe('unknown');
});
