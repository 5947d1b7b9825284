import { describe, expect, it } from 'vitest';
import type { CostTable, WorkCost } from '../../src/hardware/index.ts';
import {
  type Counters,
  energyBounds,
  noWork,
  price,
  timeBounds,
  type WorkCount,
} from '../../src/image/index.ts';

const work = (given: Partial<WorkCost>): WorkCost => ({
  intervalCycles: 1,
  boundBy: 'issue',
  utilisation: {},
  runCycles: 0,
  passCycles: 0,
  spendsBy: 'slots',
  perSlot: [],
  perRun: [],
  perPass: [],
  perScannedTile: [],
  ...given,
});

const count = (given: Partial<WorkCount>): WorkCount => ({ ...noWork(2), ...given });

const all = (source: string) => ({ readPj: source, writePj: source, leakUw: source });

const costs: CostTable = {
  clockMhz: 250,
  lanes: 4,
  work: [
    work({
      intervalCycles: 3,
      runCycles: 2,
      passCycles: 5,
      perTile: [
        { class: 'fetch', arithmetic: 'integer', widthBits: 32, count: 3, energyPj: 2, source: 'memo' },
      ],
      perRun: [
        { class: 'control', arithmetic: 'integer', widthBits: 32, count: 2, energyPj: 0.5, source: 'memo' },
      ],
      perSlot: [
        { class: 'add', arithmetic: 'integer', widthBits: 8, count: 2, energyPj: 0.5, source: 'scaled' },
        {
          class: 'multiply',
          arithmetic: 'integer',
          widthBits: 8,
          count: 1,
          energyPj: 4,
          source: 'chip',
        },
      ],
      perPass: [
        { class: 'add', arithmetic: 'integer', widthBits: 16, count: 15, energyPj: 1, source: 'scaled' },
      ],
      perScannedTile: [
        {
          class: 'compare',
          arithmetic: 'integer',
          widthBits: 8,
          count: 1,
          energyPj: 0.25,
          source: 'scaled',
        },
      ],
    }),
    work({
      spendsBy: 'items',
      perSlot: [
        {
          class: 'add',
          arithmetic: 'float32',
          widthBits: 32,
          count: 1,
          energyPj: 10,
          source: 'netlist',
        },
      ],
    }),
    work({ runCycles: 1 }),
  ],
  banks: [
    { name: 'weight', readPj: 6, writePj: 8, leakUw: 100, sources: all('total') },
    { name: 'state', readPj: 1, writePj: 2, leakUw: 25, sources: all('scaled') },
  ],
  router: { pushPj: 3, popPj: 7, sources: { pushPj: 'chip', popPj: 'chip' } },
  area: { totalUm2: 0, byUnit: {}, bySource: {} },
  eventCycles: 4,
  staticPower: { powerUw: 1000, source: 'tool' },
  kinds: {
    scaled: 'derived',
    chip: 'measured',
    netlist: 'simulated',
    total: 'fitted',
    tool: 'synthesised',
    memo: 'derived',
  },
  intervals: {},
};

const counters: Counters = {
  work: [
    count({ runs: 3, passes: 7, tiles: 11, items: 30, scannedTiles: 6, reads: [11, 20], writes: [0, 5] }),
    count({ runs: 1, passes: 1, tiles: 2, items: 5 }),
    count({ runs: 1, tiles: 9, writes: [0, 9] }),
  ],
  spikes: [12, 2],
  pushes: 10,
  pops: 9,
  drops: 4,
  stalls: 3,
  samples: 1,
  steps: 8,
};

describe('a core that states its figures', () => {
  const stated = {
    cyclesPerItem: 2,
    cyclesPerTile: 16,
    energyPjPerItem: 3,
    energyPjPerTile: 5,
    source: 'chip',
  } as const;
  const table: CostTable = {
    ...costs,
    work: [work({ intervalCycles: 99, stated }), work({}), work({})],
    clockPower: { uwPerMhz: 4, source: 'total' },
  };

  it('has the stated cycles and energy of items and tiles', () => {
    const { workCycles, energyPj } = price(counters, table);
    // 30 items, 11 tiles and 6 scanned ones
    expect(workCycles[0]).toBe(30 * 2 + 11 * 16 + 6);
    expect(energyPj.byUnit.kernels).toBe(30 * 3 + 11 * 5);
  });

  it.each([0, 3])('has scans of %i cycles a tile', (scanCycles) => {
    const [first] = counters.work;
    if (first === undefined) throw new Error('a piece of work');
    const works = [work({ intervalCycles: 2, scanCycles }), work({ stated, scanCycles }), work({})];
    const { workCycles } = price(
      { ...counters, work: counters.work.with(1, first) },
      { ...table, work: works },
    );
    expect(workCycles.slice(0, 2)).toEqual([11 * 2 + 6 * scanCycles, 30 * 2 + 11 * 16 + 6 * scanCycles]);
  });

  it('has the time that its controller counts, with clock power over it', () => {
    const { cycles, latencyNs, energyPj } = price({ ...counters, cycles: 1000 }, table);
    expect([cycles, latencyNs]).toEqual([1000, 4000]);
    // 4 uW/MHz x 250 MHz = 1000 uW
    expect(energyPj.byUnit.clock).toBe(4000);
    expect(energyPj.byUnit.static).toBe(4000);
  });
});

describe('rows and tiles that are looked up and closed', () => {
  const control = {
    class: 'control',
    arithmetic: 'integer',
    widthBits: 32,
    count: 1,
    energyPj: 0.5,
    source: 'memo',
  } as const;
  const closed = { rowCycles: 3, tileCycles: 1, perRow: [{ ...control, count: 3 }], perTile: [control] };
  const looked = {
    ...counters,
    work: [count({ closedRows: 4, closedTiles: 9 }), count({}), count({})],
    pushes: 0,
    pops: 0,
  };

  it('take the cycles and the control of their lookup', () => {
    const { workCycles, energyPj } = price(looked, {
      ...costs,
      work: [work({ closed }), work({}), work({})],
    });
    expect(workCycles[0]).toBe(4 * 3 + 9 * 1);
    expect(energyPj.byUnit.control).toBe((4 * 3 + 9 * 1) * 0.5);
  });

  it('take nothing where looking them up is free', () => {
    expect(price(looked, costs).workCycles[0]).toBe(0);
  });
});

describe('tiles that wait for the FIFO', () => {
  it('take a fill each, with its control', () => {
    const control = {
      class: 'control',
      arithmetic: 'integer',
      widthBits: 32,
      energyPj: 0.5,
      source: 'memo',
    } as const;
    const suspended = { cycles: 5, perTile: [{ ...control, count: 5 }] };
    const { workCycles, energyPj } = price(
      { ...counters, work: [count({ suspensions: 3 }), count({}), count({})], pushes: 0, pops: 0 },
      { ...costs, work: [work({ suspended }), work({}), work({})] },
    );
    expect(workCycles[0]).toBe(3 * 5);
    expect(energyPj.byUnit.control).toBe(3 * 5 * 0.5);
  });
});

describe('price', () => {
  const { cycles, latencyNs, workCycles, energyPj } = price(counters, costs);

  it('sums runs, passes, tiles and scans, and the events taken from the FIFO', () => {
    // 3 x 2 + 7 x 5 + 11 x 3 + 6;  2 tiles;  1 + 9 words
    expect(workCycles).toEqual([80, 2, 10]);
    expect(cycles).toBe(92 + 9 * 4);
    expect(latencyNs).toBe(128 * 4); // 250 MHz
  });

  it('charges slots or items, passes, scans and words', () => {
    // 3 runs x 2 x 0.5 = 3; 11 tiles x 3 x 2 = 66; 44 slots x (2 x 0.5 + 4) = 220; 7 x 15 = 105;
    // 6 x 4 x 0.25 = 6; words 11 x 6 + 20 + 5 x 2 = 96; 5 items x 10; 9 x 2
    expect(energyPj.byWork).toEqual([3 + 66 + 220 + 105 + 6 + 96, 50, 18]);
  });

  it('has bounds of a time that nobody has published, and of the energy that lasts as long', () => {
    const times = { latencyNs: 512, busyNs: 512, periodNs: 0 };
    expect(timeBounds(times, costs)).toBeUndefined();
    const table = { ...costs, timeInterval: { low: 0.1, high: 1.5 } };
    expect(timeBounds(times, table)).toEqual({ low: 51.2, high: 768 });
    // Leakage, 64 pJ, and static power, 512, are exact otherwise.
    const spent = { ...energyPj, byUnit: { leakage: 64, static: 512 }, bySource: { own: 576 } };
    const { low, high } = energyBounds({ ...times, energyPj: spent }, { ...table, intervals: {} });
    expect(low).toBeCloseTo(57.6, 9);
    expect(high).toBeCloseTo(864, 9);
  });

  it('charges what lasts for the period of the steps, and the clock for the cycles', () => {
    // 128 cycles of 4 ns are 512 ns; two steps of 1 us are 2000.
    const clockPower = { uwPerMhz: 2, source: 'tool' };
    const paced = price({ ...counters, steps: 2 }, { ...costs, clockPower, stepNs: 1000 });
    expect([paced.cycles, paced.latencyNs]).toEqual([128, 2000]);
    expect(paced.energyPj.byUnit).toMatchObject({
      leakage: (125 * 2000) / 1000,
      static: (1000 * 2000) / 1000,
      clock: (2 * 250 * 512) / 1000,
    });
    // A period that is too short changes nothing.
    expect(price({ ...counters, steps: 2 }, { ...costs, stepNs: 200 }).latencyNs).toBe(512);
  });

  it.each([
    // Work of 1000 ns may take 500 to 2000. The clock takes 1 pJ in each, what leaks 1 pJ in each of the run.
    [{ latencyNs: 1000, busyNs: 1000, periodNs: 1 }, [500, 2000], [1000, 4000]],
    [{ latencyNs: 1000, busyNs: 1000, periodNs: 800 }, [800, 2000], [1300, 4000]],
    [{ latencyNs: 1500, busyNs: 1000, periodNs: 1500 }, [1500, 2000], [2000, 4000]],
    // A period that the work cannot exceed leaves only the energy of the clock open.
    [{ latencyNs: 3000, busyNs: 1000, periodNs: 3000 }, undefined, [3500, 5000]],
  ])('has bounds of what a period does not decide: %o', (times, ofTime, ofEnergy) => {
    const table = { ...costs, timeInterval: { low: 0.5, high: 2 } };
    const time = timeBounds(times, table);
    expect(time && [time.low, time.high]).toEqual(ofTime);
    const byUnit = { clock: 1000, leakage: times.latencyNs };
    const spent = { ...energyPj, byUnit, bySource: { own: 1000 + times.latencyNs } };
    const { low, high } = energyBounds({ ...times, energyPj: spent }, table);
    expect([low, high]).toEqual(ofEnergy.map((pj) => expect.closeTo(pj, 6)));
  });

  it('charges an FPGA a multiple of what is dynamic, which rests on the figure that it multiplies', () => {
    const fpga = price(counters, { ...costs, overhead: { times: 3, source: 'part' } });
    const { leakage = 0, static: rest = 0 } = energyPj.byUnit;
    const dynamic = energyPj.total - leakage - rest;
    expect(fpga.energyPj.byUnit).toMatchObject({ multiply: 4 * 176, leakage, static: rest });
    expect(fpga.energyPj.bySource.netlist).toBeCloseTo(4 * 50, 9);
    expect(fpga.energyPj.total).toBeCloseTo(energyPj.total + 3 * dynamic, 9);
    expect(fpga.energyPj.byWork).toEqual(energyPj.byWork.map((pj) => 4 * pj));
    expect([fpga.cycles, fpga.latencyNs]).toEqual([cycles, latencyNs]);
  });

  it('has bounds of a multiple, beside those of the figures that it multiplies', () => {
    const intervals = { own: { low: 0.5, high: 2 }, part: { low: 0.5, high: 1 } };
    const table = { ...costs, intervals, overhead: { times: 3, source: 'part' } };
    // 800 pJ of one figure, of which the FPGA takes 600 beside the chip, and 100 pJ at rest, which are exact.
    const spent = { ...energyPj, byUnit: { clock: 800, static: 100 }, bySource: { own: 800, rest: 100 } };
    const { low, high } = energyBounds({ latencyNs, busyNs: latencyNs, periodNs: 0, energyPj: spent }, table);
    expect(low).toBeCloseTo(900 - Math.hypot(800 / 2, 600 / 2), 9);
    expect(high).toBeCloseTo(900 + 800, 9);
  });

  it('gives each unit its part', () => {
    expect(energyPj.byUnit).toEqual({
      add: 44 + 105 + 50,
      multiply: 176,
      compare: 6,
      control: 3,
      fetch: 66,
      'weight bank': 66,
      'state bank': 30 + 18,
      router: 10 * 3 + 9 * 7,
      leakage: (125 * 512) / 1000,
      static: (1000 * 512) / 1000,
    });
    expect(energyPj.total).toBeCloseTo(199 + 176 + 6 + 3 + 66 + 66 + 48 + 93 + 64 + 512, 9);
  });

  it('gives each source its part; the parts are the total', () => {
    expect(energyPj.bySource).toEqual({
      scaled: 44 + 105 + 6 + 30 + 18 + 12.8, // and the leakage of the state bank, 25 uW
      chip: 176 + 93,
      netlist: 50,
      total: 66 + 51.2,
      tool: 512,
      memo: 3 + 66,
    });
    const sum = Object.values(energyPj.bySource).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(energyPj.total, 9);
  });

  it('gives the reads and the writes of a bank to their own sources', () => {
    const banks = costs.banks.map((bank) => ({
      ...bank,
      sources: { readPj: 'chip', writePj: 'memo', leakUw: 'netlist' },
    }));
    const { bySource, bySourceKind } = price(counters, { ...costs, banks }).energyPj;
    expect(bySource.memo).toBe(3 + 66 + 5 * 2 + 9 * 2);
    expect(bySource.netlist).toBe(50 + 64);
    // What is scaled and what the memo states are both derived: 44 + 105 + 6, and 31 + 66
    expect(bySourceKind.derived).toBe(155 + 31 + 66);
  });

  it('refuses a source without a kind', () => {
    expect(() => price(counters, { ...costs, kinds: {} })).toThrow('a source that the costs do not list');
  });

  it('gives each kind of source its part', () => {
    expect(energyPj.bySourceKind).toEqual({
      derived: 3 + 66 + 44 + 105 + 6 + 30 + 18 + 12.8, // and the leakage of the state bank, 25 uW
      measured: 176 + 93,
      simulated: 50,
      fitted: 66 + 51.2,
      synthesised: 512,
    });
  });

  it('is nothing for nothing', () => {
    const none = price({ ...counters, work: costs.work.map(() => count({})), pushes: 0, pops: 0 }, costs);
    expect(none).toMatchObject({ cycles: 0, latencyNs: 0, workCycles: [0, 0, 0] });
    expect(none.energyPj.total).toBe(0);
  });

  it('is proportional to the counts', () => {
    const double = (values: readonly number[]) => values.map((value) => 2 * value);
    const twice = price(
      {
        ...counters,
        work: counters.work.map((item) => ({
          runs: 2 * item.runs,
          passes: 2 * item.passes,
          tiles: 2 * item.tiles,
          items: 2 * item.items,
          closedRows: 2 * item.closedRows,
          closedTiles: 2 * item.closedTiles,
          suspensions: 2 * item.suspensions,
          scannedTiles: 2 * item.scannedTiles,
          reads: double(item.reads),
          writes: double(item.writes),
        })),
        pushes: 20,
        pops: 18,
      },
      costs,
    );
    expect(twice.cycles).toBe(2 * cycles);
    expect(twice.energyPj.total).toBeCloseTo(2 * energyPj.total, 9);
  });

  it('refuses counters of another image', () => {
    expect(() => price({ ...counters, work: [] }, costs)).toThrow('no counts for piece of work 0');
  });
});
