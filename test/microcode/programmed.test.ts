import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deploy, loadExperiment, parseSettings } from '../../src/experiment/index.ts';
import { needsBeyond } from '../../src/explore/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import {
  accessParts,
  microcodeCycles,
  microcodeOf,
  microcodeUnit,
  packRecord,
  scheduleMicrocode,
} from '../../src/microcode/index.ts';
import { programmedFiles } from '../../src/rtl/index.ts';
import { loadLiberty, readTemplates } from '../../src/rtl/node.ts';
import { readGates } from '../../src/rtl/synthesis/gates.ts';
import { at } from '../../src/text/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';

const { path } = scratch();

const choiceWith = (...set: readonly string[]) => ({
  program: { name: 'mnist-snn', from: '' },
  hw: { name: 'reference', from: '' },
  precision: 'mp8-8',
  seed: 1,
  settings: parseSettings(set),
});
const image = coreImageOf(deploy(choiceWith(), findFile).image);

/** What a core is loaded with, and what its bench presents. */
const ofProgram = ['microcode.json', 'stimulus.txt', 'expected.txt', 'trace.json'];

test('the text of a core names no program: two of them have it equal to the byte', async () => {
  const texts: string[] = [];
  for (const program of ['mnist-snn', 'mnist-stdp']) {
    const folder = path(program);
    expect(
      await commandLine(argv`rtl ${program} --precision mp8-8 --style microcode -o ${folder}`),
    ).toMatchObject({ status: 0 });
    texts.push(
      readdirSync(folder)
        .filter((name) => !ofProgram.includes(name))
        .sort()
        .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`)
        .join('\n'),
    );
  }
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toMatch(/mnist|hidden|surrogate/);
});

test.each(['ice40-up5k', 'icebreaker'])('there is no synthesis script for %s', async (target) => {
  const { status, stderr } = await commandLine(
    argv`rtl mnist-snn --style microcode --synth ${target} -o ${path('refused')}`,
  );
  expect([status, stderr]).toEqual([2, expect.stringContaining(`no synthesis script for ${target}`)]);
});

test('cells of a chip have no netlist to simulate, and no macros', async () => {
  for (const [options, said] of [
    ['--cosim icarus --netlist', '--netlist needs a hard-wired core'],
    ['--macros ihp-sg13g2', '--macros needs a hard-wired core'],
  ] as const) {
    const { status, stderr } = await commandLine([
      ...argv`rtl mnist-snn --style microcode --synth gates -o ${path('netlist')}`,
      ...options.split(' '),
    ]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
  }
});

test('the cells of a module count as often as the core has it, and its memories are told apart', () => {
  const lane = '$paramod$0a\\micro_lane';
  const report = {
    modules: {
      '\\top': { num_cells_by_type: { pair: 3, DFF_X1: 1 }, area: 10 },
      '\\pair': { num_cells_by_type: { [lane]: 2 } },
      [lane]: { num_cells_by_type: { $mem_v2: 1, DFF_X1: 4 }, area: 5 },
    },
  };
  const binary = (value: number): string => value.toString(2).padStart(32, '0');
  const memories = {
    modules: { [lane]: { cells: { registers: { parameters: { SIZE: binary(16), WIDTH: binary(32) } } } } },
  };
  const [text, kept] = [report, memories].map((value) => JSON.stringify(value));
  expect(readGates(text ?? '', 'gates.json', loadLiberty(), kept)).toEqual([
    { module: 'top', areaUm2: 10, flipFlops: 1, instances: 1, memoryBits: 0 },
    { module: 'pair', areaUm2: 0, flipFlops: 0, instances: 3, memoryBits: 0 },
    { module: 'micro_lane', areaUm2: 5, flipFlops: 4, instances: 6, memoryBits: 512 },
  ]);
});

test('banks with names that Verilog has for something else, or that are one name in it', () => {
  const { hw } = deploy(choiceWith(), findFile);
  const names = ['wire', 'm-b', 'm_b'];
  const banks = hw.banks.map((bank, index) => ({ ...bank, name: at(names, index) }));
  const texts = new Map(programmedFiles({ ...hw, banks }, readTemplates()).sources);
  const found = [...(texts.get('micro_banks.sv') ?? '').matchAll(/micro_bank #\(.*\) (\S+) \(/g)];
  expect(found.map(([, instance]) => instance)).toEqual(['bank_0', 'bank_1', 'bank_2']);
});

test.each([
  [['hw.lanes=6'], 'has 6 lanes; a programmable core has 4, 8, 16, 32 or 64'],
  [['hw.banks.state.bitMask=false'], "bank 'state' has no bit mask"],
  [
    ['hw.banks.state.ports={shared: 1}'],
    "bank 'state' has other ports than one that reads and one that writes",
  ],
])('a core with %j is refused', async ([setting = ''], said) => {
  const found = await commandLine(
    argv`rtl mnist-snn --precision mp8-8 --style microcode --set ${setting} -o ${path('none')}`,
  );
  expect([found.status, found.stderr]).toEqual([expect.any(Number), expect.stringContaining(said)]);
});

test('compile writes what the core is loaded with, and what changes with the schedule of a parameter', async () => {
  const file = path('digits.json');
  await commandLine(argv`compile mnist-snn --hw reference --precision mp8-8 --microcode ${file}`);
  const written = JSON.parse(readFileSync(file, 'utf8'));
  expect(written).toMatchObject({
    format: 'plasticore/microcode/1',
    program: 'mnist-snn',
  });
  // Generators, and the banks with their words: 16 lanes of 16 bits in a word of shadow weights.
  expect(new Set(written.generators).size).toBe(16);
  expect(written.banks.map(({ name }: { name: string }) => name)).toEqual(['weight', 'shadow', 'state']);
  expect(written.banks[1].words[0]).toMatch(/^[0-9a-f]{64}$/);
  // 14 kernels, a clear of each of four fields, and a test.
  expect(written.kernels).toHaveLength(19);
  // The rates of two kernels are the amounts of shifts in their words.
  const { intervals } = written;
  expect(
    intervals.map(
      ({ fromEpoch, words, scalars }: { fromEpoch: number; words: unknown[]; scalars: unknown[] }) => [
        fromEpoch,
        words.length,
        scalars.length,
      ],
    ),
  ).toEqual([
    [3, 2, 0],
    [5, 2, 0],
  ]);
});

test.each([
  ['words', 'microcode words: 34 needed, 4 available'],
  ['kernels', 'microcode kernels: 19 needed, 4 available'],
  ['accesses', 'microcode accesses: 17 needed, 4 available'],
  ['scalars', 'microcode scalars: 7 needed, 4 available'],
])('the limit of %s that is short is named, with need and offer', (limit, said) => {
  expect(() => microcodeOf(image, { ...microcodeUnit, [limit]: 4 })).toThrow(said);
});

test('all that is short is named, not the first alone', () => {
  expect(() => microcodeOf(image, { ...microcodeUnit, words: 4, scalars: 2 })).toThrow(
    'microcode words: 34 needed, 4 available; microcode scalars: 7 needed, 2 available',
  );
});

describe('limits that an hw-model states', () => {
  const cell = argv`mnist-snn --precision mp8-8`;
  const few = argv`--set hw.microcode.words=20 --set hw.microcode.kernels=20`;

  test('fit says what is needed of each, and what of it is there', () => {
    const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
    const settings = parseSettings(['hw.microcode.words=20', 'hw.microcode.kernels=20']);
    const needs = needsBeyond(experiment, { precision: 'mp8-8', settings }, findFile);
    expect(needs).toContainEqual({ what: 'words of microcode', needed: 34, available: 20 });
    expect(needs).toContainEqual({ what: 'kernels of microcode', needed: 19, available: 20 });
  });

  test('compile, sweep and compare refuse with the same words', async () => {
    const commands = [
      argv`compile ${cell} --hw reference ${few} -o ${path('none.pcore')}`,
      argv`sweep ${cell} --vary hw.microcode.words=20 --epochs 0 --limit 1 --quiet`,
      argv`compare ${cell} --hw reference ${few} --epochs 0 --limit 1 --quiet`,
    ];
    for (const line of commands) {
      const { stdout, stderr } = await commandLine(line);
      expect(stdout + stderr, line.join(' ')).toContain('microcode words: 34 needed, 20 available');
    }
  });

  test('a kernel that no word does is refused by name, where the core holds nothing else', async () => {
    const { status, stderr } = await commandLine(
      argv`compile gomez-tang --hw reference --precision mp8-8 --set hw.align=lanes --set hw.microcode.words=512 -o ${path('none.pcore')}`,
    );
    expect([status, stderr]).toEqual([
      expect.any(Number),
      expect.stringMatching(/kernel \w+, line .*no operation of a lane/),
    ]);
  });

  test('fewer registers put tiles further apart', () => {
    const bound = at(image.kernels, image.work.indexOf('fire(hidden)'));
    const intervalWith = (registers: 2 | 16): number =>
      scheduleMicrocode(bound, image, { ...microcodeUnit, registers }).intervalCycles;
    expect(intervalWith(2)).toBeGreaterThan(intervalWith(16));
  });
});

test('a record holds its parts, the first in the lowest bits, and nothing that is too large', () => {
  // 16 bits of the first word, 4 of parts, 3 of stride, 7 of the item and its words, then the sign.
  const record = packRecord(accessParts, { first: 5, parts: 1, stride: 3, signed: 1 });
  expect(record).toBe(5n + (1n << 16n) + (3n << 20n) + (1n << 30n));
  expect(() => packRecord(accessParts, { stride: 8 })).toThrow('stride is 8, which 3 bits do not hold');
});

test('the prices of a core that runs words are the law that its hardware keeps to', () => {
  const priced = coreImageOf(deploy(choiceWith('hw.microcode={}'), findFile).image);
  for (const [index, kernel] of priced.kernels.entries())
    expect(priced.costs.work[index], priced.work[index]).toMatchObject(
      microcodeCycles(kernel, scheduleMicrocode(kernel, priced, microcodeUnit)),
    );
});

test('a tile of 16 items of 24 bits is two words of 256, aligned to lanes, which are loaded one after the other', () => {
  const choice = {
    ...choiceWith('hw.align=lanes'),
    program: { name: 'shd-snn', from: '' },
    precision: 'mp16-8',
  };
  const aligned = coreImageOf(deploy(choice, findFile).image);
  expect(() => microcodeOf(aligned, microcodeUnit)).not.toThrow();
  const { loads } = scheduleMicrocode(
    at(aligned.kernels, aligned.work.indexOf('leak(output)')),
    aligned,
    microcodeUnit,
  );
  expect(loads).toMatchObject([{ words: 2 }]);
  const packed = { ...choice, settings: parseSettings([]) };
  expect(() => microcodeOf(coreImageOf(deploy(packed, findFile).image), microcodeUnit)).toThrow(
    'kernel leak: the items of output.v have 24 of 24 bits, 10 in a word of state',
  );
});

test('cycles follow from the words: rows that follow one another take none of their own', () => {
  const cyclesOf = (work: string) => {
    const kernel = at(image.kernels, image.work.indexOf(work));
    return microcodeCycles(kernel, scheduleMicrocode(kernel, image, microcodeUnit));
  };
  // Done 7 cycles after the last tile has entered, of which the next may enter in any: 7 - 1.
  expect(cyclesOf('integrate(inputToHidden)')).toEqual({ runCycles: 6, passCycles: 0, intervalCycles: 1 });
  // Two gates: 3 cycles before, 5 after each; then as many as the last tile takes for itself.
  const { intervalCycles, drainCycles } = scheduleMicrocode(
    at(image.kernels, image.work.indexOf('learn(inputToHidden)')),
    image,
    microcodeUnit,
  );
  expect(cyclesOf('learn(inputToHidden)')).toEqual({
    runCycles: 13 + drainCycles - intervalCycles,
    passCycles: 0,
    intervalCycles,
  });
});
