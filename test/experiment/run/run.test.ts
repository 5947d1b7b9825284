import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Dataset, holdOutValidation, readNpz, writeNpz } from '../../../src/data/index.ts';
import { loadEmbedded } from '../../../src/data/node.ts';
import {
  type Cell,
  type CellChoice,
  limitData,
  loadExperiment,
  parseSettings,
  resolveCell,
  runCell,
  runIdentity,
} from '../../../src/experiment/index.ts';
import {
  keepingLoader,
  readCheckpoint,
  runFiles,
  runInFolder,
  writeCheckpoint,
} from '../../../src/experiment/node.ts';
import { findFile, lockFolder } from '../../../src/fs/index.ts';
import { coreImageOf, imageOfCore } from '../../../src/image/index.ts';
import { htmlReport, reportFault } from '../../../src/report/index.ts';
import { expectError } from '../../support/errors.ts';
import { resultsIn } from '../../support/results.ts';
import { scratch } from '../../support/scratch.ts';

const { folder } = scratch();
afterEach(() => vi.restoreAllMocks());

/** Potentials that outlive a sample: what is scored between two epochs would be seen in the next. */
const remembering = 'program.events.sample.0={clear: [output.v]}';

/** A network small enough to run in milliseconds. */
const smallCell = (limit: number, epochs: number, choice: CellChoice = {}, ...set: string[]): Cell =>
  resolveCell(
    loadExperiment(findFile('experiment', 'mnist-snn', '')),
    {
      ...choice,
      limit,
      epochs,
      settings: parseSettings(['program.populations.hidden.size=16', 'program.steps=5', ...set]),
    },
    findFile,
  );

/** ReckOn with a few neurons, learning three short cues: 60 ticks, of which the last ten ask. */
const smallReckon = (choice: CellChoice): Cell => {
  const task = [
    ...['trainSamples: 24', 'testSamples: 16', 'cues: 3', 'cueMs: 8', 'pauseMs: 4', 'delayMs: 14'],
    ...['recallMs: 10', 'channelsPerGroup: 3', 'cueHz: 300', 'noiseHz: 30'],
  ];
  const settings = parseSettings([
    `experiment.task={cueAccumulation: {${task.join(', ')}}}`,
    'experiment.reckon.targetFrom=50',
    'program.steps=60',
    'program.parameters.num_inp=12',
    'program.parameters.num_rec=16',
  ]);
  const experiment = loadExperiment(findFile('experiment', 'reckon-cue', ''), settings.experiment);
  return resolveCell(experiment, { ...choice, epochs: 3, settings }, findFile);
};

/** A life of three stages, the second of them twice over its samples. */
const smallLife = (choice: CellChoice): Cell => {
  const life = '[{classes: [0, 1], test: all}, {classes: [2], passes: 2}, {classes: [3, 4], frozen: true}]';
  const settings = parseSettings([
    `experiment.life=${life}`,
    'program.populations.hidden.size=16',
    'program.events.sample.0={clear: [output.v]}',
  ]);
  const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment);
  return resolveCell(experiment, { ...choice, epochs: 1, limit: 30, settings }, findFile);
};

const embedded = loadEmbedded();
const dataOf = (cell: Cell): Dataset => limitData(embedded, cell.limit);

describe('a run', () => {
  test('goes on from the weights that another one learned', async () => {
    const out = join(folder, 'learned');
    const { report } = await runInFolder(smallCell(60, 1), { out });
    const taken = ['inputToHidden', 'hiddenToOutput'].map(
      (name) =>
        `program.projections.${name}.initialWeights={file: ${join(out, 'weights.npz')}, array: ${name}.shadow}`,
    );
    const { report: again } = await runInFolder(smallCell(60, 0, {}, ...taken), {});
    expect(again.test).toEqual(report.test);
    expect(again.test).not.toEqual((await runInFolder(smallCell(60, 0), {})).report.test);
  });

  test('says where weights from an array come from', async () => {
    // 16 hidden neurons onto 10 outputs, all weights 3: as int32, little-endian.
    writeFileSync(
      join(folder, 'w.npz'),
      writeNpz({ w: { shape: [16, 10], data: new Int32Array(160).fill(3) } }),
    );
    const set = `program.projections.hiddenToOutput.initialWeights={file: ${join(folder, 'w.npz')}, scale: 2}`;
    const { report } = await runInFolder(smallCell(12, 0, {}, set), {});
    const bytes = Buffer.from(Array.from({ length: 160 }, () => [3, 0, 0, 0]).flat());
    expect(report.provenance.arrays).toEqual([
      {
        field: 'hiddenToOutput.shadow',
        file: 'w.npz',
        array: 'w',
        sha256: createHash('sha256').update(bytes).digest('hex'),
        scale: 2,
      },
    ]);
    expect(reportFault(JSON.parse(JSON.stringify(report)))).toBeUndefined();
    const page = await htmlReport([{ name: '', report: JSON.stringify(report) }]);
    expect(page).toContain('Initial values from arrays');
    expect((await runInFolder(smallCell(12, 0), {})).report.provenance).not.toHaveProperty('arrays');
  });

  test('counts training and test apart, and every epoch', async () => {
    const cell = smallCell(20, 2);
    const { history, scored: tested, machine: engine } = await runCell(cell, dataOf(cell));
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

  test('that validates learns the rest as if nothing else had been scored', async () => {
    const whole = limitData(embedded, 50);
    const split = holdOutValidation(whole, 0.2);
    expect([split.train.count, split.test.count]).toEqual([40, 10]);
    const plain = await runCell(smallCell(50, 3, {}, remembering), split);
    const validated = await runCell(smallCell(50, 3, { validate: 0.2 }, remembering), split);
    expect(validated.machine.save()).toEqual(plain.machine.save());
    expect(validated.scored).toEqual(plain.scored);
    const withoutScores = validated.history.map(({ validationCorrect, ...rest }) => rest);
    expect(withoutScores).toEqual(plain.history);
    // What is scored after an epoch is what a run of so many epochs ends with.
    for (const [epoch, { validationCorrect }] of validated.history.entries()) {
      const shorter = await runCell(smallCell(50, epoch + 1, {}, remembering), split);
      expect(validationCorrect).toBe(shorter.scored.correct);
    }
  });

  test('without epochs only tests', async () => {
    const cell = smallCell(10, 0);
    const { history, scored: tested } = await runCell(cell, dataOf(cell));
    expect(history).toEqual([]);
    expect(tested.predictions).toHaveLength(10);
  });

  test('refuses data that does not fit the network', async () => {
    const cell = smallCell(10, 1);
    const { train, test: tested } = dataOf(cell);
    const narrow = { name: 'narrow', description: '', train: { ...train, inputs: 783 }, test: tested };
    await expect(runCell(cell, narrow)).rejects.toMatchObject({
      message: "data set 'narrow' has 783 inputs; population 'input' of 'mnist-snn' takes 784",
      hint: "set 'program.populations.input.size=783'",
    });
    const many = { name: 'many', description: '', train: { ...train, classes: 11 }, test: tested };
    await expect(runCell(cell, many)).rejects.toThrow("11 classes; readout 'output.v'");
  });
});

describe('a folder', () => {
  // The last epoch has another threshold: what is scored after it depends on the schedule, not on weights alone.
  const schedule = 'program.parameters.threshold={value: 128, add: {2: 128}}';
  const small = (choice: CellChoice) => smallCell(60, 3, choice, schedule, remembering);

  test.each([
    ['a core', 0.4, small, 'v:hidden,spikes:*'],
    ['a chip with a controller', undefined, smallReckon, 'u:neurons,spikes:*'],
    ['a life', 0.4, smallLife, 'v:hidden,spikes:*'],
  ] as const)(
    'a run of %s that is stopped again and again ends in the same bytes as one that is not; validating %s',
    async (kind, validate, cellOf, record) => {
      const cell = cellOf({ validate });
      const whole = join(folder, `${kind}, whole ${validate}`);
      const stopped = join(folder, `${kind}, stopped ${validate}`);
      const options = { record, load: keepingLoader() };
      await runInFolder(cell, { ...options, out: whole });
      const parts = new Set<string>();
      // By this clock a turn of the event loop is due after a few samples, on any machine: it is stopped in all parts.
      let nowMs = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => {
        nowMs += 10;
        return nowMs;
      });
      for (let isDone = false; !isDone; ) {
        const stop = new AbortController();
        stop.abort(new Error('stopped'));
        try {
          await runInFolder(cell, {
            ...options,
            out: stopped,
            resume: true,
            signal: stop.signal,
            onStart: ({ resumedAt }) => parts.add(resumedAt?.part ?? 'none'),
          });
          isDone = true;
        } catch (error) {
          expect((error as Error).message).toBe('stopped');
          expect(readdirSync(stopped)).toEqual([runFiles.checkpoint]);
        }
      }
      const isLife = cell.life !== undefined;
      const between = isLife ? ['begin', 'validate'] : validate === undefined ? [] : ['validate'];
      expect(parts).toEqual(new Set(['none', 'train', ...between, 'score']));
      expect(Object.keys(resultsIn(whole))).toEqual([
        'counts.json',
        'history.csv',
        'learnt.pcore',
        ...(isLife ? ['life.csv'] : []),
        'predictions.csv',
        'record.npz',
        'report.json',
        'weights.npz',
      ]);
      expect(resultsIn(stopped)).toEqual(resultsIn(whole));
    },
  );

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
    expect([...(recording.get('prediction')?.data ?? [])]).toEqual(result?.scored.predictions.slice(0, 10));
    expect([...recording.keys()].sort()).toEqual(
      [
        'hidden.v',
        ...image.populations.flatMap(({ name }) => [`${name}.spikes.indices`, `${name}.spikes.offsets`]),
        'label',
        'prediction',
        'steps',
      ].sort(),
    );
    const lines = readFileSync(join(out, runFiles.predictions), 'utf8').trimEnd().split('\n');
    const scores = Array.from({ length: 10 }, (_, index) => `score.${index}`);
    expect(lines[0]).toBe(['sample,label,prediction', ...scores].join());
    expect(lines).toHaveLength(13);
    for (const line of lines.slice(1)) {
      const [, , prediction = -1, ...items] = line.split(',').map(Number);
      expect(prediction).toBe(items.indexOf(Math.max(...items)));
    }
    expect(readFileSync(join(out, runFiles.history), 'utf8').split('\n')[0]).toBe(
      'epoch,samples,accuracyWhileLearning,cycles,sops,updates,spikes.input,spikes.hidden,spikes.output,energyPj',
    );
  });

  test('holds recorded samples of different lengths, the shorter ones padded with zeros', async () => {
    // Cues in at most 100 steps; a sample ends with the step of its last spike.
    const task =
      '{trainSamples: 4, testSamples: 6, cues: 2, cueMs: 6, pauseMs: 4, delayMs: 8, recallMs: 30, channelsPerGroup: 3, cueHz: 60, noiseHz: 5}';
    const set = [
      `experiment.task={cueAccumulation: ${task}}`,
      'experiment.encoder={bins: {ms: 1}}',
      ...['program.steps=100', 'program.populations.input.size=12', 'program.populations.hidden.size=5'],
      'program.populations.output.size=2',
    ];
    const settings = parseSettings(set);
    const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''), settings.experiment);
    const cell = resolveCell(experiment, { epochs: 0, settings }, findFile);
    const out = join(folder, 'lengths');
    const { result } = await runInFolder(cell, { out, record: 'v:hidden,spikes:input' });
    const recording = readNpz(readFileSync(join(out, runFiles.recording)), 'record');
    const lengths = [...(recording.get('steps')?.data ?? [])];
    expect(lengths).toHaveLength(6);
    expect(new Set(lengths).size).toBeGreaterThan(1);
    const most = Math.max(...lengths);
    expect(most).toBeLessThan(100);
    expect(lengths.reduce((sum, steps) => sum + steps, 0)).toBe(result?.scored.counters.steps);

    const { shape, data: potentials = [] } = recording.get('hidden.v') ?? {};
    expect(shape).toEqual([6, most, 5]);
    const offsets = recording.get('input.spikes.offsets')?.data ?? [];
    expect(offsets).toHaveLength(6 * most + 1);
    for (const [sample, steps] of lengths.entries()) {
      // The last step that a sample has is one with a spike; then there is nothing.
      const at = (step: number): number => offsets[sample * most + step] ?? Number.NaN;
      expect(at(steps)).toBeGreaterThan(at(steps - 1));
      expect(at(most)).toBe(at(steps));
      expect([...potentials].slice((sample * most + steps) * 5, (sample + 1) * most * 5)).toEqual(
        new Array<number>((most - steps) * 5).fill(0),
      );
    }
    const last = result?.machine.read(cell.image.fields.findIndex(({ name }) => name === 'hidden.v')) ?? [];
    const end = (5 * most + (lengths[5] ?? 0)) * 5;
    expect([...potentials].slice(end - 5, end)).toEqual([...last]);
  });

  test('that holds results is refused, goes on with --resume, or begins anew with --overwrite', async () => {
    const cell = smallCell(12, 1);
    const out = join(folder, 'twice');
    const { report } = await runInFolder(cell, { out });
    const before = resultsIn(out);
    await expect(runInFolder(cell, { out })).rejects.toThrow(
      'already holds results (report.json, weights.npz, learnt.pcore, counts.json, history.csv, predictions.csv)',
    );
    await expect(runInFolder(cell, { out, resume: true, overwrite: true })).rejects.toThrow('choose one');
    // Nothing is run again: the wall-clock time in the report is that of the run.
    const again = await runInFolder(cell, { out, resume: true });
    expect(again).toEqual({ report, result: undefined });
    expect(resultsIn(out)).toEqual(before);
    // Another run is told from it: by its settings, by what is scored, by what is recorded.
    const others: readonly (readonly [Cell, object, string])[] = [
      [smallCell(12, 1, {}, 'program.parameters.gain=1'), {}, 'its settings are'],
      [smallCell(12, 1, { seed: 2 }), {}, "its seed is 1, this run's is 2"],
      [
        smallCell(12, 1, { validate: 0.25 }),
        {},
        "what it is scored on is the test set, this run's is 0.25 of the training set",
      ],
      [cell, { record: 'v:hidden' }, "its recorded values are none, this run's are hidden.v"],
    ];
    for (const [other, options, message] of others) {
      await expect(runInFolder(other, { ...options, out, resume: true })).rejects.toThrow(message);
    }
    expect(resultsIn(out)).toEqual(before);
    // Foreign files stay; what a killed process left half-written does not.
    writeFileSync(join(out, 'notes.txt'), 'mine');
    writeFileSync(join(out, 'report.json.0123abcd.tmp'), '{');
    const other = smallCell(12, 0);
    const { report: fresh } = await runInFolder(other, { out, overwrite: true });
    expect(fresh.provenance.epochs).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'compiled.pcore',
      'counts.json',
      'notes.txt',
      'predictions.csv',
      'report.json',
      'weights.npz',
    ]);
    // Nor does a state that was not kept in time.
    mkdirSync(join(out, 'states'));
    for (const name of ['12.msgpack', '24.msgpack.0123abcd.tmp'])
      writeFileSync(join(out, 'states', name), '');
    await runInFolder(other, { out, resume: true });
    expect(readdirSync(join(out, 'states'))).toEqual(['12.msgpack']);
    rmSync(join(out, 'states'), { recursive: true });
    // Results of which nothing says where they are from are not taken for this run's.
    rmSync(join(out, 'report.json'));
    await expect(runInFolder(other, { out, resume: true })).rejects.toThrow(
      'but nothing that identifies the run',
    );
    expect(readdirSync(out).sort()).toEqual([
      'compiled.pcore',
      'counts.json',
      'notes.txt',
      'predictions.csv',
      'weights.npz',
    ]);
  });

  test('keeps its results where --overwrite comes with what cannot run', async () => {
    const cell = smallCell(12, 1);
    const out = join(folder, 'kept');
    await runInFolder(cell, { out });
    const before = resultsIn(out);
    const data = dataOf(cell);
    const narrow = { ...data, train: { ...data.train, inputs: 783 } };
    const overwrite = { out, overwrite: true };
    await expect(runInFolder(cell, { ...overwrite, load: async () => narrow })).rejects.toThrow(
      'has 783 inputs',
    );
    await expect(runInFolder(cell, { ...overwrite, engine: 'fasst' })).rejects.toThrow("no engine 'fasst'");
    await expect(runInFolder(cell, { ...overwrite, record: 'v:hiden' })).rejects.toThrow("'hiden'");
    expect(resultsIn(out)).toEqual(before);
    const none = join(folder, 'none at all');
    await expect(runInFolder(cell, { out: none, resume: true, overwrite: true })).rejects.toThrow(
      'choose one',
    );
    expect(existsSync(none)).toBe(false);
  });

  test.each([undefined, 0.25])(
    'holds a report with all keys of its schema and no others; validating %s',
    async (validate) => {
      const out = join(folder, `keys ${validate}`);
      await runInFolder(smallCell(12, 1, { validate }), { out });
      const text = readFileSync(join(out, runFiles.report), 'utf8');
      expect(reportFault(JSON.parse(text))).toBeUndefined();
      const scored = validate === undefined ? 'test' : 'validation';
      for (const change of [
        { test: 1, validation: 1 },
        { [scored]: undefined },
        { other: 1 },
        { schema: 'x' },
      ]) {
        expect(reportFault({ ...(JSON.parse(text) as object), ...change })).toBeDefined();
      }
      writeFileSync(join(out, runFiles.report), text.replace('"samples": 12', '"samples": "12"'));
      await expect(runInFolder(smallCell(12, 1, { validate }), { out, resume: true })).rejects.toThrow(
        'damaged, or written by another release: train.samples',
      );
    },
  );

  test('keeps how a run failed, for it would fail again', async () => {
    const cell = smallCell(12, 1, { precision: 'fp32' });
    const { image } = cell;
    const core = coreImageOf(image);
    const contents = core.contents.map((words, bank) =>
      image.banks[bank]?.name === 'weight' ? words.map(() => 0x7fc00000) : words,
    );
    const broken = { ...cell, image: imageOfCore({ ...core, contents }) };
    const out = join(folder, 'broken');
    await expect(runInFolder(broken, { out })).rejects.toThrow('not a number');
    expect(readdirSync(out)).toEqual([runFiles.failure]);
    let starts = 0;
    const again = runInFolder(broken, { out, resume: true, onStart: () => (starts += 1) });
    await expect(again).rejects.toMatchObject({
      code: 'run',
      message: expect.stringContaining('not a number'),
    });
    expect(starts).toBe(0);
    await expect(runInFolder(cell, { out, resume: true })).rejects.toThrow(
      'this failure belongs to another run',
    );
  });

  test('refuses the checkpoint of another run, and a damaged one', async () => {
    const cell = smallCell(5, 1);
    const data = dataOf(cell);
    const path = join(folder, 'checkpoint');
    const identity = runIdentity(cell, data, undefined);
    await runCell(cell, data, { onCheckpoint: (state) => writeCheckpoint(path, identity, state) });
    expect(readCheckpoint(path, identity, { cell, data })?.done).toBe(5);
    expectError(
      () => readCheckpoint(path, { ...identity, seed: 9 }, { cell, data }),
      'usage',
      path,
      'belongs to another run: its seed is 1, this run’s is 9'.replace('’', "'"),
    );
    const more = limitData(embedded, 6);
    expectError(
      () => readCheckpoint(path, runIdentity(cell, more, undefined), { cell, data: more }),
      'usage',
      'its data is',
    );
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expectError(() => readCheckpoint(path, identity, { cell, data }), 'file', path, 'damaged', 'SHA-256');
    writeFileSync(path, 'nonsense');
    expectError(
      () => readCheckpoint(path, identity, { cell, data }),
      'file',
      path,
      "'overwrite' instead of 'resume'",
    );
    expect(readCheckpoint(join(folder, 'none'), identity, { cell, data })).toBeUndefined();
  });

  test('is held while a run lasts: another one is refused', async () => {
    const cell = smallCell(5, 1);
    const out = join(folder, 'held');
    const release = lockFolder(out);
    await expect(runInFolder(cell, { out })).rejects.toThrow('another plasticore process is writing there');
    release();
    const onStart = vi.fn(() =>
      expect(() => lockFolder(out)).toThrow('another plasticore process is writing there'),
    );
    await runInFolder(cell, { out, onStart });
    expect(onStart).toHaveBeenCalledOnce();
    expect(readdirSync(out).sort()).toEqual([
      'counts.json',
      'history.csv',
      'learnt.pcore',
      'predictions.csv',
      'report.json',
      'weights.npz',
    ]);
  });

  test('options that need a folder say so', async () => {
    const cell = smallCell(5, 1);
    await expect(runInFolder(cell, { resume: true })).rejects.toThrow("'resume' needs 'out'");
    await expect(runInFolder(cell, { record: 'v:hidden' })).rejects.toThrow("'record' needs 'out'");
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
