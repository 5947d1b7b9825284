import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDigits } from '../../scripts/digits.ts';
import {
  classCounts,
  contentOf,
  type Dataset,
  describeSet,
  embeddedDataset,
  type Split,
  sampleEvents,
  sampleValues,
  writeNpz,
} from '../../src/data/index.ts';
import { loadDataset, loadEmbedded } from '../../src/data/node.ts';
import { expectError, expectRejection } from '../support/errors.ts';
import { hdf5File } from '../support/hdf5.ts';
import { needs } from '../support/needs.ts';

test('arrays of files that nobody names: which they are, and where data are had', async () => {
  const named = (files: readonly string[]) => {
    const [train, test = { spikes: 'x' }] = files.map((file) => ({ file, spikes: 'x', labels: 'y' }));
    return loadDataset(undefined, { arrays: { train, test } });
  };
  await expect(named(['a.npz', 'b.npz'])).rejects.toMatchObject({
    message: 'arrays of a.npz and b.npz are named, but no folder that holds them',
    hint: expect.stringContaining('docs/data.md says where data are had'),
  });
  await expectRejection(named([]), 'data', 'arrays are named, but no file that holds them');
});

describe('the embedded digits', () => {
  const require = createRequire(import.meta.url);
  const { train, test: tested } = loadEmbedded();

  test('8000 and 2000, of each class a fifth rounded by largest remainder', () => {
    // 1001 1127 991 1032 980 863 1014 1070 944 978 digits; the fifths' remainders .8 .8 .6 .6 (classes 6 8 5 9) round
    // up.
    expect(classCounts(tested)).toEqual([200, 225, 198, 206, 196, 173, 203, 214, 189, 196]);
    expect(classCounts(train)).toEqual([801, 902, 793, 826, 784, 690, 811, 856, 755, 782]);
    for (const set of [train, tested]) expect(set).toMatchObject({ inputs: 784, classes: 10 });
  });

  test('every digit of the package is in exactly one part, with its label and pixels round(255 x)', () => {
    const key = (pixels: Uint8Array, label: number) =>
      `${label} ${createHash('sha1').update(pixels).digest('hex')}`;
    const found = [train, tested].flatMap((set) =>
      [...set.labels].map((label, i) => key(sampleValues(set, i), label)),
    );
    const expected = Array.from({ length: 10 }, (_, label) => {
      const path = require.resolve(`mnist/src/digits/${label}.json`);
      const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: number[] };
      const pixels = Uint8Array.from(data, (x) => Math.round(255 * x));
      return Array.from({ length: pixels.length / 784 }, (_, i) =>
        key(pixels.subarray(784 * i, 784 * i + 784), label),
      );
    }).flat();
    expect(found.sort()).toEqual(expected.sort());
  });

  test('are shuffled: neither part is sorted by class', () => {
    for (const set of [train, tested]) expect(new Set(set.labels.subarray(0, 500)).size).toBe(10);
  });

  test('the build leaves the same, bit for bit, as IDX files, with the licence of the package', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plasticore-digits-'));
    try {
      writeDigits(folder);
      const built = await loadDataset(folder);
      const fromJson = embeddedDataset(
        Array.from({ length: 10 }, (_, label) => {
          const path = require.resolve(`mnist/src/digits/${label}.json`);
          return (JSON.parse(readFileSync(path, 'utf8')) as { data: number[] }).data;
        }),
      );
      // Digests, because arrays of millions are compared item by item.
      const digests = ({ train: learned, test: asked }: Dataset) =>
        [learned, asked].map((set) => {
          const hash = createHash('sha256');
          for (const bytes of contentOf(set)) hash.update(bytes);
          return { ...set, values: hash.digest('hex') };
        });
      expect(digests(built)).toEqual(digests(fromJson));
      expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(
        readFileSync(require.resolve('mnist/LICENSE'), 'utf8'),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('are refused if damaged', () => {
    expectError(() => embeddedDataset([new Array(783).fill(0)]), 'data', '0.json', '783 values');
    expectError(() => embeddedDataset([[], new Array(784).fill(2)]), 'data', '1.json', 'data[0] is 2');
  });
});

describe('files and directories', () => {
  test("SSC's layout: 35 classes without speakers, and a third file beside the two", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plasticore-ssc-'));
    const file = (labels: readonly number[]) =>
      hdf5File({
        'spikes/times': { rows: labels.map(() => [0x3000, 0x3400]), type: 'float16' },
        'spikes/units': { rows: labels.map(() => [5, 699]), type: 'uint16' },
        labels: { values: labels, type: 'uint16' },
        'extra/keys': { strings: Array.from({ length: 35 }, (_, word) => `word${word}`) },
      });
    for (const [part, labels] of Object.entries({ train: [34, 0], valid: [1], test: [2] }))
      writeFileSync(join(folder, `ssc_${part}.h5`), file(labels));
    const { train, test: tested } = await loadDataset(folder);
    if (train.kind !== 'events') throw new Error('events expected');
    expect([train.classes, train.inputs, ...train.labels, ...tested.labels]).toEqual([35, 700, 34, 0, 2]);
    // 0x3000 is 2^-3 s, 0x3400 2^-2 s.
    expect([...train.times]).toEqual([0.125, 0.25, 0.125, 0.25]);
    expect(train.speakers).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'plasticore-data-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const imagesOf = (...pixels: number[]) =>
    Uint8Array.of(0, 0, 8, 3, 0, 0, 0, pixels.length / 2, 0, 0, 0, 1, 0, 0, 0, 2, ...pixels);
  const labelsOf = (...labels: number[]) => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, labels.length, ...labels);

  test('a directory of MNIST-shaped IDX files, plain and gzip', async () => {
    const path = join(directory, 'tiny');
    mkdirSync(path);
    writeFileSync(join(path, 'train-images-idx3-ubyte'), imagesOf(1, 2, 3, 4));
    writeFileSync(join(path, 'train-labels-idx1-ubyte.gz'), gzipSync(labelsOf(7, 9)));
    writeFileSync(join(path, 't10k-images-idx3-ubyte.gz'), gzipSync(imagesOf(5, 6)));
    const missing = [path, 't10k-labels-idx1-ubyte', 't10k-labels-idx1-ubyte.gz'];
    await expectRejection(loadDataset(path), 'file', ...missing);
    writeFileSync(join(path, 't10k-labels-idx1-ubyte'), labelsOf(0));
    const { name, train, test: tested } = await loadDataset(path);
    if (train.kind !== 'features' || tested.kind !== 'features') throw new Error('no features');
    expect(name).toBe('tiny');
    expect([...train.values, ...train.labels]).toEqual([1, 2, 3, 4, 7, 9]);
    expect([...tested.values, ...tested.labels]).toEqual([5, 6, 0]);
    writeFileSync(join(path, 't10k-labels-idx1-ubyte'), labelsOf(10));
    await expectRejection(
      loadDataset(path),
      'data',
      join(path, 't10k-labels-idx1-ubyte'),
      'label 0 is 10',
      '0..9',
    );
  });

  test('a .npz file', async () => {
    const x = { shape: [5, 1], data: Uint8Array.of(1, 2, 3, 4, 5) };
    const path = join(directory, 'set.npz');
    writeFileSync(path, writeNpz({ x, y: { shape: [5], data: Uint8Array.of(0, 0, 0, 0, 0) } }));
    const { train, test: tested } = await loadDataset(path);
    expect([train.count, tested.count]).toEqual([4, 1]);
  });

  test('HDF5 in the layout of SHD: a file, a directory with two, each plain or gzip', async () => {
    const samples = (...units: number[]) =>
      hdf5File({
        'spikes/times': { rows: units.map(() => [0.5]), type: 'float32' },
        'spikes/units': { rows: units.map((unit) => [unit]), type: 'uint16' },
        labels: { values: units.map(() => 0), type: 'uint16' },
        'extra/speaker': { values: units, type: 'uint16' },
      });
    const path = join(directory, 'shd');
    mkdirSync(path);
    const unitsOf = async (name: string, split?: Split) => {
      const { train, test: tested } = await loadDataset(join(path, name), { split });
      if (train.kind !== 'events' || tested.kind !== 'events') throw new Error('no events');
      return [train, tested].map((set) =>
        Array.from({ length: set.count }, (_, sample) => sampleEvents(set, sample).units[0]),
      );
    };
    writeFileSync(join(path, 'x_train.h5'), samples(1, 2, 3));
    await expectRejection(loadDataset(path), 'file', path, "0 HDF5 files with 'test'", 'found: x_train.h5');
    writeFileSync(join(path, 'x_test.h5.gz'), gzipSync(samples(4, 5)));
    expect(await unitsOf('')).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    // A file beside its own .gz is taken as it is.
    writeFileSync(join(path, 'x_test.h5'), samples(6));
    expect(await unitsOf('')).toEqual([[1, 2, 3], [6]]);
    expect(await unitsOf('', { holdOut: { speakers: [1, 6] } })).toEqual([
      [2, 3],
      [1, 6],
    ]);
    const [train, tested] = await unitsOf('x_test.h5.gz', { holdOut: { speakers: [5] } });
    expect([train, tested]).toEqual([[4], [5]]);
    writeFileSync(join(path, 'y_test.h5'), samples(7));
    await expectRejection(loadDataset(path), 'file', "2 HDF5 files with 'test'", 'x_test.h5, x_test.h5.gz');
  });

  test('parts of a set are held out: recordings, and those of some speakers', async () => {
    const recordings = [0, 1, 2, 3, 4, 5];
    const speakers = [7, 7, 7, 8, 8, 8];
    const file = join(directory, 'parts.h5');
    const write = (extra: Parameters<typeof hdf5File>[0]) =>
      writeFileSync(
        file,
        hdf5File({
          'spikes/times': { rows: recordings.map(() => [0.5]), type: 'float32' },
          'spikes/units': { rows: recordings.map((recording) => [recording]), type: 'uint16' },
          labels: { values: recordings.map(() => 0), type: 'uint16' },
          ...extra,
        }),
      );
    const numbered = { 'extra/recording': { values: recordings, type: 'uint16' } } as const;
    const named = { 'extra/speaker': { values: speakers, type: 'uint16' } } as const;
    write({ ...numbered, ...named });
    const heldBy = async (holdOut: Split['holdOut']) => {
      const { train, test: tested, description } = await loadDataset(file, { split: { holdOut } });
      return {
        recordings: [train, tested].map((set) => ('recordings' in set ? [...(set.recordings ?? [])] : [])),
        description,
      };
    };
    expect(await heldBy({ recordings: { first: 0, last: 1 } })).toMatchObject({
      recordings: [
        [2, 3, 4, 5],
        [0, 1],
      ],
    });
    const both = [
      { recordings: { first: 0, last: 0 } },
      { speakers: [8], recordings: { first: 1, last: 4 } },
    ];
    expect(await heldBy(both)).toEqual({
      recordings: [
        [1, 2, 5],
        [0, 3, 4],
      ],
      description: expect.stringContaining(
        '6 samples, recordings 0 to 0 and recordings 1 to 4 of speaker 8 held out for testing',
      ) as string,
    });
    await expectRejection(
      heldBy({ speakers: [7], recordings: { first: 3, last: 9 } }),
      'data',
      'has no samples of recordings 3 to 9 of speaker 7, which are to be held out',
    );
    await expectRejection(heldBy({ speakers: [7, 9] }), 'data', 'no samples of speaker 9', 'speakers: 7, 8');
    await expectRejection(heldBy({ speakers: [7, 8] }), 'data', 'every speaker is held out');
    await expectRejection(heldBy({ recordings: { first: 0, last: 9 } }), 'data', 'every sample is held out');
    // Two of each speaker, whose three all have one class: which, a shuffle decides.
    const drawn = (await heldBy({ speakers: [7, 8], samplesPerClass: 2 })).recordings;
    expect(drawn.flat().sort()).toEqual(recordings);
    expect(drawn[1]?.map((recording) => speakers[recording]).sort()).toEqual([7, 7, 8, 8]);
    expect((await heldBy({ samplesPerClass: 5 })).recordings[1]).toHaveLength(5);
    await expectRejection(
      heldBy({ speakers: [7, 8], samplesPerClass: 4 }),
      'data',
      'has not 4 samples of each class of speakers 7, 8, which are to be held out: 6 of 8 samples',
    );
    write(named);
    await expectRejection(
      heldBy({ recordings: { first: 0, last: 1 } }),
      'data',
      'does not number recordings (extra/recording), so none can be held out',
    );
  });

  test('speakers cannot be held out of features', async () => {
    const split = { holdOut: { speakers: [1] } };
    await expectRejection(
      loadDataset(undefined, { split }),
      'data',
      'mnist-embedded',
      'does not identify speakers',
    );
  });

  test('a path that does not exist or is not a data set', async () => {
    await expectRejection(loadDataset(join(directory, 'none')), 'file', 'none', 'no such file or directory');
    for (const [name, message] of [
      ['shd.h5', 'HDF5'],
      ['digits.txt', 'neither a directory, a .npz, a .csv nor an HDF5 file'],
    ] as const) {
      const path = join(directory, name);
      writeFileSync(path, 'x');
      await expectRejection(loadDataset(path), 'data', path, message, '.npz file with x and y');
    }
    const folder = join(directory, 'folder.npz');
    mkdirSync(folder);
    await expectRejection(loadDataset(folder), 'file', 'this folder is empty', 'PNG files');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    await expectRejection(loadDataset(folder), 'file', 'train-images-idx3-ubyte');
  });
});

const fullMnist = process.env.PLASTICORE_MNIST;

test('full MNIST', needs('mnist'), async () => {
  const { train, test: tested } = await loadDataset(fullMnist);
  expect([train.count, tested.count, train.inputs]).toEqual([60_000, 10_000, 784]);
  // Y. LeCun et al., the MNIST database: class counts of the training and test labels.
  expect(classCounts(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(classCounts(tested)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

const fsdd = process.env.PLASTICORE_FSDD;

test('spoken digits of FSDD as spikes', needs('fsdd'), async () => {
  const { train, test: tested, corrections } = await loadDataset(fsdd);
  // The statistics that come with the files.
  expect(describeSet(train)).toMatchObject({
    samples: 2700,
    samplesByClass: Array(10).fill(270),
    events: {
      channels: 700,
      activeChannels: 700,
      spikes: 10_953_503,
      spikesPerSample: { min: 457, median: 3817, max: 8776 },
      speakers: Array.from({ length: 6 }, (_, speaker) => ({ speaker, samples: 450 })),
    },
  });
  expect(describeSet(tested)).toMatchObject({
    samples: 300,
    samplesByClass: Array(10).fill(30),
    events: { spikes: 1_221_524, spikesPerSample: { min: 1339, median: 3880, max: 7946 } },
  });
  expect(corrections).toEqual([]);
  if (train.kind !== 'events' || tested.kind !== 'events') throw new Error('no events');
  // Mean spikes a sample in blocks of 35 channels.
  const blocks = new Float64Array(20);
  for (const unit of train.units) {
    const block = Math.floor(unit / 35);
    blocks[block] = (blocks[block] ?? 0) + 1 / train.count;
  }
  const expected = [
    ...[12.0, 11.9, 11.9, 12.4, 13.4, 16.5, 25.4, 38.8, 59.4, 86.7],
    ...[128.9, 207.2, 312.4, 410.6, 465.9, 489.7, 479.5, 472.2, 448.8, 353.4],
  ];
  expected.forEach((mean, block) => {
    expect(Math.abs((blocks[block] ?? 0) - mean)).toBeLessThan(0.051);
  });
  // Samples with spikes after 1.0 s, and after 1.4 s.
  const longer = (set: typeof train, seconds: number) =>
    Array.from({ length: set.count }, (_, sample) => sampleEvents(set, sample).times.at(-1) ?? 0).filter(
      (last) => last > seconds,
    ).length;
  expect([longer(train, 1), longer(train, 1.4), longer(tested, 1), longer(tested, 1.4)]).toEqual([
    18, 2, 2, 0,
  ]);
  const held = await loadDataset(fsdd, { split: { holdOut: { speakers: 'file' } } });
  expect([held.train.count, held.test.count]).toEqual([2000, 1000]);
});
