import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeDivergence } from '../../src/golden/index.ts';
import { type CoreTrace, firstDivergence, formatTrace } from '../../src/trace/index.ts';
import { plasticore } from '../cli/spawn.ts';
import { edit } from '../hardware/tiny.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { coreText, simulate } from './simulate.ts';

// A core in Verilog beside its description: the worked example of docs/chips.md.
// Skipped where Icarus Verilog is missing: apt-get install iverilog

describe('the core of lif8.v, simulated', needs('iverilog'), () => {
  const { folder } = scratch();
  const path = (name: string) => join(folder, name);
  let model: CoreTrace;

  beforeAll(() => {
    const program = ['compile', 'test/rtl/lif8.yaml', '--hw', 'test/rtl/lif8-core.yaml'];
    const compiled = plasticore(argv`${program} --precision mp8-8 --memh ${folder}`);
    const run = ['golden', 'test/rtl/lif8-experiment.yaml', '--limit', '32', '--steps'];
    const traced = plasticore(argv`${run} -o ${path('model.json')}`);
    if (compiled.status !== 0 || traced.status !== 0) throw new Error(compiled.stderr + traced.stderr);
    model = JSON.parse(readFileSync(path('model.json'), 'utf8')) as CoreTrace;
  }, 60_000);

  test('agrees with the model spike for spike, cycle for cycle and bit for bit', () => {
    const rtl = simulate(model, folder, coreText());
    expect(rtl.expected.samples).toHaveLength(32);
    expect(rtl.expected.samples.map(({ spikes }) => spikes)).toEqual(
      model.expected.samples.map(({ spikes }) => spikes),
    );
    expect(rtl.expected.samples.map(({ cycles }) => cycles)).toEqual(
      model.expected.samples.map(({ cycles }) => cycles),
    );
    expect(firstDivergence(rtl, model.expected)).toBeUndefined();
    writeFileSync(path('rtl.json'), formatTrace(rtl));
    for (const engine of ['fast', 'reference']) {
      expect(plasticore(argv`verify ${path('rtl.json')} --engine ${engine}`)).toEqual({
        status: 0,
        stdout: expect.stringMatching(
          /: 32 samples of 12 steps, \d+ spikes in order, 3 fields, cycles of each step\n {2}kernels: 3 of 3 ran, 16 of 16 i/,
        ),
        stderr: '',
      });
    }
  });

  test('on a stimulus that saturates membranes, and whose steps have from no spikes to several', () => {
    const potentials = model.expected.samples.flatMap(({ steps = [] }) =>
      steps.flatMap((values) => values['out.v'] ?? []),
    );
    expect(Math.min(...potentials)).toBe(-512);
    const spikes = model.expected.samples.flatMap((sample) => sample.spikes.out ?? []);
    expect(new Set(spikes.map(({ length }) => length)).size).toBeGreaterThan(3);
  });

  test('and docs/chips.md shows where a fault of it is found', () => {
    const page = readFileSync('docs/chips.md', 'utf8');
    const rtl = simulate(model, folder, edit(coreText(), '>= THRESHOLD;', '> THRESHOLD;'));
    const divergence = firstDivergence(rtl, model.expected);
    expect(page).toContain(divergence && describeDivergence(divergence));
  });

  test.each([
    ['forgets to saturate', "sum < -512 ? -10'sd512 : ", '', /spikes of out|out.v, item/],
    ['compares with > for >=', '>= THRESHOLD;', '> THRESHOLD;', /spikes of out, position/],
    ['takes a cycle more', 'state <= first ? CLEAR : next(inputs, 0);', 'state <= CLEAR;', /step 1: /],
    ['leaks before it resets', 'rest - (rest >>> LEAK)', 'rest - (v >>> LEAK)', /out.v, item/],
  ])('a core that %s is found out', (_, part, replacement, message) => {
    const rtl = simulate(model, folder, edit(coreText(), part, replacement));
    const divergence = firstDivergence(rtl, model.expected);
    expect(divergence && describeDivergence(divergence)).toMatch(message);
  });
});
