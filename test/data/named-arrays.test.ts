import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { NamedArrays } from '../../src/data/index.ts';
import {
  createSetEncoder,
  type Dataset,
  type NdArray,
  sampleEvents,
  writeNpz,
} from '../../src/data/index.ts';
import type { FileArrays } from '../../src/data/node.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { hdf5File } from '../support/hdf5.ts';
import { scratch } from '../support/scratch.ts';
import { dense, expectedSteps, labels, load, stepsOf } from './named-arrays.ts';

const { folder } = scratch();
const written = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const npz = (name: string, arrays: Readonly<Record<string, NdArray>>): string =>
  written(name, writeNpz(arrays));

describe('numbers of a range', () => {
  const file = npz('range.npz', {
    frames: { shape: [1, 2, 2], data: Float32Array.of(-1, 0.5, 4, -1) },
    pixels: { shape: [2, 2], data: Float64Array.of(-1, 0, 1, 4) },
  });
  test('values in time steps: each above the lowest is a spike that carries it', async () => {
    const { test: set } = await load(file, { test: { values: 'frames' }, range: [-1, 4] });
    const { steps, offsets, indices, values } = createSetEncoder(set, 'steps')(
      { seed: 1, epoch: 0, sample: 0 },
      9,
    );
    expect([steps, ...offsets]).toEqual([2, 0, 1, 2]);
    // 1.5 of 5, 76.5 of 255: a half is rounded up.
    expect([[...indices], [...(values ?? [])]]).toEqual([
      [1, 0],
      [77, 255],
    ]);
  });
  test('features', async () => {
    const { test: set } = await load(file, { test: { features: 'pixels' }, range: [-1, 4] });
    expect(set.kind === 'features' && [...set.values]).toEqual([0, 51, 102, 255]);
  });
  test('beyond it', async () => {
    await expect(load(file, { test: { values: 'frames' }, range: [0, 4] })).rejects.toThrow(
      'frames[0, 0, 0] is -1; a value in 0..4 expected',
    );
  });
});

describe('spikes in time steps', () => {
  test.each([
    [
      '.npz',
      npz('dense.npz', {
        x: { shape: [3, 2, 4], data: Uint8Array.from(dense) },
        y: { shape: [3], data: Int32Array.from(labels) },
      }),
    ],
    [
      'HDF5',
      written(
        'dense.h5',
        hdf5File({
          x: { values: dense, shape: [3, 2, 4], type: 'uint8' },
          y: { values: labels, type: 'int64' },
        }),
      ),
    ],
  ])('are presented in their steps, from %s', async (_, path) => {
    const data = await load(path, { test: { spikes: 'x', labels: 'y' } });
    expect(stepsOf(data)).toEqual(expectedSteps);
    expect(data.test).toMatchObject({ kind: 'events', inputs: 4, steps: 2, classes: 3, count: 3 });
    expect([...data.test.labels]).toEqual(labels);
    // Nothing to learn from.
    expect(data.train).toMatchObject({ count: 0, inputs: 4, classes: 3 });
  });

  test('may have more axes of channels, floats that are whole, and no labels', async () => {
    const path = npz('picture.npz', { 'a/b': { shape: [3, 2, 2, 2], data: Float32Array.from(dense) } });
    const data = await load(path, { test: { spikes: 'a/b' } });
    expect(stepsOf(data)).toEqual(expectedSteps);
    expect(data.test).toMatchObject({ inputs: 4, classes: 0 });
  });

  test('take no other encoder', async () => {
    const { test: set } = await load(join(folder, 'dense.npz'), { test: { spikes: 'x' } });
    expect(() => createSetEncoder(set, 'bernoulli')).toThrow(
      'the data are spikes in time steps; bernoulli is',
    );
  });
});

describe('spikes with their times', () => {
  const times = [0.001, 0.02, 0.003];
  const units = [5, 0, 127];
  const expected = [
    [
      [0.001, 5],
      [0.02, 0],
    ],
    [],
    [[0.003, 127]],
  ];
  const spikes = ({ test: set }: Dataset): unknown =>
    set.kind === 'events' &&
    Array.from({ length: set.count }, (_, sample) => {
      const events = sampleEvents(set, sample);
      return [...events.times].map((time, spike) => [Number(time.toPrecision(6)), events.units[spike]]);
    });

  test('come as rows, of any number of channels', async () => {
    const path = written(
      'rows.h5',
      hdf5File({
        'events/t': { rows: [[1, 20], [], [3]], type: 'float32' },
        'events/c': { rows: [[5, 0], [], [127]], type: 'uint8' },
        y: { values: labels, type: 'uint8' },
      }),
    );
    const arrays = { test: { times: 'events/t', units: 'events/c', labels: 'y' }, seconds: 0.001 };
    const data = await load(path, arrays);
    expect(spikes(data)).toEqual(expected);
    expect(data.test.inputs).toBe(128);
    expect(data.corrections).toEqual([`${path}: 1 sample without a spike: kept (the first sample 1)`]);
    expect((await load(path, { ...arrays, channels: 200 })).test.inputs).toBe(200);
    await expect(load(path, { ...arrays, channels: 100 })).rejects.toThrow(
      "sample 2 has a spike of unit 127 in 'events/c'; an integer in 0..99 expected",
    );
  });

  test('come in one list with offsets', async () => {
    const path = npz('list.npz', {
      t: { shape: [3], data: Float64Array.from(times) },
      c: { shape: [3], data: Uint16Array.from(units) },
      at: { shape: [4], data: Uint32Array.of(0, 2, 2, 3) },
    });
    expect(spikes(await load(path, { test: { times: 't', units: 'c', offsets: 'at' } }))).toEqual(expected);
    await expect(load(path, { test: { times: 't', units: 'c' } })).rejects.toMatchObject({
      message: expect.stringContaining("'t' has the spikes of all samples in one list"),
      hint: expect.stringContaining('offsets:'),
    });
    await expect(load(path, { test: { times: 't', units: 'c', offsets: 'c' } })).rejects.toThrow(
      "'c': expected ascending positions from 0 to 3",
    );
  });
});

describe('features', () => {
  test('of both parts, in files of a folder', async () => {
    mkdirSync(join(folder, 'parts'));
    npz('parts/a.npz', {
      x: { shape: [5, 2], data: Float32Array.of(0, 1, 0.5, 0, 0, 0, 1, 1, 0, 0) },
      y: { shape: [5], data: Uint8Array.of(0, 1, 0, 1, 0) },
    });
    npz('parts/b.npz', {
      x: { shape: [1, 2], data: Uint8Array.of(7, 255) },
      y: { shape: [1], data: Uint8Array.of(1) },
    });
    const part = { features: 'x', labels: 'y' };
    const data = await load(join(folder, 'parts'), {
      train: { ...part, file: 'a.npz' },
      test: { ...part, file: 'b.npz' },
    });
    expect(data.train).toMatchObject({
      inputs: 2,
      classes: 2,
      count: 5,
      values: Uint8Array.of(0, 255, 128, 0, 0, 0, 255, 255, 0, 0),
    });
    expect(data.test).toMatchObject({ count: 1, values: Uint8Array.of(7, 255) });
    const split = await load(join(folder, 'parts', 'a.npz'), { train: part });
    expect([split.train.count, split.test.count]).toEqual([4, 1]);
    await expect(load(join(folder, 'parts'), { test: part })).rejects.toThrow('which of its files');
  });
});

test.each<readonly [string, NamedArrays<FileArrays>, string, string]>([
  [
    'an unknown name',
    { test: { spikes: 'xx' } },
    "no array 'xx'",
    "did you mean 'x'?; there are half, two, x, y",
  ],
  [
    'too few axes',
    { test: { spikes: 'two' } },
    "'two' has the shape 3 x 4, expected samples x steps x channels",
    '',
  ],
  [
    'too few axes of features',
    { test: { features: 'y' } },
    "'y' has the shape 3, expected samples x channels",
    '',
  ],
  [
    'labels of another length',
    { test: { spikes: 'x', labels: 'two' } },
    "'two' has the shape 3 x 4, expected 3: a label for each sample",
    '',
  ],
  [
    'parts of different kinds',
    { train: { features: 'two' }, test: { spikes: 'x' } },
    'the test set has spikes in steps, the training set features',
    '',
  ],
  [
    'numbers that are no spikes',
    { test: { spikes: 'half' } },
    'half[0, 0, 1] is 0.5; a number of spikes expected',
    'features',
  ],
])('%s is refused', async (_, arrays, message, hint) => {
  const path = npz('wrong.npz', {
    x: { shape: [3, 2, 4], data: Uint8Array.from(dense) },
    y: { shape: [3], data: Uint8Array.from(labels) },
    two: { shape: [3, 4], data: new Uint8Array(12) },
    half: { shape: [1, 1, 2], data: Float32Array.of(1, 0.5) },
  });
  const error = await load(path, arrays).catch((reason: unknown) => reason);
  if (!(error instanceof PlasticoreError)) throw error;
  expect(error.describe()).toContain(message);
  expect(error.describe()).toContain(hint);
  expect(error.describe()).toContain('wrong.npz');
});
