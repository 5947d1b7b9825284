import type { Cell } from '../../experiment/index.ts';
import type { FolderRunOptions } from '../../experiment/node.ts';
import type { Report } from '../../report/index.ts';
import type { ErrorParts } from '../../text/index.ts';
import type { RunProgress } from './tally.ts';

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
