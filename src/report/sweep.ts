import { csv } from './csv.ts';
import { type Report, scoredPhase } from './report.ts';
import { mean, type Spread, spread } from './statistics.ts';

/** What a sweep varies beside precision and seed, and the values it takes. */
export interface Axis {
  /** As `--vary` names it: `program.parameters.gain`, `hw.lanes`. */
  readonly path: string;
  readonly values: readonly unknown[];
}

/** A design: what a cell is but for its seed. */
export interface DesignKey {
  readonly precision: string;
  /** The value on each axis, by its path. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * `misfit`: the program does not fit the core. `failed`: anything else that kept a cell from its result. `unfinished`:
 * it has not run, or not to its end.
 */
export type CellStatus = 'done' | 'misfit' | 'failed' | 'unfinished';

/** What one cell of a sweep came to. A design that does not compile is one cell without name and seed. */
export interface SweepResult extends DesignKey {
  /** Its folder below `cells/`. */
  readonly cell: string | null;
  readonly seed: number | null;
  readonly outcome:
    | { readonly report: Report }
    | { readonly status: Exclude<CellStatus, 'done'>; readonly reason: string };
}

/** Figures of a cell, or their means over the seeds of a design; null where there are none. */
export interface Figures {
  /** Bits of all stored fields, and those of them that a core needs that does not learn. */
  readonly memoryBits: number | null;
  readonly inferenceBits: number | null;
  readonly trainCyclesPerSample: number | null;
  readonly trainEnergyPjPerSample: number | null;
  readonly trainLatencyNsPerSample: number | null;
  /** On the samples that were scored, without learning. */
  readonly inferenceCyclesPerSample: number | null;
  readonly inferenceEnergyPjPerSample: number | null;
  readonly inferenceLatencyNsPerSample: number | null;
}

export interface SweepRow extends DesignKey, Figures {
  readonly cell: string | null;
  readonly seed: number | null;
  readonly status: CellStatus;
  /** On the test set or the validation split, as the sweep's `scoredOn` says; 0..1. */
  readonly accuracy: number | null;
  /** Why there are no figures. */
  readonly reason: string | null;
}

/** The cells of a design, over all its seeds. */
export interface DesignSummary extends DesignKey, Figures {
  /** `done` if all its cells are; else that of the first that is not, with its reason. */
  readonly status: CellStatus;
  /** Of the cells that have a result. */
  readonly accuracy: Spread;
  readonly reason: string | null;
}

/** The result of a sweep, `schema: plasticore/sweep/1`: equal for equal sweeps, with any number of workers. */
export interface Sweep {
  readonly schema: 'plasticore/sweep/1';
  readonly experiment: string;
  /** What accuracies were measured on. */
  readonly scoredOn: 'test' | 'validation';
  readonly axes: readonly Axis[];
  readonly designs: readonly DesignSummary[];
  readonly cells: readonly SweepRow[];
}

/** Sums up the results of a sweep, in their order. */
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
    accuracy: isDone ? scoredPhase(outcome.report).phase.accuracy : null,
    ...figuresOf(isDone ? outcome.report : undefined),
    reason: isDone ? null : outcome.reason,
  };
}

function figuresOf(report: Report | undefined): Figures {
  const train = report?.train.perSample;
  const scored = report === undefined ? undefined : scoredPhase(report).phase.perSample;
  return {
    memoryBits: report?.memory.totalBits ?? null,
    inferenceBits: report?.memory.inferenceBits ?? null,
    trainCyclesPerSample: train?.counters.cycles ?? null,
    trainEnergyPjPerSample: train?.energyPj.total ?? null,
    trainLatencyNsPerSample: train?.latencyNs ?? null,
    inferenceCyclesPerSample: scored?.counters.cycles ?? null,
    inferenceEnergyPjPerSample: scored?.energyPj.total ?? null,
    inferenceLatencyNsPerSample: scored?.latencyNs ?? null,
  };
}

function summarize({ precision, values }: DesignKey, rows: readonly SweepRow[]): DesignSummary {
  const missing = rows.find(({ status }) => status !== 'done');
  const known = (of: (row: SweepRow) => number | null) =>
    rows.map(of).filter((value): value is number => value !== null);
  return {
    precision,
    values,
    status: missing?.status ?? 'done',
    accuracy: spread(known(({ accuracy }) => accuracy)),
    memoryBits: mean(known((row) => row.memoryBits)),
    inferenceBits: mean(known((row) => row.inferenceBits)),
    trainCyclesPerSample: mean(known((row) => row.trainCyclesPerSample)),
    trainEnergyPjPerSample: mean(known((row) => row.trainEnergyPjPerSample)),
    trainLatencyNsPerSample: mean(known((row) => row.trainLatencyNsPerSample)),
    inferenceCyclesPerSample: mean(known((row) => row.inferenceCyclesPerSample)),
    inferenceEnergyPjPerSample: mean(known((row) => row.inferenceEnergyPjPerSample)),
    inferenceLatencyNsPerSample: mean(known((row) => row.inferenceLatencyNsPerSample)),
    reason: missing?.reason ?? null,
  };
}

/**
 * `summary.csv`: a line for each cell, with an empty entry for what is not there. The columns are `cell`, `precision`,
 * a column for each axis under its path, `seed`, `status`, `scoredOn`, `accuracy`, those of {@link Figures}, `reason`.
 */
export function summaryCsv({ axes, scoredOn, cells }: Sweep): string {
  const figures = Object.keys(figuresOf(undefined)) as (keyof Figures)[];
  const head = [
    'cell',
    'precision',
    ...axes.map(({ path }) => path),
    'seed',
    'status',
    'scoredOn',
    'accuracy',
  ];
  return csv([
    [...head, ...figures, 'reason'],
    ...cells.map((row) => [
      row.cell ?? '',
      row.precision,
      ...axes.map(({ path }) => shownValue(row.values[path])),
      row.seed ?? '',
      row.status,
      scoredOn,
      row.accuracy ?? '',
      ...figures.map((name) => row[name] ?? ''),
      row.reason ?? '',
    ]),
  ]);
}

/** A swept value as text: a scalar as it is, anything else as JSON. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
