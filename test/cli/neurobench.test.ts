import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpz } from '../../src/data/index.ts';
import type { Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

test('run --neurobench counts the updates of potentials that a recording shows', async () => {
  const out = path('out');
  const line = argv`run mnist-snn --epochs 0 --limit 10 --neurobench --json -`;
  const { stdout } = await commandLine(argv`${line} --record v:*,spikes:hidden --out ${out}`);
  const { neurobench, provenance }: Report = JSON.parse(stdout);
  const recording = readNpz(readFileSync(join(out, 'record.npz')), 'record.npz');
  const updatesOf = (name: string): number => {
    const { data = new Int16Array(), shape: [, steps = 0, neurons = 0] = [] } = recording.get(name) ?? {};
    // The first step of each of the 10 samples, and every change after it.
    let updates = 10 * neurons;
    for (let at = neurons; at < data.length; at++)
      if (Math.floor(at / neurons) % steps > 0) updates += Number(data[at] !== data[at - neurons]);
    return updates;
  };
  const hidden = updatesOf('hidden.v');
  const output = updatesOf('output.v');
  expect(neurobench.MembraneUpdates).toBe((hidden + output) / 10);
  // fire: compare, subtract, select, shift, subtract; leak: shift, subtract. 256 and 10 neurons, 8 steps.
  expect(neurobench.NeuronOperations).toEqual({
    'Effective Neuron Ops': (5 * hidden + 2 * output) / 10,
    'Neuron Dense Ops': 8 * (5 * 256 + 2 * 10),
  });
  const spikes = recording.get('hidden.spikes.indices')?.data.length ?? 0;
  expect(neurobench.ActivationSparsityByLayer).toEqual({ hidden: 1 - spikes / (10 * 8 * 256) });
  expect(neurobench.ParameterCount).toBe(784 * 256 + 256 * 10);
  expect(provenance.recorded).toContain('neurobench');
});

test('a chip with a host of its own has no such steps', async () => {
  expect(await commandLine(argv`run odin-mnist --limit 1 --neurobench`)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      "plasticore: --neurobench: the host of chip 'odin' runs no time steps in which potentials could be compared\n" +
      '  leave it out: the other metrics are in every report\n',
  });
});
