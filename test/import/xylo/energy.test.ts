/** The table of docs/xylo.md: energies of published runs by the hw-models, with their intervals. */

import { expect, test } from 'vitest';
import { findHwModel, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import type { WholeXylo, XyloName } from './support.ts';
import { vendorCycles } from './vendor-cycles.ts';

const none = new Float64Array(0);
const layer = (name: string, size: number) => ({
  name,
  size,
  dashMem: none,
  dashSyn: none,
  threshold: none,
  bias: none,
});
const ones = (count: number) => new Float64Array(count).fill(1);

/** The network of the two notebooks, with one recurrent weight that is zero or none. */
function small(inputs: number, zeros: number): WholeXylo {
  return {
    inputs,
    hidden: [layer('a', 4), layer('b', 4)],
    outputs: layer('out', 2),
    weights: [
      { from: 'input', to: 0, values: ones(4 * inputs) },
      { from: 0, to: 1, values: ones(16) },
      { from: 1, to: 1, values: ones(16).fill(0, 0, zeros) },
      { from: 1, to: 'output', values: ones(8) },
    ],
    aliases: [{ from: 0, to: 1, pairs: [0, 1, 2, 3].map((neuron) => [neuron, neuron] as const) }],
  };
}

/** The network of a tutorial that cites the paper has one output; the paper's may have had four. */
const synNet = (outputs: number): WholeXylo => ({
  inputs: 16,
  hidden: [layer('a', 24), layer('b', 24), layer('c', 24)],
  outputs: layer('out', outputs),
  weights: [
    { from: 'input', to: 0, values: ones(16 * 24) },
    { from: 0, to: 1, values: ones(24 * 24) },
    { from: 1, to: 2, values: ones(24 * 24) },
    { from: 2, to: 'output', values: ones(24 * outputs) },
  ],
});

/** Energy of a cycle: what an input takes in a step, one cycle, with its interval. */
function perCycle(chip: XyloName) {
  const { kernels, figures } = findHwModel({ name: chip, from: '' }, 'mp8-8', findFile, noSettings.hw);
  const cost = kernels.inputChannel;
  expect(cost?.cyclesPerItem).toBe(1);
  const pj = cost?.energyPjPerItem ?? 0;
  const { low = 1, high = 1 } = figures.intervals[cost?.source.name ?? ''] ?? {};
  return { pj, low: pj * low, high: pj * high };
}

test('20 pJ a cycle, 6 to 55, on all three', () => {
  for (const chip of ['xylo-audio2', 'xylo-audio3', 'xylo-imu'] as const)
    expect(perCycle(chip)).toEqual({ pj: 20, low: 6, high: expect.closeTo(55, 9) });
});

const notebook = (network: WholeXylo) => [0, 1].map((hidden) => [network, { input: 0.4, hidden }] as const);

test.each([
  // Steps a second, with 40 % of the inputs active: 1000 in 2.029 s; 1000 in 0.45 to 0.35 s.
  ['Audio 3, uW', 'xylo-audio3', notebook(small(2, 1)), [493e-6, 493e-6], 4.2, [2.2, 5.3], [0.7, 14.6]],
  ['IMU, uW', 'xylo-imu', notebook(small(15, 0)), [2220e-6, 2860e-6], 12.9, [13.8, 36.1], [4.1, 99.3]],
  [
    'Audio 2, nJ a step',
    'xylo-audio2',
    [
      [synNet(1), { input: 0, hidden: 0 }],
      [synNet(4), { input: 1, hidden: 1 }],
    ] as const,
    [1e-3, 1e-3],
    93,
    [32.2, 326.7],
    [9.7, 898.5],
  ],
] as const)('%s above rest', (_, chip, ends, units, measured, model, interval) => {
  const { pj, low, high } = perCycle(chip);
  const [least = 0, most = 0] = ends.map(
    ([network, shares], end) => vendorCycles(network, chip, shares) * (units[end] ?? 0),
  );
  const rounded = (...values: readonly number[]) => values.map((value) => Number(value.toFixed(1)));
  expect(rounded(least * pj, most * pj)).toEqual(model);
  expect(rounded(least * low, most * high)).toEqual(interval);
  expect(measured).toBeGreaterThan(interval[0]);
  expect(measured).toBeLessThan(interval[1]);
});
