import { at } from '../../text/index.ts';
import { figureNames } from '../figures.ts';
import { type LifeReport, lifeMetricNames } from '../life.ts';
import type { EpochReport } from '../schema.ts';
import type { DesignKey, StudyCell, StudyDesign, StudyReport } from '../schema-study.ts';
import type { StepReport } from '../step.ts';
import { shownValue } from '../studied.ts';
import {
  type Column,
  type Columns,
  type ColumnTable,
  column,
  csv,
  filedCell,
  keyed,
  tabled,
} from './columns.ts';

/**
 * `history.csv`: a line for each epoch of training, with the accuracy as it was measured while learning;
 * `validationAccuracy` only if a validation split is held out.
 */
export function historyCsv(history: readonly EpochReport[]): string {
  const populations = Object.keys(history[0]?.spikes ?? {});
  const isValidated = history.some(({ validationAccuracy }) => validationAccuracy !== undefined);
  return csvOf(history, [
    ...keyed('epoch', 'samples'),
    column('accuracyWhileLearning', ({ accuracy }) => accuracy),
    ...(isValidated ? keyed('validationAccuracy') : []),
    ...keyed('cycles', 'sops', 'updates'),
    ...populations.map((name) => column(`spikes.${name}`, ({ spikes }: EpochReport) => spikes[name] ?? 0)),
    ...keyed('energyPj'),
  ]);
}

/**
 * `life.csv`: a line for each stage of a life, and one for a test before the first. Costs are those of the stage;
 * accuracies, a column for each task among them, are those of the test after it, empty where there was none.
 */
export function lifeCsv({ stages, tests, tasks }: LifeReport): string {
  const counted = ['passes', 'samples', 'newClasses', 'classes', 'bitsPerClass'] as const;
  const costs = ['updates', 'sops', 'cycles', 'energyPj', 'latencyNs'] as const;
  const numbered = tests.some(({ stage }) => stage < 0) ? [-1, ...stages.keys()] : [...stages.keys()];
  const rows = numbered.map((number) => ({
    number,
    stage: stages[number],
    test: tests.find(({ stage }) => stage === number),
  }));
  type Row = (typeof rows)[number];
  return csvOf(rows, [
    column('stage', ({ number }) => number),
    column('name', ({ stage }) => stage?.name ?? 'before the first'),
    ...counted.map((key) => column(key, ({ stage }: Row) => stage?.[key])),
    ...(['accuracy', 'old', 'new'] as const).map((key) => column(key, ({ test }: Row) => test?.[key])),
    ...tasks.map(({ name }, task) => column(`task ${name}`, ({ test }: Row) => test?.byTask[task])),
    ...costs.map((cost) => column(cost, ({ stage }: Row) => stage?.costs[cost])),
    ...costs.map((cost) => column(`${cost}PerSample`, ({ stage }: Row) => stage?.perSample?.[cost])),
    ...costs.map((cost) => column(`${cost}PerClass`, ({ stage }: Row) => stage?.perClass?.[cost])),
  ]);
}

/** Scored samples: their numbers in the set, and where each sample of the set was read, if that is known. */
export interface ScoredSamples {
  readonly samples: ArrayLike<number>;
  readonly origins?: readonly string[] | undefined;
}

const sampleColumns = ({ samples, origins }: ScoredSamples): Columns<unknown> => [
  column('sample', (_, index) => at(samples, index)),
  ...(origins === undefined ? [] : [column('file', (_: unknown, index) => at(origins, at(samples, index)))]),
];

/**
 * `predictions.csv`: a line for each scored sample, in the order of its set.
 *
 * @param labels of these samples; empty where they have none
 * @param scores the same number of items of the readout for each sample, one sample after the other: a column for each
 * class
 */
export function predictionsCsv(
  scored: ScoredSamples,
  labels: ArrayLike<number>,
  predictions: readonly number[],
  scores: readonly number[],
): string {
  const classes = predictions.length === 0 ? 0 : scores.length / predictions.length;
  return csvOf(predictions, [
    ...sampleColumns(scored),
    column('label', (_, index) => labels[index]),
    column('prediction', (prediction) => prediction),
    ...Array.from({ length: classes }, (_, item) =>
      column(`score.${item}`, (_prediction: number, index) => at(scores, index * classes + item)),
    ),
  ]);
}

/** `predictions.csv` of a regression: for each scored sample, the number that it asks for, and the answer. */
export function numbersCsv(
  scored: ScoredSamples,
  { targets, answers }: { readonly targets: readonly number[]; readonly answers: readonly number[] },
): string {
  return csvOf(answers, [
    ...sampleColumns(scored),
    column('target', (_, index) => at(targets, index)),
    column('prediction', (answer) => answer),
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
  const moments = lengths.flatMap((length, sample) =>
    Array.from({ length }, (_, step) => [sample, step] as const),
  );
  const spent = ({ energyPj }: StepReport) => units.reduce((sum, unit) => sum + (energyPj[unit] ?? 0), 0);
  return csvOf(steps, [
    column('sample', (_, row) => moments[row]?.[0]),
    column('step', (_, row) => moments[row]?.[1]),
    ...keyed('fired', 'updated', 'packets', 'hops'),
    column('spikes', ({ sops }) => sops),
    column('sim_time', ({ timePs }) => timePs / 1e12),
    column('total_energy', (step) => (units.length === 0 ? null : spent(step) / 1e12)),
    ...units.map((unit) =>
      column(
        `${unit.replaceAll(' ', '_')}_energy`,
        ({ energyPj }: StepReport) => (energyPj[unit] ?? 0) / 1e12,
      ),
    ),
  ]);
}

/** Rows as a CSV file. */
export function csvOf<Row>(rows: readonly Row[], columns: Columns<NoInfer<Row>>): string {
  return tableCsv(tabled(rows, columns));
}

/** A table as a CSV file, below the titles of its columns. */
export function tableCsv({ columns, rows }: ColumnTable): string {
  return csv([columns.map((each) => each.csv ?? each.head), ...rows.map((row) => row.map(filedCell))]);
}

/** Area and memory are the same for all seeds. */
const seeded = figureNames.filter((name) => !['areaUm2', 'bits', 'inferenceBits'].includes(name));

/** A column for each axis but the precision, under its path. */
function axisColumns({ axes }: StudyReport): Column<DesignKey>[] {
  return axes.flatMap(({ path }) =>
    path === 'precision' ? [] : [column(path, ({ values }: DesignKey) => shownValue(values[path]))],
  );
}

/** A column for each figure. */
const figureColumns = figureNames.map((name) =>
  column(name, ({ figures }: Pick<StudyCell, 'figures'>) => figures[name]),
);

/** The bounds of the figures that rest on those of the hw-model. */
const boundColumns = (['energyPj', 'trainingEnergyPj', 'areaUm2'] as const).flatMap((name) =>
  (['low', 'high'] as const).map((bound) =>
    column(
      `${name}${bound === 'low' ? 'Low' : 'High'}`,
      ({ parts }: StudyDesign) => parts?.[name].interval?.[bound],
    ),
  ),
);

const remarks = column('remarks', (row: Pick<StudyCell, 'remarks'>) =>
  row.remarks.map(({ text }) => text).join('; '),
);

/**
 * `designs.csv`: a line for each design. The columns are `design`, `precision`, one for each axis under its path,
 * `status`, `onFront`, `frontShare`, the means of the figures over the seeds, `reason`, `remarks`, `scoredOn`, the
 * number `n` of seeds, for the figures that depend on the seed the standard deviation of the sample and the standard
 * error of the mean over the seeds, such as `accuracySd` and `accuracySe`, then `standing`, `constraintShare` and
 * `accuracyError`, which counts samples and seeds, and bounds such as `energyPjLow` and `energyPjHigh`; missing values
 * are empty. A study without objectives has no front: those columns are empty.
 */
export function designsCsv(study: StudyReport): string {
  const hasFront = study.objectives.length > 0;
  return csvOf(study.designs, [
    column('design', ({ name }) => name),
    ...keyed('precision'),
    ...axisColumns(study),
    ...keyed('status'),
    column('onFront', ({ onFront }) => (hasFront ? Number(onFront) : null)),
    ...keyed('frontShare'),
    ...figureColumns,
    ...keyed('reason'),
    remarks,
    column('scoredOn', () => study.scoredOn),
    ...keyed('n'),
    ...seeded.flatMap((name) => [
      column(`${name}Sd`, ({ spreads }: StudyDesign) => spreads?.[name].standardDeviation),
      column(`${name}Se`, ({ spreads }: StudyDesign) => spreads?.[name].standardError),
    ]),
    ...keyed('standing', 'constraintShare', 'accuracyError'),
    ...boundColumns,
  ]);
}

/**
 * `cells.csv`: a line for each cell of a sweep; missing values are empty. The columns are `design`, `precision`, one
 * for each axis under its path, `seed`, `run`, `status`, `scoredOn`, the figures, of regressions and of lives their
 * figures, `reason` and `remarks`.
 */
export function cellsCsv(study: StudyReport): string {
  const { cells = [] } = study;
  const scores = cells.some(({ regression }) => regression !== undefined) ? (['sMAPE', 'R2'] as const) : [];
  const metrics = cells.some(({ life }) => life !== undefined) ? lifeMetricNames : [];
  return csvOf(cells, [
    ...keyed('design', 'precision'),
    ...axisColumns(study),
    ...keyed('seed', 'run', 'status'),
    column('scoredOn', () => study.scoredOn),
    ...figureColumns,
    ...scores.map((name) => column(name, ({ regression }: StudyCell) => regression?.[name])),
    ...metrics.map((name) => column(name, ({ life }: StudyCell) => life?.[name])),
    ...keyed('reason'),
    remarks,
  ]);
}
