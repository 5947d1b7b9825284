import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadLiberty, simulate, type ToolProgress } from '../../src/rtl/node.ts';
import { cellModels, functionText } from '../../src/rtl/synthesis/cells.ts';
import { readLongestPath, timingFiles } from '../../src/rtl/synthesis/gates.ts';
import { readLiberty } from '../../src/rtl/synthesis/liberty.ts';
import { readSynthesis } from '../../src/rtl/synthesis/parts.ts';
import { bitstreamCommand, netlistCommand, routeCommand } from '../../src/rtl/synthesis/script.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { expectError } from '../support/errors.ts';
import { scratch } from '../support/scratch.ts';
import { smallCore } from './small-core.ts';

const { folder } = scratch();

describe('the report of a router', () => {
  test('of an iCE40 counts its cells', () => {
    // As nextpnr-ice40 0.7 writes it, shortened.
    const small = {
      fmax: { clk$SB_IO_IN_$glb_clk: { achieved: 21.5, constraint: 12 } },
      utilization: {
        ICESTORM_LC: { used: 4109, available: 5280 },
        ICESTORM_SPRAM: { used: 2, available: 4 },
        SB_GB: { used: 3, available: 8 },
      },
    };
    expect(readSynthesis(JSON.stringify(small), 'a.json')).toEqual({
      clockMhz: 21.5,
      used: [
        { resource: 'logic cells', is: 'luts', used: 4109, available: 5280 },
        { resource: 'RAMs of 256 Kbit with one port', is: 'large', used: 2, available: 4 },
      ],
    });
  });

  // As nextpnr-ecp5 0.7 writes it, shortened.
  const report = {
    fmax: { clk: { achieved: 61.2345, constraint: 200 }, other: { achieved: 80, constraint: 200 } },
    utilization: {
      TRELLIS_COMB: { used: 20_910, available: 83_640 },
      DP16KD: { used: 136, available: 208 },
      DCCA: { used: 1, available: 56 },
    },
  };

  test('gives the slowest clock, and what people ask for', () => {
    expect(readSynthesis(JSON.stringify(report), 'a.json')).toEqual({
      clockMhz: 61.2345,
      used: [
        { resource: 'lookup tables of 4 inputs', is: 'luts', used: 20_910, available: 83_640 },
        { resource: 'block RAMs of 18 Kbit', is: 'block', used: 136, available: 208 },
      ],
    });
  });

  test('is refused without a clock', () => {
    const none = { ...report, fmax: {} };
    expectError(() => readSynthesis(JSON.stringify(none), 'a.json'), 'run', 'a.json: expected a report');
  });
});

test('banks become memories as wide as a block is at their depth', async () => {
  const out = join(folder, 'core');
  const line = ['rtl', 'mnist-snn', '--precision', 'mp8-8', '--set', 'hw.inferenceWeights=sliced', '-o', out];
  expect((await commandLine(line)).status).toBe(0);
  const script = readFileSync(join(out, 'ecp5.ys'), 'utf8');
  // 6400 words of shadow weights: 16 384 bits are 2 bits at that depth. State has 8 or 16 bits an item, which the
  // enables of a block's bytes write apart, and one word of flags, which are written bit by bit.
  expect(script).toContain('chparam -set SLICE 2 bank_shadow\n');
  expect(script).toContain('chparam -set SLICE 32 bank_state\n');
  expect(readFileSync(join(out, 'bank_state.sv'), 'utf8')).toContain(
    'localparam GRAIN = SLICE < 8 ? SLICE : 8;',
  );
  expect(readFileSync(join(out, 'bank_state.sv'), 'utf8')).toContain('reg [255:0] fine0 [0:0];');
});

test('a bank of one port that takes many blocks goes into the large memories of an iCE40', async () => {
  const out = join(folder, 'small');
  expect((await commandLine(argv`${smallCore} -o ${out}`)).status).toBe(0);
  const script = readFileSync(join(out, 'ice40.ys'), 'utf8');
  // 12 736 words of four shadow weights: a block of 4096 bits would be less than a bit wide, the large memories hold
  // 16 384 words.
  expect(script).toContain('chparam -set SLICE 32 bank_shadow\n');
  expect(script).toContain('setattr -set ram_style "huge" bank_shadow/m:*.mem\n');
  expect(readFileSync(join(out, 'bank_shadow.sv'), 'utf8')).toContain('address = w_en ? w_addr : r0_addr;');
  expect(script).toContain('-top plasticore_pins');
});

test('placements are those of an FPGA', async () => {
  for (const synth of [[], ['--synth', 'gates']]) {
    const line = ['rtl', 'mnist-snn', ...synth, '--placements', '3', '-o', join(folder, 'no-fpga')];
    const { status, stderr } = await commandLine(line);
    expect([status, stderr]).toEqual([2, expect.stringContaining('--placements needs --synth of an FPGA')]);
  }
  expect(existsSync(join(folder, 'no-fpga'))).toBe(false);
});

test('a machine without yosys is told what to install', async () => {
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    const line = ['rtl', 'mnist-snn', '--synth', 'ecp5-25k', '-o', join(folder, 'no-yosys')];
    const { status, stderr } = await commandLine(line);
    expect([status, stderr]).toEqual([2, expect.stringContaining('install it: apt-get install yosys')]);
  } finally {
    process.env.PATH = path;
  }
});

/** Programs that leave what a run of this clock would leave. */
function pretend(clockMhz: number, ...others: readonly number[]): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  const amount = { used: 1, available: 2 };
  const utilization = { TRELLIS_COMB: amount, DP16KD: amount, MULT18X18D: amount };
  const reportOf = (achieved: number) => JSON.stringify({ fmax: { clk: { achieved } }, utilization });
  // Of a placement by its number; that of the first one, if it has none.
  const reports = [clockMhz, ...others].map((clock, index) => `${index + 1}) report='${reportOf(clock)}';;`);
  const route = `
seed=1; for a; do case "$last" in --seed) seed=$a;; --report) file=$a;; --textcfg) config=$a;; esac; last=$a; done
case $seed in ${reports.join(' ')} esac
if [ -n "$file" ]; then echo "$report" > "$file"; fi
if [ -n "$config" ]; then echo "placement $seed" > "$config"; fi`;
  const programs = {
    yosys: 'true',
    'nextpnr-ecp5': route,
    ecppack: 'if [ "$1" = --compress ]; then echo "$@" > "$3"; fi',
  };
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return bin;
}

describe('a board', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });
  const synthesise = (name: string, programs: string, ...options: readonly string[]) => {
    process.env.PATH = programs;
    const small = ['--set', 'program.populations.hidden.size=16'];
    const out = ['-o', join(folder, name)];
    return commandLine(argv`rtl mnist-snn ${small} --synth ulx3s-85f ${options} ${out}`);
  };

  test('has a bitstream of a core that keeps up with its clock', async () => {
    const { status, stdout, stderr } = await synthesise('fast', `${pretend(25)}:${path}`);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/clock, routed +25.0 MHz/)]);
    expect(stderr).toContain('ulx3s.bit: the bitstream for ulx3s-85f');
    expect(readFileSync(join(folder, 'fast', 'ulx3s.bit'), 'utf8')).toContain('ulx3s.config');
  });

  test('of another vendor has its own pins, router and packer', () => {
    expect(routeCommand('icebreaker', 12)).toEqual([
      ...['nextpnr-ice40', '--up5k', '--package', 'sg48', '--json', 'icebreaker.json'],
      ...['--report', 'icebreaker.report.json', '--freq', '12'],
      ...['--pcf', 'icebreaker.pcf', '--asc', 'icebreaker.asc', '--timing-allow-fail', '--quiet'],
    ]);
    expect(bitstreamCommand('icebreaker')).toEqual(['icepack', 'icebreaker.asc', 'icebreaker.bin']);
    expect(netlistCommand('icebreaker')).toEqual(['yosys', '-q', '-s', 'icebreaker.ys']);
  });

  test('has the fastest of several placements', async () => {
    const programs = `${pretend(24, 31, 28)}:${path}`;
    const { status, stdout } = await synthesise('several-placements', programs, '--placements', '3');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/clock, routed +31.0 MHz/)]);
    const files = readdirSync(join(folder, 'several-placements')).filter((name) =>
      /report|config/.test(name),
    );
    expect(files).toEqual(['ulx3s-85f.report.json', 'ulx3s.config']);
    const routed = readFileSync(join(folder, 'several-placements', 'ulx3s.config'), 'utf8');
    expect(routed).toBe('placement 2\n');
  });

  test('has none of a slower core', async () => {
    const { status, stderr } = await synthesise('slow', `${pretend(24.9)}:${path}`);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('has a clock of 25 MHz, and the core routes at 24.9 MHz'),
    ]);
    expect(existsSync(join(folder, 'slow', 'ulx3s.bit'))).toBe(false);
  });

  test('has no core that takes more memories than the part has, and is not placed', async () => {
    const bin = pretend(25);
    // As nextpnr-ecp5 0.7 says it after packing.
    const packed = 'Info: \t DP16KD:   300/  208   144%\nInfo: \t TRELLIS_COMB:   134/83640     0%';
    writeFileSync(
      join(bin, 'nextpnr-ecp5'),
      `#!/bin/sh\ncase "$*" in *--pack-only*) echo '${packed}';; *--report*) exit 1;; esac\n`,
    );
    const { status, stderr } = await synthesise('large', `${bin}:${path}`);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('does not fit ulx3s-85f: it takes 300 block RAMs of 18 Kbit of 208\n'),
    ]);
  });

  test('needs ecppack before anything is synthesised', async () => {
    const bin = pretend(25);
    rmSync(join(bin, 'ecppack'));
    const { status, stderr } = await synthesise('none', bin);
    expect([status, stderr]).toEqual([2, expect.stringContaining('cannot run ecppack')]);
    expect(stderr).toContain('install it: apt-get install yosys nextpnr-ecp5 fpga-trellis');
    expect(existsSync(join(folder, 'none', 'ulx3s-85f.report.json'))).toBe(false);
  });

  test('has no core of several', async () => {
    const line = ['rtl', 'many-cores', '--core', '0', '--synth', 'ulx3s-85f', '-o', join(folder, 'several')];
    const { status, stderr } = await commandLine(line);
    expect([status, stderr]).toEqual([2, expect.stringContaining('has no wrapper for a board')]);
    expect(existsSync(join(folder, 'several'))).toBe(false);
  });
});

/** Does something where a program called verilator builds this bench. */
async function withBench<Result>(bench: string, work: () => Promise<Result>): Promise<Result> {
  const bin = mkdtempSync(join(folder, 'bin-'));
  const text = `mkdir obj_dir; printf '#!/bin/sh\\n${bench}\\n' > obj_dir/bench; chmod +x obj_dir/bench`;
  writeFileSync(join(bin, 'verilator'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  try {
    return await work();
  } finally {
    process.env.PATH = path;
  }
}

test('a bench that is built in a folder is run there, however the folder is named', async () => {
  const core = join(mkdtempSync(join(folder, 'core-')), 'further', 'down');
  mkdirSync(core, { recursive: true });
  await withBench('pwd > observed.txt', () =>
    simulate(relative(process.cwd(), core), ['a.sv'], { simulator: 'verilator' }),
  );
  expect(readFileSync(join(core, 'observed.txt'), 'utf8').trim()).toBe(realpathSync(core));
});

test('a signal ends a bench with all that it has started', async () => {
  const core = mkdtempSync(join(folder, 'core-'));
  const stop = new AbortController();
  // What holds the output is a child of the bench: as long as it lives, the bench is not at its end.
  const run = withBench('> begun; sleep 600; echo', () =>
    simulate(core, ['a.sv'], { simulator: 'verilator', signal: stop.signal }),
  );
  await vi.waitUntil(() => existsSync(join(core, 'begun')), { timeout: 10_000 });
  stop.abort(new Error('stopped by SIGTERM'));
  await expect(run).rejects.toThrow('stopped by SIGTERM');
});

test('a signal that comes when only what has left the group holds the output is heard', async () => {
  const core = mkdtempSync(join(folder, 'core-'));
  const stop = new AbortController();
  const run = withBench('> begun; setsid sh -c "until test -e over; do sleep 0.1; done" & echo', () =>
    simulate(core, ['a.sv'], { simulator: 'verilator', signal: stop.signal }),
  );
  await vi.waitUntil(() => existsSync(join(core, 'begun')), { timeout: 10_000 });
  // The bench itself is at its end.
  await vi.waitUntil(() => spawnSync('pgrep', ['-f', join(core, 'obj_dir')]).status !== 0, {
    timeout: 10_000,
  });
  stop.abort(new Error('stopped by SIGTERM'));
  writeFileSync(join(core, 'over'), '');
  await expect(run).rejects.toThrow('stopped by SIGTERM');
});

test('a bench says how many samples it has simulated', async () => {
  const core = mkdtempSync(join(folder, 'core-'));
  const heard: ToolProgress[] = [];
  const onProgress = (progress: ToolProgress): void => {
    heard.push(progress);
    if (progress.program === 'bench') writeFileSync(join(core, 'heard'), '');
  };
  const simulated = () => ({ done: 2, total: 3 });
  await withBench('until test -e heard; do sleep 0.1; done', () =>
    simulate(core, ['a.sv'], { simulator: 'verilator', onProgress, simulated }),
  );
  expect(heard.at(-1)).toMatchObject({ program: 'bench', done: 2, total: 3 });
});

test('a word of a memory is there after the access, at once', () => {
  const ports = [{ name: 'r0_data', bits: 1, isOutput: true }];
  const [, text = ''] = timingFiles('core', [{ module: 'bank', ports, accessNs: 3.1 }])[0] ?? [];
  const ns = (what: string) => new RegExp(`${what}\\(scalar\\) { values\\("(.*?)"`).exec(text)?.[1];
  expect(['cell_rise', 'cell_fall', 'rise_transition', 'fall_transition'].map(ns)).toEqual([
    '3.1',
    '3.1',
    '0',
    '0',
  ]);
});

describe('a library of cells', () => {
  const cell = (name: string, area: number, inside: string): string =>
    `cell ( "${name}" ) { area : ${area}; ${inside} }`;
  const flipFlop = cell('DF', 9, 'ff ("IQ", "IQN") { next_state : "D"; } pin(Q) { function : "IQ"; }');
  const text = (...cells: readonly string[]): string =>
    `/* cell(comment) { ff (a) } */ library ("open") { nom_voltage : 1.20; ${cells.join('\n')} }`;

  test('says its supply, its flip-flops and its smallest buffer', () => {
    const read = readLiberty(
      text(
        cell('INV', 1, 'pin(Y) { function : "!A"; timing () { } }'),
        cell('BUF2', 3, 'pin(Y) { function : "(A)"; }'),
        cell('BUF1', 2, 'pin(Y) { function : "A"; }'),
        cell('TIE', 1, 'pin(Y) { function : "1"; }'),
        cell('THREE', 1, 'pin(Y) { function : "A"; three_state : "!E"; }'),
        cell('UNUSED', 1, 'dont_use : true; pin(Y) { function : "A"; }'),
        cell('LATCH', 1, 'latch (IQ, IQN) { } pin(Q) { function : "IQ"; }'),
        flipFlop,
      ),
      'a.lib',
    );
    expect(read).toMatchObject({ name: 'open', supplyV: 1.2, isTimed: true, buffer: 'BUF1' });
    expect([...read.flipFlops]).toEqual(['DF']);
    expect([read.flipFlopUm2, read.clockGate]).toEqual([9, undefined]);
  });

  test('says its smallest clock gate that has no pin for tests', () => {
    const gate = (name: string, area: number, kind: string): string =>
      cell(
        name,
        area,
        `clock_gating_integrated_cell : "${kind}"; pin(G) { clock_gate_out_pin : true; direction : "output"; } pin(E) { clock_gate_enable_pin : true; direction : "input"; } pin(C) { clock_gate_clock_pin : true; direction : "input"; }`,
      );
    const read = readLiberty(
      text(
        gate('LARGE', 9, 'latch_posedge'),
        gate('SMALL', 8, 'latch_posedge'),
        gate('TESTED', 7, 'latch_posedge_precontrol'),
        flipFlop,
      ),
      'a.lib',
    );
    expect(read.clockGate).toEqual({ cell: 'SMALL', enable: 'E', clock: 'C', gated: 'G' });
    // Only what is low while the clock is low lets the next edge through.
    expect(cellModels(read)).toContain('  always_latch if (~C) lets = E;\n  assign G = C & lets;');
    expect(cellModels(read)).not.toContain('TESTED');
  });

  test.each([
    ['(A1*A2)+!B', '((A1 & A2) | ~B)'],
    // An exclusive or binds more than an and, and a blank is an and.
    ['A ^ B C', '((A ^ B) & C)'],
    ["A' | 1", "((~A) | 1'b1)"],
    ['!(A & (B|C))', '~(A & (B | C))'],
  ])('has functions that Verilog has, too: %s', (function_, verilog) => {
    expect(functionText(function_)).toBe(verilog);
  });

  test.each(['A &', '(A', 'A)', ''])('has no other functions: %j', (wrong) => {
    expectError(() => functionText(wrong), 'data', 'expected a function of a cell');
  });

  test('of the package has areas alone', () => {
    expect(loadLiberty()).toMatchObject({ isTimed: false, flipFlops: new Set(['DFF_X1']), buffer: 'BUF_X1' });
  });

  test.each([
    ['none at all', 'words', 'found no library'],
    ['macros', text(cell('RAM', 5, '')), 'found 1 cells without a flip-flop'],
    ['one that ends too early', 'library(a) {\n cell(b) {\n area : 1;\n }', 'found its end within a group'],
    ['one with a word too many', 'library(a) {\n cell(b) { area : 1; }\n word }', "found 'word }'"],
  ])('is refused: %s', (_, wrong, found) => {
    expectError(() => readLiberty(wrong, 'a.lib'), 'data', found, 'a.lib');
  });

  test.each([
    [['--synth', 'liberty'], 'expected --liberty FILE'],
    [['--synth', 'gates', '--liberty', 'a.lib'], '--liberty needs --synth liberty'],
    [['--synth', 'liberty', '--liberty', 'a.lib'], 'expected --node NM'],
    [['--synth', 'gates', '--node', '130'], '--node needs --synth liberty'],
    [['--synth', 'gates', '--netlist'], '--netlist needs --cosim and --synth'],
    [['--cosim', 'icarus', '--netlist'], '--netlist needs --cosim and --synth'],
    [['--macros', 'a.csv'], '--macros needs --synth'],
    [['--energy', '9'], '--energy needs --cosim icarus'],
    [
      ['--synth', 'gates', '--cosim', 'icarus', '--netlist', '--energy', '9'],
      '--energy needs --cosim icarus, --netlist and --synth',
    ],
  ])('is asked for, or not in place: %j', async (options, said) => {
    const out = join(folder, 'no-liberty');
    const { status, stderr } = await commandLine(['rtl', 'mnist-snn', ...options, '-o', out]);
    expect([status, stderr, existsSync(out)]).toEqual([2, expect.stringContaining(said), false]);
  });

  test('has no energies of a netlist where it states none', async () => {
    const liberty = join(folder, 'areas.lib');
    writeFileSync(liberty, text(flipFlop));
    const out = join(folder, 'no-power');
    const chip = argv`--synth liberty --liberty ${liberty} --node 130 --cosim icarus --netlist --energy 9`;
    for (const [macros, said] of [
      [[], '--energy needs --macros: the library has no energies of banks'],
      [['--macros', 'ihp-sg13g2'], '--energy: the library open has no internal_power of any pin'],
    ] as const) {
      const { status, stderr } = await commandLine(['rtl', 'mnist-snn', ...chip, ...macros, '-o', out]);
      expect([status, existsSync(out)]).toEqual([2, false]);
      expect(stderr).toContain(said);
    }
  });

  test('gives paths, which end with the setup of a register', () => {
    // 1000 ns less 5.5 ns of the path and 0.25 ns of setup.
    expect(readLongestPath('  -5.500000   data arrival time\n  994.250000   slack (MET)\n')).toBe(5.75);
    expectError(() => readLongestPath('No paths found.'), 'run', 'No paths found');
  });
});
