import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Dataset, readNpz } from '../../src/dataset/index.ts';
import { loadEmbedded } from '../../src/dataset/node.ts';
import {
  type Cell,
  limitData,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
  runIdentity,
} from '../../src/experiment/index.ts';
import {
  findFile,
  readCheckpoint,
  runFiles,
  runInFolder,
  writeCheckpoint,
} from '../../src/experiment/node.ts';
import type { Report } from '../../src/report/index.ts';
import { expectError } from '../support/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'plasticore-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A network small enough to run in milliseconds. */
const smallCell = (limit: number, epochs: number): Cell =>
  resolveCell(
    loadExperiment(findFile('experiment', 'mnist-snn', '')),
    { limit, epochs, settings: parseSettings(['program.populations.hidden.size=16', 'program.steps=5']) },
    findFile,
  );

const embedded = loadEmbedded();
const dataOf = (cell: Cell): Dataset => limitData(embedded, cell.limit);

describe('a run', () => {
  test('counts training and test apart, and every epoch', async () => {
    const cell = smallCell(20, 2);
    const { history, test: tested, engine } = await runCell(cell, dataOf(cell));
    expect(history.map(({ epoch, samples }) => [epoch, samples])).toEqual([
      [0, 20],
      [1, 20],
    ]);
    expect(history.map(({ counters }) => [counters.samples, counters.steps])).toEqual([
      [20, 100],
      [20, 100],
    ]);
    expect([tested.counters.samples, tested.counters.steps]).toEqual([20, 100]);
    expect(tested.predictions).toHaveLength(20);
    // A test does not learn.
    const learning = cell.image.kernels.flatMap(({ counts }, index) => (counts === 'update' ? [index] : []));
    for (const index of learning) {
      expect(tested.counters.work[index]?.runs).toBe(0);
      expect(history[0]?.counters.work[index]?.runs).toBeGreaterThan(0);
    }
    // What is counted by neuron is what the core counts by population.
    expect(tested.neuronSpikes.map((spikes) => spikes.reduce((a, b) => a + b, 0))).toEqual(
      tested.counters.spikes,
    );
    expect(engine.counters()).toEqual(tested.counters);
  });

  test('without epochs only tests', async () => {
    const cell = smallCell(10, 0);
    const { history, test: tested } = await runCell(cell, dataOf(cell));
    expect(history).toEqual([]);
    expect(tested.predictions).toHaveLength(10);
  });

  test('refuses data that does not fit the network', async () => {
    const cell = smallCell(10, 1);
    const { train, test: tested } = dataOf(cell);
    const narrow = { name: 'narrow', description: '', train: { ...train, inputs: 783 }, test: tested };
    await expect(runCell(cell, narrow)).rejects.toThrow("783 features a sample; population 'input'");
    const many = { name: 'many', description: '', train: { ...train, classes: 11 }, test: tested };
    await expect(runCell(cell, many)).rejects.toThrow('11 classes; the readout output.v');
  });
});

describe('a folder', () => {
  const parse = (path: string): Report => JSON.parse(readFileSync(path, 'utf8')) as Report;
  const outputs = [runFiles.weights, runFiles.history, runFiles.predictions, runFiles.recording];

  test('a run that is stopped again and again ends in the same bytes as one that is not', async () => {
    const cell = smallCell(60, 2);
    const whole = join(folder, 'whole');
    const stopped = join(folder, 'stopped');
    // The engine that takes long enough to be stopped.
    const options = { record: 'v:hidden,spikes:*', engine: 'reference' };
    await runInFolder(cell, { ...options, out: whole });
    let stops = 0;
    for (let isDone = false; !isDone; ) {
      const stop = new AbortController();
      // Stops in both phases: at the first turn of the event loop after some samples.
      stop.abort(new Error('stopped'));
      try {
        await runInFolder(cell, { ...options, out: stopped, resume: true, signal: stop.signal });
        isDone = true;
      } catch (error) {
        expect((error as Error).message).toBe('stopped');
        stops += 1;
      }
    }
    expect(stops).toBeGreaterThan(1);
    for (const file of outputs) {
      expect(readFileSync(join(stopped, file)).equals(readFileSync(join(whole, file)))).toBe(true);
    }
    const [a, b] = [whole, stopped].map((path) => parse(join(path, runFiles.report)));
    expect(JSON.stringify({ ...b, timing: undefined })).toBe(JSON.stringify({ ...a, timing: undefined }));
    expect(readdirSync(stopped).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('holds the weights with their scales, and what was recorded', async () => {
    const cell = smallCell(12, 1);
    const out = join(folder, 'files');
    const { result } = await runInFolder(cell, { out, record: 'v:hidden,spikes:*' });
    const { image } = cell;
    const weights = readNpz(readFileSync(join(out, runFiles.weights)), 'weights');
    const weight = weights.get('inputToHidden.weight');
    expect(weight?.shape).toEqual([784, 16]);
    expect(weight?.data).toBeInstanceOf(Int8Array);
    expect(weights.get('inputToHidden.shadow')?.data).toBeInstanceOf(Int16Array);
    // A weight is its shadow, rounded and cut to 8 of 16 bits (recipe: min((shadow + 128) >> 8, 127)).
    const shadow = weights.get('inputToHidden.shadow')?.data ?? [];
    expect([...(weight?.data ?? [])]).toEqual([...shadow].map((value) => Math.min((value + 128) >> 8, 127)));
    expect(weights.get('inputToHidden.weight.scale')?.data[0]).toBe(1 / 128);
    expect(weights.get('inputToHidden.shadow.scale')?.data[0]).toBe(1 / 32768);

    const recording = readNpz(readFileSync(join(out, runFiles.recording)), 'record');
    expect(recording.get('hidden.v')?.shape).toEqual([10, 5, 16]);
    const offsets = recording.get('hidden.spikes.offsets')?.data ?? [];
    expect(offsets).toHaveLength(10 * 5 + 1);
    expect(offsets[50]).toBe(recording.get('hidden.spikes.indices')?.data.length);
    expect([...(recording.get('prediction')?.data ?? [])]).toEqual(result.test.predictions.slice(0, 10));
    expect([...recording.keys()].sort()).toEqual(
      [
        'hidden.v',
        ...image.populations.flatMap(({ name }) => [`${name}.spikes.indices`, `${name}.spikes.offsets`]),
        'label',
        'prediction',
      ].sort(),
    );
    const lines = readFileSync(join(out, runFiles.predictions), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('sample,label,prediction');
    expect(lines).toHaveLength(13);
    expect(readFileSync(join(out, runFiles.history), 'utf8').split('\n')[0]).toBe(
      'epoch,samples,accuracy,cycles,sops,updates,spikes.input,spikes.hidden,spikes.output,energyPj',
    );
  });

  test('refuses the checkpoint of another run, and a damaged one', async () => {
    const cell = smallCell(5, 1);
    const data = dataOf(cell);
    const path = join(folder, 'checkpoint');
    const identity = runIdentity(cell, data, undefined);
    await runCell(cell, data, { onCheckpoint: (state) => writeCheckpoint(path, identity, state) });
    expect(readCheckpoint(path, identity)?.done).toBe(5);
    expectError(
      () => readCheckpoint(path, { ...identity, seed: 9 }),
      'usage',
      path,
      'of another run: its seed is 1, this run’s is 9'.replace('’', "'"),
    );
    const more = limitData(embedded, 6);
    expectError(() => readCheckpoint(path, runIdentity(cell, more, undefined)), 'usage', 'its data is');
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expectError(() => readCheckpoint(path, identity), 'file', path, 'damaged', 'SHA-256');
    writeFileSync(path, 'nonsense');
    expectError(() => readCheckpoint(path, identity), 'file', path, 'without --resume');
    expect(readCheckpoint(join(folder, 'none'), identity)).toBeUndefined();
  });

  test('options that need a folder say so', async () => {
    const cell = smallCell(5, 1);
    await expect(runInFolder(cell, { resume: true })).rejects.toThrow('--resume needs --out');
    await expect(runInFolder(cell, { record: 'v:hidden' })).rejects.toThrow('--record needs --out');
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(runInFolder(cell, { out: file })).rejects.toThrow('there is a file of that name');
  });

  test.each([
    ['v', "expected WHAT:POPULATION, found 'v'"],
    ['v:hiden', "no population 'hiden'"],
    ['w:hidden', "'hidden' has no field 'w'"],
    ['w:*', "no population has a field 'w'"],
  ])('--record %s is refused', async (record, message) => {
    await expect(runInFolder(smallCell(5, 1), { out: join(folder, 'x'), record })).rejects.toThrow(message);
  });
});
