import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import type { Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

const samples = 12;
const spikes = Uint8Array.from({ length: samples * 3 * 4 }, (_, index) => Number(index % 5 === 0));
writeFileSync(
  path('own.npz'),
  writeNpz({
    x: { shape: [samples, 3, 4], data: spikes },
    y: { shape: [samples], data: Uint8Array.from({ length: samples }, (_, sample) => sample % 3) },
  }),
);
const experiment = path('own.yaml');
writeFileSync(
  experiment,
  `format: plasticore/experiment/1
name: own
program: mnist-snn
hw: reference
precisions: [mp16-8]
seeds: [1]
data: own.npz
arrays: {test: {spikes: x, labels: y}}
encoder: steps
epochs: 0
set: {program.populations.input.size: 4, program.steps: 3}
`,
);

const run = async (...options: string[]): Promise<Report> =>
  JSON.parse((await commandLine(argv`run ${experiment} --json - ${options}`)).stdout);

test('a run on arrays with labels is scored, and one without predicts', async () => {
  const out = path('out');
  const scored = await run();
  const predicted = await run('--set', 'experiment.arrays.test={spikes: x, labels: none}', '--out', out);
  expect(scored.test?.accuracy).toBeGreaterThanOrEqual(0);
  expect(scored.test?.counters.spikes.input).toBe(spikes.reduce((sum, spike) => sum + spike, 0));
  expect(predicted.test).toMatchObject({ accuracy: null, samples, counters: scored.test?.counters });
  expect(predicted.remarks).toContainEqual({
    about: 'accuracy',
    text: 'the 12 test samples have no labels: there are predictions and scores, but no accuracy',
  });
  const [head, ...lines] = readFileSync(join(out, 'predictions.csv'), 'utf8').trimEnd().split('\n');
  expect(head?.split(',')).toHaveLength(13);
  expect(lines).toHaveLength(samples);
  for (const line of lines) expect(line).toMatch(/^\d+,,\d(,-?\d+){10}$/);
  expect(await commandLine(argv`report ${out}`)).toMatchObject({ status: 0 });
});

test('answers name the lines of a table', async () => {
  const rows = Array.from({ length: 20 }, (_, row) => `${row % 3},${row % 2},${row % 5},0,1`);
  writeFileSync(path('table.csv'), `label,a,b,c,d\n${rows.join('\n')}\n`);
  const [of, out] = [path('table.yaml'), path('table-out')];
  writeFileSync(
    of,
    readFileSync(experiment, 'utf8')
      .replace('own.npz', 'table.csv')
      .replace(/^arrays.*\n/m, '')
      .replace('encoder: steps', 'encoder: bernoulli'),
  );
  expect(await commandLine(argv`run ${of} --out ${out}`)).toMatchObject({ status: 0 });
  const [head, ...lines] = readFileSync(join(out, 'predictions.csv'), 'utf8').trimEnd().split('\n');
  expect(head).toMatch(/^sample,file,label,prediction,score.0,/);
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    const [, where = '', label] = line.split(',');
    const [name, number] = where.split(':');
    expect([name, label]).toEqual(['table.csv', String((Number(number) - 2) % 3)]);
  }
  expect(await commandLine(argv`report ${out}`)).toMatchObject({ status: 0 });
});

test('data check describes the arrays that an experiment names', async () => {
  const { status, stdout } = await commandLine(argv`data check ${experiment}`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^samples +0 +12$/m);
  expect(stdout).toMatch(/^steps a sample +3 +3$/m);
  expect(stdout).toMatch(/^spikes +0 +29$/m);
  expect(stdout).toContain('train: no samples');
  expect(stdout).not.toContain('last spike');
});

test('what cannot be learnt is refused', async () => {
  const refused = async (...options: string[]): Promise<string> => {
    const { status, stderr } = await commandLine(argv`run ${experiment} ${options}`);
    expect(status).toBe(2);
    return stderr;
  };
  expect(await refused('--epochs', '1')).toBe(
    "plasticore: data set 'own.npz' has no samples to learn from\n  --epochs 0 only tests\n",
  );
  expect(await refused('--epochs', '1', '--set', 'experiment.arrays={train: {spikes: x}}')).toBe(
    "plasticore: data set 'own.npz' has no labels for training, and kernel 'error' reads host.label\n  --epochs 0 only tests\n",
  );
  expect(await refused('--set', 'experiment.set={program.populations.input.size: 4, program.steps: 2}')).toBe(
    "plasticore: data set 'own.npz' has 3 steps per sample; 'mnist-snn' has at most 2\n  --set program.steps=3\n",
  );
  expect(await refused('--set', 'experiment.arrays.test={spikes: x, features: x}')).toContain(
    'expected one of features, spikes, values, times, found features and spikes',
  );
  expect(await refused('--encoder', 'bernoulli')).toBe(
    'plasticore: the data are spikes in time steps; bernoulli is an encoder for features\n  encoder: steps\n',
  );
});
