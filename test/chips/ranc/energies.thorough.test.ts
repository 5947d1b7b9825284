import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StudyReport } from '../../../src/report/index.ts';
import { plasticore } from '../../cli/spawn.ts';
import { argv } from '../../support/argv.ts';
import { scratch } from '../../support/scratch.ts';

// The hw-model of RANC states no energies: what sweeps, comparisons and searches make of that.

const { path } = scratch();

test('sweeps and comparisons print no energy that nobody knows, and leave it empty in files', () => {
  const out = path('swept');
  const sweep = plasticore(argv`sweep ranc-mnist --limit 1 --out ${out} --quiet`);
  // A cell, and the design that it is.
  expect(sweep.stdout.match(/ - +- +unknown \* +545 µs$/gm)).toHaveLength(2);
  const energyIn = (file: string, name: string) => {
    const [head = '', ...lines] = readFileSync(join(out, file), 'utf8').trim().split('\n');
    return lines.map((line) => line.split(',')[head.split(',').indexOf(name)]);
  };
  expect(energyIn('cells.csv', 'energyPj')).toEqual(['']);
  expect(energyIn('designs.csv', 'energyPj')).toEqual(['']);
  expect(energyIn('designs.csv', 'areaUm2')).toEqual(['']);

  const latex = path('designs.tex');
  plasticore(argv`report ${out} --latex ${latex} --quiet`);
  expect(readFileSync(latex, 'utf8').match(/ & unknown & /g)).toHaveLength(2);

  const { stdout } = plasticore(argv`compare ranc-mnist --hw ranc-tea --limit 1 --quiet`);
  expect(stdout).toMatch(/^ranc-tea .* unknown +\d+ µs/m);
});

test('a search that wants the least energy is refused, and one that wants something else is not', () => {
  const space = path('space.yaml');
  const axes = ['clock: {path: hw.clockMhz, values: [100, 200]}'];
  const powers = 'power: {path: hw.staticPower.powerUw, values: [0, 1000]}';
  // All designs of all searches share a run.
  const explore = (own: readonly string[], ...more: readonly string[]) => {
    writeFileSync(
      space,
      ['format: plasticore/space/1', 'axes:', ...own.map((axis) => `  ${axis}`)].join('\n'),
    );
    const line = ['explore', 'ranc-mnist', '--limit', '1', '--space', space, '--quiet'];
    return plasticore(argv`${line} --out ${path('explored')} --resume ${more}`);
  };
  const energy = explore(axes, '--objectives', 'energy');
  expect(energy.stdout).toContain('no design is on the front: nobody knows a figure that is wanted');
  expect(energy.stdout).toMatch(
    /2 +have a figure that nobody knows +own_clock=100: nobody knows its energy: the hw-model states no energies$/m,
  );
  const some = explore([...axes, powers], '--objectives', 'energy');
  expect(some.stdout).toMatch(/^clock 200, power 1000 .*surely/m);
  expect(some.stdout).not.toContain('power 0 ');
  const fast = explore(axes, '--objectives', 'latency', '--json');
  const { designs, front } = JSON.parse(fast.stdout) as StudyReport;
  expect(front).toEqual(['own_clock=200']);
  expect(designs[0]?.figures.areaUm2).toBe(null);
  expect(designs[0]).toMatchObject({ status: 'done', figures: { energyPj: null } });
});
