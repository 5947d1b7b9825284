import { energy, grouped, percent, time } from './format.ts';
import type { Sweep } from './sweep.ts';
import { type Style, table } from './table.ts';

/** A sweep as tables: its runs, then its precisions. */
export function sweepTables({ precisions, cells }: Sweep, style: Style): string {
  const runs = table(
    ['precision', 'seed', 'accuracy', ...figureHead, ''],
    cells.map((row) => [
      row.precision,
      shown(row.seed, String),
      shown(row.accuracy, (share) => percent(share, 2)),
      ...figures(row),
      row.reason ?? '',
    ]),
    'lrrrrrrl',
    style,
  );
  const summary = table(
    ['precision', 'runs', 'mean accuracy', 'standard deviation', ...figureHead],
    precisions.map((row) => [
      row.precision,
      String(row.runs),
      shown(row.accuracyMean, (share) => percent(share, 2)),
      shown(row.accuracyStandardDeviation, (share) => percent(share, 2)),
      ...figures(row),
    ]),
    'lr',
    style,
  );
  return `${runs}\n\n${summary}`;
}

const figureHead = ['bits', 'energy, training', 'energy, test', 'latency, test'];

/** Memory, then energy and latency of a sample. */
function figures(row: {
  readonly memoryBits: number | null;
  readonly trainEnergyPjPerSample: number | null;
  readonly testEnergyPjPerSample: number | null;
  readonly testLatencyNsPerSample: number | null;
}): string[] {
  return [
    shown(row.memoryBits, grouped),
    shown(row.trainEnergyPjPerSample, energy),
    shown(row.testEnergyPjPerSample, energy),
    shown(row.testLatencyNsPerSample, time),
  ];
}

function shown(value: number | null, format: (value: number) => string): string {
  return value === null ? '-' : format(value);
}
