import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hasIcarus } from '../rtl/simulate.ts';
import { commandLine } from './in-process.ts';
import { plasticore } from './spawn.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-placed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const settings = (...all: string[]): string[] => all.flatMap((setting) => ['--set', setting]);

/** Two cores of eight neurons, each onto all of them: spikes travel in both directions. */
const recurrent = [
  'recurrent-1024',
  ...settings(
    'program.populations.neurons.size=16',
    'program.placement.cores=2',
    'program.steps=12',
    'hw.lanes=4',
  ),
];
/** A network that learns on two cores: copies of traces are replayed, and sums of errors are sent. */
const learning = [
  'many-cores',
  ...settings(
    'program.populations.hidden.size=16',
    'program.placement.cores=2',
    'program.steps=5',
    'hw.lanes=4',
  ),
];

describe('a core of several in Verilog', () => {
  test.skipIf(!hasIcarus()).each([
    ['whose neurons excite those of others', recurrent, 0],
    ['whose neurons excite those of others', recurrent, 1],
    ['that learns', learning, 0],
  ])(
    '%s does its part of the chip’s work, to the bit and cycle',
    (_, experiment, core) => {
      const out = join(folder, `${experiment[0]}-${core}`);
      const { status, stdout, stderr } = plasticore([
        ...['rtl', ...experiment, '--core', String(core), '--cosim', 'icarus', '-o', out],
      ]);
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('plasticore: ')]);
      expect(stdout).toMatch(/identical under icarus: \d+ samples?, \d+ cycles, \d+ words/);
      const stimulus = readFileSync(join(out, 'stimulus.txt'), 'utf8').split('\n');
      // Events with spikes that have arrived: some do, or the core would not know of the others.
      expect(stimulus.filter((line) => /^2 \d+ 1 /.test(line)).length).toBeGreaterThan(0);
      const observed = readFileSync(join(out, 'observed.txt'), 'utf8');
      // Its neurons spike, or other cores change words of its banks.
      const writes = stimulus.filter((line) => line.startsWith('4 '));
      expect(observed.includes('spike ') || writes.length > 0).toBe(true);
    },
    240_000,
  );

  test('is named by its number', async () => {
    const without = await commandLine(['rtl', ...recurrent, '-o', join(folder, 'none')]);
    expect([without.status, without.stderr]).toEqual([
      2,
      expect.stringMatching(/2 cores of mesh: --core says which one\n {2}its cores are 0, 1/),
    ]);
    const beyond = await commandLine(['rtl', ...recurrent, '--core', '5', '-o', join(folder, 'none')]);
    expect([beyond.status, beyond.stderr]).toEqual([
      2,
      expect.stringContaining('--core 5: no such core holds a part of'),
    ]);
    const alone = await commandLine(['rtl', 'mnist-snn', '--core', '0', '-o', join(folder, 'none')]);
    expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('mnist-snn is on one core')]);
    expect(readdirSync(folder)).not.toContain('none');
  });

  test('has the seeds of its own generators, and the contents of its own banks', async () => {
    const out = join(folder, 'seeds');
    expect((await commandLine(['rtl', ...learning, '--core', '1', '-o', out])).status).toBe(0);
    const other = join(folder, 'other');
    expect((await commandLine(['rtl', ...learning, '--core', '0', '-o', other])).status).toBe(0);
    const seedsOf = (of: string) =>
      /if \(rst\) random <= \{(.*)\};/.exec(readFileSync(join(of, 'plasticore_core.sv'), 'utf8'))?.[1];
    expect(seedsOf(out)).not.toBe(seedsOf(other));
    expect(readdirSync(out)).toContain('map.json');
    const shadow = (of: string) => readFileSync(join(of, 'shadow.memh'), 'utf8');
    expect(shadow(out)).not.toBe(shadow(other));
    const words = await commandLine(['inspect', ...learning, '--rtl', '--core', '1']);
    expect(words.stdout).toContain('serve the spikes that arrive');
  });
});
