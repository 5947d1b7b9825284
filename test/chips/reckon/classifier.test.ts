import { describe, expect, test } from 'vitest';
import { ReckonClassifier } from '../../../src/chips/kit.ts';
import { type CueAccumulation, cueAccumulation, sampleEvents } from '../../../src/data/index.ts';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { loadExperiment, resolveCell, runCell } from '../../../src/experiment/index.ts';
import { runExperiment } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';
import type { CoreImage } from '../../../src/image/index.ts';
import { hash32, noEpoch, streams } from '../../../src/random/index.ts';
import { plainReckon, type ReckonStimulus } from '../../golden/plain/reckon.ts';
import { reckonStimulus } from '../../golden/plain/reckon-trace.ts';
import { expectError, expectRejection } from '../../support/errors.ts';
import { recorded } from '../replayed.ts';
import { reckonImage } from './model.ts';

/** Three cues in 100 ms, asked for in the last 20 of them. */
const task: CueAccumulation = {
  trainSamples: 8,
  testSamples: 4,
  cues: 3,
  cueMs: 16,
  pauseMs: 4,
  delayMs: 20,
  recallMs: 20,
  channelsPerGroup: 3,
  cueHz: 300,
  noiseHz: 30,
  minorityShare: 0.3,
};
const ticks = 100;
const targetFrom = 80;
const size = { inputs: 12, neurons: 20, outputs: 2 };
const golden = reckonStimulus(recorded('reckon-eprop100'));
const image: CoreImage = {
  ...reckonImage({
    settings: {
      program: {
        ...recorded('reckon-eprop100').settings?.program,
        'populations.neurons.size': 32,
        'parameters.num_inp': size.inputs,
        'parameters.num_rec': size.neurons,
        'parameters.num_out': size.outputs,
      },
    },
  }),
  steps: ticks,
};
const hosting = {
  alpha: 0x7fff,
  threshold: 300,
  targetFrom,
  initialGains: { input: 0.5, recurrent: 0.2, output: 0.5 },
};
const registers = {
  num_inp: size.inputs,
  num_rec: size.neurons,
  num_out: size.outputs,
  do_eprop: 7,
  force_traces: 0,
};
const encoding = { bins: { ms: 1 }, groupChannels: 1, jitterChannels: 0, stopAfterLastSpike: false };
const { train, test: tested } = cueAccumulation(task);

/** A weight as it is drawn: a sum of twelve uniform numbers, scaled by He's rule with a gain, in units of 1/128. */
function weight(field: string, item: number, gain: number, fanIn: number): number {
  const index = image.fields.findIndex(({ name }) => name === field);
  let sum = 0;
  for (let i = 0; i < 12; i++)
    sum += Math.floor(hash32(image.seed, streams.synapseField, index, item, i) / 2 ** 16);
  const normal = (sum + 6) / 2 ** 16 - 6;
  const scaled = Math.round(gain * Math.sqrt(2 / fanIn) * 128 * normal);
  return Math.max(-128, Math.min(127, scaled)) + 0; // no -0
}

/** What the host should have sent to the chip, for the plain model. */
function stimulus(): ReckonStimulus {
  const draw = (register: number, bits: number) =>
    hash32(image.seed, streams.generator, register) >>> (32 - bits);
  const pair = (register: number) => draw(register, 15) + 2 ** 15 * draw(register + 1, 15);
  const columns = 32;
  const matrix = (field: string, rows: number, used: number, width: number, gain: number) =>
    Array.from({ length: rows }, (_, pre) =>
      Array.from({ length: width }, (_, post) =>
        post < used ? weight(field, pre * (field === 'readout.wout' ? 16 : 32) + post, gain, rows) : 0,
      ),
    );
  const sampleOf = (set: typeof train, learns: boolean) =>
    Array.from({ length: set.count }, (_, sample) => {
      const { times, units } = sampleEvents(set, sample);
      const inputs = Array.from({ length: ticks }, (_, tick) =>
        [...units].filter((_unit, index) => Math.floor((times[index] ?? 0) * 1000) === tick),
      );
      return { label: set.labels[sample] ?? 0, target_from: targetFrom, train: Number(learns), inputs };
    });
  return {
    ...golden,
    config: {
      ...golden.config,
      num_inp: size.inputs,
      num_rec: size.neurons,
      num_out: size.outputs,
      seed_inp: draw(0, 25),
      seed_rec: draw(1, 25),
      seed_out: draw(2, 22),
      seed_strnd_neur: pair(3),
      seed_strnd_tinp: pair(5),
      seed_strnd_trec: pair(7),
      seed_strnd_tout: pair(9),
      seed_strnd_oneur: draw(11, 15),
    },
    alpha: Array(10).fill(0x7fff),
    thr: Array(10).fill(300),
    w_inp: matrix('synapses.winp', size.inputs, size.neurons, columns, 0.5),
    w_rec: matrix('synapses.wrec', size.neurons, size.neurons, columns, 0.2),
    w_out: matrix('readout.wout', size.neurons, size.outputs, size.outputs, 0.5),
    samples: [...sampleOf(train, true), ...sampleOf(tested, false)],
  };
}

describe.each(engineNames)('a classifier on ReckOn, engine %s', (name) => {
  test('programs, teaches and queries the chip as the plain model does', () => {
    const expected = plainReckon(stimulus());
    const engine = createCore(image, { engine: name });
    const chip = new ReckonClassifier(engine, hosting, registers);
    const present = { train: chip.presenter(train, encoding), test: chip.presenter(tested, encoding) };
    const answers: number[] = [];
    let spikes = 0;
    let observed = 0;
    for (let sample = 0; sample < train.count; sample++) {
      const label = train.labels[sample] ?? 0;
      answers.push(present.train({ sample, epoch: 0, seed: 1, label, learns: true }));
    }
    for (let sample = 0; sample < tested.count; sample++) {
      const label = tested.labels[sample] ?? 0;
      answers.push(
        present.test({ sample, epoch: noEpoch, seed: 1, label, learns: false }, () => {
          observed += 1;
          spikes += engine.spikesOf(0).length;
        }),
      );
    }
    expect(answers).toEqual(expected.samples.map(({ winner }) => winner));
    const asked = expected.samples.slice(train.count).flatMap((sample) => sample.spikes);
    expect(spikes).toBe(asked.reduce((sum, list) => sum + (list?.length ?? 0), 0));
    expect(spikes).toBeGreaterThan(20);
    expect(observed).toBe(ticks * tested.count);
    for (const [field, matrix, rowLength] of [
      ['synapses.winp', expected.final_w_inp, 32],
      ['synapses.wrec', expected.final_w_rec, 32],
      ['readout.wout', expected.final_w_out, 16],
    ] as const) {
      expect(matrix).not.toBeNull();
      const values = engine.read(image.fields.findIndex((candidate) => candidate.name === field));
      const found = (matrix ?? []).map((row, pre) => [
        ...values.subarray(pre * rowLength, pre * rowLength + row.length),
      ]);
      expect(found).toEqual(matrix);
    }
    const samples = train.count + tested.count;
    expect(chip.chip.counters()).toMatchObject({ samples, steps: ticks * samples });
    const cycles = expected.samples.flatMap((sample) => sample.cycles.map((tick) => tick[0] ?? 0));
    // Of the last tick a trace has no cycles: handshake, STEP over 20 neurons, decision.
    const last = samples * (3 + 20 + 1);
    expect(chip.chip.counters().cycles).toBe(cycles.reduce((sum, latency) => sum + latency, last));
  });
});

describe('experiment reckon-cue', () => {
  const experiment = loadExperiment(findFile('experiment', 'reckon-cue', ''));
  const cell = resolveCell(experiment, {}, findFile);

  test('takes the configuration of the host from the program', () => {
    const registers = { num_inp: 40, num_rec: 256, num_out: 2, do_eprop: 7, force_traces: 0 };
    expect(cell.chip).toMatchObject({ chip: 'reckon', options: { targetFrom: 2100 }, registers });
    const config = { inputs: 40, neurons: 256, outputs: 2, doEprop: 7, forceTraces: false };
    expect(cell.chip?.input).toContain(JSON.stringify(config));
    expect(cell.image.steps).toBe(2250);
  });

  test('refuses data of another shape, and a target after the end', async () => {
    const data = cueAccumulation({ ...task, trainSamples: 2, testSamples: 2 });
    await expectRejection(
      runCell(cell, data),
      'data',
      "data set 'cue-accumulation' has 12 inputs; ReckOn as it is configured takes 40",
      'program.parameters.num_inp=12',
    );
    await expectRejection(
      runExperiment('reckon-cue', { set: ['program.steps=2101'], limit: 2, epochs: 0 }),
      'invalid-value',
      'targetFrom is tick 2100 of 2101',
    );
    await expectRejection(
      runExperiment('reckon-cue', { set: ['program.parameters.num_rec=99'], limit: 2, epochs: 0 }),
      'invalid-value',
      'num_rec is 99',
    );
  });

  test('refuses a program that has no such registers', () => {
    const other = loadExperiment(findFile('experiment', 'mnist-snn', ''), [
      { path: ['reckon'], value: { targetFrom: 3 }, place: {} },
    ]);
    expectError(() => resolveCell(other, {}, findFile), 'invalid-value', 'num_inp');
  });
});
