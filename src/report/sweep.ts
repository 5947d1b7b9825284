import { type Figure, type FigureSpreads, figureOf, figureSpreads, figures } from './figures.ts';
import { type LifeMetrics, lifeMetricNames } from './life.ts';
import type { Regression } from './regression.ts';
import { scoredPhase } from './report.ts';
import type { Remark, Report } from './schema.ts';
import { mean, type Spread, spread } from './statistics.ts';
import { csv } from './text/csv.ts';

/** A parameter that a sweep varies besides precision and seed, with its values. */
export interface Axis {
  /** As spelled in `--vary`: `program.parameters.gain`, `hw.lanes`. */
  readonly path: string;
  readonly values: readonly unknown[];
}

/** A design: everything that defines a cell except its seed. */
export interface DesignKey {
  readonly precision: string;
  /** The value on each axis, by its path. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** `misfit`: the program does not fit the core. `failed`: any other error. `unfinished`: it did not run to its end. */
type CellStatus = 'done' | 'misfit' | 'failed' | 'unfinished';

/** The result of one cell of a sweep. A design that does not compile is a single cell without name and seed. */
export interface SweepResult extends DesignKey {
  /** The name of its design: `mp16-8_gain=2`. */
  readonly design: string;
  /** Its folder below `cells/`. */
  readonly cell: string | null;
  readonly seed: number | null;
  readonly outcome:
    | { readonly report: Report }
    | { readonly status: Exclude<CellStatus, 'done'>; readonly reason: string };
}

/** Figures of a cell; null where missing. */
export type Figures = Readonly<Record<Figure['column'], number | null>>;

/** In place of an accuracy. */
type RegressionMetrics = Pick<Regression, 'sMAPE' | 'R2'>;

/** Means of a design over its seeds, and the spread of its accuracy; `n` is the number of cells with a result. */
interface DesignFigures extends Omit<Figures, 'accuracy'> {
  readonly accuracy: Spread;
}

export interface SweepRow extends DesignKey, Figures {
  readonly design: string;
  readonly cell: string | null;
  readonly seed: number | null;
  readonly status: CellStatus;
  /** Why figures are missing. */
  readonly reason: string | null;
  /** Cautions about the figures. */
  readonly remarks: readonly Remark[];
  /** Only where samples ask for numbers. */
  readonly regression?: RegressionMetrics | undefined;
  /** Only where it was a life. */
  readonly life?: LifeMetrics | undefined;
}

/** The cells of a design, over all its seeds. */
export interface DesignSummary extends DesignKey, DesignFigures {
  /** `mp16-8_gain=2`. */
  readonly name: string;
  /** `done` if all its cells are; otherwise the status of the first cell that is not, with its reason. */
  readonly status: CellStatus;
  readonly reason: string | null;
  /** Remarks on any of its cells. */
  readonly remarks: readonly Remark[];
  /** The columns of tables of designs. */
  readonly spreads: FigureSpreads;
  /** Only where samples ask for numbers. */
  readonly regression?: Readonly<Record<keyof RegressionMetrics, Spread>> | undefined;
  /** Only where its cells were lives. */
  readonly life?: Readonly<Record<keyof LifeMetrics, Spread>> | undefined;
}

/** The result of a sweep, `schema: plasticore/sweep/1`. It does not depend on the number of workers. */
export interface Sweep {
  readonly schema: 'plasticore/sweep/1';
  readonly experiment: string;
  /** The samples on which accuracies were measured. */
  readonly scoredOn: 'test' | 'validation';
  readonly axes: readonly Axis[];
  readonly designs: readonly DesignSummary[];
  readonly cells: readonly SweepRow[];
}

/** Summarises the results of a sweep, in their order. */
export function makeSweep(
  sweep: Pick<Sweep, 'experiment' | 'scoredOn' | 'axes'>,
  results: readonly SweepResult[],
): Sweep {
  const cells = results.map(rowOf);
  const designs = new Map<string, [SweepRow, ...SweepRow[]]>();
  for (const row of cells) {
    const known = designs.get(row.design);
    if (known === undefined) designs.set(row.design, [row]);
    else known.push(row);
  }
  const { experiment, scoredOn, axes } = sweep;
  return {
    schema: 'plasticore/sweep/1',
    experiment,
    scoredOn,
    axes,
    designs: [...designs.values()].map(summarize),
    cells,
  };
}

function rowOf({ design, cell, precision, values, seed, outcome }: SweepResult): SweepRow {
  const isDone = 'report' in outcome;
  return {
    design,
    cell,
    precision,
    values,
    seed,
    status: isDone ? 'done' : outcome.status,
    ...byFigure((figure) =>
      isDone ? figureOf(outcome.report, figure, scoredPhase(outcome.report).phase) : null,
    ),
    reason: isDone ? null : outcome.reason,
    remarks: isDone ? outcome.report.remarks : [],
    ...(isDone && regressionOfRun(outcome.report)),
    ...(isDone && outcome.report.life !== undefined && { life: metricsOf(outcome.report.life) }),
  };
}

function regressionOfRun(report: Report): Pick<SweepRow, 'regression'> {
  const { regression } = scoredPhase(report).phase;
  return regression === undefined ? {} : { regression: { sMAPE: regression.sMAPE, R2: regression.R2 } };
}

/** The figures of a life, without the rest of its report. */
function metricsOf(life: LifeMetrics): LifeMetrics {
  return byMetric((name) => life[name]);
}

function byMetric<T>(make: (name: keyof LifeMetrics) => T): Readonly<Record<keyof LifeMetrics, T>> {
  const entries = lifeMetricNames.map((name) => [name, make(name)]);
  return Object.fromEntries(entries) as Record<keyof LifeMetrics, T>;
}

function summarize(rows: readonly [SweepRow, ...SweepRow[]]): DesignSummary {
  const [{ design: name, precision, values }] = rows;
  const missing = rows.find(({ status }) => status !== 'done');
  const remarks = new Map(rows.flatMap((row) => row.remarks).map((remark) => [remark.text, remark]));
  const valuesOf = (column: Figure['column']) => rows.flatMap((row) => row[column] ?? []);
  const lives = rows.flatMap(({ life }) => life ?? []);
  const numbers = rows.flatMap(({ regression }) => regression ?? []);
  const columns = new Map(figures.map(({ name: figure, column }) => [figure, column]));
  return {
    name,
    precision,
    values,
    status: missing?.status ?? 'done',
    ...byFigure(({ column }) => mean(valuesOf(column))),
    accuracy: spread(valuesOf('accuracy')),
    reason: missing?.reason ?? null,
    remarks: [...remarks.values()],
    spreads: figureSpreads((figure) => valuesOf(columns.get(figure) ?? 'accuracy')),
    ...(numbers.length > 0 && {
      regression: {
        sMAPE: spread(numbers.map(({ sMAPE }) => sMAPE)),
        R2: spread(numbers.flatMap(({ R2 }) => R2 ?? [])),
      },
    }),
    ...(lives.length > 0 && {
      life: byMetric((metric) => spread(lives.flatMap((life) => life[metric] ?? []))),
    }),
  };
}

function byFigure(make: (figure: Figure) => number | null): Figures {
  return Object.fromEntries(figures.map((figure) => [figure.column, make(figure)])) as Figures;
}

/**
 * `summary.csv`: a line for each cell; missing values are empty. The columns are `cell`, `precision`, one for each axis
 * under its path, `seed`, `status`, `scoredOn`, the {@link figures}, of regressions and of lives their figures,
 * `reason` and `remarks`.
 */
export function summaryCsv({ axes, scoredOn, cells }: Sweep): string {
  const head = ['cell', 'precision', ...axes.map(({ path }) => path), 'seed', 'status', 'scoredOn'];
  const numbers = cells.some(({ regression }) => regression !== undefined) ? (['sMAPE', 'R2'] as const) : [];
  const metrics = cells.some(({ life }) => life !== undefined) ? lifeMetricNames : [];
  return csv([
    [...head, ...figures.map(({ column }) => column), ...numbers, ...metrics, 'reason', 'remarks'],
    ...cells.map((row) => [
      row.cell ?? '',
      row.precision,
      ...axes.map(({ path }) => shownValue(row.values[path])),
      row.seed ?? '',
      row.status,
      scoredOn,
      ...figures.map(({ column }) => row[column] ?? ''),
      ...numbers.map((metric) => row.regression?.[metric] ?? ''),
      ...metrics.map((metric) => row.life?.[metric] ?? ''),
      row.reason ?? '',
      row.remarks.map(({ text }) => text).join('; '),
    ]),
  ]);
}

/** A swept value as files have it: scalars as they are, anything else as JSON. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** A swept value as people read it: `read 1, write 1` for a mapping, `8 16` for a list. */
export function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueInWords).join(' ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, own]) => `${name} ${valueInWords(own)}`)
      .join(', ');
  return shownValue(value);
}
