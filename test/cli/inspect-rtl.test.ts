import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { commandLine } from './in-process.ts';

describe('inspect --rtl', () => {
  test('prints the core of an experiment in words', async () => {
    const { status, stdout } = await commandLine(argv`inspect mnist-snn --rtl`);
    expect(status).toBe(0);
    // 784 x 256 + 256 x 16 weights (of 10 outputs, a tile) of 8 bits, 16 a word.
    expect(stdout).toContain('; bank weight         12800 words of 128 bits, 1 port to read, 1 to write');
    // 784 traces are 49 tiles of 16.
    expect(stdout).toMatch(/; gate input\.trace +800 bits, scanned in 49 cycles/);
    expect(stdout).toContain('   13  learn(hiddenToOutput)  ; learning, from step 3');
    const learn = stdout.slice(stdout.indexOf('; learn(inputToHidden)'));
    // Three additions of an instruction share one adder (docs/architecture.md); 5 cycles of a pass are one for the row,
    // one that loads its trace, and 3.
    expect(learn).toContain('one in 3 cycles, bound by integer add; ');
    expect(learn).toContain(', 3 cycles after the last tile');
    // Products of 0 .. 255 and -127 .. 127.
    expect(learn).toMatch(/mul r2, r0, r1 +; phase 0, 16 bits/);
    expect(learn).toMatch(/; walks +784 rows, of each 256 columns in 16 tiles\n/);
  });

  test('prints segments of a convolution', async () => {
    const { stdout } = await commandLine(argv`inspect mnist-csnn --rtl`);
    expect(stdout).toMatch(/; segments inputToFirst +784 rows of \d+ bits, \d+ segments of \d+ bits/);
    expect(stdout).toContain('the row of the spike: the segments of inputToFirst in ');
  });

  test('prints the same as JSON', async () => {
    const { stdout } = await commandLine(argv`inspect mnist-snn --rtl --json`);
    const core = JSON.parse(stdout);
    expect(core).toMatchObject({ schema: 'plasticore/inspect-rtl/1', lanes: 16 });
    const kernel = core.kernels.find(({ name }: { name: string }) => name === 'learn(inputToHidden)');
    expect(kernel).toMatchObject({ intervalCycles: 3, boundBy: 'integer add', rows: 784, tiles: 16 });
    expect(kernel.loads).toContainEqual({ bank: 'shadow', role: 'syn', slots: [0] });
  });

  test('refuses what rtl refuses, and what prints something else', async () => {
    const floats = await commandLine(argv`inspect mnist-snn --precision fp32 --rtl`);
    expect([floats.status, floats.stderr]).toEqual([2, expect.stringContaining('computes with floats')]);
    const both = await commandLine(argv`inspect mnist-snn --plan --rtl`);
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining('print different things')]);
  });
});
