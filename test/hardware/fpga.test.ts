import { describe, expect, test } from 'vitest';
import { shownSources } from '../../src/cli/commands/cell-runs.ts';
import { synthesisedPart } from '../../src/cli/rtl-part.ts';
import {
  deploy,
  findHwModel,
  loadExperiment,
  noSettings,
  parseSettings,
} from '../../src/experiment/index.ts';
import { readSpace } from '../../src/explore/index.ts';
import { explore } from '../../src/explore/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { type BlockMemory, blocksOf, coreArea } from '../../src/hardware/index.ts';
import { readImage, writeImage } from '../../src/image/index.ts';
import { familyOf, partOf } from '../../src/rtl/node.ts';
import { compileProgram } from '../bench/deployment.ts';
import { commandLine } from '../cli/in-process.ts';
import { inThisThread } from '../support/in-this-thread.ts';
import { scratch } from '../support/scratch.ts';
import { edit, failure, load, tiny } from './tiny.ts';

const { folder, path } = scratch();
const model = (name: string) => findHwModel({ name, from: '' }, '', findFile, noSettings.hw);

describe('blocks of a bank', () => {
  const ecp5: BlockMemory = {
    name: 'block',
    count: 208,
    bits: 16_384,
    narrowest: 1,
    widest: 32,
    enabledBits: 8,
    byteBits: 9,
    leastBits: 2048,
    singlePort: false,
  };
  const ebr: BlockMemory = {
    ...ecp5,
    bits: 4096,
    narrowest: 2,
    widest: 16,
    enabledBits: 1,
    byteBits: 8,
    leastBits: 512,
  };
  const large: BlockMemory = {
    ...ebr,
    bits: 262_144,
    narrowest: 16,
    enabledBits: 4,
    leastBits: 65_536,
    singlePort: true,
  };

  test.each([
    // 12 800 words need blocks of 16 384 x 1: one for each bit.
    [ecp5, { words: 12_800, wordBits: 128, slice: 8 }, 128],
    // 3184 words fit 4096 x 4.
    [ecp5, { words: 3184, wordBits: 32, slice: 8 }, 8],
    // Two blocks deep, one for each bit.
    [ecp5, { words: 20_000, wordBits: 16, slice: 8 }, 32],
    // Enables of 8 bits write parts of words of 32 bits.
    [ecp5, { words: 100, wordBits: 256, slice: 8 }, 8],
    // 100 words of slices of 4 bits, which no enable writes apart, are 400 bits: lookup tables.
    [ecp5, { words: 100, wordBits: 256, slice: 4 }, 0],
    // A slice that does not halve: 12 bits of 1024 words are in a block of 16.
    [ecp5, { words: 1024, wordBits: 36, slice: 12 }, 3],
    [ebr, { words: 500, wordBits: 32, slice: 8 }, 4],
    // 3000 words need two blocks of 2048 x 2, for each two bits.
    [ebr, { words: 3000, wordBits: 8, slice: 8 }, 8],
  ])('%o, %o: %i', (memory, shape, blocks) => {
    expect(blocksOf(memory, { ...shape, isShared: false, isCut: true })).toBe(blocks);
  });

  test.each([
    // 512 x 8: 9 rows of 21 bits fill 24 words of 8.
    [ebr, { words: 4489, wordBits: 21 }, 24],
    // 6 rows of 21 bits in words of 2.
    [ebr, { words: 11_552, wordBits: 21 }, 63],
    // 2048 x 9: 6 rows of 21 bits.
    [ecp5, { words: 11_552, wordBits: 21 }, 14],
    // 1024 x 18, with the bits for checks.
    [ecp5, { words: 784, wordBits: 17 }, 1],
  ])('that synthesis cuts, %o, %o: %i', (memory, shape, blocks) => {
    expect(blocksOf(memory, { ...shape, slice: shape.wordBits, isShared: false, isCut: false })).toBe(blocks);
  });

  test('with one port are for banks that share one', () => {
    const words = { words: 20_000, wordBits: 16, slice: 8 };
    expect(blocksOf(large, { ...words, isShared: false, isCut: true })).toBeUndefined();
    expect(blocksOf(large, { ...words, isShared: true, isCut: true })).toBe(2);
    expect(blocksOf(large, { ...words, words: 16_384, wordBits: 32, isShared: true, isCut: true })).toBe(2);
  });
});

describe('a network on an FPGA', () => {
  const fit = ['fit', 'mnist-snn', '--precision', 'mp8-8'];

  test('takes the blocks and multipliers that synthesis has found', async () => {
    const { status, stdout } = await commandLine([...fit, '--hw', 'ecp5-85f', '--json']);
    const { fits, needs } = JSON.parse(stdout);
    expect([status, fits]).toEqual([0, true]);
    // nextpnr reports as many for the learning core: docs/build-your-core.md.
    expect(needs).toContainEqual({ what: 'block RAMs of 16 Kbit', needed: 136, available: 208 });
    expect(needs).toContainEqual({ what: 'multipliers of 18 bits', needed: 32, available: 156 });
  });

  test('fits the smallest part if it is small itself', async () => {
    const small = ['--set', 'program.populations.hidden.size=64'];
    const { status, stdout } = await commandLine([
      ...['fit', 'mnist-snn', '--precision', 'mp8-4', '--hw', 'ice40-up5k', ...small, '--json'],
    ]);
    const { needs } = JSON.parse(stdout);
    expect(status).toBe(0);
    // yosys' synth_ice40 finds 11, 2 and 2, by the ice40.ys that rtl writes: a list is one memory of tiles and lanes.
    expect(needs.slice(0, 3)).toEqual([
      { what: 'block RAMs of 4 Kbit', needed: 11, available: 30 },
      { what: 'large RAMs of 256 Kbit', needed: 2, available: 4 },
      { what: 'multipliers of 16 bits', needed: 2, available: 8 },
    ]);
  });

  test('that is short of a resource is told which', async () => {
    const small = ['program.populations.hidden.size=80', 'hw.fpga.multipliers.count=10'];
    const set = small.flatMap((setting) => ['--set', setting]);
    const { status, stderr } = await commandLine([
      ...['run', 'mnist-snn', '--precision', 'mp8-8', '--hw', 'ecp5-25f', ...set, '--limit', '2'],
    ]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(
        "does not fit ecp5-25k of hw-model 'ecp5-25f': multipliers of 18 bits: 16 needed, 10 available",
      ),
    ]);
    const large = await commandLine([...fit, '--hw', 'ecp5-25f']);
    expect(large.stdout).toMatch(/block RAMs of 16 Kbit +132 +56 +76 too many/);
    // Other FPGAs are larger ones; chips are none.
    expect(large.stdout).toContain('--hw ecp5-85f');
    expect(large.stdout).not.toContain('--hw reference');
  });

  test('is shown with what the part takes, and without what a chip would leak', async () => {
    const lanePj = async (times: number) => {
      const { stdout } = await commandLine([
        ...['inspect', 'mnist-snn', '--precision', 'mp8-8', '--hw', 'ecp5-85f'],
        ...['--set', `hw.fpga.overhead.times=${times}`],
      ]);
      return Number(/^integrate\S* +\d+ +\d+ +\d+ +(\S+)/m.exec(stdout)?.[1]);
    };
    // Twice and six times what a chip takes.
    expect((await lanePj(5)) / (await lanePj(1))).toBeCloseTo(3, 1);
    const { stdout } = await commandLine(['hw', 'show', 'ecp5-85f']);
    const columns = /^weight +(.*)$/m.exec(stdout)?.[1]?.split(/ {2,}/);
    expect(columns?.[6]).toBe('-');
  });

  test('is compared and explored by resources, not by areas', async () => {
    const compared = await commandLine([
      ...['compare', 'mnist-snn', '--hw', 'ecp5-85f,ecp5-25f', '--precision', 'mp8-8', '--limit', '2'],
      ...['--epochs', '0'],
    ]);
    expect(compared.stdout).toMatch(/ecp5-85f.*65 % of the block RAMs of 16 Kbit +- /);
    expect(compared.stdout).toMatch(/ecp5-25f.*does not fit/);
    expect(coreArea(model('ecp5-85f')).totalUm2).toBe(0);
    const text =
      'format: plasticore/space/1\naxes: {hw.fpga.multipliers.count: [20, 156]}\nobjectives: [accuracy, energy]\n';
    const { designs } = await explore(
      loadExperiment(findFile('experiment', 'mnist-snn', '')),
      readSpace({ text, file: 'space.yaml' }),
      {
        ...{ hw: 'ecp5-85f', precision: 'mp8-8', limit: 2, epochs: 0 },
        plan: { search: 'grid', designs: undefined, seed: 1 },
        on: inThisThread,
      },
      findFile,
    );
    expect(designs.map(({ status }) => status)).toEqual(['misfit', 'done']);
    expect(designs[0]?.reason).toContain('multipliers of 18 bits: 32 needed, 20 available');
    expect(designs[1]?.figures.areaUm2).toBeNull();
  });
});

test('an hw-model of an FPGA has one core', () => {
  const fpga =
    'fpga: {part: x, luts: 100, multipliers: {count: 1, bits: 18}, memories: {block: {count: 1, bits: 1024, narrowest: 1, widest: 8, enabledBits: 8, leastBits: 0}}, source: paper}\n';
  expect(load(tiny + fpga).fpga).toMatchObject({
    part: 'x',
    memories: [{ name: 'block', singlePort: false }],
  });
  expect(() => load(edit(tiny + fpga, 'source: paper}\ncontrol', 'source: nowhere}\ncontrol'))).toThrow(
    "there is no source 'nowhere'",
  );
});

test.each([
  ['narrowest: 1', 'narrowest: 3', 'fpga.memories.block.narrowest: expected a power of two, found 3'],
  ['narrowest: 1', 'narrowest: 16', 'fpga.memories.block.widest: expected 16 to 1024 bits, found 8'],
  ['blocks: {block: 1}', 'blocks: {blok: 1}', "there is no memory 'blok'; did you mean 'block'?"],
  ['blocks: {block: 1}', 'blocks: {}', "fpga.core.blocks: missing: expected the number of blocks 'block'"],
])('%s as %s is refused', (part, other, message) => {
  const fpga =
    'fpga: {part: x, luts: 100, multipliers: {count: 1, bits: 18}, memories: {block: {count: 1, bits: 1024, narrowest: 1, widest: 8, enabledBits: 8, leastBits: 0}}, source: paper, core: {program: p, precision: mp8-8, lanes: 2, luts: 9, multipliers: 0, blocks: {block: 1}, source: paper}}\n';
  expect(load(tiny + fpga).fpga?.core).toMatchObject({ blocks: { block: 1 } });
  expect(failure(() => load(tiny + edit(fpga, part, other))).message).toContain(message);
});

test('an image keeps the prices that the program has wired into the core, in its file as well', () => {
  const settings = parseSettings(['program.populations.hidden.size=16']);
  const request = { program: { name: 'mnist-snn', from: '' }, precision: 'mp8-8', seed: 1, settings };
  const { image } = deploy({ ...request, hw: { name: 'ice40-up5k', from: '' } }, findFile);
  // Bits of control are those of this program, not of the mean core: a file has them, too.
  const stored = readImage(writeImage(image), 'small.pcore');
  expect(stored.costs).toEqual(image.costs);
});

test('hw-models have the shapes for which memories are cut, and multipliers that routers count', () => {
  const { fpga } = model('ecp5-85f');
  const { block, multiplierBits } = familyOf('ulx3s-85f');
  expect(fpga?.memories).toEqual([{ name: 'block', count: 208, ...block }]);
  const small = familyOf('icebreaker');
  expect(model('ice40-up5k').fpga?.memories).toMatchObject([small.block, small.large]);
  expect(fpga?.multipliers.bits).toBe(multiplierBits);
  expect([fpga?.part, model('ecp5-25f').fpga?.part]).toEqual([partOf('ulx3s-85f'), partOf('ulx3s-25f')]);
});

test('what a synthesis has found becomes an hw-model, which fit prints and other programs may not use', async () => {
  const image = compileProgram('mnist-snn');
  const core = { image, hw: model('reference'), extended: 'reference', settings: [] };
  const used = [
    { resource: 'lookup tables of 4 inputs', is: 'luts', used: 900, available: 1000 },
    { resource: 'block RAMs of 18 Kbit', is: 'block', used: 150, available: 208 },
    { resource: 'multipliers of 18 bits', is: 'multipliers', used: 3, available: 9 },
  ] as const;
  synthesisedPart(folder, 'ecp5-85k', core, { clockMhz: 41.29, used });
  const file = path('reference-ecp5-85k.yaml');
  const { lanes, clockMhz, fpga, sequencer } = model(file);
  expect({ lanes, clockMhz, sequencer }).toEqual({ lanes: 16, clockMhz: 41.2, sequencer: 'hardwired' });
  const { program, core: shape } = image;
  expect(fpga?.core).toMatchObject({
    ...{ program, precision: shape.precision, lanes: 16 },
    ...{ luts: 900, blocks: { block: 150 }, source: { kind: 'synthesised' } },
  });
  const { stdout } = await commandLine(['fit', 'mnist-snn', '--hw', file, '--precision', shape.precision]);
  expect(stdout).toMatch(/lookup tables +900 +1 000 +100 free/);
  expect(stdout).toMatch(/block RAMs of 16 Kbit +150 +208/);
  const { status, stderr } = await commandLine(['run', 'speech-snn', '--hw', file, '--limit', '2']);
  expect([status, stderr]).toEqual([
    2,
    expect.stringContaining("is not what hw-model 'reference-ecp5-85k' is wired for"),
  ]);
  const lanesOf = ['run', 'mnist-snn', '--hw', file, '--precision', shape.precision, '--set', 'hw.lanes=8'];
  const fewer = await commandLine([...lanesOf, '--limit', '2']);
  expect([fewer.status, fewer.stderr]).toEqual([2, expect.stringContaining('on 8 lanes is not what')]);
  const nothing = () => synthesisedPart(folder, 'ecp5-25k', core, { clockMhz: 41.29, used: used.slice(1) });
  expect(nothing).toThrow('nextpnr-ecp5 does not say how many luts there are');
});

test('takes in SYNtzulu’s shape what SYNtzulu takes: 12.05 mW while it infers, and 9.5 to 14.2 mW within the bounds', async () => {
  const shape = [
    '--hw',
    'test/hardware/syntzulu.yaml',
    '--precision',
    'mp8-8',
    '--inference',
    '--epochs',
    '0',
  ];
  const small = ['--set', 'program.populations.hidden.size=64', '--limit', '20', '--json', '-'];
  const { status, stdout } = await commandLine(['run', 'mnist-snn', ...shape, ...small]);
  expect(status).toBe(0);
  const { energyPj, latencyNs } = JSON.parse(stdout).test.perSample;
  // pJ a ns are mW.
  expect(energyPj.total / latencyNs).toBeCloseTo(12.05, 0);
  expect(energyPj.byUnit.static / latencyNs).toBeCloseTo(0.3, 9);
  expect(energyPj.byUnit.leakage ?? 0).toBe(0);
  expect(energyPj.interval.low / latencyNs).toBeLessThan(9.5);
  expect(energyPj.interval.high / latencyNs).toBeGreaterThan(14.2);
});

test('compare states energies of FPGAs with their bounds', async () => {
  const line = [
    'compare',
    'mnist-snn',
    '--hw',
    'ecp5-85f,ice40-up5k',
    '--precision',
    'mp8-8',
    '--limit',
    '2',
  ];
  const small = ['--set', 'program.populations.hidden.size=64', '--epochs', '0', '--json'];
  const { chips } = JSON.parse((await commandLine([...line, ...small])).stdout);
  for (const { energyPjPerInference: pj, energyPjInterval, energyPjBySourceKind } of chips) {
    const kinds = Object.values<number>(energyPjBySourceKind);
    expect(kinds.reduce((sum, each) => sum + each, 0)).toBeCloseTo(pj, 3);
    // What the part takes at rest was measured.
    expect(energyPjBySourceKind.measured).toBeGreaterThan(0);
    expect(energyPjInterval.low).toBeLessThan(pj);
    expect(energyPjInterval.high).toBeGreaterThan(pj);
  }
  expect(chips).toHaveLength(2);
  const sources = expect.stringMatching(/^(measured|estimated) \d+ %, (measured|estimated) \d+ %$/);
  expect(chips.map(shownSources)).toEqual([sources, sources]);
});
