import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ChannelRange, type Dataset, type EventSet, isDelta } from '../../../src/data/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import {
  type Cell,
  type ExperimentSpec,
  loadExperiment,
  parseSettings,
  reportOf,
  resolveCell,
  runCell,
  runIdentity,
} from '../../../src/experiment/index.ts';
import { dataOf, loadFor } from '../../../src/experiment/node.ts';
import { bundledNames, findFile } from '../../../src/fs/index.ts';
import { suppliedTo } from '../../../src/image/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { withFewSamples } from '../../support/few-samples.ts';
import { inThorough } from '../../support/thorough.ts';

/**
 * Samples of each part at most. A precision that is not the default one differs from it in widths alone, which fewer
 * show. So few suffice because every word of the banks is compared at the end, not only the report.
 */
const limit = inThorough(4, 2);
const limitElsewhere = inThorough(3, 2);
/** Epochs of an experiment whose program another one stands for: rates have changed there already. */
const epochsElsewhere = 2;
/** Of experiments with many synapses, on the reference engine slow ones. */
const limits: Readonly<Record<string, number>> = {
  'codesign-mnist': 3,
  'lifetime-edges': 3,
  'lifetime-masked': 3,
  'lifetime-metaplastic': 3,
  'lifetime-speakers': 2,
  'lifetime-speakers-delays': 2,
  'many-cores': 3,
  'mnist-csnn': 3,
  'ranc-mnist': 1,
  'reckon-cue': 1,
  'speech-delays': 1,
  'speech-delays-held-out': 1,
  'speech-every-step': 2,
  'speech-held-out': 2,
  'speech-rsnn': 2,
  'speech-rsnn-replay': 2,
  'speech-shd-rsnn': 2,
  'speech-shd-snn': 2,
  'speech-snn': 2,
  'speech-snn-replay': 2,
  'speech-speakers': 2,
  'speech-windows': 1,
  'speech-without-delays': 2,
  'speech-without-grouping': 1,
  transfer: 3,
  'twenty-held-out': 2,
  'twenty-rsnn': 2,
  'twenty-snn': 2,
};
/** Epochs of training at most: the rates of mnist-snn change after the third and the fifth. */
const longest = 6;
const usual = inThorough(3, 2);
/** Samples of 2.25 s in ticks of 1 ms on 256 neurons are slow, too: a cue, a delay and a recall on 64. */
const settings: Readonly<Record<string, readonly string[]>> = {
  'reckon-cue': [
    'program.parameters.num_rec=64',
    'program.steps=60',
    'experiment.reckon.targetFrom=50',
    ...['cues=1', 'cueMs=20', 'pauseMs=10', 'delayMs=20', 'recallMs=10'].map(
      (setting) => `experiment.task.cueAccumulation.${setting}`,
    ),
  ],
  // It learns in batches of 128.
  'gomez-tang': ['program.parameters.batch=2'],
  // Loads for chips are large; fewer neurons, cores and steps do the same.
  'recurrent-1024': ['program.steps=6'],
  'sparse-16k': ['program.populations.neurons.size=1024', 'program.placement.cores=4', 'program.steps=20'],
  ...withFewSamples,
  'loihi-chip': ['program.populations.neurons.size=2048', 'program.placement.cores=2', 'program.steps=20'],
  'truenorth-chip': [
    ...['hw.chip.mesh.columns=3', 'hw.chip.mesh.rows=2'],
    ...['experiment.truenorth.ticks=20', 'experiment.truenorth.settle=5'],
  ],
};

const experiments = bundledNames('experiment').map((name) => {
  const { spec } = loadExperiment(findFile('experiment', name, ''));
  return { name, spec };
});
/** Whether it stands for its program: the experiment of that name, or else the first one that runs it. */
const isOfProgram = (name: string, program: string): boolean =>
  (
    experiments.find((other) => other.name === program) ??
    experiments.find(({ spec }) => spec.program === program)
  )?.name === name;

/** Whether its data are events, which are not bundled. */
const needsEvents = ({ data, encoder, task }: ExperimentSpec) =>
  typeof encoder !== 'string' && task === undefined && data === undefined;

/** What comes of a run: its report but for `timing`, and what that does not have, answers and state. */
async function outcomeOf(cell: Cell, data: Dataset, engine: string): Promise<string> {
  const result = await runCell(cell, data, { engine });
  const { scored, machine: left } = result;
  expect(left.engine).toBe(engine);
  const report = reportOf(cell, data, runIdentity(cell, data, undefined), result, noTiming);
  // ODIN's rule is a part of its synaptic operation: it counts as that.
  const { sops, updates } = report.train.counters;
  const learned = cell.name === 'odin-mnist' ? sops : updates;
  expect(cell.epochs === 0 ? report.test?.counters.sops : learned).toBeGreaterThan(0);
  const { banks, generators } = left.save();
  const state = [...banks, generators].map((words) => createHash('sha256').update(words).digest('hex'));
  return JSON.stringify([{ ...report, timing: undefined }, scored.predictions, left.counters(), state]);
}

const noTiming = { wallSeconds: 0, workers: 1, host: '' };

/**
 * Some spikes of each sample, within 0.3 s, from channels about one for its class, all of them channels that are used.
 */
function noise({ first, last }: ChannelRange, seed: number, count: number): EventSet {
  const each = 150;
  const classes = 10;
  const samples = [...Array(count).keys()];
  const spikes = [...Array(count * each).keys()];
  const units = spikes.map((spike) => {
    const label = Math.floor(spike / each) % classes;
    const used = last + 1 - first;
    return first + Math.floor((used * label) / classes) + (hash32(seed, spike) % Math.floor(used / classes));
  });
  return {
    kind: 'events',
    name: 'noise',
    inputs: last + 1,
    classes,
    count,
    labels: Uint8Array.from(samples, (sample) => sample % classes),
    // Every 2 ms: samples of 15 to 30 bins of 10 ms.
    times: Float32Array.from(spikes, (spike) => 0.002 * (spike % each)),
    units: Uint16Array.from(units),
    starts: Uint32Array.from(samples, (sample) => sample * each),
    ends: Uint32Array.from(samples, (sample) => (sample + 0.5 + 0.5 * (sample % 2)) * each),
    speakers: Uint16Array.from(samples, (sample) => sample % 2),
  };
}

/** The channels whose spikes become the inputs of a network. */
function channelsOf({ encoder, image }: Cell): ChannelRange {
  const input = image.populations[image.input];
  const inputs = input === undefined ? 0 : suppliedTo(input);
  if (typeof encoder === 'string' || isDelta(encoder)) return { first: 0, last: inputs - 1 };
  return encoder.channels ?? { first: 0, last: inputs * encoder.groupChannels - 1 };
}

async function expectSameReports(
  name: string,
  precision: string,
  epochs: number,
  most: number,
  varied: readonly string[] = [],
): Promise<void> {
  const count = Math.min(most, limits[name] ?? most);
  const set = parseSettings([...(settings[name] ?? []), ...varied]);
  const experiment = loadExperiment(findFile('experiment', name, ''), set.experiment);
  const cell = resolveCell(experiment, { precision, epochs, limit: count, settings: set }, findFile);
  const channels = channelsOf(cell);
  const data = needsEvents(experiment.spec)
    ? { name: 'noise', description: '', train: noise(channels, 1, count), test: noise(channels, 2, count) }
    : await loadFor(cell, dataOf(experiment));
  const outcomes: string[] = [];
  for (const engine of engineNames) outcomes.push(await outcomeOf(cell, data, engine));
  for (const outcome of outcomes) expect(outcome).toBe(outcomes[0]);
}

const ofPrograms = experiments.filter(({ name, spec }) => isOfProgram(name, spec.program));

/** What differs from the default one: in the quick run one of each program, another one of the next. */
function otherPrecisions({ precisions, default: { precision } }: ExperimentSpec, program: number) {
  const others = precisions.filter((other) => other !== precision);
  return others.filter((_, index) => inThorough(true, index === program % others.length));
}

/** Programs that an experiment compares; where a test of its own holds each rule, the quick run leaves them out. */
const compared = experiments.flatMap(({ name, spec }) =>
  (spec.sweep.program ?? []).map((program) => [name, String(program), spec.default.precision] as const),
);

describe('the report is the same on every engine', () => {
  // In the quick run, the experiments that others stand for are left out.
  it.each(inThorough(experiments, ofPrograms))('$name', async ({ name, spec }) => {
    const isIts = isOfProgram(name, spec.program);
    const most = name === 'mnist-snn' ? longest : isIts ? usual : epochsElsewhere;
    const epochs = Math.min(most, spec.epochs);
    await expectSameReports(name, spec.default.precision, epochs, isIts ? limit : limitElsewhere);
  });

  it.each(
    ofPrograms.flatMap(({ name, spec }, index) =>
      otherPrecisions(spec, index).map((precision) => [name, precision] as const),
    ),
  )('%s at %s', async (name, precision) => {
    await expectSameReports(name, precision, 1, limitElsewhere);
  });

  it.each(inThorough(compared, []))('%s with %s', async (name, program, precision) => {
    await expectSameReports(name, precision, 1, limitElsewhere, [`experiment.program=${program}`]);
  });
});
