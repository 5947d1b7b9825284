import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChannelRange, Dataset, EventSet } from '../../../src/data/index.ts';
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
import { inThorough, thorough } from '../../support/thorough.ts';

/**
 * Samples of each part at most. A precision that is not the default one differs from it in widths alone, which fewer
 * show. So few suffice because every word of the banks is compared at the end, not only the report.
 */
const limit = 2;
/** With many synapses, on the reference engine slow: one sample. */
const slow = [
  'ranc-mnist',
  'reckon-cue',
  'speech-delays',
  'speech-delays-held-out',
  'speech-windows',
  'speech-without-grouping',
];
/** Epochs of training at most: the rates of mnist-snn change after the third and the fifth. */
const longest = 6;
const usual = 2;
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
/** What a program takes that an experiment compares with others. */
const programSettings: Readonly<Record<string, readonly string[]>> = {
  'mnist-gomez-tang': settings['gomez-tang'] ?? [],
};
/** Whether it stands for its program: the experiment of that name, or else the first one that runs it. */
const isOfProgram = (name: string, program: string): boolean =>
  (
    experiments.find((other) => other.name === program) ??
    experiments.find(({ spec }) => spec.program === program)
  )?.name === name;

/** Whether its data are events, which are not bundled. */
const needsEvents = ({ data, encoder, task }: ExperimentSpec) =>
  typeof encoder !== 'string' && task === undefined && data === undefined;

/** Whether its data are steps of recordings, which are not bundled. */
const needsSteps = ({ data, arrays }: ExperimentSpec) => arrays !== undefined && data === undefined;

/** Steps of a recording: in every other one all inputs spike. */
function stepsOf(inputs: number, count: number): EventSet {
  const samples = [...Array(count).keys()];
  return {
    kind: 'events',
    name: 'steps',
    inputs,
    classes: 6,
    count,
    labels: Uint8Array.from(samples, (sample) => sample % 6),
    steps: 1,
    recordingSteps: count,
    times: new Float32Array(count * inputs),
    units: Uint16Array.from({ length: count * inputs }, (_, spike) => spike % inputs),
    starts: Uint32Array.from(samples, (sample) => sample * inputs),
    ends: Uint32Array.from(samples, (sample) => (sample + 1 - (sample % 2)) * inputs),
    speakers: undefined,
  };
}

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
  if (typeof encoder === 'string' || !('bins' in encoder)) return { first: 0, last: inputs - 1 };
  return encoder.channels ?? { first: 0, last: inputs * encoder.groupChannels - 1 };
}

async function expectSameReports(
  name: string,
  precision: string,
  epochs: number,
  varied: readonly string[] = [],
): Promise<void> {
  const count = slow.includes(name) ? 1 : limit;
  const set = parseSettings([...(settings[name] ?? []), ...varied]);
  const experiment = loadExperiment(findFile('experiment', name, ''), set.experiment);
  const cell = resolveCell(experiment, { precision, epochs, limit: count, settings: set }, findFile);
  const channels = channelsOf(cell);
  const made = stepsOf(channels.last + 1, 12);
  const data = needsSteps(experiment.spec)
    ? { name: 'steps', description: '', train: made, test: made }
    : needsEvents(experiment.spec)
      ? { name: 'noise', description: '', train: noise(channels, 1, count), test: noise(channels, 2, count) }
      : await loadFor(cell, dataOf(experiment));
  const outcomes: string[] = [];
  for (const engine of engineNames) outcomes.push(await outcomeOf(cell, data, engine));
  for (const outcome of outcomes) expect(outcome).toBe(outcomes[0]);
}

const ofPrograms = experiments.filter(({ name, spec }) => isOfProgram(name, spec.program));

/** Not the default one: in the quick run one of each program, another of the next; the thorough run has the others. */
function otherPrecisions({ precisions, default: { precision } }: ExperimentSpec, program: number) {
  const others = precisions.filter((other) => other !== precision);
  return others.filter((_, index) => thorough !== (index === program % others.length));
}

/** Programs that an experiment compares; where a test of its own holds each rule, the quick run leaves them out. */
const compared = experiments.flatMap(({ name, spec }) =>
  (spec.sweep.program ?? []).map((program) => [name, String(program), spec.default.precision] as const),
);

describe('the report is the same on every engine', () => {
  // The experiments that others stand for wait for the thorough run.
  it.each(experiments.filter((experiment) => thorough !== ofPrograms.includes(experiment)))(
    '$name',
    async ({ name, spec }) => {
      const most = name === 'mnist-snn' ? longest : usual;
      const epochs = Math.min(most, spec.epochs);
      await expectSameReports(name, spec.default.precision, epochs);
    },
  );

  it.each(
    ofPrograms.flatMap(({ name, spec }, index) =>
      otherPrecisions(spec, index).map((precision) => [name, precision] as const),
    ),
  )('%s at %s', async (name, precision) => {
    await expectSameReports(name, precision, 1);
  });

  it.each(inThorough(compared, []))('%s with %s', async (name, program, precision) => {
    const ofProgram = programSettings[program] ?? [];
    await expectSameReports(name, precision, 1, [`experiment.program=${program}`, ...ofProgram]);
  });
});
