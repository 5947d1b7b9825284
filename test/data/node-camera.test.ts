import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  createEventEncoder,
  defaultEventEncoding,
  groupedInputs,
} from '../../src/data/encode/event-encoder.ts';
import { loadDataset } from '../../src/data/node.ts';
import { noEpoch } from '../../src/random/index.ts';
import { scratch } from '../support/scratch.ts';

const { folder } = scratch();

/** Events of N-MNIST: x, y, polarity, microseconds below 2^16. */
function bin(...events: readonly (readonly [x: number, y: number, p: number, t: number])[]): Uint8Array {
  return Uint8Array.from(events.flatMap(([x, y, p, t]) => [x, y, p << 7, t >> 8, t & 255]));
}

function write(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(folder, name);
  for (const [file, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), bytes);
  }
  return path;
}

const nMnist = write('n-mnist', {
  'Train/0/00002.bin': bin([33, 33, 1, 1000], [0, 0, 0, 3000]),
  'Train/0/00001.bin': bin([1, 0, 0, 0]),
  'Train/10/00003.bin': bin([0, 1, 1, 5]),
  'Train/2/00004.bin': bin([2, 2, 1, 5]),
  'Test/2/00001.bin': bin([3, 0, 0, 7]),
});

describe('recordings in train/CLASS and test/CLASS', () => {
  test('classes in the order of their numbers, files in that of their names, times from the first event', async () => {
    const { train, test: tested, description } = await loadDataset(nMnist);
    expect(description).toBe(
      'recordings of 34 x 34 pixels of two polarities, of 3 classes: 4 for training and 1 for testing',
    );
    if (train.kind !== 'events') throw new Error('events expected');
    // 0, 2, 10.
    expect([...train.labels]).toEqual([0, 0, 1, 2]);
    expect([...tested.labels]).toEqual([1]);
    expect([train.inputs, train.classes]).toEqual([2 * 34 * 34, 3]);
    // (polarity x 34 + y) x 34 + x: brighter pixels come behind the 1156 darker ones.
    expect([...train.units]).toEqual([1, 2 * 34 * 34 - 1, 0, (34 + 2) * 34 + 2, (34 + 1) * 34]);
    expect([...train.times].map((seconds) => Math.round(1e6 * seconds))).toEqual([0, 0, 2000, 0, 0]);
  });

  test.each([
    ['a part is missing', { 'train/a/1.bin': bin([0, 0, 0, 0]) }, "no folder 'test'"],
    [
      'a class is not learnt',
      { 'train/a/1.bin': bin([0, 0, 0, 0]), 'test/b/1.bin': bin([0, 0, 0, 0]) },
      "class 'b' is tested, and not learnt",
    ],
    [
      'a folder has no recordings',
      { 'train/a/1.txt': new Uint8Array(), 'test/a/1.bin': bin([0, 0, 0, 0]) },
      'holds no samples',
    ],
    [
      'there are no classes',
      { 'train/1.bin': bin([0, 0, 0, 0]), 'test/1.bin': bin() },
      'holds no folders of classes',
    ],
  ])('%s', async (name, files, message) => {
    await expect(loadDataset(write(name, files))).rejects.toThrow(message);
  });
});

describe('pooling', () => {
  const pool = { rows: 5, columns: 4, by: 2 };
  const encoding = { ...defaultEventEncoding, bins: { ms: 1 }, pool };

  test('squares of pixels share an input, each polarity for itself; those at an edge may be smaller', () => {
    // 3 x 2 squares, twice.
    expect(groupedInputs(40, encoding)).toBe(12);
    const encoder = createEventEncoder(40, encoding);
    const channel = (p: number, y: number, x: number) => (p * 5 + y) * 4 + x;
    const units = Uint16Array.of(channel(0, 1, 1), channel(0, 4, 3), channel(1, 2, 1), channel(1, 3, 0));
    const times = Float32Array.of(0, 0, 0.001, 0.001);
    const { steps, offsets, indices } = encoder.encode(
      { times, units },
      { seed: 1, epoch: noEpoch, sample: 0 },
      10,
    );
    expect([steps, ...offsets.subarray(0, 3)]).toEqual([2, 0, 2, 3]);
    // Square 0; the last of the first polarity; the second row of the other, in which both fall.
    expect([...indices.subarray(0, 3)]).toEqual([0, 5, 6 + 2]);
  });

  test('other pixels are refused', () => {
    expect(() => groupedInputs(41, encoding)).toThrow(
      '41 channels found, which are no pictures of 5 x 4 pixels',
    );
  });
});
