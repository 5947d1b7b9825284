import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type NdArray, writeNpz } from '../../src/data/index.ts';
import { writeNir } from '../../src/nir/index.ts';
import { graph } from '../import/support.ts';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';

const { path } = scratch();

const each = (shape: readonly number[], value: number) =>
  [shape, Array<number>(shape.reduce((product, length) => product * length, 1)).fill(value)] as const;

/** Each of 1 x 2 x 2 pixels has a neuron that adds it up, and spikes at 0.95, which a spike takes from it. */
const four = graph(
  {
    input: ['Input', { shape: [[3], [1, 2, 2]] }],
    neurons: [
      'IF',
      { r: each([1, 2, 2], 1), v_threshold: each([1, 2, 2], 0.95), v_reset: each([1, 2, 2], 0) },
    ],
    flat: ['Flatten', { start_dim: [[], [0]], end_dim: [[], [-1]] }],
    output: ['Output', { shape: [[1], [4]] }],
  },
  'input -> neurons -> flat -> output',
);
const net = path('four.nir');
beforeAll(async () => writeFileSync(net, await writeNir(four)));

function written(name: string, input: NdArray, label: readonly number[] = []): string {
  const file = path(`${name}.npz`);
  const labels = { shape: [label.length], data: Uint8Array.from(label) };
  writeFileSync(file, writeNpz({ input, ...(label.length > 0 && { label: labels }) }));
  return file;
}

const bytes = (shape: readonly number[], ...values: readonly number[]): NdArray => ({
  shape,
  data: Uint8Array.from(values),
});
const floats = (shape: readonly number[], ...values: readonly number[]): NdArray => ({
  shape,
  data: Float32Array.from(values),
});
const pixels = bytes([2, 1, 2, 2], 0, 51, 102, 255, 255, 0, 0, 0);

async function imported(...options: readonly string[]) {
  return commandLine(argv`import ${net} --dt 1 --reset subtract --fires reaches ${options}`);
}

/** The scores of a run of what was imported, sample by sample. */
async function scoresOf(out: string): Promise<string[]> {
  const ran = await commandLine(argv`run ${join(out, 'experiment.yaml')} --out ${out}-run --quiet`);
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  const [head = '', ...lines] = readFileSync(join(`${out}-run`, 'predictions.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  const first = head.split(',').indexOf('score.0');
  return lines.map((line) =>
    line
      .split(',')
      .slice(first, first + 4)
      .join(' '),
  );
}

describe('data are held against the graph before anything runs', () => {
  test.each([
    [
      'pixels without steps',
      pixels,
      [],
      'input is 2 x 1 x 2 x 2, which fits samples x channels x height x width: no axis of steps',
      'constant input? then --input constant --steps 24 --scale 1/255',
    ],
    [
      'pixels in steps',
      bytes([1, 2, 1, 2, 2], 0, 51, 102, 255, 255, 0, 0, 0),
      [],
      'input holds whole numbers up to 255',
      '--input values --scale 1/255 if these are pixels',
    ],
    [
      'pixels of no scale',
      pixels,
      argv`--input constant --steps 4`,
      'whole numbers 0 to 255, and what they are to the network is not stated',
      '--scale 1/255 if it was trained on numbers from 0 to 1',
    ],
    [
      'a constant input without steps',
      pixels,
      argv`--input constant --scale 1/255`,
      'a constant input has no steps of its own',
      '--steps 24',
    ],
    [
      'a constant input of an array with steps',
      floats([2, 3, 1, 2, 2], ...Array<number>(24).fill(0.5)),
      argv`--input constant --steps 3`,
      "samples x 1 x 2 x 2 expected, as node 'input' has them",
      '--input values takes a value for each',
    ],
    [
      'values of an array without steps',
      floats([2, 4], ...Array<number>(8).fill(0.5)),
      argv`--input values`,
      'samples x steps x 1 x 2 x 2 expected',
      '--input constant --steps 24 gives the same values in each',
    ],
    [
      'a scale of spikes',
      bytes([1, 2, 4], 0, 1, 1, 0, 1, 0, 0, 1),
      argv`--scale 2`,
      '--scale: spikes come in, which have none',
      '--input values',
    ],
    [
      'no number',
      pixels,
      argv`--scale pixels`,
      "expected a number, or a formula such as 1/255, found 'pixels'",
      '',
    ],
  ])('%s', async (name, input, options, message, hint) => {
    const { status, stderr } = await imported('--check', written(name, input), '-o', path('no'), ...options);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(hint);
  });

  test('one kind for all data', async () => {
    const [one, other] = [written('one', pixels), written('other', floats([1, 1, 4], 0, 0.5, 0, 0))];
    const { status, stderr } = await imported('--check', other, '--calibrate', one);
    expect([status, stderr]).toEqual([2, expect.stringContaining('no axis of steps')]);
  });
});

describe('values', () => {
  test('of pixels that stay the same: 1/255 of 0, 51, 102 and 255 in 10 steps spike 0, 2, 4 and 10 times', async () => {
    const out = path('constant');
    const data = written('constant', pixels, [3, 0]);
    const given = argv`--input constant --scale 1/255 --steps 10 --accumulator 24`;
    expect((await imported('--check', data, '-o', out, ...given)).status).toBe(0);
    // 2 / 0.95, 4 / 0.95, and once in each step.
    expect(await scoresOf(out)).toEqual(['0 2 4 10', '10 0 0 0']);
    const record = JSON.parse(readFileSync(join(out, 'import.json'), 'utf8'));
    expect(record.input).toMatchObject({ gives: 'constant', scale: 1 / 255, offset: 0, bits: 8 });
    expect(record.decisions).toContainEqual({
      what: 'what comes in (input)',
      value: 'constant',
      why: 'given',
    });
    expect(readFileSync(join(out, 'experiment.yaml'), 'utf8')).toMatch(/^encoder: graded$/m);
  });

  test('of frames, with a range of their own', async () => {
    const out = path('frames');
    const frames = floats([1, 4, 4], 1.5, -0.5, 0, 0.75, 0, 0, 0, 0.75, 1, 0.25, 0, 0, 0, 0.5, 1, 0);
    const data = written('frames', frames, [0]);
    const { status, stderr } = await imported('--check', data, '-o', out, '--accumulator', '24');
    expect([status, stderr]).toEqual([0, expect.stringContaining('1 samples of 4 steps')]);
    // 1.5 + 1 = 2.5; -0.5 + 0.25 + 0.5; 1; 0.75 + 0.75: a neuron spikes once in a step.
    expect(await scoresOf(out)).toEqual(['2 0 1 1']);
    const experiment = readFileSync(join(out, 'experiment.yaml'), 'utf8');
    expect(experiment).toMatch(/values: input/);
    expect(experiment).toMatch(/range:\s*\n?\s*(- |\[)-0.5/);
  });

  test('of one step come as spikes that carry them, since a field would cost more', async () => {
    const out = path('single');
    const given = argv`--input constant --scale 1/255 --steps 1`;
    const { stderr } = await imported('--check', written('single', pixels, [3, 0]), '-o', out, ...given);
    expect(stderr).toMatch(/constant input .*: as spikes that carry it, in each step; /);
    expect(readFileSync(join(out, 'experiment.yaml'), 'utf8')).toMatch(/^encoder: constant$/m);
    expect(await scoresOf(out)).toEqual(['0 0 0 1', '1 0 0 0']);
  });
});
