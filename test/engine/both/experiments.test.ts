import { describe, expect, it } from 'vitest';
import type { EventSet } from '../../../src/dataset/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { loadExperiment, noSettings, resolveCell, runCell } from '../../../src/experiment/index.ts';
import { bundledNames, findFile, runExperiment } from '../../../src/experiment/node.ts';
import { hash32 } from '../../../src/random/index.ts';

/** Samples of each part, and epochs of training at most: the rates of mnist-snn change after the third and the fifth. */
const limit = 20;
/** Of experiments with many synapses, on the reference engine slow ones. */
const limits: Readonly<Record<string, number>> = { 'mnist-csnn': 5 };
const longest = 6;

const experiments = bundledNames('experiment').map((name) => {
  const { spec } = loadExperiment(findFile('experiment', name, ''));
  return { name, spec, takesEvents: typeof spec.encoder !== 'string' };
});

/** The report of a shortened run, but for `timing`. */
async function reportOf(
  experiment: string,
  precision: string,
  epochs: number,
  engine: string,
): Promise<string> {
  const options = { precision, epochs, limit: limits[experiment] ?? limit, engine };
  const { report } = await runExperiment(experiment, options);
  expect(report.timing.engine).toBe(engine);
  // ODIN's rule is a part of its synaptic operation: it counts as that.
  const { sops, updates } = report.train.counters;
  expect(experiment === 'odin-mnist' ? sops : updates).toBeGreaterThan(0);
  return JSON.stringify({ ...report, timing: undefined });
}

/** What comes of a run on noise: some spikes of each sample, within 0.3 s, from channels about one for its class. */
async function outcomeOnNoise(name: string, precision: string, engine: string): Promise<string> {
  const experiment = loadExperiment(findFile('experiment', name, ''));
  const cell = resolveCell(experiment, { precision, settings: noSettings }, findFile);
  const { image } = cell;
  const inputs = image.populations[image.input]?.size ?? 0;
  const data = { name: 'noise', description: '', train: noise(inputs, 1), test: noise(inputs, 2) };
  const { scored, engine: left } = await runCell({ ...cell, epochs: 1 }, data, { engine });
  expect(left.name).toBe(engine);
  return JSON.stringify([scored.predictions, scored.counters, left.counters(), left.save()]);
}

function noise(inputs: number, seed: number): EventSet {
  const each = 150;
  const classes = 10;
  const samples = [...Array(limit).keys()];
  const spikes = [...Array(limit * each).keys()];
  const units = spikes.map((spike) => {
    const label = Math.floor(spike / each) % classes;
    return Math.floor((inputs * label) / classes) + (hash32(seed, spike) % Math.floor(inputs / classes));
  });
  return {
    kind: 'events',
    name: 'noise',
    inputs,
    classes,
    count: limit,
    labels: Uint8Array.from(samples, (sample) => sample % classes),
    // Every 2 ms: samples of 15 to 30 bins of 10 ms.
    times: Float32Array.from(spikes, (spike) => 0.002 * (spike % each)),
    units: Uint16Array.from(units),
    starts: Uint32Array.from(samples, (sample) => sample * each),
    ends: Uint32Array.from(samples, (sample) => (sample + 0.5 + 0.5 * (sample % 2)) * each),
    speakers: undefined,
  };
}

async function expectSameReports(experiment: string, precision: string, epochs: number): Promise<void> {
  const takesEvents = experiments.some((known) => known.name === experiment && known.takesEvents);
  const reports = [];
  for (const engine of engineNames) {
    reports.push(
      takesEvents
        ? await outcomeOnNoise(experiment, precision, engine)
        : await reportOf(experiment, precision, epochs, engine),
    );
  }
  for (const report of reports) expect(report).toBe(reports[0]);
}

describe('the report is the same on every engine', () => {
  it.each(experiments)('$name', async ({ name, spec }) => {
    await expectSameReports(name, spec.default.precision, Math.min(longest, spec.epochs));
  });

  it.each(
    experiments.flatMap(({ name, spec }) =>
      spec.precisions
        .filter((precision) => precision !== spec.default.precision)
        .map((precision) => [name, precision] as const),
    ),
  )('%s at %s', async (name, precision) => {
    await expectSameReports(name, precision, 1);
  });
});
