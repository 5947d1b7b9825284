import type { Cell, Experiment } from '../../experiment/index.ts';
import { dataOf } from '../../experiment/node.ts';
import type { Size } from '../../explore/index.ts';
import { runCells } from '../../explore/node.ts';
import { energy, figureAt, percent, type Report, time } from '../../report/index.ts';
import { reasonOf } from '../../text/index.ts';
import { sweepDisplay } from '../progress.ts';
import { stopOnSignals } from '../signals.ts';
import type { Terminal } from '../terminal.ts';

/** What a run says of a chip. */
interface Measured {
  /** Share of right answers; null where samples have no labels. */
  readonly accuracy: number | null;
  readonly energyPjPerInference: number | null;
  readonly latencyNsPerInference: number | null;
}

/** A run's figures, or why it failed. */
export type Ran = Measured | { readonly failure: string };

/** Runs cells beside each other, showing how far they are; on a signal, stops them. */
export async function measureCells(
  experiment: Experiment,
  cells: readonly (() => Cell)[],
  options: {
    readonly data?: string | undefined;
    readonly engine: string;
    readonly workers?: number | undefined;
  },
  terminal: Terminal,
): Promise<Ran[]> {
  const display = sweepDisplay(terminal);
  const signals = stopOnSignals();
  const data = options.data ?? dataOf(experiment);
  try {
    const outcomes = await runCells(
      cells.map((cell) => ({ cell, data })),
      {
        engine: options.engine,
        workers: options.workers,
        signal: signals.signal,
        onProgress: (progress) => display.update(progress),
      },
    );
    return outcomes.map((outcome) =>
      'report' in outcome ? measured(outcome.report) : { failure: reasonOf(outcome.failure) },
    );
  } finally {
    display.stop();
    signals.stop();
  }
}

function measured(report: Report): Measured {
  return {
    accuracy: figureAt(report, 'scored.accuracy'),
    energyPjPerInference: figureAt(report, 'scored.perSample.energyPj.total'),
    latencyNsPerInference: figureAt(report, 'scored.perSample.latencyNs'),
  };
}

export const measuredHead = ['accuracy', 'energy, inference', 'latency, inference'];

/** The columns of {@link measuredHead}. */
export function measuredColumns(ran: Ran | undefined): string[] {
  if (ran === undefined || 'failure' in ran) return measuredHead.map(() => '-');
  const { accuracy, energyPjPerInference, latencyNsPerInference } = ran;
  const shown = (value: number | null, format: (value: number) => string) =>
    value === null ? '-' : format(value);
  return [
    shown(accuracy, (share) => percent(share, 2)),
    shown(energyPjPerInference, energy),
    shown(latencyNsPerInference, time),
  ];
}

/** The area of a chip in mm²; an asterisk marks one that was stated for another shape. An FPGA has none. */
export function areaColumn({ areaUm2, isAreaOfOtherShape }: Size): string {
  return areaUm2 === 0 ? '-' : `${(areaUm2 / 1e6).toFixed(2)}${isAreaOfOtherShape ? ' *' : ''}`;
}

/** Explains the asterisk, where there is one. */
export function areaNote(sizes: readonly Size[]): string[] {
  const isMarked = sizes.some(({ isAreaOfOtherShape }) => isAreaOfOtherShape);
  return isMarked ? ['* rests on areas that the hw-model states for another shape of the core'] : [];
}
