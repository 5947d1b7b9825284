import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Bank, coreArea, type HwModel, loadHwModel, type Unit } from '../../src/hardware/index.ts';
import type { Override } from '../../src/text/index.ts';
import { estimate } from './estimate/estimate.ts';

/*
 * The bundled models' figures: those of the estimators, for the shapes that the models state.
 */
const bundled = (name: string) => {
  const file = `hw-models/${name}.yaml`;
  return { text: readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'), file };
};
const loadBundled = (name: string): HwModel => {
  const { text, file } = bundled(name);
  return loadHwModel(text, file, bundled);
};
const reference = loadBundled('reference');
const fp32 = loadBundled('fp32');

/** What an estimator gives at the node and supply of the models. */
const at28 = (name: string, inputs: Readonly<Record<string, number>>, kind = '') =>
  estimate(name, { ...inputs, technologyNm: 28, supplyV: 0.9 }, kind);

/** A unit as estimated, at each width. */
function expectUnit(unit: Unit | undefined, kind: string, widths: readonly number[]): void {
  const rows = widths.map((width) => [width, at28('arithmetic', { widthBits: width }, kind).energyPj]);
  expect(unit?.energyPj).toEqual(Object.fromEntries(rows));
  expect(unit?.unitsPerLane).toBe(1);
  expect(unit?.areaUm2).toBe(at28('arithmetic', { widthBits: widths.at(-1) ?? 0 }, kind).areaUm2);
  expect(unit?.sources.energyPj.name).toBe('estimator:arithmetic.energy');
}

function expectBank(bank: Bank | undefined, capacityBits: number, wordBits: number): void {
  const figures = at28('sram', { capacityBits, wordBits, ports: 2 });
  const ports = { read: 1, write: 1 };
  expect(bank).toMatchObject({ capacityBits, wordBits, ports, bitMask: true, ...figures });
  expect(bank?.sources.readPj).toMatchObject({ name: 'estimator:sram.energy', kind: 'estimated' });
  expect(bank?.sources.areaUm2.name).toBe('estimator:sram.area');
}

const bank = (model: HwModel, name: string) => model.banks.find((candidate) => candidate.name === name);

describe('reference', () => {
  test('the core of the specification', () => {
    expect(reference).toMatchObject({
      name: 'reference',
      technologyNm: 28,
      supplyV: 0.9,
      clockMhz: 200,
      arithmetic: 'integer',
      baseline: 'fp32',
      like: undefined,
      lanes: 16,
      datapathBits: 32,
      precision: { weightBits: [4, 8, 12, 16], shadowBits: [8, 16], accumulatorBits: [16, 24] },
      inferenceWeights: 'stored',
      columnGate: 'skip-tile',
      placement: { weight: 'weight', shadow: 'shadow', state: 'state' },
      router: { fifoDepth: 64, whenFull: 'stall' },
    });
    expect(reference.banks.map(({ name }) => name)).toEqual(['weight', 'shadow', 'state']);
    expect(reference.operations.float32).toEqual({});
  });

  test('units, as estimated up to the datapath', () => {
    const { random, ...others } = reference.operations.integer;
    expect(Object.keys(others).sort()).toEqual(['add', 'compare', 'logic', 'move', 'multiply', 'shift']);
    for (const [name, unit] of Object.entries(others)) expectUnit(unit, `integer-${name}`, [8, 16, 32]);
    expectUnit(random, 'integer-random', [32]);
  });

  test('registers, fetch and control, as estimated', () => {
    const at = (widthBits: number) => at28('registers', { widthBits });
    expect(reference.registers).toMatchObject({
      perLane: 16,
      energyPj: { 8: at(8).energyPj, 16: at(16).energyPj, 32: at(32).energyPj },
      areaUm2: 16 * (at(32).areaUm2 ?? 0),
    });
    expect(reference.fetch?.energyPj).toBe(at28('fetch', {}).energyPj);
    expect(reference.control.energyPj).toBe(reference.fetch?.energyPj);
  });

  test('banks', () => {
    expectBank(bank(reference, 'weight'), 4 * 2 ** 20, 128);
    expectBank(bank(reference, 'shadow'), 4 * 2 ** 20, 256);
    expectBank(bank(reference, 'state'), 64 * 2 ** 10, 256);
  });

  test('router', () => {
    expect(reference.router).toMatchObject(at28('fifo', { depth: 64 }));
  });

  test('what idle cores draw is charged once, with the banks', () => {
    expect(reference.staticPower.powerUw).toBe(0);
  });

  test('control: ODIN without its SRAM, of 0.17 um2 a bit', () => {
    expect(reference.control.areaUm2).toBe(Number((0.086e6 - 36 * 8192 * (0.68 / 4)).toPrecision(4)));
  });

  test('the area of the core', () => {
    const sram = (capacityBits: number, wordBits: number) =>
      at28('sram', { capacityBits, wordBits, ports: 2 }).areaUm2 ?? 0;
    const unit = (kind: string) => at28('arithmetic', { widthBits: 32 }, `integer-${kind}`).areaUm2 ?? 0;
    const register = at28('registers', { widthBits: 32 }).areaUm2 ?? 0;
    const lane = 5 * unit('add') + unit('multiply') + unit('random') + 16 * register;
    const banks = sram(4 * 2 ** 20, 128) + sram(4 * 2 ** 20, 256) + sram(64 * 2 ** 10, 256);
    const fifo = at28('fifo', { depth: 64 }).areaUm2 ?? 0;
    const parts = banks + 16 * lane + fifo + 35_860;
    // A quarter of control is flip-flops, as all registers are.
    const flipFlopUm2 = at28('registers', { widthBits: 1 }).areaUm2 ?? 0;
    const flipFlops = Math.round(16 * 16 * 32 + (0.25 * 35_860) / flipFlopUm2);
    const clock = at28('clock', { flipFlops, coreUm2: parts }).areaUm2 ?? 0;
    expect(coreArea(reference).totalUm2).toBeCloseTo(parts + clock, 3);
  });
});

describe('fp32', () => {
  test('is the reference core but for its arithmetic and its memory', () => {
    const { name, description, arithmetic, baseline, like, operations, banks, placement, ...others } = fp32;
    // The clock spreads over an area of its own.
    const { figures, clockPower, ...rest } = others;
    expect(Math.abs((clockPower?.uwPerMhz ?? 0) / (reference.clockPower?.uwPerMhz ?? 1) - 1)).toBeLessThan(
      0.02,
    );
    expect(reference).toMatchObject(rest);
    expect(figures.kinds).toMatchObject(reference.figures.kinds);
    expect({ name, arithmetic, baseline, like }).toEqual({
      name: 'fp32',
      arithmetic: 'float32',
      baseline: undefined,
      like: 'mp16-8',
    });
    expect(description).not.toBe(reference.description);
    expect(operations.integer).toEqual(reference.operations.integer);
    expect(placement).toEqual({ weight: 'weight', shadow: 'weight', state: 'state' });
    expect(banks.map((each) => each.name)).toEqual(['weight', 'state']);
  });

  test('float units', () => {
    const units = fp32.operations.float32;
    expect(Object.keys(units).sort()).toEqual(['add', 'compare', 'move', 'multiply', 'shift']);
    for (const [name, unit] of Object.entries(units)) expectUnit(unit, `float32-${name}`, [32]);
    // A comparison and a move as an integer add of 32 bits; a power of two is added to an exponent of 8.
    const add = reference.operations.integer.add?.energyPj;
    expect(units.compare?.energyPj[32]).toBe(add?.[32]);
    expect(units.move?.energyPj[32]).toBe(add?.[32]);
    expect(units.shift?.energyPj[32]).toBe(add?.[8]);
  });

  test('banks: one copy of each weight', () => {
    expectBank(bank(fp32, 'weight'), 8 * 2 ** 20, 256);
    expectBank(bank(fp32, 'state'), 128 * 2 ** 10, 256);
  });
});

test('node and supply are knobs: every estimated figure follows them', () => {
  const set = (path: string, value: unknown): Override => ({ path: [path], value, place: { file: '--set' } });
  const { text, file } = bundled('reference');
  const low = loadHwModel(text, file, bundled, [set('supplyV', 0.6)]);
  const small = loadHwModel(text, file, bundled, [set('technologyNm', 22)]);
  expect([low.otherShapes, small.otherShapes.map(({ entry }) => entry)]).toEqual([[], ['control']]);
  for (const [index, each] of reference.banks.entries()) {
    // Two thirds of the supply: four ninths of an access, eight twenty-sevenths of the leakage.
    expect((low.banks[index]?.readPj ?? 0) / each.readPj).toBeCloseTo(4 / 9, 9);
    expect((low.banks[index]?.leakUw ?? 0) / each.leakUw).toBeCloseTo(8 / 27, 9);
    expect(small.banks[index]?.areaUm2).toBeLessThan(each.areaUm2);
  }
  expect((low.fetch?.energyPj ?? 0) / (reference.fetch?.energyPj ?? 1)).toBeCloseTo(4 / 9, 9);
  const addPj = (model: HwModel) => model.operations.integer.add?.energyPj[32] ?? 0;
  expect(addPj(small)).toBeLessThan(addPj(reference));
});

test('the files name their JSON Schema for editors', () => {
  for (const name of ['reference', 'fp32']) {
    expect(bundled(name).text.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=../schemas/hw-model.schema.json',
    );
  }
});
