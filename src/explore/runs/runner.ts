import type { Cell } from '../../experiment/index.ts';
import type { FolderRunOptions } from '../../experiment/node.ts';
import type { Report } from '../../report/index.ts';
import type { ErrorParts } from '../../text/index.ts';

/** A cell to run, and how. It is plain data, which passes to other threads and processes. */
export interface CellTask
  extends Pick<
    FolderRunOptions,
    'data' | 'engine' | 'out' | 'resume' | 'record' | 'checkpointSeconds' | 'workers'
  > {
  readonly cell: Cell;
}

/** The end of a cell. An error is in parts, because its class does not survive the way between threads or processes. */
export type CellEnd =
  | { readonly is: 'done'; readonly report: Report }
  | { readonly is: 'failed'; readonly error: ErrorParts };

/** Cells that a {@link Runner} runs, in any order. */
export interface CellBatch {
  readonly cells: number;
  /**
   * Compiles a cell: called once for each, just before it starts, so that not all are in memory.
   *
   * @param workers how many cells run at the same time
   */
  task(index: number, workers: number): CellTask;
  begin(index: number): void;
  advance(index: number, progress: RunProgress): void;
  /** Called as soon as a cell ends, unless it was stopped. */
  end(index: number, end: CellEnd): void;
  /** Stops all cells because of an error that is not a cell's outcome. */
  fail(error: unknown): void;
  /** On abort, cells stop between two samples, with a checkpoint if they have a folder. */
  readonly stop: AbortSignal;
}

/** Where cells run. Their results do not depend on it. */
export interface Runner {
  /** Runs the cells of a batch until all have ended, or have stopped. */
  run(batch: CellBatch): Promise<void>;
}

/** The progress of several runs together. */
export interface CellsProgress {
  /** Runs that have ended, runs in progress, and all runs. */
  readonly cellsDone: number;
  /** How many of `cellsDone` failed. */
  readonly cellsFailed: number;
  readonly cellsRunning: number;
  readonly cells: number;
  /** Samples done and in total, for training and testing. A run not yet started counts as the average of the others. */
  readonly done: number;
  readonly total: number;
  readonly samplesPerSecond: number;
  /** At the speed so far. Work done before a run was resumed does not count. */
  readonly secondsLeft: number;
}

/** The progress of one run, in samples of the whole run. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
  /** How many of `done` were done before the run was resumed. */
  readonly resumed: number;
}

/** Adds up the progress of several runs. */
export class ProgressTally {
  readonly #start = performance.now();
  readonly #cells: number;
  readonly #finished: number;
  #failed: number;
  readonly #runs = new Map<number, RunProgress>();
  readonly #running = new Set<number>();
  readonly #ended = new Set<number>();

  /**
   * @param cells number of runs to do
   * @param before runs that were already finished, and how many of them failed; they count as cells, but
   * their samples do not count
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

  /** A run with all samples done still has to write its report, which counts as the last sample. */
  advance(cell: number, { done, total, resumed }: RunProgress): void {
    if (!this.#ended.has(cell)) this.#runs.set(cell, { done: Math.min(done, total - 1), total, resumed });
  }

  /** Marks a run as ended; a failed run has nothing left to do, either. */
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
    // A run that failed before reporting its length has none, and must not shorten the estimate for the
    // others.
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
