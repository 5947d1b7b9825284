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
export type CellStatus = 'done' | 'misfit' | 'failed' | 'unfinished';

/** The result of one cell of a sweep. A design that does not compile is a single cell without name and seed. */
export interface SweepResult extends DesignKey {
  /** Its folder below `cells/`. */
  readonly cell: string | null;
  readonly seed: number | null;
  readonly outcome:
    | { readonly report: Report }
    | { readonly status: Exclude<CellStatus, 'done'>; readonly reason: string };
}

/**
 * The figures of a sweep: the columns of `sweep.json`, `summary.csv` and the tables, for each cell and, over its seeds,
 * each design. `path` leads to a number in the report, or null; `scored` in it stands for `test` or `validation`,
 * whichever the report has.
 */
export const figures = [
  { name: 'accuracy', unit: 'share', path: 'scored.accuracy', over: 'spread' },
  { name: 'memoryBits', unit: 'bit', path: 'memory.totalBits', over: 'mean' },
  { name: 'inferenceBits', unit: 'bit', path: 'memory.inferenceBits', over: 'mean' },
  { name: 'areaUm2', unit: 'um2', path: 'core.area.totalUm2', over: 'mean' },
  { name: 'trainCyclesPerSample', unit: 'cycle', path: 'train.perSample.counters.cycles', over: 'mean' },
  { name: 'trainEnergyPjPerSample', unit: 'pJ', path: 'train.perSample.energyPj.total', over: 'mean' },
  { name: 'trainLatencyNsPerSample', unit: 'ns', path: 'train.perSample.latencyNs', over: 'mean' },
  { name: 'inferenceCyclesPerSample', unit: 'cycle', path: 'scored.perSample.counters.cycles', over: 'mean' },
  { name: 'inferenceEnergyPjPerSample', unit: 'pJ', path: 'scored.perSample.energyPj.total', over: 'mean' },
  { name: 'inferenceLatencyNsPerSample', unit: 'ns', path: 'scored.perSample.latencyNs', over: 'mean' },
] as const satisfies readonly FigureSpec[];

interface FigureSpec {
  readonly name: string;
  readonly unit: 'share' | 'bit' | 'cycle' | 'pJ' | 'ns' | 'um2';
  readonly path: string;
  /** How the seeds of a design are summarised: by the mean alone, or with standard deviation and standard error. */
  readonly over: 'mean' | 'spread';
}
type Figure = (typeof figures)[number];

/** Figures of a cell; null where missing. */
export type Figures = Readonly<Record<Figure['name'], number | null>>;

/** Figures of a design over its seeds; `n` is the number of cells with a result. */
export type DesignFigures = {
  readonly [Each in Figure as Each['name']]: Each['over'] extends 'spread' ? Spread : number | null;
};

export interface SweepRow extends DesignKey, Figures {
  readonly cell: string | null;
  readonly seed: number | null;
  readonly status: CellStatus;
  /** Why figures are missing. */
  readonly reason: string | null;
  /** Cautions about the figures. */
  readonly remarks: readonly Remark[];
}

/** The cells of a design, over all its seeds. */
export interface DesignSummary extends DesignKey, DesignFigures {
  /** `done` if all its cells are; otherwise the status of the first cell that is not, with its reason. */
  readonly status: CellStatus;
  readonly reason: string | null;
  /** Remarks on any of its cells. */
  readonly remarks: readonly Remark[];
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
  const designs = new Map<string, SweepRow[]>();
  for (const row of cells) {
    const key = JSON.stringify([row.precision, row.values]);
    designs.set(key, [...(designs.get(key) ?? []), row]);
  }
  const { experiment, scoredOn, axes } = sweep;
  return {
    schema: 'plasticore/sweep/1',
    experiment,
    scoredOn,
    axes,
    designs: [...designs.values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [summarize(first, [first, ...others])],
    ),
    cells,
  };
}

function rowOf({ cell, precision, values, seed, outcome }: SweepResult): SweepRow {
  const isDone = 'report' in outcome;
  return {
    cell,
    precision,
    values,
    seed,
    status: isDone ? 'done' : outcome.status,
    ...byFigure(({ path }) => (isDone ? figureAt(outcome.report, path) : null)),
    reason: isDone ? null : outcome.reason,
    remarks: isDone ? outcome.report.remarks : [],
  };
}

/** The number at a path of a report, with `scored` standing for `test` or `validation`; null if there is none. */
export function figureAt(report: Report, path: string): number | null {
  let value: unknown = { ...report, scored: scoredPhase(report).phase };
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return typeof value === 'number' ? value : null;
}

function summarize({ precision, values }: DesignKey, rows: readonly SweepRow[]): DesignSummary {
  const missing = rows.find(({ status }) => status !== 'done');
  const remarks = new Map(rows.flatMap((row) => row.remarks).map((remark) => [remark.text, remark]));
  return {
    precision,
    values,
    status: missing?.status ?? 'done',
    ...summaryOf(rows),
    reason: missing?.reason ?? null,
    remarks: [...remarks.values()],
  };
}

function summaryOf(rows: readonly Figures[]): DesignFigures {
  const summaries = figures.map(({ name, over }) => {
    const known = rows.flatMap((row) => row[name] ?? []);
    return [name, over === 'spread' ? spread(known) : mean(known)];
  });
  return Object.fromEntries(summaries) as DesignFigures;
}

function byFigure(make: (figure: Figure) => number | null): Figures {
  return Object.fromEntries(figures.map((figure) => [figure.name, make(figure)])) as Figures;
}

/**
 * `summary.csv`: a line for each cell; missing values are empty. The columns are `cell`, `precision`, one for each axis
 * under its path, `seed`, `status`, `scoredOn`, the {@link figures}, `reason` and `remarks`.
 */
export function summaryCsv({ axes, scoredOn, cells }: Sweep): string {
  const head = ['cell', 'precision', ...axes.map(({ path }) => path), 'seed', 'status', 'scoredOn'];
  return csv([
    [...head, ...figures.map(({ name }) => name), 'reason', 'remarks'],
    ...cells.map((row) => [
      row.cell ?? '',
      row.precision,
      ...axes.map(({ path }) => shownValue(row.values[path])),
      row.seed ?? '',
      row.status,
      scoredOn,
      ...figures.map(({ name }) => row[name] ?? ''),
      row.reason ?? '',
      row.remarks.map(({ text }) => text).join('; '),
    ]),
  ]);
}

/** Formats a swept value: scalars as they are, anything else as JSON. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
