import type { Cell } from '../../experiment/index.ts';
import type { FolderRunOptions } from '../../experiment/node.ts';
import type { Report } from '../../report/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import { onThreads } from './node-threads.ts';
import { type CellEnd, type CellsProgress, ProgressTally, type Runner } from './runner.ts';

/** One cell to run, with the source of its data and the destination of its results. */
export interface CellRun {
  /**
   * A compiled cell, or a function that compiles it, so that a large sweep need not keep all images in
   * memory.
   */
  readonly cell: Cell | (() => Cell);
  /** Path of the data set. Default: the samples of the task, or the embedded digits. */
  readonly data?: string | undefined;
  /** Folder for results and checkpoints; if absent, none are written. */
  readonly out?: string | undefined;
}

export interface CellsOptions
  extends Pick<FolderRunOptions, 'engine' | 'resume' | 'record' | 'checkpointSeconds'> {
  /** Where they run; default: on threads of this process. */
  readonly on?: Runner | undefined;
  /**
   * Number of these threads, at least 1; default: one for each processor. Never more than there are cells.
   */
  readonly workers?: number | undefined;
  /** Number of cells already finished, for the progress. */
  readonly finished?: number | undefined;
  /** How many of these failed. */
  readonly failed?: number | undefined;
  readonly onProgress?: ((progress: CellsProgress) => void) | undefined;
  /** Called as soon as a run ends, with its outcome. An exception in it stops the other runs. */
  readonly onEnd?: ((index: number, outcome: CellOutcome) => void) | undefined;
  /** On abort, every run stops, with a checkpoint if it has a folder; then the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** The outcome of a run: its report, or why it failed (an error of code `run`, such as a NaN). */
export type CellOutcome = { readonly report: Report } | { readonly failure: PlasticoreError };

/**
 * Runs cells independently of each other, on threads or on a cluster.
 *
 * Outcomes are in cell order and, apart from `timing`, do not depend on where and on how many threads they
 * run. A failed run does not stop the others.
 *
 * @throws PlasticoreError for invalid input found by any run, once all have stopped; the signal's reason
 */
export async function runCells(
  runs: readonly CellRun[],
  options: CellsOptions = {},
): Promise<readonly CellOutcome[]> {
  const { workers, on = onThreads(workers), finished = 0, failed = 0, signal, onProgress, onEnd } = options;
  signal?.throwIfAborted();
  if (runs.length === 0) return [];
  const fault = new AbortController();
  const stop = AbortSignal.any(signal === undefined ? [fault.signal] : [fault.signal, signal]);
  const tally = new ProgressTally(runs.length, { finished, failed });
  const outcomes: CellOutcome[] = [];
  const names: string[] = [];
  const { engine, resume, record, checkpointSeconds } = options;
  await on.run({
    cells: runs.length,
    stop,
    task(index, atOnce) {
      const { cell: source, data, out } = at(runs, index);
      const cell = typeof source === 'function' ? source() : source;
      names[index] = cellLabel(cell);
      return { cell, data, out, engine, resume, checkpointSeconds, record, workers: atOnce };
    },
    begin: (index) => tally.begin(index),
    advance(index, progress) {
      tally.advance(index, progress);
      onProgress?.(tally.progress());
    },
    end(index, end) {
      const outcome = outcomeOf(at(names, index), end);
      outcomes[index] = outcome;
      tally.end(index, 'failure' in outcome);
      onEnd?.(index, outcome);
      onProgress?.(tally.progress());
    },
    fail: (error) => fault.abort(error),
  });
  stop.throwIfAborted();
  return outcomes;
}

function outcomeOf(name: string, end: CellEnd): CellOutcome {
  if (end.is === 'done') return { report: end.report };
  // An error without a place in a file gets the run as its place.
  const { place } = end.error;
  const error = PlasticoreError.of(end.error).at({ ...place, file: place.file ?? name });
  if (error.code !== 'run') throw error;
  return { failure: error };
}

/** Names a cell in errors. */
export function cellLabel({ name, image }: Cell, seed = image.seed): string {
  return `${name} at ${image.core.precision}, seed ${seed}`;
}
