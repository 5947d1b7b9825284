import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNpz } from '../../src/data/index.ts';
import { type NirGraph, writeNir } from '../../src/nir/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { everyPlace, graph } from '../import/support.ts';
import { arraysOf, battery, bytesOf, graphOf } from '../nir/files.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

/*
 * What a user sees of an imported program: a run of its experiment has to give the answers that --check gave, sample by
 * sample.
 */

const { path } = scratch();

const loihi = argv`--hw loihi --precision mp9-8`;

async function files(
  name: string,
  nir: NirGraph,
  samples: readonly Uint8Array[],
  shape: readonly number[],
  classes = 4,
) {
  const [net, data] = [path(`${name}.nir`), path(`${name}.npz`)];
  writeFileSync(net, await writeNir(nir));
  const each = samples[0]?.length ?? 0;
  const input = new Uint8Array(samples.length * each);
  for (const [at, sample] of samples.entries()) input.set(sample, at * each);
  const label = Uint8Array.from(samples, (_, at) => at % classes);
  writeFileSync(
    data,
    writeNpz({
      input: { shape: [samples.length, ...shape], data: input },
      label: { shape: [samples.length], data: label },
    }),
  );
  return { net, data };
}

/** The column of a table, line by line. */
function column(file: string, name: string): string[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const at = head.split(',').indexOf(name);
  expect(at).toBeGreaterThanOrEqual(0);
  return lines.map((line) => line.split(',')[at] ?? '');
}

/** Imports and checks, then runs the experiment; returns the answers in floats, in integers, and of the run. */
async function answers(name: string, { net, data }: { net: string; data: string }, ...options: string[]) {
  const out = path(name);
  const imported = await commandLine(
    argv`import ${net} --check ${data} -o ${out}
      --quiet ${options.includes('--dt') ? [] : ['--dt', '1']} ${options}`,
  );
  expect([imported.status, imported.stderr]).toEqual([0, '']);
  const ran = await commandLine(argv`run ${join(out, 'experiment.yaml')} --out ${path(`${name}-run`)}
    --quiet`);
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  const [checked, predictions] = [join(out, 'drift-samples.csv'), path(`${name}-run`, 'predictions.csv')];
  return {
    float: column(checked, 'float'),
    checked: column(checked, 'integer'),
    run: column(predictions, 'prediction'),
  };
}

const filled = (count: number, value: number) => [[count], Array<number>(count).fill(value)] as const;
const neurons = (shape: readonly number[], threshold: number) => {
  const size = shape.reduce((product, length) => product * length, 1);
  const all = (value: number) => [shape, Array<number>(size).fill(value)] as const;
  return ['IF', { r: all(1), v_threshold: all(threshold), v_reset: all(0) }] as const;
};

/**
 * Two channels of 4 x 4: a convolution that passes each on, then one class for the upper and one for the lower half of
 * each channel. In a sample, only that half of one channel spikes: the answer is the number of the sample modulo 4.
 */
const twoChannels = graph(
  {
    input: ['Input', { shape: [[3], [2, 4, 4]] }],
    conv: [
      'Conv2d',
      {
        input_shape: [[2], [4, 4]],
        weight: [
          [2, 2, 1, 1],
          [1, 0, 0, 1],
        ],
        ...everyPlace,
        bias: filled(2, 0),
      },
    ],
    first: neurons([2, 4, 4], 0.5),
    flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
    dense: [
      'Linear',
      {
        weight: [
          [4, 32],
          Array.from({ length: 128 }, (_, at) => (Math.floor((at % 32) / 8) === Math.floor(at / 32) ? 1 : 0)),
        ],
      },
    ],
    last: neurons([4], 0.5),
    output: ['Output', { shape: [[1], [4]] }],
  },
  'input -> conv -> first -> flat -> dense -> last -> output',
);

test.each([
  ['reference', []],
  ['loihi', loihi],
])('several input channels are those of the data, on %s', async (hw, options) => {
  const dice = new Dice(5);
  const samples = Array.from({ length: 8 }, (_, sample) =>
    Uint8Array.from({ length: 10 * 32 }, (__, at) =>
      Math.floor((at % 32) / 8) === sample % 4 && dice.chance(0.5) ? 1 : 0,
    ),
  );
  const given = await files(`two-${hw}`, twoChannels, samples, [10, 2, 4, 4]);
  const { float, checked, run } = await answers(`two-${hw}`, given, ...options);
  const expected = samples.map((_, sample) => String(sample % 4));
  expect({ float, checked, run }).toEqual({ float: expected, checked: expected, run: expected });
});

/**
 * Three layers that pass on what comes: each is a step behind the one before it, where spikes arrive in the next step.
 */
const deep = graph(
  {
    input: ['Input', { shape: [[1], [4]] }],
    one: identity(),
    first: neurons([4], 0.5),
    two: identity(),
    second: neurons([4], 0.5),
    three: identity(),
    third: neurons([4], 0.5),
    output: ['Output', { shape: [[1], [4]] }],
  },
  'input -> one -> first -> two -> second -> three -> third -> output',
);

function identity() {
  return [
    'Linear',
    {
      weight: [[4, 4], Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0))],
    },
  ] as const;
}

/** One neuron spikes in the first step, and in each sample another one twice, in the last two. */
const lateSamples = Array.from({ length: 8 }, (_, sample) => {
  const spikes = new Uint8Array(6 * 4);
  spikes[(sample + 1) % 4] = 1;
  spikes[4 * 4 + (sample % 4)] = 1;
  spikes[5 * 4 + (sample % 4)] = 1;
  return spikes;
});

test.each([
  ['reference', []],
  ['loihi', loihi],
])('what comes in the last steps counts, on %s', async (hw, options) => {
  const given = await files(`late-${hw}`, deep, lateSamples, [6, 4]);
  const { float, checked, run } = await answers(`late-${hw}`, given, ...options);
  const expected = lateSamples.map((_, sample) => String(sample % 4));
  expect({ float, checked, run }).toEqual({ float: expected, checked: expected, run: expected });
});

/** An output of the first layer, which is the first output, and one of a layer two steps behind it. */
const twoOutputs = graph(
  {
    input: ['Input', { shape: [[1], [4]] }],
    one: ['Affine', { weight: identity()[1].weight, bias: [[4], [0.3, 0, 0, 0]] }],
    first: neurons([4], 0.5),
    shallow: ['Output', { shape: [[1], [4]] }],
    two: identity(),
    second: neurons([4], 0.5),
    three: identity(),
    third: neurons([4], 0.5),
    deep: ['Output', { shape: [[1], [4]] }],
  },
  'input -> one -> first -> shallow',
  'first -> two -> second -> three -> third -> deep',
);

test.each([
  ['reference', []],
  ['loihi', loihi],
])(
  'steps that others are behind it are not counted by the layer that answers, on %s',
  async (hw, options) => {
    // Neuron 0 spikes in every second step by itself: 5 times in 10 steps, 6 times in 12. The neuron of the sample
    // spikes 6 times.
    const samples = Array.from({ length: 4 }, (_, sample) =>
      Uint8Array.from({ length: 10 * 4 }, (__, at) => (at % 4 === sample && at < 6 * 4 ? 1 : 0)),
    );
    const given = await files(`outputs-${hw}`, twoOutputs, samples, [10, 4]);
    const { float, checked, run } = await answers(`outputs-${hw}`, given, ...options);
    const expected = samples.map((_, sample) => String(sample));
    expect({ float, checked, run }).toEqual({ float: expected, checked: expected, run: expected });
  },
);

test('an answer has room for the steps that a program is given later', async () => {
  // Neuron 1 spikes in each of 400 steps, neuron 0 in 300 of them: both are more than 8 bits hold, which 20 steps need.
  const sample = Uint8Array.from({ length: 400 * 4 }, (_, at) =>
    at % 4 === 1 || (at % 4 === 0 && at < 300 * 4) ? 1 : 0,
  );
  const { net, data } = await files('later', deep, [sample], [400, 4]);
  const out = path('later');
  await commandLine(argv`import ${net} --dt 1 --steps 20 -o ${out} --quiet`);
  const ran = await commandLine(
    argv`run ${join(out, 'experiment.yaml')} --data ${data} --set program.steps=400
      --out ${path('later-run')} --quiet`,
  );
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  const predictions = path('later-run', 'predictions.csv');
  expect([column(predictions, 'score.0'), column(predictions, 'score.1')]).toEqual([['300'], ['400']]);
});

test.each(['net_conv_lif_sumpool', 'recurrent_linear', 'skip_connection', 'delay'])(
  'a graph of the battery, each layer a step behind the one before it, on loihi: %s',
  async (name) => {
    const nir = await graphOf(battery, name);
    const dt = arraysOf(bytesOf(battery, `${name}.npz`))('dt')?.values[0] ?? 0;
    const input = [...nir.nodes.values()].find(({ type }) => type === 'Input');
    const shape = [...(input?.parameters.get('shape')?.values ?? [])];
    const size = shape.reduce((product, length) => product * length, 1);
    const dice = new Dice(3);
    const samples = Array.from({ length: 6 }, () =>
      Uint8Array.from({ length: 20 * size }, () => (dice.chance(0.3) ? 1 : 0)),
    );
    const given = await files(name, nir, samples, [20, ...shape], 1);
    const { checked, run } = await answers(name, given, ...loihi, '--dt', String(dt));
    expect(run).toEqual(checked);
  },
);
