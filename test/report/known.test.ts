import { describe, expect, test } from 'vitest';
import type { CostTable } from '../../src/hardware/index.ts';
import { hasEnergies, isUnknown, knownEnergyPj, noFigures } from '../../src/report/index.ts';
import { cyclesTogether } from '../../src/report/known.ts';
import { unstated, unstatedParts } from '../support/unstated.ts';

const { work, stated, bank, router, events } = unstatedParts;

/** An operation of half a picojoule. */
const operation = {
  class: 'add',
  arithmetic: 'integer',
  widthBits: 8,
  count: 1,
  energyPj: 0.5,
  source: 'none',
} as const;

test('shares of cycles are of all kernels where these take more cycles than their controller counts', () => {
  const byKernel = [{ cycles: 30 }, { cycles: 50 }];
  // Alone on a core: with 20 cycles for events. Under a controller: two kernels within 60 of its cycles. Two cores.
  expect(cyclesTogether({ cycles: 100, byKernel })).toBe(100);
  expect(cyclesTogether({ cycles: 60, byKernel })).toBe(80);
  expect(cyclesTogether({ cycles: 100, byKernel, network: {} })).toBe(80);
});

describe('a core whose hw-model states no energies', () => {
  test('has none, and what it spends is unknown', () => {
    expect(hasEnergies(unstated)).toBe(false);
    const energyPj = { total: 0, byUnit: {}, byWork: [], bySource: {}, bySourceKind: {} };
    expect(knownEnergyPj({ energyPj }, unstated)).toBe(null);
  });

  test.each<readonly [string, Partial<CostTable>]>([
    ['an item', { work: [{ ...work, stated: { ...stated, energyPjPerItem: 0.5 } }] }],
    ['a tile', { work: [{ ...work, stated: { ...stated, energyPjPerTile: 0.5 } }] }],
    ['an operation on a slot', { work: [{ ...work, perSlot: [operation] }] }],
    ['one of a run', { work: [{ ...work, perRun: [operation] }] }],
    ['one of a pass', { work: [{ ...work, perPass: [operation] }] }],
    ['one of a scanned tile', { work: [{ ...work, perScannedTile: [operation] }] }],
    [
      'one of a closed row',
      { work: [{ ...work, closed: { rowCycles: 1, tileCycles: 0, perRow: [operation], perTile: [] } }] },
    ],
    [
      'one of a closed tile',
      { work: [{ ...work, closed: { rowCycles: 1, tileCycles: 0, perRow: [], perTile: [operation] } }] },
    ],
    ['one of a suspended tile', { work: [{ ...work, suspended: { cycles: 1, perTile: [operation] } }] }],
    ['a read', { banks: [{ ...bank, readPj: 0.5 }] }],
    ['a write', { banks: [{ ...bank, writePj: 0.5 }] }],
    ['leakage', { banks: [{ ...bank, leakUw: 0.5 }] }],
    ['wires', { banks: [{ ...bank, wires: { readPj: 0, writePj: 0.5, source: 'none' } }] }],
    ['a push', { router: { ...router, pushPj: 0.5 } }],
    ['a pop', { router: { ...router, popPj: 0.5 } }],
    ['static power', { staticPower: { powerUw: 0.5, source: 'none' } }],
    ['the clock', { clockPower: { uwPerMhz: 0.5, source: 'none' } }],
    [
      'a hop',
      {
        network: {
          costSet: 'some',
          cores: 4,
          events: { ...events, hopY: { energyPj: 0.5, source: 'none' } },
        },
      },
    ],
  ])('has some with that of %s', (_, own) => {
    const costs = { ...unstated, ...own };
    expect(hasEnergies(costs)).toBe(true);
    // Of that, nothing happened: 0 pJ are known.
    const energyPj = { total: 0, byUnit: {}, byWork: [], bySource: {}, bySourceKind: {} };
    expect(knownEnergyPj({ energyPj }, costs)).toBe(0);
  });
});

test('an energy of a design is unknown if its samples have run; else it was not counted', () => {
  const ran = { ...noFigures, latencyNs: 5, bits: 8 };
  expect(isUnknown(ran, 'energyPj')).toBe(true);
  expect(isUnknown({ ...ran, energyPj: 0 }, 'energyPj')).toBe(false);
  expect(isUnknown(ran, 'trainingEnergyPj')).toBe(false);
  expect(isUnknown({ ...ran, trainingLatencyNs: 5 }, 'trainingEnergyPj')).toBe(true);
  expect(isUnknown(ran, 'areaUm2')).toBe(false);
});
