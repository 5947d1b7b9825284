import { beforeAll, describe, expect, test } from 'vitest';
import { microcodeUnitOf } from '../../src/microcode/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { buildBench, cellOf, compareOn, heldSegments, modelOf, runOf } from './bench.ts';
import { randomRun } from './random.ts';
import { waitingRun } from './waiting.ts';

describe('one programmable core, built once', needs('verilator'), () => {
  const { folder } = scratch();
  const hw = modelOf('mnist-snn', 'mp8-8', heldSegments);
  const aligned = modelOf('mnist-snn', 'mp8-8', [...heldSegments, 'hw.align=lanes']);
  const unit = microcodeUnitOf(hw);
  beforeAll(() => buildBench(hw, folder), 600_000);

  test.each([
    ['mnist-snn', 'mp8-8'],
    ['rounding-nearest', 'mp8-8'],
    ['rounding-truncating', 'mp8-8'],
    ['mnist-feedback', 'mp8-8'],
    ['mnist-stdp', 'mp8-8'],
    ['mnist-mlp', 'mp8-8'],
  ])(
    'runs %s as the model does: each step’s spikes and cycles, each sample’s words',
    async (experiment, precision) => {
      const compared = compareOn(folder, await runOf(cellOf(experiment, precision)));
      expect(compared).toMatchObject({ difference: undefined });
      expect(compared.cycles).toBeGreaterThan(9_000);
    },
  );

  test('runs 100 random programs as the model does, some of whose kernels wait for room in the FIFO', () => {
    // In that of 659, a difference wraps and is saturated. Items of even seeds are aligned to lanes; some have
    // rows that are cut into segments.
    const seeds = [...Array(99).keys(), 658];
    const compared = seeds.map((seed) =>
      compareOn(folder, randomRun(seed + 1, seed % 2 === 0 ? hw : aligned), unit),
    );
    expect(compared.filter(({ suspensions }) => suspensions > 0).length).toBeGreaterThan(10);
    expect(compared.flatMap(({ difference = [] }) => difference)).toEqual([]);
  });

  test('a kernel waits, and the next one takes the value of its own spike, not of those served in between', () => {
    const compared = compareOn(folder, waitingRun(aligned), unit);
    expect(compared).toMatchObject({ difference: undefined });
    expect(compared.suspensions).toBeGreaterThan(10);
  });

  test('where a second kernel would have to wait, the core says so', () => {
    const { difference, suspensions } = compareOn(folder, waitingRun(aligned, true), unit);
    expect(difference).toMatch(/found 'fault'$/);
    expect(suspensions).toBeGreaterThan(0);
  });
});

describe('a core with half of the registers, and half of the tiles in flight', needs('verilator'), () => {
  const { folder } = scratch();
  const set = ['hw.microcode.registers=8', 'hw.microcode.stages=8'];

  test('runs mnist-stdp as the model does', async () => {
    const hw = modelOf('mnist-snn', 'mp8-8', set);
    buildBench(hw, folder);
    const compared = compareOn(folder, await runOf(cellOf('mnist-stdp', 'mp8-8', set)), microcodeUnitOf(hw));
    expect(compared).toMatchObject({ difference: undefined });
    expect(compared.cycles).toBeGreaterThan(9_000);
  }, 600_000);
});

// Four states: what no reset and no load has made known would show at an output.
describe('in Icarus Verilog', needs('iverilog'), () => {
  const { path } = scratch();
  const core = [
    'hw.inferenceWeights=sliced',
    'hw.banks.shadow.wordBits=128',
    'program.populations.hidden.size=16',
  ];

  test('the command compares a programmable core, too', async () => {
    const line = ['rtl', 'mnist-snn', '--precision', 'mp8-8', '--style', 'microcode', '--limit', '1'];
    const set = core.flatMap((setting) => ['--set', setting]);
    const { status, stdout } = await commandLine([...line, ...set, '--cosim', 'icarus', '-o', path('core')]);
    expect(stdout).toContain('identical under icarus: 2 samples');
    expect(status).toBe(0);
  }, 600_000);
});
