import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { fileServer } from '../support/file-server.ts';
import { type Content, hdf5File } from '../support/hdf5.ts';
import { pngFile } from '../support/png.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { path } = scratch();

/** 20 samples of two classes, three spikes each but for the last, which has none; the first is out of order. */
const samples = Array.from({ length: 20 }, (_, sample) => sample);
const contents: Readonly<Record<string, Content>> = {
  'spikes/times': {
    rows: samples.map((sample) =>
      sample === 19 ? [] : sample === 0 ? [0.03, 0.01, 0.02] : [0.01, 0.02, 0.03],
    ),
    type: 'float32',
  },
  'spikes/units': {
    rows: samples.map((sample) => (sample === 19 ? [] : [0, 1, 2 + sample])),
    type: 'uint16',
  },
  labels: { values: samples.map((sample) => sample % 2), type: 'uint16' },
  'extra/speaker': { values: samples.map((sample) => sample % 4), type: 'uint16' },
};
const file = path('spikes.h5');
writeFileSync(file, hdf5File(contents));
const corrections = [
  `${file}: 1 sample not in the order of time: sorted (the first sample 0)`,
  `${file}: 1 sample without a spike: kept (the first sample 19)`,
];

describe('data check', () => {
  test('describes an HDF5 file, with what it corrected', async () => {
    const { status, stdout, stderr } = await commandLine(argv`data check ${file}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const part of [
      /samples +20/,
      /classes +2/,
      /channels +700/,
      /channels that spike +21/, // 0, 1 and 2 + sample, for 19 samples
      /spikes +57/,
      /min \/ median \/ max +0 \/ 3 \/ 3/,
      /0\.000 \/ 0\.030 \/ 0\.030 s/,
      /speaker +all/,
    ])
      expect(stdout).toMatch(part);
    for (const correction of corrections)
      expect(stdout).toContain(`corrected: ${correction.split(': ').slice(1).join(': ')}`);
  });

  test('as JSON', async () => {
    const parsed: unknown = JSON.parse((await commandLine(argv`data check ${file} --json`)).stdout);
    expect(parsed).toMatchObject({
      name: file,
      parts: [
        {
          samples: 20,
          samplesByClass: [10, 10],
          events: { spikes: 57, spikesPerSample: { min: 0, median: 3, max: 3 } },
        },
      ],
      remarks: ['all: 1 samples hold no spikes: the input stays silent'],
    });
  });

  test('of pictures: shape, range, classes by their names, what was left out; and a page of them', async () => {
    for (const name of ['round', '<b>square']) {
      mkdirSync(path('shapes', name), { recursive: true });
      for (const left of [10, 20, 30, 40, 50])
        writeFileSync(path('shapes', name, `${left}.png`), pngFile({ width: 2, lines: [[left, 200]] }));
    }
    writeFileSync(path('shapes', 'round', 'notes.txt'), '');
    const line = argv`data check ${path('shapes')} -o ${path('shapes.html')}`;
    const { status, stdout } = await commandLine(line);
    expect(status).toBe(0);
    for (const part of [
      /samples +8 +2/,
      /rows x columns +1 x 2/,
      /least to most +\d0 to 200/,
      /0 <b>square +4 +1/,
      /1 round +4 +1/,
      /corrected: 1 other file left out, such as \S+notes\.txt/,
    ])
      expect(stdout).toMatch(part);
    const page = readFileSync(path('shapes.html'), 'utf8');
    expect(page).toContain('0 &lt;b&gt;square');
    expect(page).not.toContain('<b>square');
    expect(page.match(/href="data:image\/png;base64,/g)).toHaveLength(2);
  });

  test('a single IDX file, of images and of labels', async () => {
    writeFileSync(path('images'), Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 8, 0, 0));
    writeFileSync(path('labels.gz'), gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 2)));
    const check = async (name: string): Promise<unknown> =>
      JSON.parse((await commandLine(argv`data check ${path(name)} --json`)).stdout);
    expect(await check('images')).toMatchObject({
      parts: [{ samples: 2, features: 2, mean: 2, nonZero: 0.25 }],
    });
    expect(await check('labels.gz')).toMatchObject({ parts: [{ samples: 3, samplesByClass: [1, 0, 2] }] });
  });

  test.each([
    ['truncated', hdf5File(contents).subarray(0, 5000), 'damaged or truncated HDF5 file: truncated file'],
    ['no units', hdf5File({ labels: { values: [1], type: 'uint8' } }), "no data set 'spikes/times'"],
    [
      'unit 700',
      hdf5File({ ...contents, 'spikes/units': { rows: samples.map(() => [0, 1, 700]), type: 'int32' } }),
      'sample 19 has 0 times and 3 units',
    ],
    ['text', new TextEncoder().encode('x'), 'this is not an HDF5 file'],
  ])('refuses a file that is %s, in one message', async (_name, bytes, message) => {
    const damaged = path('damaged.h5');
    writeFileSync(damaged, bytes);
    const stderr = await refused(argv`data check ${damaged}`);
    expect(stderr).toContain(`plasticore: ${damaged}: ${message}`);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe('run on spikes', () => {
  const encoder =
    'experiment.encoder={bins: {ms: 10}, groupChannels: 10, jitterChannels: 4, stopAfterLastSpike: false}';
  const args = (...more: readonly string[]) => [
    ...['run', 'mnist-snn', '--data', file, '--epochs', '2', '--json', '-', '--set', encoder],
    ...['--set', 'program.populations.input.size=70', '--set', 'program.populations.hidden.size=16', ...more],
  ];

  test('reports what it corrected, on standard error and in the report, and gives the same bytes again', async () => {
    const { status, stdout, stderr } = await commandLine(args());
    expect(status).toBe(0);
    for (const correction of corrections) expect(stderr).toContain(`corrected: ${correction}\n`);
    const { provenance } = JSON.parse(stdout) as Report;
    expect(provenance.data).toMatchObject({ name: 'spikes.h5', train: 16, test: 4, corrections });
    expect(JSON.parse(provenance.encoder)).toEqual({
      bins: { ms: 10 },
      groupChannels: 10,
      jitterChannels: 4,
      stopAfterLastSpike: false,
    });
    const again = JSON.parse((await commandLine(args('--engine', 'reference'))).stdout) as Report;
    expect({ ...again, timing: undefined }).toEqual({ ...(JSON.parse(stdout) as Report), timing: undefined });
  });

  test('holds speakers out', async () => {
    const { stdout } = await commandLine(args('--set', 'experiment.split={holdOut: {speakers: [3, 1]}}'));
    const { provenance } = JSON.parse(stdout) as Report;
    expect(provenance.data).toMatchObject({ train: 10, test: 10 });
    expect(provenance.data.description).toContain('speakers 3, 1 held out');
  });

  test('refuses an encoder of features, and another number of inputs', async () => {
    expect(await refused(argv`${args()} --encoder bernoulli`)).toContain(
      'bernoulli is an encoder for features\n  encoder: bins',
    );
    expect(await refused(args('--set', 'experiment.encoder={bins: {}}'))).toContain(
      "has 700 inputs; population 'input'",
    );
  });
});

describe('data fetch', () => {
  const packed = gzipSync(hdf5File(contents));

  test('from a server, with a plain statement that nothing was verified', async () => {
    const server = await fileServer({ 'shd_train.h5.gz': packed, 'shd_test.h5.gz': packed });
    const to = path('shd');
    // The first fault meets the request for the list of sums.
    server.faults.push({ status: 404 }, { cutAfter: 100 });
    const line = argv`data fetch shd --to ${to} --url ${server.url}`;
    const { status, stdout, stderr } = await commandLine(line);
    await server.close();
    expect(status).toBe(0);
    expect(stderr).toMatch(/shd_train\.h5\.gz: .*; again in 0\.5 s/);
    expect(stdout).toContain(`NOT verified, as no checksum is known: ${join(to, 'shd_train.h5')}`);
    expect(readdirSync(to).sort()).toEqual(['shd_test.h5', 'shd_train.h5']);
    expect(new Uint8Array(readFileSync(join(to, 'shd_train.h5')))).toEqual(hdf5File(contents));
    expect((await commandLine(argv`data check ${to}`)).stdout).toMatch(/samples +20 +20/);
  });

  test('a file that does not exist, a checksum that is wrong', async () => {
    const server = await fileServer({ 'shd_train.h5.gz': packed });
    const to = path('never');
    const fetchTo = (...more: string[]) =>
      commandLine(argv`data fetch shd --to ${to} --url ${server.url} ${more}`);
    const wrong = await fetchTo('--sha256', `shd_train.h5=${'0'.repeat(64)}`);
    expect({ status: wrong.status, stdout: wrong.stdout }).toEqual({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain(`found, ${'0'.repeat(64)} expected`);
    expect(readdirSync(to)).toEqual([]);
    const missing = await fetchTo();
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain(`${server.url}shd_test.h5.gz: the server answers 404 Not Found`);
    await server.close();
  });

  test('wrong use', async () => {
    for (const [args, message] of [
      [['data', 'fetch', 'cifar'], "unknown data set 'cifar'\n  known: fashion-mnist, mnist, shd"],
      [['data', 'fetch', 'mnst'], "unknown data set 'mnst'\n  did you mean 'mnist'?"],
      [argv`data fetch shd --sha256 abc`, "expected FILE=SUM, found 'abc'"],
      // Where Linux makes no folder, whoever asks: to be refused, not to be tried for ever.
      [argv`data fetch shd --to /proc/nix/deep`, '/proc/nix/deep: cannot be written'],
      [argv`data fetch shd --url here`, "--url: 'here' is not an address"],
    ] as const) {
      const stderr = await refused(args);
      expect(stderr).toContain(message);
    }
  });
});
