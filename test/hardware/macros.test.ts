import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findHwModel, loadExperiment, parseSettings } from '../../src/experiment/index.ts';
import { parseVary } from '../../src/explore/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { loadHwModel, type Ports } from '../../src/hardware/index.ts';
import { chooseMacros, citationOf, parseMacros } from '../../src/hardware/macros.ts';
import type { Find } from '../../src/text/index.ts';
import { sweptDesigns } from '../support/sweep.ts';
import { edit, failure, load, placeOf, tiny } from './tiny.ts';

const csv = `words,bits,ports,readPj,writePj,leakUw,areaUm2,accessNs
# small, slow, cheap
64,16,1rw,2,3,0.5,100,8
64,32,1,5,6,0.75,190,4

256,32,1r1w,7,9,2,900,2.5
512,8,2RW,1,1.5,1,400,3
`;
const header = 'words,bits,ports,readPj,writePj,leakUw,areaUm2,accessNs';

test('a CSV of macros: ports of their own or shared, comments and empty lines skipped, columns in any order', () => {
  const macros = parseMacros(csv, 'sram.csv');
  expect(macros.map((macro) => macro.ports)).toEqual([
    { shared: 1 },
    { shared: 1 },
    { read: 1, write: 1 },
    { shared: 2 },
  ]);
  expect(macros[0]).toEqual({
    words: 64,
    bits: 16,
    ports: { shared: 1 },
    readPj: 2,
    writePj: 3,
    leakUw: 0.5,
    areaUm2: 100,
    accessNs: 8,
  });
  const turned = `\uFEFF accessNs , areaUm2,leakUw,writePj,readPj,ports,bits,words\r\n8,100,0.5,3,2,"1rw",16,64\r\n`;
  expect(parseMacros(turned, 'sram.csv')).toEqual(macros.slice(0, 1));
});

const choose = (capacityBits: number, wordBits: number, ports: Ports, periodNs: number, text = csv) =>
  chooseMacros(
    parseMacros(text, 'sram.csv'),
    { capacityBits, wordBits, ports, periodNs },
    { file: 'm.yaml' },
  );

describe('the array of least area', () => {
  // 100 words of 32 bits, one shared port. 64x16: 2 across, 2 deep, 4 x 100 = 400. 64x32: 1 across, 2 deep,
  // 2 x 190 = 380. 256x32: 1 x 900. 512x8: 4 across, 1 deep, 4 x 400 = 1600.
  test('by hand, at a slow clock', () => {
    expect(choose(3200, 32, { shared: 1 }, 10)).toMatchObject({
      across: 1,
      deep: 2,
      capacityBits: 2 * 64 * 32,
      readPj: 5,
      writePj: 6,
      leakUw: 1.5,
      areaUm2: 380,
    });
  });

  // 48-bit words. 64x16: 3 across, 1 deep, 300. 64x32: 2 across, 380. All macros of a row are accessed.
  test('by hand, side by side', () => {
    expect(choose(64 * 48, 48, { shared: 1 }, 10)).toMatchObject({
      across: 3,
      deep: 1,
      readPj: 6,
      writePj: 9,
      leakUw: 1.5,
      areaUm2: 300,
    });
  });

  // The 64x16 macro takes 8 ns. At 5 ns the 64x32 one is left: 2 across; the 16 bits beyond the word are lost.
  test('whose access fits the period', () => {
    expect(choose(64 * 48, 48, { shared: 1 }, 5)).toMatchObject({
      across: 2,
      deep: 1,
      capacityBits: 64 * 48,
      areaUm2: 380,
    });
    expect(choose(64 * 48, 48, { shared: 1 }, 8).areaUm2).toBe(300);
    expect(choose(64 * 48, 48, { shared: 1 }, 7.999).areaUm2).toBe(380);
  });

  test('with the ports needed', () => {
    // 1r1w: 256x32 (1r1w), 900; 512x8 (2rw), 4 across, 1600.
    expect(choose(3200, 32, { read: 1, write: 1 }, 10).areaUm2).toBe(900);
    // 8-bit words: 512x8 (2rw) does for 1r1w and is smaller than 256x32.
    expect(choose(800, 8, { read: 1, write: 1 }, 10).areaUm2).toBe(400);
    // Two shared ports: a 1r1w macro cannot read twice.
    expect(choose(3200, 32, { shared: 2 }, 10).areaUm2).toBe(1600);
    // One shared port, at a clock where the single-ported macros are too slow: 1r1w does.
    expect(choose(3200, 32, { shared: 1 }, 2.5).areaUm2).toBe(900);
  });

  test('ties: the least read energy, then the first in the file', () => {
    const ties = `${header}\n64,32,1,5,6,1,100,1\n64,32,1,4,8,2,100,1\n64,32,1,4,7,3,100,1\n`;
    expect(choose(2048, 32, { shared: 1 }, 5, ties)).toMatchObject({ readPj: 4, writePj: 8, leakUw: 2 });
  });
});

describe('no macro serves', () => {
  test('for lack of ports', () => {
    expect(failure(() => choose(3200, 32, { read: 2, write: 1 }, 10)).message).toBe(
      'macros: none has the ports of this bank, 2r1w',
    );
  });

  test('for the clock', () => {
    const error = failure(() => choose(3200, 32, { read: 1, write: 1 }, 2));
    expect(error.code).toBe('fit');
    expect(error.describe()).toBe(
      "m.yaml: macros: none with 1r1w answers within the clock's period, 2 ns\n" +
        '  the fastest takes 2.5 ns: it fits a clock of 400 MHz',
    );
  });
});

describe('each fault of a CSV has its line and the name of its column', () => {
  const row = '64,16,1rw,2,3,0.5,100,8';
  test.each<[string, number, string]>([
    [
      `${header}\n${row}\n0,16,1rw,2,3,0.5,100,8\n`,
      3,
      "column 'words': expected a whole number, at least 1, found '0'",
    ],
    [
      `${header}\n64,1.5,1rw,2,3,0.5,100,8\n`,
      2,
      "column 'bits': expected a whole number, at least 1, found '1.5'",
    ],
    [
      `${header}\n\n# x\n64,16,r1w1,2,3,0.5,100,8\n`,
      4,
      "column 'ports': expected ports such as 1rw, 2rw or 1r1w, found 'r1w1'",
    ],
    [
      `${header}\n64,16,0,2,3,0.5,100,8\n`,
      2,
      "column 'ports': expected ports such as 1rw, 2rw or 1r1w, found '0'",
    ],
    [
      `${header}\n64,16,1rw,,3,0.5,100,8\n`,
      2,
      "column 'readPj': expected a number, at least 0, found nothing",
    ],
    [
      `${header}\n64,16,1rw,2,3 pJ,0.5,100,8\n`,
      2,
      "column 'writePj': expected a number, at least 0, found '3 pJ'",
    ],
    [`${header}\n64,16,1rw,2,3,-1,100,8\n`, 2, "column 'leakUw': expected a number, at least 0, found '-1'"],
    [`${header}\n64,16,1rw,2,3,1,0,8\n`, 2, "column 'areaUm2': expected a number above 0, found '0'"],
    [
      `${header}\n64,16,1rw,2,3,1,100,Infinity\n`,
      2,
      "column 'accessNs': expected a number above 0, found 'Infinity'",
    ],
    [`${header}\n64,16,1rw,2,3,1,100\n`, 2, "column 'accessNs': expected a number above 0, found nothing"],
    [`${header}\n${row},7\n`, 2, "'7' is beyond the last column, 'accessNs'"],
    [`${header.replace('leakUw,', '')}\n64,16,1rw,2,3,100,8\n`, 1, "column 'leakUw' is missing"],
    [`# mine\n${header},bits\n${row},16\n`, 2, "column 'bits' appears twice"],
  ])('%j', (text, line, message) => {
    const error = failure(() => parseMacros(text, 'sram.csv'));
    expect(error.message).toBe(message);
    expect([error.code, error.file, error.line]).toEqual(['data', 'sram.csv', line]);
  });

  test('an unknown column, with the nearest known one', () => {
    const error = failure(() => parseMacros(`${header.replace('readPj', 'readPJs')}\n${row}\n`, 'sram.csv'));
    expect(error.describe()).toBe("sram.csv:1: unknown column 'readPJs'\n  did you mean 'readPj'?");
    expect(error.code).toBe('unknown-key');
  });

  test('an open quote, no macros', () => {
    expect(failure(() => parseMacros(`${header}\n"64,16\n`, 'sram.csv')).describe()).toMatch(
      /^sram.csv:2: not valid CSV: Quote Not Closed/,
    );
    for (const text of ['', `${header}\n`]) {
      expect(failure(() => parseMacros(text, 'sram.csv')).describe()).toBe(
        `sram.csv: expected a header and at least one macro, found none\n  the columns are ${header}`,
      );
    }
  });
});

describe('a bank of macros', () => {
  // 1024 bits in words of 32: 32 words. At 100 MHz, 10 ns: 64x32, 190, against two 64x16, 200.
  const costs = 'readPj: 3, writePj: 4, leakUw: 1, areaUm2: 700, ';
  const model = edit(tiny, costs, 'macros: sram.csv, ');

  test('takes its costs and its capacity from them', () => {
    expect(load(model, { 'sram.csv': csv }).banks[0]).toEqual({
      ...load(tiny).banks[0],
      capacityBits: 64 * 32,
      readPj: 5,
      writePj: 6,
      leakUw: 0.75,
      areaUm2: 190,
      accessNs: 4,
    });
  });

  test('may ask for a capacity that is no whole number of words', () => {
    const odd = edit(model, 'capacityBits: 1024', 'capacityBits: 2049');
    // 65 words: two rows.
    expect(load(odd, { 'sram.csv': csv }).banks[0]?.capacityBits).toBe(2 * 64 * 32);
  });

  test('in an extending file replaces costs that it removes; the CSV is resolved from the file that names it', () => {
    const head = 'format: plasticore/hw-model/1\nextends: base\nname: mine\n';
    const removed = 'readPj: null, writePj: null, leakUw: null, areaUm2: null, macros: sram.csv';
    const asked: [string, string][] = [];
    const { banks } = loadFrom(`${head}banks: {synapses: {${removed}}}\n`, tiny, asked);
    expect(banks[0]?.areaUm2).toBe(190);
    expect(asked).toEqual([
      ['base', 'model.yaml'],
      ['sram.csv', 'model.yaml'],
    ]);
    asked.length = 0;
    loadFrom(`${head}lanes: 4\n`, model, asked);
    expect(asked).toEqual([
      ['base', 'model.yaml'],
      ['sram.csv', 'base.yaml'],
    ]);
  });

  test('a file that is missing, no macro that serves: at its key', () => {
    const at = { file: 'model.yaml', ...placeOf(model, 'sram.csv') };
    expect(failure(() => load(model))).toMatchObject({ ...at, message: "there is no file 'sram.csv'" });
    const fast = edit(model, 'clockMhz: 100', 'clockMhz: 500');
    expect(failure(() => load(fast, { 'sram.csv': csv }))).toMatchObject({ ...at, code: 'fit' });
  });
});

test('the bundled macros of an open process are those of its Liberty files', () => {
  const file = 'hw-models/macros/ihp-sg13g2.csv';
  const macros = parseMacros(readFileSync(file, 'utf8'), file);
  expect(macros.map(({ ports }) => 'shared' in ports).filter(Boolean)).toHaveLength(18);
  expect(macros).toHaveLength(28);
  // By hand from its Liberty file; the table of its documents, which rounds up, says 4.39 ns.
  const one = macros.find(({ words, bits }) => words === 1024 && bits === 64);
  expect(one).toMatchObject({ readPj: 91.83, writePj: 110.92, accessNs: 4.38 });
  expect(one?.areaUm2).toBeCloseTo(263_946.14, 2);
});

describe('macros by a bundled name', () => {
  const at130 = ['technologyNm=130', 'supplyV=1.2', 'clockMhz=100'].concat(
    ['weight', 'shadow'].map((bank) => `banks.${bank}.capacityBits=524288`),
  );
  const settings = (...more: readonly string[]) =>
    parseSettings([...at130, ...more].map((set) => `hw.${set}`));

  test('build a bank, and name their source', () => {
    const { hw } = settings('banks.weight.wordBits=32', 'banks.weight.macros=ihp-sg13g2');
    const bank = findHwModel({ name: 'reference', from: '' }, '', findFile, hw).banks[0];
    // One that reads and one that writes, 32 bits wide: 16 of 1024 words.
    expect(bank).toMatchObject({ readPj: 48.27, writePj: 58.92, capacityBits: 524_288 });
    expect(bank?.areaUm2).toBeCloseTo(16 * 264_167.2813, 3);
    expect(bank?.sources.readPj).toMatchObject({
      name: 'macros:ihp-sg13g2',
      kind: 'synthesised',
      cite: expect.stringMatching(/^The 28 SRAM macros of IHP's open process .* at 5cccb161$/),
    });
    const unknown = parseSettings(['hw.banks.weight.macros=ihp-sg13']).hw;
    expect(() => findHwModel({ name: 'reference', from: '' }, '', findFile, unknown)).toThrow(
      "there is no bundled table of macros 'ihp-sg13'",
    );
  });

  test("say nothing of one's own table, whose comment may say anything", () => {
    const table = readFileSync('hw-models/macros/ihp-sg13g2.csv', 'utf8');
    const find: Find = (...asked) =>
      asked[0] === 'macros' ? { text: table, file: 'own.csv' } : findFile(...asked);
    const { hw } = settings('banks.weight.wordBits=32', 'banks.weight.macros=./own.csv');
    const bank = findHwModel({ name: 'reference', from: '' }, '', find, hw).banks[0];
    expect(bank?.sources.readPj.name).not.toContain('own.csv');
    expect(citationOf('# \n#\nwords')).toBeUndefined();
    expect(citationOf('# Ours. Measured.\nwords')).toBe('Ours');
  });

  test('are an axis of designs', () => {
    const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
    const file = 'hw-models/macros/ihp-sg13g2.csv';
    const vary = parseVary([`hw.banks.shadow.macros=ihp-sg13g2,${file}`]);
    const small = { ...settings(), program: parseSettings(['program.populations.hidden.size=16']).program };
    const designs = sweptDesigns(experiment, { precisions: ['mp16-8'], vary, settings: small });
    const banks = designs.map((design) => design.compile(1).hw?.banks.find(({ name }) => name === 'shadow'));
    expect(banks.map((bank) => bank?.sources.areaUm2.name)).toEqual([
      'macros:ihp-sg13g2',
      'without a source',
    ]);
  });
});

function loadFrom(text: string, base: string, asked: [string, string][]) {
  return loadHwModel(text, 'model.yaml', (reference, from) => {
    asked.push([reference, from]);
    return reference === 'base' ? { text: base, file: 'base.yaml' } : { text: csv, file: reference };
  });
}
