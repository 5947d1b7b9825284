import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';
import { learning, recurrent } from './rtl.ts';

const { folder, path } = scratch();
describe('a core of several in Verilog', () => {
  test('is named by its number', async () => {
    const without = await commandLine(argv`rtl ${recurrent} -o ${path('none')}`);
    expect([without.status, without.stderr]).toEqual([
      2,
      expect.stringMatching(/2 cores of mesh: --core says which one\n {2}its cores are 0, 1/),
    ]);
    const beyond = await commandLine(argv`rtl ${recurrent} --core 5 -o ${path('none')}`);
    expect([beyond.status, beyond.stderr]).toEqual([
      2,
      expect.stringContaining('--core 5: no such core holds a part of'),
    ]);
    const alone = await commandLine(argv`rtl mnist-snn --core 0 -o ${path('none')}`);
    expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('mnist-snn is on one core')]);
    expect(readdirSync(folder)).not.toContain('none');
  });

  test('has the seeds of its own generators, and the contents of its own banks', async () => {
    const out = path('seeds');
    expect((await commandLine(argv`rtl ${learning} --core 1 -o ${out}`)).status).toBe(0);
    const other = path('other');
    expect((await commandLine(argv`rtl ${learning} --core 0 -o ${other}`)).status).toBe(0);
    const seedsOf = (of: string) =>
      /if \(rst\) random <= \{(.*)\};/.exec(readFileSync(join(of, 'plasticore_core.sv'), 'utf8'))?.[1];
    expect(seedsOf(out)).not.toBe(seedsOf(other));
    expect(readdirSync(out)).toContain('map.json');
    const shadow = (of: string) => readFileSync(join(of, 'shadow.memh'), 'utf8');
    expect(shadow(out)).not.toBe(shadow(other));
    const words = await commandLine(argv`inspect ${learning} --rtl --core 1`);
    expect(words.stdout).toContain('serve the spikes that arrive');
  });
});
