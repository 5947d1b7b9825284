import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Bank, coreArea, type HwModel, loadHwModel, type Unit } from '../../src/hardware/index.ts';

/*
 * The bundled models' figures, computed from the published ones that they cite. The models round to four digits.
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

const toFourDigits = (value: number) => Number(value.toPrecision(4));
const expectFigure = (found: number | undefined, derived: number) =>
  expect(found).toBe(toFourDigits(derived));

// Horowitz, ISSCC 2014: 45 nm, 0.9 V. Energies in pJ, areas in um2.
const horowitz = {
  add: { 8: 0.03, 16: 0.05, 32: 0.1 },
  multiply: { 8: 0.2, 32: 3.1 },
  addArea: { 8: 36, 32: 137 },
  multiplyArea: 3495,
  float: { add: 0.9, multiply: 3.7, addArea: 4184, multiplyArea: 7700 },
  sramRead64: { kb8: 10, kb32: 20 },
};
/** Jouppi et al., ISCA 2021, Table 2: 7 nm. */
const jouppiSramRead64 = { kb8: 7.5, kb32: 8.5 };
/** Tang et al. 2023: SENECA's load and store of 16 bits. */
const writeToRead = 3.9 / 3.7;
/** Stillmaker and Baas 2017: energy of logic, 45 nm to 28 nm at 0.9 V. */
const logic = 0.52;
const logicArea = (28 / 45) ** 2;
const towards7nm = Math.log(45 / 28) / Math.log(45 / 7);
const sram28 = (at45: number, at7: number) => at45 * (at7 / at45) ** towards7nm;
/** Merolla et al. 2014: 42 mW idle, 4096 cores of 256 x 410 bits; taken as 0.8. */
const idleUwPerKb = 42_000 / 4096 / ((256 * 410) / 8192);
/** Frenkel et al. 2019: 0.68 um2 per 4-bit synapse. */
const sramUm2PerBit = 0.68 / 4;

function expectUnit(
  unit: Unit | undefined,
  energies: Readonly<Record<number, number>>,
  areaUm2: number,
): void {
  const rounded = Object.entries(energies).map(([width, pj]) => [width, toFourDigits(pj)]);
  expect(unit?.energyPj).toEqual(Object.fromEntries(rounded));
  expect(unit?.unitsPerLane).toBe(1);
  expectFigure(unit?.areaUm2, areaUm2);
}

function expectBank(bank: Bank | undefined, capacityBits: number, wordBits: number, read64: number): void {
  const readPj = (read64 * wordBits) / 64;
  expect(bank).toMatchObject({ capacityBits, wordBits, ports: { read: 1, write: 1 }, bitMask: true });
  expectFigure(bank?.readPj, readPj);
  expectFigure(bank?.writePj, readPj * writeToRead);
  expectFigure(bank?.leakUw, (capacityBits / 8192) * 0.8);
  expectFigure(bank?.areaUm2, capacityBits * sramUm2PerBit);
}

const bank = (model: HwModel, name: string) => model.banks.find((candidate) => candidate.name === name);
const addPj = { 8: 0.03 * logic, 16: 0.05 * logic, 32: 0.1 * logic };

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

  test('adders, and what is charged as one', () => {
    const { add, shift, compare, logic: gates, move } = reference.operations.integer;
    for (const unit of [add, shift, compare, gates])
      expectUnit(unit, addPj, horowitz.addArea[32] * logicArea);
    // A move is charged as an add; its area is that of sixteen registers of 32 bits.
    expectUnit(move, addPj, 16 * 32 * sramUm2PerBit);
  });

  test('multipliers: the energy of 16 bits by the exponent of the width', () => {
    // The exponent between the published 8 and 32 bits, to the two digits that are cited.
    expect(Math.log(3.1 / 0.2) / Math.log(32 / 8)).toBeCloseTo(1.98, 2);
    const energies = { 8: 0.2 * logic, 16: 0.2 * 2 ** 1.98 * logic, 32: 3.1 * logic };
    expectUnit(reference.operations.integer.multiply, energies, horowitz.multiplyArea * logicArea);
  });

  test('random bits: three exclusive-ors of 32 bits', () => {
    const { random } = reference.operations.integer;
    expectUnit(random, { 32: 3 * 0.1 * logic }, 3 * horowitz.addArea[32] * logicArea);
  });

  test('banks', () => {
    const kb32 = sram28(horowitz.sramRead64.kb32, jouppiSramRead64.kb32);
    const kb8 = sram28(horowitz.sramRead64.kb8, jouppiSramRead64.kb8);
    expect(idleUwPerKb).toBeCloseTo(0.8, 3);
    expectBank(bank(reference, 'weight'), 4 * 2 ** 20, 128, kb32);
    expectBank(bank(reference, 'shadow'), 4 * 2 ** 20, 256, kb32);
    expectBank(bank(reference, 'state'), 64 * 2 ** 10, 256, kb8);
  });

  test('SRAM is not scaled by the factor of logic, and lies between its figures at 45 and 7 nm', () => {
    for (const { readPj, wordBits, name } of reference.banks) {
      const size = name === 'state' ? 'kb8' : 'kb32';
      const read64 = (readPj * 64) / wordBits;
      expect(read64).toBeLessThan(horowitz.sramRead64[size]);
      expect(read64).toBeGreaterThan(jouppiSramRead64[size]);
      expect(read64).toBeGreaterThan(horowitz.sramRead64[size] * logic);
    }
  });

  test('router: a small SRAM, by the exponent of the capacity', () => {
    const bits = reference.router.fifoDepth * 32;
    const at45 = (horowitz.sramRead64.kb8 * (bits / 8 / 8192) ** 0.47 * 32) / 64;
    const popPj = (at45 * sram28(horowitz.sramRead64.kb8, jouppiSramRead64.kb8)) / horowitz.sramRead64.kb8;
    expectFigure(reference.router.popPj, popPj);
    expectFigure(reference.router.pushPj, popPj * writeToRead);
    expectFigure(reference.router.areaUm2, bits * sramUm2PerBit);
  });

  test('what idle cores draw is charged once, with the banks', () => {
    expect(reference.staticPower.powerUw).toBe(0);
    const kb = reference.banks.reduce((sum, { capacityBits }) => sum + capacityBits / 8192, 0);
    const leakUw = reference.banks.reduce((sum, each) => sum + each.leakUw, 0);
    expect(leakUw / kb).toBeCloseTo(idleUwPerKb, 3);
  });

  test('control: ODIN without its SRAM', () => {
    expectFigure(reference.control.areaUm2, 0.086e6 - 36 * 8192 * sramUm2PerBit);
  });

  test('the area of the core', () => {
    // 2 x 713000 + 11140; 16 x (87.04 + 4 x 53.04 + 1353 + 159.1) = 16 x 1811.3 = 28980.8; 348.2; 35860
    expect(coreArea(reference).totalUm2).toBeCloseTo(1_437_140 + 28_980.8 + 348.2 + 35_860, 3);
  });
});

describe('fp32', () => {
  test('is the reference core but for its arithmetic and its memory', () => {
    const { name, description, arithmetic, baseline, like, operations, banks, placement, figures, ...rest } =
      fp32;
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
    const { add, multiply, shift, compare, move, ...others } = fp32.operations.float32;
    expect(others).toEqual({});
    expectUnit(add, { 32: horowitz.float.add * logic }, horowitz.float.addArea * logicArea);
    expectUnit(multiply, { 32: horowitz.float.multiply * logic }, horowitz.float.multiplyArea * logicArea);
    expectUnit(shift, { 32: horowitz.add[8] * logic }, horowitz.addArea[8] * logicArea);
    expectUnit(compare, { 32: horowitz.add[32] * logic }, horowitz.addArea[32] * logicArea);
    expectUnit(move, { 32: horowitz.add[32] * logic }, 0);
  });

  test('banks: one copy of each weight', () => {
    const kb32 = sram28(horowitz.sramRead64.kb32, jouppiSramRead64.kb32);
    const kb8 = sram28(horowitz.sramRead64.kb8, jouppiSramRead64.kb8);
    expectBank(bank(fp32, 'weight'), 8 * 2 ** 20, 256, kb32);
    expectBank(bank(fp32, 'state'), 128 * 2 ** 10, 256, kb8);
  });
});

test('figures that are derived say so, and that their sources were not read in the original', () => {
  for (const model of [reference, fp32]) {
    const units = Object.values(model.operations).flatMap((classes) => Object.values(classes));
    const sources = [...units, ...model.banks, model.router, model.control].flatMap((each) =>
      Object.values(each.sources),
    );
    for (const source of [...sources, model.staticPower.source])
      expect(source).toMatchObject({ kind: 'derived', checked: 'secondary' });
  }
});

test('the files name their JSON Schema for editors', () => {
  for (const name of ['reference', 'fp32']) {
    expect(bundled(name).text.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=../schemas/hw-model.schema.json',
    );
  }
});
