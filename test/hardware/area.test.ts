import { expect, test } from 'vitest';
import { coreArea } from '../../src/hardware/index.ts';
import { load, tiny } from './tiny.ts';

test('banks, every unit of every lane, router and control', () => {
  // Two lanes: adders 2 x 3 x 10 = 60, moves 2 x 1 x 5 = 10.
  expect(coreArea(load(tiny))).toEqual({
    totalUm2: 700 + 300 + 60 + 10 + 40 + 50,
    byUnit: {
      'banks.synapses': 700,
      'banks.neurons': 300,
      'operations.integer.add': 60,
      'operations.integer.move': 10,
      router: 40,
      control: 50,
    },
    bySource: { paper: 1160 },
  });
});

test('float32 units come on top of the integer ones', () => {
  const multiplier =
    '  float32: {multiply: {unitsPerLane: 2, energyPj: {32: 1}, areaUm2: 7, source: paper}}\nbanks:\n';
  const { byUnit, totalUm2 } = coreArea(load(tiny.replace('banks:\n', multiplier)));
  expect(byUnit['operations.float32.multiply']).toBe(2 * 2 * 7);
  expect(totalUm2).toBe(1160 + 28);
});
