import { describe, expect, it } from 'vitest';
import type { EventSet } from '../../../src/data/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import {
  loadExperiment,
  noSettings,
  reportOf,
  resolveCell,
  runCell,
  runIdentity,
} from '../../../src/experiment/index.ts';
import { runExperiment } from '../../../src/experiment/node.ts';
import { bundledNames, findFile } from '../../../src/fs/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import type { Report } from '../../../src/report/index.ts';

/**
 * Samples of each part, and epochs of training at most: the rates of mnist-snn change after the third and the fifth. A
 * precision that is not the default one differs from it in widths alone, which a few samples show.
 */
const limit = 20;
const limitElsewhere = 6;
/** Of experiments with many synapses, on the reference engine slow ones. */
const limits: Readonly<Record<string, number>> = { 'many-cores': 4, 'mnist-csnn': 5, 'reckon-cue': 1 };
const longest = 6;
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
};

const experiments = bundledNames('experiment').map((name) => {
  const { spec } = loadExperiment(findFile('experiment', name, ''));
  const isGenerated = spec.task !== undefined;
  return { name, spec, needsEvents: typeof spec.encoder !== 'string' && !isGenerated };
});

const untimed = (report: Report) => JSON.stringify({ ...report, timing: undefined });

/** The report of a shortened run, but for `timing`. */
async function shortenedReport(
  experiment: string,
  precision: string,
  epochs: number,
  most: number,
  engine: string,
): Promise<string> {
  const set = settings[experiment] ?? [];
  const options = { precision, epochs, limit: Math.min(most, limits[experiment] ?? most), set, engine };
  const { report } = await runExperiment(experiment, options);
  expect(report.timing.engine).toBe(engine);
  // ODIN's rule is a part of its synaptic operation: it counts as that.
  const { sops, updates } = report.train.counters;
  expect(experiment === 'odin-mnist' ? sops : updates).toBeGreaterThan(0);
  return untimed(report);
}

/**
 * What comes of a run on noise (some spikes of each sample, within 0.3 s, from channels about one for its class): the
 * report, and what it does not have, answers and state.
 */
async function outcomeOnNoise(
  name: string,
  precision: string,
  count: number,
  engine: string,
): Promise<string> {
  const experiment = loadExperiment(findFile('experiment', name, ''));
  const cell = resolveCell(experiment, { precision, epochs: 1, settings: noSettings }, findFile);
  const { image } = cell;
  const inputs = image.populations[image.input]?.size ?? 0;
  const data = {
    name: 'noise',
    description: '',
    train: noise(inputs, 1, count),
    test: noise(inputs, 2, count),
  };
  const result = await runCell(cell, data, { engine });
  const { scored, engine: left } = result;
  expect(left.engine).toBe(engine);
  const report = reportOf(cell, data, runIdentity(cell, data, undefined), result, noTiming);
  expect(report.train.counters.updates).toBeGreaterThan(0);
  return JSON.stringify([untimed(report), scored.predictions, left.counters(), left.save()]);
}

const noTiming = { wallSeconds: 0, workers: 1, host: '' };

function noise(inputs: number, seed: number, count: number): EventSet {
  const each = 150;
  const classes = 10;
  const samples = [...Array(count).keys()];
  const spikes = [...Array(count * each).keys()];
  const units = spikes.map((spike) => {
    const label = Math.floor(spike / each) % classes;
    return Math.floor((inputs * label) / classes) + (hash32(seed, spike) % Math.floor(inputs / classes));
  });
  return {
    kind: 'events',
    name: 'noise',
    inputs,
    classes,
    count,
    labels: Uint8Array.from(samples, (sample) => sample % classes),
    // Every 2 ms: samples of 15 to 30 bins of 10 ms.
    times: Float32Array.from(spikes, (spike) => 0.002 * (spike % each)),
    units: Uint16Array.from(units),
    starts: Uint32Array.from(samples, (sample) => sample * each),
    ends: Uint32Array.from(samples, (sample) => (sample + 0.5 + 0.5 * (sample % 2)) * each),
    speakers: undefined,
  };
}

async function expectSameReports(
  experiment: string,
  precision: string,
  epochs: number,
  most: number,
): Promise<void> {
  const needsEvents = experiments.some((known) => known.name === experiment && known.needsEvents);
  const reports = [];
  for (const engine of engineNames) {
    reports.push(
      needsEvents
        ? await outcomeOnNoise(experiment, precision, most, engine)
        : await shortenedReport(experiment, precision, epochs, most, engine),
    );
  }
  for (const report of reports) expect(report).toBe(reports[0]);
}

describe('the report is the same on every engine', () => {
  it.each(experiments)('$name', async ({ name, spec }) => {
    await expectSameReports(name, spec.default.precision, Math.min(longest, spec.epochs), limit);
  });

  it.each(
    experiments.flatMap(({ name, spec }) =>
      spec.precisions
        .filter((precision) => precision !== spec.default.precision)
        .map((precision) => [name, precision] as const),
    ),
  )('%s at %s', async (name, precision) => {
    await expectSameReports(name, precision, 1, limitElsewhere);
  });
});
