import { describe, expect, test } from 'vitest';
import type { Lif } from '../../golden/plain/loihi-format.ts';
import { goldenText } from '../../support/golden.ts';
import { synapticWeight } from './weights.ts';

const { rows } = (JSON.parse(goldenText('loihi-lif')) as Lif).weight_cases;

describe('weights are scaled as the models do in all recorded cases', () => {
  test.each([
    ['brian2loihi', 4],
    ['lava', 5],
    ['nengo_loihi', 6],
  ] as const)('%s', (model, column) => {
    // NengoLoihi refuses weights of 7 bits, which the chip does not have.
    const cases = rows.filter((row) => row[column] !== null);
    expect(cases).toHaveLength(model === 'nengo_loihi' ? 1707 : 1800);
    const wrong = cases.filter((row) => {
      const [mode, bits, exp, mantissa] = row;
      return !Object.is(synapticWeight({ mode, bits, exp }, mantissa, model), row[column]);
    });
    expect(wrong).toEqual([]);
  });
});

test('by hand: bits are lost toward zero, then down, and the limit holds', () => {
  const weight = (mode: 'mixed' | 'exc' | 'inh', bits: number, exp: number, mantissa: number) =>
    synapticWeight({ mode, bits, exp }, mantissa, 'brian2loihi');
  // Mixed weights of 8 bits are even.
  expect(weight('mixed', 8, 0, -3)).toBe(-128);
  expect(weight('exc', 8, 0, 3)).toBe(192);
  // -2 / 256 is rounded down, 2 / 256 as well.
  expect(weight('mixed', 8, -8, -2)).toBe(-64);
  expect(weight('mixed', 8, -8, 2)).toBe(0);
  expect(weight('mixed', 8, 7, -256)).toBe(-(2 ** 21 - 64));
  expect(synapticWeight({ mode: 'mixed', bits: 8, exp: 7 }, -256, 'lava')).toBe(-(2 ** 21));
});
