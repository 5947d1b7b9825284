import type { Cell, Experiment } from '../../experiment/index.ts';
import { dataOf } from '../../experiment/node.ts';
import type { Size } from '../../explore/index.ts';
import { runCells } from '../../explore/node.ts';
import { energy, figureAt, percent, type Report, scoredPhase, time, within } from '../../report/index.ts';
import { reasonOf } from '../../text/index.ts';
import { showing, sweepDisplay } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** The figures of a run on a chip. */
interface RunFigures {
  /** Share of right answers; null where samples have no labels, or ask for numbers. */
  readonly accuracy: number | null;
  /** Only where samples ask for numbers. */
  readonly sMAPE?: number;
  readonly R2?: number | null;
  /** Null without samples, or where nobody knows it. */
  readonly energyPjPerInference: number | null;
  /** Within which it lies, by the intervals of the figures that it rests on. */
  readonly energyPjInterval: Bounds | null;
  /** How much of it rests on figures of which kind, such as `measured`. */
  readonly energyPjBySourceKind: Readonly<Record<string, number>>;
  /** Of the accuracy, by so many answers: 95 %. */
  readonly accuracyInterval: Bounds | null;
  /** Answers that were scored. */
  readonly samples: number;
  readonly latencyNsPerInference: number | null;
  /** Only where nobody has published times of the chip. */
  readonly latencyNsInterval?: Bounds;
}

/** A run's figures, or why it failed. */
export type RunOutcome = RunFigures | { readonly failure: string };

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
): Promise<RunOutcome[]> {
  const data = options.data ?? dataOf(experiment);
  const outcomes = await showing(terminal, sweepDisplay, (signal, onProgress) =>
    runCells(
      cells.map((cell) => ({ cell, data })),
      { engine: options.engine, workers: options.workers, signal, onProgress },
    ),
  );
  return outcomes.map((outcome) =>
    'report' in outcome ? runFiguresOf(outcome.report) : { failure: reasonOf(outcome.failure) },
  );
}

function runFiguresOf(report: Report): RunFigures {
  const accuracy = figureAt(report, 'scored.accuracy');
  const samples = figureAt(report, 'scored.samples') ?? 0;
  const boundsAt = (place: string): Bounds | null => {
    const [low, high] = ['low', 'high'].map((bound) =>
      figureAt(report, `scored.perSample.${place}.${bound}`),
    );
    return typeof low === 'number' && typeof high === 'number' ? { low, high } : null;
  };
  const latencyNsInterval = boundsAt('latencyInterval');
  const sMAPE = figureAt(report, 'scored.regression.sMAPE');
  return {
    accuracy,
    ...(sMAPE !== null && { sMAPE, R2: figureAt(report, 'scored.regression.R2') }),
    accuracyInterval: accuracy === null ? null : wilson(accuracy, samples),
    samples,
    energyPjPerInference: figureAt(report, 'scored.perSample.energyPj.total'),
    energyPjInterval: boundsAt('energyPj.interval'),
    energyPjBySourceKind: scoredPhase(report).phase.perSample?.energyPj.bySourceKind ?? {},
    latencyNsPerInference: figureAt(report, 'scored.perSample.latencyNs'),
    ...(latencyNsInterval && { latencyNsInterval }),
  };
}

/**
 * The interval of a share, of 95 %: E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927). It holds near 0 and 1, too, where
 * a standard error would be none.
 */
function wilson(share: number, count: number): Bounds {
  const z = 1.96;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half =
    (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Heads of what was measured: samples of a network ask for classes in all runs, or for numbers. */
export function measuredHead(runs: readonly (RunOutcome | undefined)[]): readonly [string, string, string] {
  return [runs.some(asksForNumbers) ? 'sMAPE' : 'accuracy', 'energy, inference', 'latency, inference'];
}

export function asksForNumbers(ran: RunOutcome | undefined): boolean {
  return ran !== undefined && 'sMAPE' in ran;
}

/** The columns of {@link measuredHead}. */
export function measuredColumns(ran: RunOutcome | undefined): string[] {
  if (ran === undefined || 'failure' in ran) return ['-', '-', '-'];
  const { accuracy, sMAPE, accuracyInterval, energyPjPerInference, energyPjInterval } = ran;
  const { latencyNsPerInference, latencyNsInterval } = ran;
  const shown = (value: number | null, format: (value: number) => string) =>
    value === null ? '-' : format(value);
  return [
    sMAPE === undefined
      ? shown(accuracy, (share) => `${percent(share, 2)}${shownInterval(accuracyInterval)}`)
      : sMAPE.toFixed(2),
    latencyNsPerInference === null ? '-' : within(energyPjPerInference, energyPjInterval, energy),
    shown(latencyNsPerInference, (ns) => within(ns, latencyNsInterval, time)),
  ];
}

/** On what an energy rests, the most first: `derived 89 %, estimated 11 %`; undefined where there is none. */
export function shownSources(ran: RunOutcome | undefined): string | undefined {
  if (ran === undefined || 'failure' in ran) return undefined;
  const kinds = Object.entries(ran.energyPjBySourceKind).sort(([, a], [, b]) => b - a);
  const all = kinds.reduce((sum, [, pj]) => sum + pj, 0);
  if (all === 0) return undefined;
  return kinds.flatMap(([kind, pj]) => (pj === 0 ? [] : [`${kind} ${percent(pj / all, 0)}`])).join(', ');
}

/** In percent: ` (94.9 to 99.2)`. */
function shownInterval(bounds: Bounds | null): string {
  if (bounds === null) return '';
  return ` (${(100 * bounds.low).toFixed(1)} to ${(100 * bounds.high).toFixed(1)})`;
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
