import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { loadExperiment } from '../../../src/experiment/index.ts';
import { bundledNames, findFile, runExperiment } from '../../../src/experiment/node.ts';

/** Digits of each part, and epochs of training at most: the rates of mnist-snn change after the third and the fifth. */
const limit = 20;
const longest = 6;

const experiments = bundledNames('experiment').map((name) => ({
  name,
  spec: loadExperiment(findFile('experiment', name, '')).spec,
}));

/** The report of a shortened run, but for `timing`. */
async function reportOf(
  experiment: string,
  precision: string,
  epochs: number,
  engine: string,
): Promise<string> {
  const { report } = await runExperiment(experiment, { precision, epochs, limit, engine });
  expect(report.timing.engine).toBe(engine);
  expect(report.train.counters.updates).toBeGreaterThan(0);
  return JSON.stringify({ ...report, timing: undefined });
}

async function expectSameReports(experiment: string, precision: string, epochs: number): Promise<void> {
  const reports = [];
  for (const engine of engineNames) reports.push(await reportOf(experiment, precision, epochs, engine));
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
