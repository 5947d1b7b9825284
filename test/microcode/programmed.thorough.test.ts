import { beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { buildBench, cellOf, compareOn, modelOf, runOf } from './bench.ts';
import { randomRun } from './random.ts';

describe('one programmable core, built once', needs('verilator'), () => {
  const { folder } = scratch();
  const hw = modelOf('mnist-snn', 'mp8-8');
  beforeAll(() => buildBench(hw, folder), 600_000);

  test.each([
    ['mnist-snn', 'mp8-8'],
    ['rounding-nearest', 'mp8-8'],
    ['rounding-truncating', 'mp8-8'],
    ['mnist-feedback', 'mp8-8'],
    ['mnist-stdp', 'mp8-8'],
  ])(
    'runs %s as the model does: each step’s spikes and cycles, each sample’s words',
    async (experiment, precision) => {
      const compared = compareOn(folder, await runOf(cellOf(experiment, precision)));
      expect(compared).toMatchObject({ difference: undefined });
      expect(compared.cycles).toBeGreaterThan(10_000);
    },
  );

  test('runs 100 random programs as the model does, some of whose kernels wait for room in the FIFO', () => {
    const compared = Array.from({ length: 100 }, (_, seed) => compareOn(folder, randomRun(seed + 1, hw)));
    expect(compared.filter(({ suspensions }) => suspensions > 0).length).toBeGreaterThan(10);
    expect(compared.flatMap(({ difference = [] }) => difference)).toEqual([]);
  });
});
