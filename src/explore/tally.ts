/** How far several runs are together. */
export interface CellsProgress {
  /** Runs that have ended, those under way, and all of them. */
  readonly cellsDone: number;
  /** Those of `cellsDone` that failed. */
  readonly cellsFailed: number;
  readonly cellsRunning: number;
  readonly cells: number;
  /** Samples done and in all, of training and of testing; a run that has not begun counts as much as the others do. */
  readonly done: number;
  readonly total: number;
  readonly samplesPerSecond: number;
  /** At the speed so far; what runs had done before they were resumed does not count. */
  readonly secondsLeft: number;
}

/** How far one run is, in samples of the whole of it. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
  /** Those of `done` that were done before it was resumed. */
  readonly resumed: number;
}

/** Adds up the progress of several runs. */
export class Tally {
  readonly #start = performance.now();
  readonly #cells: number;
  readonly #finished: number;
  #failed: number;
  readonly #runs = new Map<number, RunProgress>();
  readonly #running = new Set<number>();
  readonly #ended = new Set<number>();

  /**
   * @param cells runs to do
   * @param before runs beside them that were finished before, and those of them that failed: they count as cells, their
   *   samples do not
   */
  constructor(
    cells: number,
    { finished, failed }: { readonly finished: number; readonly failed: number } = { finished: 0, failed: 0 },
  ) {
    this.#cells = cells;
    this.#finished = finished;
    this.#failed = failed;
  }

  begin(cell: number): void {
    this.#running.add(cell);
  }

  /** A run that has done all its samples but not ended still has its report to make: that counts as the last one. */
  advance(cell: number, { done, total, resumed }: RunProgress): void {
    if (!this.#ended.has(cell)) this.#runs.set(cell, { done: Math.min(done, total - 1), total, resumed });
  }

  /** A run ended: also one that failed has nothing left to do. */
  end(cell: number, isFailed: boolean): void {
    const { total, resumed } = this.#runs.get(cell) ?? { total: 0, resumed: 0 };
    this.#runs.set(cell, { done: total, total, resumed });
    this.#running.delete(cell);
    this.#ended.add(cell);
    if (isFailed) this.#failed += 1;
  }

  progress(): CellsProgress {
    const runs = [...this.#runs.values()];
    const done = runs.reduce((sum, run) => sum + run.done, 0);
    const known = runs.reduce((sum, run) => sum + run.total, 0);
    // A run that failed before it told its length has none, and does not make the others shorter.
    const lengths = runs.filter((run) => run.total > 0).length;
    const total = known + Math.round((known / Math.max(lengths, 1)) * (this.#cells - runs.length));
    const resumed = runs.reduce((sum, run) => sum + run.resumed, 0);
    const samplesPerSecond = (1000 * (done - resumed)) / (performance.now() - this.#start);
    return {
      cellsDone: this.#finished + this.#ended.size,
      cellsFailed: this.#failed,
      cellsRunning: this.#running.size,
      cells: this.#finished + this.#cells,
      done,
      total,
      samplesPerSecond,
      secondsLeft: (total - done) / Math.max(samplesPerSecond, Number.MIN_VALUE),
    };
  }
}
