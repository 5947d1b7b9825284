import { at } from '../../text/index.ts';
import type { Drift } from '../drift.ts';
import { figureNames } from '../figures.ts';
import { type LifeReport, lifeMetricNames } from '../life.ts';
import type { EpochReport } from '../schema.ts';
import type { DesignKey, StudyReport } from '../schema-study.ts';
import type { StepReport } from '../step.ts';
import { shownValue } from '../studied.ts';

/** `history.csv`: a line for each epoch of training; `validationAccuracy` only if a validation split is held out. */
export function historyCsv(history: readonly EpochReport[]): string {
  const populations = Object.keys(history[0]?.spikes ?? {});
  const isValidated = history.some(({ validationAccuracy }) => validationAccuracy !== undefined);
  const head = [
    'epoch',
    'samples',
    'accuracy',
    ...(isValidated ? ['validationAccuracy'] : []),
    'cycles',
    'sops',
    'updates',
    ...populations.map((name) => `spikes.${name}`),
    'energyPj',
  ];
  return csv([
    head,
    ...history.map((row) => [
      row.epoch,
      row.samples,
      row.accuracy ?? '',
      ...(isValidated ? [row.validationAccuracy ?? ''] : []),
      row.cycles,
      row.sops,
      row.updates,
      ...populations.map((name) => row.spikes[name] ?? 0),
      row.energyPj ?? '',
    ]),
  ]);
}

/**
 * `life.csv`: a line for each stage of a life, and one for a test before the first. Costs are those of the stage;
 * accuracies, a column for each task among them, are those of the test after it, empty where there was none.
 */
export function lifeCsv({ stages, tests, tasks }: LifeReport): string {
  const costs = ['updates', 'sops', 'cycles', 'energyPj', 'latencyNs'] as const;
  const counted = ['passes', 'samples', 'newClasses', 'classes', 'bitsPerClass'] as const;
  const numbers = tests.some(({ stage }) => stage < 0) ? [-1, ...stages.keys()] : [...stages.keys()];
  return csv([
    [
      'stage',
      'name',
      ...counted,
      'accuracy',
      'old',
      'new',
      ...tasks.map(({ name }) => `task ${name}`),
      ...costs,
      ...costs.map((cost) => `${cost}PerSample`),
      ...costs.map((cost) => `${cost}PerClass`),
    ],
    ...numbers.map((number) => {
      const stage = stages[number];
      const test = tests.find((one) => one.stage === number);
      return [
        number,
        stage?.name ?? 'before the first',
        ...counted.map((key) => stage?.[key] ?? ''),
        ...[test?.accuracy, test?.old, test?.new].map((value) => value ?? ''),
        ...tasks.map((_, task) => test?.byTask[task] ?? ''),
        ...costs.map((cost) => stage?.costs[cost] ?? ''),
        ...costs.map((cost) => stage?.perSample?.[cost] ?? ''),
        ...costs.map((cost) => stage?.perClass?.[cost] ?? ''),
      ];
    }),
  ]);
}

/**
 * `predictions.csv`: a line for each scored sample, in the order of its set.
 *
 * @param samples their numbers in the set
 * @param labels of these samples; empty where they have none
 * @param scores the same number of items of the readout for each sample, one sample after the other: a column for each
 * class
 */
export function predictionsCsv(
  samples: ArrayLike<number>,
  labels: ArrayLike<number>,
  predictions: readonly number[],
  scores: readonly number[],
): string {
  const classes = predictions.length === 0 ? 0 : scores.length / predictions.length;
  const columns = Array.from({ length: classes }, (_, index) => `score.${index}`);
  return csv([
    ['sample', 'label', 'prediction', ...columns],
    ...predictions.map((prediction, index) => [
      at(samples, index),
      labels[index] ?? '',
      prediction,
      ...scores.slice(index * classes, (index + 1) * classes),
    ]),
  ]);
}

/** `predictions.csv` of a regression: for each scored sample, the number that it asks for, and the answer. */
export function numbersCsv(
  samples: ArrayLike<number>,
  { targets, answers }: { readonly targets: readonly number[]; readonly answers: readonly number[] },
): string {
  return csv([
    ['sample', 'target', 'prediction'],
    ...answers.map((answer, index) => [at(samples, index), at(targets, index), answer]),
  ]);
}

/**
 * `steps.csv`: a line for each step of each recorded sample. Columns, and the units s and J, are those of SANA-FE's
 * trace of a run; energies are those of the units that the chip has, and empty where nobody knows them.
 *
 * @param lengths the number of steps of each sample
 */
export function stepsCsv(lengths: readonly number[], steps: readonly StepReport[]): string {
  const units = [...new Set(steps.flatMap(({ energyPj }) => Object.keys(energyPj)))];
  const head = ['sample', 'step', 'fired', 'updated', 'packets', 'hops', 'spikes', 'sim_time'];
  const energies = ['total', ...units].map((unit) => `${unit.replaceAll(' ', '_')}_energy`);
  const moments = lengths.flatMap((length, sample) =>
    Array.from({ length }, (_, step) => [sample, step] as const),
  );
  return csv([
    [...head, ...energies],
    ...steps.map(({ fired, updated, packets, hops, sops, timePs, energyPj }, row) => {
      const spent = units.map((unit) => energyPj[unit] ?? 0);
      const total = spent.reduce((sum, pj) => sum + pj, 0);
      return [
        ...(moments[row] ?? []),
        ...[fired, updated, packets, hops, sops],
        timePs / 1e12,
        ...[total, ...spent].map((amount) => (units.length === 0 ? '' : amount / 1e12)),
      ];
    }),
  ]);
}

/** Lines of comma-separated cells, quoted where necessary. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** Spreadsheets take text that begins so for a formula, and compute it; with an apostrophe before it, they do not. */
const formula = /^[=+\-@\t\r]./s;

function cell(value: string | number): string {
  const text = String(value);
  const safe =
    typeof value === 'string' && formula.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `drift-layers.csv`: a line for each layer. */
export function driftLayersCsv({ layers }: Drift): string {
  return csv([
    ['layer', 'population', 'neurons', 'rateFloat', 'rateInteger', 'differing', 'correlation', 'error'],
    ...layers.map(({ node, population, neurons, rate, differing, correlation, error }) => [
      node,
      population,
      neurons,
      rate?.float ?? '',
      rate?.integer ?? '',
      differing ?? '',
      correlation ?? '',
      error ?? '',
    ]),
  ]);
}

/** `drift-samples.csv`: a line for each sample, with the share of spikes that differ by layer. */
export function driftSamplesCsv({ layers, bySample }: Drift): string {
  return csv([
    ['sample', 'label', 'recorded', 'float', 'integer', ...layers.map(({ node }) => `differing.${node}`)],
    ...bySample.map(({ label, recorded, float, integer, differing }, sample) => [
      sample,
      label ?? '',
      recorded ?? '',
      float,
      integer,
      ...differing.map((share) => share ?? ''),
    ]),
  ]);
}

/** Area and memory are the same for all seeds. */
const seeded = figureNames.filter((name) => !['areaUm2', 'bits', 'inferenceBits'].includes(name));

/** The paths of all axes but the precision, and the values of a design on them. */
function varied({ axes }: StudyReport): {
  readonly paths: readonly string[];
  readonly of: (design: DesignKey) => readonly string[];
} {
  const paths = axes.flatMap(({ path }) => (path === 'precision' ? [] : [path]));
  return { paths, of: ({ values }) => paths.map((path) => shownValue(values[path])) };
}

/**
 * `designs.csv`: a line for each design. The columns are `design`, `precision`, one for each axis under its path,
 * `status`, `onFront`, `frontShare`, the means of the figures over the seeds, `reason`, `remarks`, `scoredOn`, the
 * number `n` of seeds, for the figures that depend on the seed the standard deviation of the sample and the standard
 * error of the mean over the seeds, such as `accuracySd` and `accuracySe`, then `standing`, `constraintShare` and
 * `accuracyError`, which counts samples and seeds; missing values are empty. A study without objectives has no front:
 * those columns are empty.
 */
export function designsCsv(study: StudyReport): string {
  const { paths, of } = varied(study);
  const spreadNames = seeded.flatMap((name) => [`${name}Sd`, `${name}Se`]);
  const hasFront = study.objectives.length > 0;
  return csv([
    [
      ...['design', 'precision', ...paths, 'status', 'onFront', 'frontShare', ...figureNames, 'reason'],
      ...['remarks', 'scoredOn', 'n', ...spreadNames, 'standing', 'constraintShare', 'accuracyError'],
    ],
    ...study.designs.map((design) => [
      design.name,
      design.precision,
      ...of(design),
      design.status,
      hasFront ? Number(design.onFront) : '',
      design.frontShare ?? '',
      ...figureNames.map((name) => design.figures[name] ?? ''),
      design.reason ?? '',
      design.remarks.map(({ text }) => text).join('; '),
      study.scoredOn,
      design.n,
      ...seeded.flatMap((name) => {
        const { standardDeviation = null, standardError = null } = design.spreads?.[name] ?? {};
        return [standardDeviation ?? '', standardError ?? ''];
      }),
      design.standing ?? '',
      design.constraintShare ?? '',
      design.accuracyError ?? '',
    ]),
  ]);
}

/**
 * `cells.csv`: a line for each cell of a sweep; missing values are empty. The columns are `design`, `precision`, one
 * for each axis under its path, `seed`, `run`, `status`, `scoredOn`, the figures, of regressions and of lives their
 * figures, `reason` and `remarks`.
 */
export function cellsCsv(study: StudyReport): string {
  const { paths, of } = varied(study);
  const { scoredOn, cells = [] } = study;
  const numbers = cells.some(({ regression }) => regression !== undefined) ? (['sMAPE', 'R2'] as const) : [];
  const metrics = cells.some(({ life }) => life !== undefined) ? lifeMetricNames : [];
  return csv([
    [
      ...['design', 'precision', ...paths, 'seed', 'run', 'status', 'scoredOn', ...figureNames],
      ...[...numbers, ...metrics, 'reason', 'remarks'],
    ],
    ...cells.map((cell) => [
      cell.design,
      cell.precision,
      ...of(cell),
      cell.seed ?? '',
      cell.run ?? '',
      cell.status,
      scoredOn,
      ...figureNames.map((name) => cell.figures[name] ?? ''),
      ...numbers.map((metric) => cell.regression?.[metric] ?? ''),
      ...metrics.map((metric) => cell.life?.[metric] ?? ''),
      cell.reason ?? '',
      cell.remarks.map(({ text }) => text).join('; '),
    ]),
  ]);
}
