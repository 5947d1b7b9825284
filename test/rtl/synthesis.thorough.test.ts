import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { grouped } from '../../src/report/index.ts';
import { loadLiberty } from '../../src/rtl/node.ts';
import { readGates } from '../../src/rtl/synthesis/gates.ts';
import { sum } from '../../src/text/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { readPage } from '../package/reader.ts';
import { commandsOf, wordsOf } from '../package/readme.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { bothPowers, powerKinds, summed } from './opensta.ts';
import { smallCore } from './small-core.ts';

const { path } = scratch();

test('all ports of a small core are connected', needs('iverilog'), async () => {
  const out = path('small');
  expect((await commandLine(argv`${smallCore} -o ${out}`)).status).toBe(0);
  const sources = readdirSync(out).filter((name) => /^(k\d|bank|list|plasticore).*\.sv$/.test(name));
  const elaborate = ['-g2012', '-Wportbind', '-tnull', '-s', 'plasticore_pins', 'pins.v', ...sources];
  const { status, stderr } = spawnSync('iverilog', elaborate, { cwd: out, encoding: 'utf8' });
  expect([status, stderr.split('\n').filter((line) => line.includes('warning'))]).toEqual([0, []]);
});

// Skipped where it is missing: apt-get install yosys. That gates do what the model does takes minutes for each program:
// npx tsx test/rtl/random-many.ts 10 1 tame netlist
describe('yosys', needs('yosys'), () => {
  const odd = 'test/rtl/board/experiment.yaml';
  test.each([
    ['mnist-snn', 'mnist-snn', ''],
    ['words that tiles do not divide', odd, ''],
    ['an iCEBreaker', odd, '-set CLOCKS 12 -set LIGHTS 2 -set LOW 1'],
    ['an Arty', odd, '-set DIVIDE 4 -set LIGHTS 4'],
  ])('finds no latch, no loop and no undriven wire in a board that learns: %s', async (name, file, set) => {
    const out = path(name);
    expect((await commandLine(argv`rtl ${file} -o ${out}`)).status).toBe(0);
    const sources = readdirSync(out).filter((name) => name.endsWith('.sv') && !name.startsWith('bench'));
    const script = [
      `read_verilog -sv ${sources.join(' ')}`,
      ...(set === '' ? [] : [`chparam ${set} board`]),
      'hierarchy -check -top board',
      'proc',
      'check -assert',
      'select -assert-none t:$dlatch*',
    ].join('; ');
    const { status, stderr } = spawnSync('yosys', ['-q', '-p', script], { cwd: out, encoding: 'utf8' });
    // A short history of the walker is registers, and no memory.
    const warnings = stderr.split('\n').filter((line) => line !== '' && !line.includes('Replacing memory'));
    expect([status, warnings]).toEqual([0, []]);
  });
});

describe('a convolutional network takes the memories that fit counts', needs('yosys'), () => {
  const net = path('net');
  beforeAll(async () => {
    const line = argv`import experiments/digits-sinabs.nir --from sinabs --steps 24 --calibrate digits --encoder phase`;
    const { status, stderr } = await commandLine([...line, ...argv`--limit 20 --precision mp8-8 -o ${net}`]);
    expect(status, stderr).toBe(0);
  }, 300_000);

  test.each([
    [
      'ice40',
      'ice40-up5k',
      argv`--set hw.placement.weight=shadow --set hw.fpga.memories.block.count=200`,
      { block: 'SB_RAM40_4K', large: 'SB_SPRAM256KA' },
    ],
    ['ecp5', 'ecp5-25f', [], { block: 'DP16KD' }],
  ] as const)(
    'of an %s',
    async (script, hw, set, cells) => {
      const core = [join(net, 'experiment.yaml'), '--hw', hw, ...set];
      const { stdout } = await commandLine(['fit', ...core, '--json']);
      const out = path(`core-${script}`);
      expect((await commandLine(['rtl', ...core, '-o', out])).status).toBe(0);
      // Until memories are mapped: the gates after them take longer.
      const [upTo] = readFileSync(join(out, `${script}.ys`), 'utf8').split(' -run :check');
      const run = `${upTo} -run :map_ffram\ntee -q -o memories.json stat -json\n`;
      writeFileSync(join(out, 'memories.ys'), run);
      expect(spawnSync('yosys', ['-q', '-s', 'memories.ys'], { cwd: out }).status).toBe(0);
      const found = JSON.parse(readFileSync(join(out, 'memories.json'), 'utf8')).design.num_cells_by_type;
      const needed: { readonly what: string; readonly needed: number }[] = JSON.parse(stdout).needs;
      for (const [name, cell] of Object.entries(cells))
        expect(needed.find(({ what }) => what.startsWith(name))?.needed, cell).toBe(found[cell]);
    },
    300_000,
  );
});

describe('the cells of a chip', needs('yosys'), () => {
  const core = (out: string, ...options: readonly string[]) =>
    commandLine([
      ...argv`rtl recurrent --precision mp16-8 --set program.populations.neurons.size=16`,
      ...['--hw', 'test/rtl/open-process.yaml', ...options, '-o', out],
    ]);

  /** What yosys says of the whole netlist, read anew and flat. */
  const flat = (out: string): { readonly area: number; readonly cells: Readonly<Record<string, number>> } => {
    // Away from the folder, whose path has spaces and quotes.
    const plain = mkdtempSync(join(tmpdir(), 'flat-'));
    for (const file of ['cells.lib', 'netlist.v']) copyFileSync(join(out, file), join(plain, file));
    const script =
      'read_liberty -lib cells.lib; read_verilog netlist.v; hierarchy -top plasticore_core; flatten; tee -q -o flat.json stat -json -liberty cells.lib';
    expect(spawnSync('yosys', ['-q', '-p', script], { cwd: plain }).status).toBe(0);
    const { design } = JSON.parse(readFileSync(join(plain, 'flat.json'), 'utf8'));
    return { area: design.area, cells: design.num_cells_by_type };
  };

  test('of the package are those that yosys counts', async () => {
    const out = path('gates');
    const { status, stdout } = await core(out, '--synth', 'gates');
    expect(status).toBe(0);
    const { area, cells } = flat(out);
    const [, um2, flipFlops] = /^all cells +([\d ]+?) {2,}([\d ]+?) {2}/m.exec(stdout) ?? [];
    expect([um2, flipFlops].map((text) => Number(text?.replace(/ /g, '')))).toEqual([
      Math.round(area),
      cells.DFF_X1,
    ]);
  }, 300_000);

  test('of a programmable core leave its memories out', { timeout: 600_000 }, async () => {
    const out = path('programmed');
    const { status, stdout, stderr } = await commandLine(
      argv`rtl recurrent --hw reference --set hw.lanes=4 --style microcode --synth gates -o ${out}`,
    );
    expect([status, stdout], stderr).toEqual([0, expect.stringMatching(/^4 x micro_lane /m)]);
    const [gates = '', kept] = ['gates.json', 'memories.json'].map((file) =>
      readFileSync(join(out, file), 'utf8'),
    );
    const found = readGates(gates, 'gates.json', loadLiberty(), kept);
    // Sixteen registers twice for results and twice for loads, with two ports each, and whether they are set.
    expect(found.find(({ module }) => module === 'micro_lane')).toMatchObject({
      instances: 4,
      memoryBits: 4 * 16 * 32 + 2 * 16,
    });
    const bits = sum(found.map(({ instances, memoryBits }) => instances * memoryBits));
    expect(stdout).toContain(`\nmemories of ${grouped(bits)} bits beside its banks`);
  });

  test('of an open process, in a folder of any name, with macros', {
    ...needs('liberty', 'sta'),
    timeout: 600_000,
  }, async () => {
    const out = path('it\'s "the" folder');
    const liberty = join(process.env.PLASTICORE_LIBERTY ?? '', 'sg13g2_stdcell_typ_1p20V_25C.lib.gz');
    const { status, stdout } = await core(
      out,
      ...['--synth', 'liberty', '--liberty', liberty, '--node', '130'],
      ...['--macros', 'hw-models/macros/ihp-sg13g2.csv'],
    );
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^longest path [\d.]+ ns: at most /m)]);
    const { area, cells } = flat(out);
    expect(stdout.replace(/(\d) (?=\d{3}\b)/g, '$1')).toMatch(
      new RegExp(`^all cells +${Math.round(area)} +${cells.sg13g2_dfrbpq_1} `, 'm'),
    );
    // 256 words of 16 bits, a row of 16 weights each, and at least the state's words of 32.
    expect(stdout).toMatch(/^bank_weight: 1 of 256 x 16 +57 521$/m);
    expect(readFileSync(join(out, 'open-process-liberty.yaml'), 'utf8')).toContain(
      `flipFlops: ${cells.sg13g2_dfrbpq_1}`,
    );
  });
});

describe('a netlist does what the model does', needs('yosys', 'iverilog'), () => {
  test.each([
    ['learns', []],
    ['infers', ['--epochs', '0']],
  ])(
    'where it %s, of the cells of the package',
    async (name, options) => {
      const line = argv`rtl test/rtl/board/experiment.yaml --synth gates --cosim icarus --netlist`;
      const { status, stdout, stderr } = await commandLine([...line, ...options, '-o', path(name)]);
      expect([status, stdout], stderr).toEqual([
        0,
        expect.stringMatching(/: its netlist is identical under icarus: [12] samples?, /),
      ]);
    },
    600_000,
  );

  /** A core that learns on one lane: Icarus runs some 20 cycles of its netlist a second. */
  const oneLane = [
    ...argv`rtl mnist-snn --precision mp8-8 --set program.populations.hidden.size=16 --set hw.lanes=1`,
    ...argv`--set hw.inferenceWeights=sliced --cosim verilator --netlist`,
  ];
  const identical = expect.stringMatching(/: its netlist is identical under verilator: 2 samples, /);

  test('where it learns on one lane', { ...needs('verilator'), timeout: 1_200_000 }, async () => {
    const { status, stdout, stderr } = await commandLine([
      ...oneLane,
      ...argv`--synth gates -o ${path('one-lane')}`,
    ]);
    expect([status, stdout], stderr).toEqual([0, identical]);
  });

  test('where it learns on one lane of an open process, in at most 500 000 um2 with its lists', {
    ...needs('verilator', 'liberty', 'sta'),
    timeout: 1_200_000,
  }, async () => {
    const liberty = join(process.env.PLASTICORE_LIBERTY ?? '', 'sg13g2_stdcell_typ_1p20V_25C.lib.gz');
    const { status, stdout, stderr } = await commandLine([
      ...oneLane,
      ...argv`--synth liberty --liberty ${liberty} --node 130 --macros ihp-sg13g2 -o ${path('one-lane-ihp')}`,
    ]);
    expect([status, stdout], stderr).toEqual([0, identical]);
    const um2 = [
      ...stdout.matchAll(/^(?:all cells|list_\w+: 1 of [\d x]+?) {2,}(\d[\d ]*?)(?: {2}|$)/gm),
    ].map(([, area = '']) => Number(area.replaceAll(' ', '')));
    // The cells, and a macro for the list of rows.
    expect(um2).toHaveLength(2);
    expect(um2.reduce((sum, each) => sum + each, 0)).toBeLessThan(500_000);
  });

  // The three commands of docs/silicon.md, whose files are in folders of their own here.
  test('of an open process, by the commands of docs/silicon.md', {
    ...needs('yosys', 'iverilog', 'sta', 'liberty'),
    timeout: 600_000,
  }, async () => {
    const liberty = join(process.env.PLASTICORE_LIBERTY ?? '', 'sg13g2_stdcell_typ_1p20V_25C.lib.gz');
    const places = new Map([
      ['sg13g2_stdcell_typ_1p20V_25C.lib.gz', liberty],
      ['core/', path('silicon-core')],
      ['chip/', path('silicon-chip')],
      ['chip/reference-liberty.yaml', path('silicon-chip/reference-liberty.yaml')],
    ]);
    const said: string[] = [];
    for (const line of commandsOf(readPage('docs/silicon.md'))) {
      const words = wordsOf(line).map((word) => places.get(word) ?? word);
      const { status, stdout, stderr } = await commandLine(words);
      expect(status, stderr).toBe(0);
      said.push(stdout);
    }
    expect(said[0]).toMatch(/: identical under icarus/);
    expect(said[1]).toMatch(/^longest path [\d.]+ ns[\s\S]*: its netlist is identical under icarus/m);
    const [, least, most] = /^clock +([\d.]+) +([\d.]+)$/m.exec(said[1] ?? '') ?? [];
    expect(Number(most)).toBeGreaterThan(Number(least));
    // A flip-flop whose clock runs takes 0.032 pJ a period by its table; most have a gate.
    const flipFlops = Number(
      /^all cells +[\d ]+? {2,}([\d ]+?) {2}/m.exec(said[1] ?? '')?.[1]?.replace(' ', ''),
    );
    expect(Number(least) / flipFlops).toBeLessThan(0.032);
    expect(readFileSync(path('silicon-chip/reference-liberty.yaml'), 'utf8')).toMatch(
      /^ {2}uwPerMhz: [\d.]+$/m,
    );
    const [, rows = ''] = /^pJ a cycle.*\n([\s\S]*?)\nwith wires/m.exec(said[1] ?? '') ?? [];
    const column = rows.split('\n').map((row) => Number(/[\d.]+$/.exec(row)?.[0]));
    expect(rows).toContain('leakage of banks');
    expect(sum(column.slice(0, -1))).toBeCloseTo(column.at(-1) ?? 0, 1);
    expect(said[2]).toMatch(/^test +/m);
    expect(readFileSync(path('silicon-chip/gates.ys'), 'utf8')).toContain('clockgate -pos sg13g2_lgcp_1 ');
  });

  test('of an open process, takes what OpenSTA says of the same dump', {
    ...needs('yosys', 'iverilog', 'sta', 'liberty', 'opensta'),
    timeout: 600_000,
  }, () => {
    const cells = bothPowers(path('silicon-chip'));
    for (const group of ['flip-flops', 'clock gates', 'gates']) {
      const { own, other } = summed(cells.filter((cell) => cell.group === group));
      for (const kind of powerKinds) {
        expect(own[kind] / other[kind], `${group}, ${kind}`).toBeGreaterThan(0.9);
        expect(own[kind] / other[kind], `${group}, ${kind}`).toBeLessThan(1.1);
      }
    }
  });
});
