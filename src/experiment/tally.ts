/** How far several runs are together. */
export interface CellsProgress {
  /** Runs that have ended, and all of them. */
  readonly cellsDone: number;
  readonly cells: number;
  /** Samples done and in all, of training and of testing; a run that has not begun counts as much as the others do. */
  readonly done: number;
  readonly total: number;
  readonly samplesPerSecond: number;
  /** At the speed so far. */
  readonly secondsLeft: number;
}

/** Adds up the progress of several runs. */
export class Tally {
  readonly #start = performance.now();
  readonly #cells: number;
  readonly #runs = new Map<number, { readonly done: number; readonly total: number }>();
  readonly #ended = new Set<number>();

  constructor(cells: number) {
    this.#cells = cells;
  }

  /** A run that has done all its samples but not ended still has its report to make: that counts as the last one. */
  advance(cell: number, { done, total }: { readonly done: number; readonly total: number }): void {
    if (!this.#ended.has(cell)) this.#runs.set(cell, { done: Math.min(done, total - 1), total });
  }

  /** A run ended: also one that failed has nothing left to do. */
  end(cell: number): void {
    const total = this.#runs.get(cell)?.total ?? 0;
    this.#runs.set(cell, { done: total, total });
    this.#ended.add(cell);
  }

  progress(): CellsProgress {
    const runs = [...this.#runs.values()];
    const done = runs.reduce((sum, run) => sum + run.done, 0);
    const known = runs.reduce((sum, run) => sum + run.total, 0);
    const total = Math.round((known / Math.max(runs.length, 1)) * this.#cells);
    const samplesPerSecond = (1000 * done) / (performance.now() - this.#start);
    return {
      cellsDone: this.#ended.size,
      cells: this.#cells,
      done,
      total,
      samplesPerSecond,
      secondsLeft: (total - done) / Math.max(samplesPerSecond, Number.MIN_VALUE),
    };
  }
}
