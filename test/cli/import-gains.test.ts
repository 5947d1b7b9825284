import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { everyPlace, graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

const [side, places, channels, steps] = [14, 10, 6, 12];
const shape = [channels, places, places];
const size = channels * places * places;
const dice = new Dice(3);
const each = (low: number, high: number) =>
  [shape, Array.from({ length: size }, () => low + (high - low) * dice.fraction())] as const;

/** Time constants of its neurons differ, and with them the gains: 6 x 5 x 5 weights lead to 600 neurons. */
const net = graph(
  {
    input: ['Input', { shape: [[3], [1, side, side]] }],
    conv: [
      'Conv2d',
      {
        input_shape: [[2], [side, side]],
        weight: [[channels, 1, 5, 5], Array.from({ length: channels * 25 }, () => dice.fraction() - 0.3)],
        bias: [[channels], Array<number>(channels).fill(0)],
        ...everyPlace,
      },
    ],
    lif: [
      'LIF',
      { tau: each(2, 20), r: each(3, 8), v_leak: each(0, 0), v_threshold: each(1, 1), v_reset: each(0, 0) },
    ],
    flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
    output: ['Output', { shape: [[1], [size]] }],
  },
  'input -> conv -> lif -> flat -> output',
);

test('a convolution whose neurons differ in their time constant takes the memory of its shared weights', async () => {
  const [file, data, out] = [path('net.nir'), path('data.npz'), path('out')];
  writeFileSync(file, await writeNir(net));
  const spikes = Uint8Array.from({ length: 4 * steps * side * side }, () => Number(dice.chance(0.2)));
  writeFileSync(data, writeNpz({ input: { shape: [4, steps, 1, side, side], data: spikes } }));
  const { status, stderr } = await commandLine(argv`import ${file} --dt 1 --check ${data} -o ${out}`);
  expect(status).toBe(0);
  expect(stderr).toMatch(
    /where the gains of 'lif' are, .*: in the neurons, .*; .*J and [\d ]+ bits for the first sample of .*; in the weights, .*J and [\d ]+ bits/,
  );
  const record = JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'));
  expect(record.projections).toMatchObject([{ connect: 'convolution', weights: channels * 25 }]);
  expect(record.populations[0].gain).toContain('its own');
  const drift = JSON.parse(readFileSync(join(out, 'drift.json'), 'utf8'));
  expect(drift.layers[0].rate.float).toBeGreaterThan(0.02);
  expect(drift.layers[0].differing).toBeLessThan(0.08);
  const memory = await commandLine(
    argv`memory ${join(out, 'program.yaml')} --hw reference --precision mp16-8 --json`,
  );
  const [{ memory: found }] = JSON.parse(memory.stdout).precisions;
  const bits = Object.fromEntries(
    found.fields.map(({ name, totalBits }: { name: string; totalBits: number }) => [name, totalBits]),
  );
  // 8 bits for each shared weight, and a gain of at most 12 bits for each neuron.
  expect(bits['inputToLif.weight']).toBe(8 * channels * 25);
  expect(bits['lif.input_gain']).toBeLessThanOrEqual(12 * size);
});
