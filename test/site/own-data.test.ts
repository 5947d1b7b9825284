import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { defaultDesign } from '../../site/shared/design.ts';
import type { DroppedFile } from '../../site/shared/dropped-file.ts';

import { adaptationTo } from '../../site/worker/adapting.ts';
import { compileDesign } from '../../site/worker/compile.ts';
import { samplesOf } from '../../site/worker/data.ts';
import { loaderOf } from '../../site/worker/dropped.ts';
import { designOfReport } from '../../site/worker/reports.ts';
import { SteppedRun } from '../../site/worker/run.ts';
import { type Dataset, writeIdx, writeNpz } from '../../src/data/index.ts';
import { loadDataset, loadEmbedded } from '../../src/data/node.ts';
import { stateSha256 } from '../../src/engine/index.ts';
import { dataHash } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { put } from '../support/change.ts';
import { scratch } from '../support/scratch.ts';
import { writeRandomShd } from '../support/shd-files.ts';
import { dropped, refusal } from './dropped-files.ts';

const { folder } = scratch();

const digits = (): Promise<Dataset> => Promise.resolve(loadEmbedded());
const image = (sample: number, pixel: number): number => (sample * 37 + pixel * 11) % 256;
const images = (count: number) => ({
  shape: [count, 4, 4],
  data: Uint8Array.from({ length: 16 * count }, (_, at) => image(Math.floor(at / 16), at % 16)),
});
const labels = (count: number) => ({
  shape: [count],
  data: Uint8Array.from({ length: count }, (_, sample) => sample % 10),
});

describe('dropped data are those that the command line reads', () => {
  const same = async (files: readonly DroppedFile[], path: string): Promise<void> => {
    const [page, command] = [await loaderOf(files)({}), await loadDataset(path)];
    expect(dataHash(page)).toBe(dataHash(command));
    expect(page.train.count).toBeGreaterThan(0);
  };

  test('a .npz file', async () => {
    const path = join(folder, 'own.npz');
    const { shape, data } = images(60);
    writeFileSync(path, writeNpz({ x: { shape, data }, y: labels(60) }));
    await same([dropped(path)], path);
  });

  test('the four IDX files, plain or packed, in any order', async () => {
    const idx = join(folder, 'idx');
    mkdirSync(idx);
    for (const [part, count] of [
      ['train', 60],
      ['t10k', 20],
    ] as const) {
      writeFileSync(join(idx, `${part}-images-idx3-ubyte.gz`), gzipSync(writeIdx(images(count))));
      writeFileSync(join(idx, `${part}-labels-idx1-ubyte`), writeIdx(labels(count)));
    }
    const names = [
      't10k-labels-idx1-ubyte',
      'train-images-idx3-ubyte.gz',
      't10k-images-idx3-ubyte.gz',
      'train-labels-idx1-ubyte',
    ];
    await same(
      names.map((name) => dropped(join(idx, name))),
      idx,
    );
  });

  test('files in the layout of SHD, one or two, plain or packed', async () => {
    const shd = join(folder, 'shd');
    writeRandomShd(shd, { trainOfClass: 3, testOfClass: 2, spikes: 20, seed: 1 });
    const [train, test] = [dropped(join(shd, 'shd_train.h5')), dropped(join(shd, 'shd_test.h5'))];
    await same([test, train], shd);
    await same([{ name: 'shd_test.h5.gz', bytes: new Uint8Array(gzipSync(test.bytes)) }, train], shd);
    await same([train], join(shd, 'shd_train.h5'));
  });
});

test('two IDX files are split, a fifth to test on', async () => {
  const files = [
    { name: 'pictures', bytes: writeIdx(images(50)) },
    { name: 'answers', bytes: writeIdx(labels(50)) },
  ];
  const { train, test: held } = await loaderOf(files)({});
  expect([train.count, held.count, train.inputs]).toEqual([40, 10, 16]);
  // Of each of ten classes with five samples, one is held back.
  expect([...held.labels].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

describe('a network whose sizes are not those of the data', () => {
  const offered = async (experiment: string, classes: number) => {
    const npz = {
      name: 'a.npz',
      bytes: writeNpz({
        x: images(60),
        y: { shape: [60], data: Uint8Array.from({ length: 60 }, (_, sample) => sample % classes) },
      }),
    };
    const compiled = compileDesign({ ...defaultDesign, experiment }, findFile);
    const data = await samplesOf(compiled, loaderOf([npz]), digits);
    return { npz, compiled, data, adaptation: adaptationTo(compiled, data) };
  };

  test('is adapted by settings, with which it runs', async () => {
    const { npz, compiled, data, adaptation } = await offered('mnist-snn', 12);
    expect(adaptation).toEqual({
      settings: { 'program.populations.input.size': 16, 'program.populations.output.size': 12 },
      words: '16 inputs, 12 answers',
    });
    const { cell } = compileDesign({ ...compiled.design, settings: adaptation?.settings ?? {} }, findFile);
    expect(cell.image.populations.map(({ size }) => size)).toEqual([16, 256, 12]);
    const run = new SteppedRun(cell, data, undefined);
    while (run.part !== 'done') run.advance();
    // As the command line runs it that is told the same.
    const [path, report] = [join(folder, 'a.npz'), join(folder, 'adapted.json')];
    writeFileSync(path, npz.bytes);
    const sets = Object.entries(adaptation?.settings ?? {}).flatMap(
      ([key, value]) => argv`--set ${key}=${String(value)}`,
    );
    const { status } = await commandLine(argv`run mnist-snn --data ${path} ${sets} --json ${report} --quiet`);
    expect(status).toBe(0);
    const { provenance } = JSON.parse(readFileSync(report, 'utf8')) as {
      provenance: { stateSha256: string };
    };
    expect(stateSha256(run.machine.save())).toBe(provenance.stateSha256);
  });

  test('keeps its answers where the data have fewer classes', async () => {
    expect((await offered('mnist-snn', 3)).adaptation?.words).toBe('16 inputs');
  });

  test.each(['mnist-csnn', 'odin-mnist'])(
    'is not adapted where its shapes are no numbers: %s',
    async (name) => {
      expect((await offered(name, 10)).adaptation).toBeUndefined();
    },
  );
});

describe('what cannot be read says so', () => {
  const text = { name: 'notes.txt', bytes: new TextEncoder().encode('notes') };
  const pictures = { name: 'train-images', bytes: writeIdx(images(3)) };
  test.each([
    ['another kind of file', [text], 'notes.txt: the page cannot read data from this file\n  drop one .npz'],
    ['one part of two', [pictures], '0 IDX files of labels (all) found, 1 expected'],
    ['two of a kind', [pictures, pictures], '2 IDX files of images (all) found, 1 expected'],
    ['a damaged archive', [{ name: 'a.npz', bytes: Uint8Array.of(1, 2, 3) }], 'a.npz'],
    [
      'a damaged packed file',
      [{ name: 'a.gz', bytes: Uint8Array.of(0x1f, 0x8b, 3) }],
      'a.gz: damaged or truncated gzip file',
    ],
    ['no file', [], 'no file was dropped'],
  ])('%s', async (_, files, words) => {
    expect(await refusal(loaderOf(files)({}))).toContain(words);
  });

  test('files that name no speakers, where some are held out', async () => {
    const npz = {
      name: 'a.npz',
      bytes: writeNpz({ x: images(60), y: labels(60) }),
    };
    expect(await refusal(loaderOf([npz])({ split: { holdOut: { speakers: [1] } } }))).toContain(
      'holds out speakers',
    );
  });
});

test.each(['spoken-snn', 'shd-rsnn', 'speech-snn', 'speech-held-out'])(
  'experiment %s says which data it needs, and how to get them',
  async (experiment) => {
    const compiled = compileDesign({ ...defaultDesign, experiment }, findFile);
    const words = await refusal(samplesOf(compiled, undefined, digits));
    expect(words).toContain(
      `experiment '${experiment}' needs data that are not on this page: spikes with their times`,
    );
    expect(words).toContain('docs/data.md says where to get those of SHD');
  },
);

describe('the report of a run', () => {
  const runOf = async (...options: readonly string[]) => {
    const path = join(folder, `report-${options.join('').replace(/\W/g, '')}.json`);
    const { status, stderr } = await commandLine(
      argv`run mnist-snn --epochs 1 --limit 200 --quiet --json ${path} ${options}`,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return {
      file: dropped(path),
      report: JSON.parse(readFileSync(path, 'utf8')) as { provenance: { stateSha256: string } },
    };
  };

  test.each([
    ['as it is', []],
    [
      'at a precision, with a seed and settings',
      argv`--precision mp16-4 --seed 3 --set hw.lanes=8 --set program.populations.hidden.size=64`,
    ],
    ['on the float32 baseline', argv`--precision fp32`],
    ['on another core', argv`--hw large`],
  ])('opens its design, which ends in its state: %s', async (_, options) => {
    const { file, report } = await runOf(...options);
    const { design, notes, figures } = designOfReport(file, findFile);
    expect(notes).toEqual([]);
    expect(figures.map(({ name }) => name)).toEqual([
      'accuracy on the test set',
      'energy of an answer',
      'state at its end',
    ]);
    const compiled = compileDesign(design, findFile);
    const run = new SteppedRun(compiled.cell, await samplesOf(compiled, undefined, digits), undefined);
    while (run.part !== 'done') run.advance();
    expect(stateSha256(run.machine.save())).toBe(report.provenance.stateSha256);
  });

  test('says what is missing, and what differs', async () => {
    const { file } = await runOf();
    const changed = (change: (provenance: Record<string, unknown>) => void): DroppedFile => {
      const report = JSON.parse(new TextDecoder().decode(file.bytes)) as {
        provenance: Record<string, unknown>;
      };
      change(report.provenance);
      return { name: 'report.json', bytes: new TextEncoder().encode(JSON.stringify(report)) };
    };
    const notesOf = (change: Parameters<typeof changed>[0]): string =>
      designOfReport(changed(change), findFile).notes.join('\n');
    expect(
      notesOf((provenance) => put(provenance, 'data', { ...(provenance.data as object), name: 'mine' })),
    ).toContain("It ran on the data 'mine'");
    expect(notesOf((provenance) => put(provenance, 'imageSha256', '0'))).toContain('It ran another image');
    expect(
      notesOf((provenance) =>
        put(provenance, 'settings', [...(provenance.settings as string[]), 'program.placement={"cores":1}']),
      ),
    ).toContain('program.placement={"cores":1} is not a single value');
    const of = (bytes: DroppedFile) => refusal(Promise.resolve().then(() => designOfReport(bytes, findFile)));
    expect(await of(changed((provenance) => put(provenance, 'experiment', 'mine')))).toContain(
      "there is no bundled experiment 'mine'",
    );
    expect(await of(changed((provenance) => put(provenance, 'more', 1)))).toContain(
      'report.json: not the report of a run',
    );
    expect(await of({ name: 'a.json', bytes: new TextEncoder().encode('{') })).toContain('a.json: no JSON');
  });
});
