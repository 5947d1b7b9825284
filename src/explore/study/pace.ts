import type { CellsProgress } from '../runs/tally.ts';

/** The runs of a grid, and the samples of each. */
export interface Pace {
  readonly runs: number;
  readonly samples: number;
}

/** The progress of some runs of a grid as that of the whole grid. */
export function ofWhole(part: CellsProgress, before: number, pace: Pace | undefined): CellsProgress {
  const later = pace === undefined ? -1 : pace.runs - before - part.cells;
  if (pace === undefined || later < 0) return part;
  const { samplesPerSecond, secondsLeft } = part;
  const secondsLater = (later * pace.samples) / Math.max(samplesPerSecond, Number.MIN_VALUE);
  return {
    ...part,
    cellsDone: before + part.cellsDone,
    cells: pace.runs,
    done: before * pace.samples + part.done,
    total: part.total + (before + later) * pace.samples,
    secondsLeft: secondsLeft + secondsLater,
  };
}
