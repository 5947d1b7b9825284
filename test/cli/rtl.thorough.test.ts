import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';
import { learning, recurrent, small } from './rtl.ts';

const { folder, path: at } = scratch();

describe('a core in Verilog', { timeout: 240_000, ...needs('iverilog') }, () => {
  // With 8-bit shadow weights: verilator.thorough.test.ts.
  test('learns to the same bits in the same cycles, and its trace is a golden one', async () => {
    const out = at('core');
    const experiment = argv`rtl mnist-snn --precision mp16-8 ${small}`;
    const { status, stdout, stderr } = await commandLine(argv`${experiment} --cosim icarus -o ${out}`);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('plasticore: ')]);
    expect(stdout).toMatch(
      /identical under icarus: 2 samples, \d+ cycles, \d+ words of banks and all generators/,
    );
    // What the core did is a trace by itself: the model replays it.
    const replayed = await commandLine(argv`verify ${join(out, 'observed.json')}`);
    expect([replayed.status, replayed.stdout]).toEqual([0, expect.stringContaining('identical')]);
    // A difference is named as a replay names it.
    const fire = join(out, 'k4_fire.sv');
    writeFileSync(fire, readFileSync(fire, 'utf8').replace(' >= ', ' < '));
    const made = spawnSync('make', ['icarus'], { cwd: out, encoding: 'utf8' });
    expect(made.stdout).not.toContain('identical\n');
  });

  test('that only tests does so as the model does', async () => {
    const out = at('tests');
    const experiment = argv`rtl mnist-snn --precision mp8-8 ${small} --epochs 0`;
    const { stdout } = await commandLine(argv`${experiment} --limit 2 --cosim icarus -o ${out}`);
    expect(stdout).toContain('identical under icarus: 2 samples');
  });
});

describe('a core of several in Verilog', { timeout: 240_000, ...needs('iverilog') }, () => {
  test.each([
    ['whose neurons excite those of others', recurrent, 0],
    ['whose neurons excite those of others', recurrent, 1],
    ['that learns', learning, 0],
  ])('%s does its part of the chip’s work, to the bit and cycle', async (_, experiment, core) => {
    const out = join(folder, `${experiment[0]}-${core}`);
    const { status, stdout, stderr } = await commandLine(
      argv`rtl ${experiment} --core ${String(core)} --cosim icarus -o ${out}`,
    );
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('plasticore: ')]);
    expect(stdout).toMatch(/identical under icarus: \d+ samples?, \d+ cycles, \d+ words/);
    const stimulus = readFileSync(join(out, 'stimulus.txt'), 'utf8').split('\n');
    // Events with spikes that have arrived: some do, or the core would not know of the others.
    expect(stimulus.filter((line) => /^5 \d+ 1 /.test(line)).length).toBeGreaterThan(0);
    const observed = readFileSync(join(out, 'observed.txt'), 'utf8');
    // Its neurons spike, or other cores change words of its banks.
    const writes = stimulus.filter((line) => line.startsWith('6 '));
    expect(observed.includes('spike ') || writes.length > 0).toBe(true);
  });
});
