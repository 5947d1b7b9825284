import type { CostTable, WorkCost } from '../../src/hardware/index.ts';

const work: WorkCost = {
  intervalCycles: 1,
  boundBy: 'stated',
  utilisation: {},
  runCycles: 0,
  passCycles: 0,
  spendsBy: 'items',
  perSlot: [],
  perRun: [],
  perPass: [],
  perScannedTile: [],
};
const stated = { cyclesPerItem: 1, cyclesPerTile: 0, energyPjPerItem: 0, energyPjPerTile: 0, source: 'none' };
const bank = {
  name: 'state',
  readPj: 0,
  writePj: 0,
  leakUw: 0,
  sources: { readPj: 'none', writePj: 'none', leakUw: 'none' },
};
const router = { pushPj: 0, popPj: 0, sources: { pushPj: 'none', popPj: 'none' } };
const free = { energyPj: 0, source: 'none' };
const events = { send: free, receive: free, tile: free, hopX: free, hopY: free, barrier: free };
/** A core whose hw-model has a figure for every energy and power, all of them 0. */
export const unstated: CostTable = {
  clockMhz: 100,
  lanes: 1,
  work: [{ ...work, stated }],
  banks: [{ ...bank, wires: { readPj: 0, writePj: 0, source: 'none' } }],
  router,
  area: { totalUm2: 0, byUnit: {}, bySource: {} },
  eventCycles: 0,
  staticPower: { powerUw: 0, source: 'none' },
  clockPower: { uwPerMhz: 0, source: 'none' },
  network: { costSet: 'unknown', cores: 4, events },
  kinds: { none: 'derived' },
  intervals: {},
};
/** Its parts, of which a test gives one a figure. */
export const unstatedParts = { work, stated, bank, router, events };

/** The same costs of a core whose hw-model has 0 for every energy and power. */
export function withoutEnergies(costs: CostTable): CostTable {
  const isOfEnergy = /Pj$|^energyPjPer|Uw$|^uwPerMhz$/;
  return JSON.parse(
    JSON.stringify(costs, (key, value: unknown) =>
      typeof value === 'number' && isOfEnergy.test(key) ? 0 : value,
    ),
  ) as CostTable;
}
