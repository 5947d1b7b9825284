import { csv } from './csv.ts';
import type { Report } from './report.ts';
import { mean, standardDeviation } from './statistics.ts';

/** What one run of a sweep came to, or why there is none. */
export type SweepResult =
  | { readonly precision: string; readonly seed: number; readonly report: Report }
  /** `seed` is null where none would do: the program does not fit the core at that precision. */
  | { readonly precision: string; readonly seed: number | null; readonly reason: string };

/** One run; without a `reason` all its figures are there, but for those of an empty training or test. */
export interface SweepRow {
  readonly precision: string;
  readonly seed: number | null;
  /** On the test set, 0..1. */
  readonly accuracy: number | null;
  /** Bits of all stored fields, and those of them that a core needs that does not learn. */
  readonly memoryBits: number | null;
  readonly inferenceBits: number | null;
  readonly trainEnergyPjPerSample: number | null;
  readonly testEnergyPjPerSample: number | null;
  readonly testLatencyNsPerSample: number | null;
  /** Why there are no figures. */
  readonly reason: string | null;
}

/** The runs at one precision. */
export interface PrecisionSummary {
  readonly precision: string;
  /** Runs that ended with a result. */
  readonly runs: number;
  /** Mean of the runs; null without any, as is all that follows. */
  readonly accuracyMean: number | null;
  /** Of the sample (n - 1); null for fewer than two runs. */
  readonly accuracyStandardDeviation: number | null;
  readonly memoryBits: number | null;
  readonly inferenceBits: number | null;
  /** Means of the runs. */
  readonly trainEnergyPjPerSample: number | null;
  readonly testEnergyPjPerSample: number | null;
  readonly testLatencyNsPerSample: number | null;
}

/** The result of a sweep, `schema: plasticore/sweep/1`: equal for equal sweeps, with any number of workers. */
export interface Sweep {
  readonly schema: 'plasticore/sweep/1';
  readonly experiment: string;
  readonly precisions: readonly PrecisionSummary[];
  readonly cells: readonly SweepRow[];
}

/** Sums up the results of a sweep, in their order. */
export function makeSweep(experiment: string, results: readonly SweepResult[]): Sweep {
  const cells = results.map(rowOf);
  const precisions = [...new Set(cells.map(({ precision }) => precision))];
  return {
    schema: 'plasticore/sweep/1',
    experiment,
    precisions: precisions.map((precision) =>
      summarize(
        precision,
        cells.filter((row) => row.precision === precision && row.reason === null),
      ),
    ),
    cells,
  };
}

function rowOf(result: SweepResult): SweepRow {
  const { precision, seed } = result;
  const { train, test, memory } = 'report' in result ? result.report : none;
  return {
    precision,
    seed,
    accuracy: test.accuracy,
    memoryBits: memory.totalBits,
    inferenceBits: memory.inferenceBits,
    trainEnergyPjPerSample: train.perSample?.energyPj.total ?? null,
    testEnergyPjPerSample: test.perSample?.energyPj.total ?? null,
    testLatencyNsPerSample: test.perSample?.latencyNs ?? null,
    reason: 'reason' in result ? result.reason : null,
  };
}

const none = {
  train: { perSample: null },
  test: { accuracy: null, perSample: null },
  memory: { totalBits: null, inferenceBits: null },
};

function summarize(precision: string, rows: readonly SweepRow[]): PrecisionSummary {
  const values = (of: (row: SweepRow) => number | null) =>
    rows.map(of).filter((value): value is number => value !== null);
  const accuracies = values(({ accuracy }) => accuracy);
  return {
    precision,
    runs: rows.length,
    accuracyMean: mean(accuracies),
    accuracyStandardDeviation: standardDeviation(accuracies),
    memoryBits: rows[0]?.memoryBits ?? null,
    inferenceBits: rows[0]?.inferenceBits ?? null,
    trainEnergyPjPerSample: mean(values((row) => row.trainEnergyPjPerSample)),
    testEnergyPjPerSample: mean(values((row) => row.testEnergyPjPerSample)),
    testLatencyNsPerSample: mean(values((row) => row.testLatencyNsPerSample)),
  };
}

/** `summary.csv`: a line for each run, with an empty cell for what is not there. */
export function summaryCsv({ cells }: Sweep): string {
  const columns = [
    'precision',
    'seed',
    'accuracy',
    'memoryBits',
    'inferenceBits',
    'trainEnergyPjPerSample',
    'testEnergyPjPerSample',
    'testLatencyNsPerSample',
    'reason',
  ] as const satisfies readonly (keyof SweepRow)[];
  return csv([columns, ...cells.map((row) => columns.map((column) => row[column] ?? ''))]);
}
