import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { Cell } from '../experiment/index.ts';
import type { FolderRunOptions } from '../experiment/node.ts';
import type { Report } from '../report/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Task, TaskEnd } from './node-worker.ts';
import { type CellsProgress, type RunProgress, Tally } from './tally.ts';

/** One cell to run, with the source of its data and the destination of its results. */
export interface CellRun {
  /** A compiled cell, or a function that compiles it, so that a large sweep need not keep all images in memory. */
  readonly cell: Cell | (() => Cell);
  /** Path of the data set. Default: the samples of the task, or the embedded digits. */
  readonly data?: string | undefined;
  /** Folder for results and checkpoints; if absent, none are written. */
  readonly out?: string | undefined;
}

export interface CellsOptions
  extends Pick<FolderRunOptions, 'engine' | 'resume' | 'record' | 'checkpointSeconds'> {
  /** Number of threads, at least 1; default: one for each processor. Never more than there are cells. */
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
 * Runs cells independently of each other, each on one thread.
 *
 * Outcomes are in cell order and, apart from `timing`, do not depend on the number of workers. A failed run does not
 * stop the others.
 *
 * @throws PlasticoreError for invalid input found by any worker, once all runs have stopped; the signal's reason
 */
export async function runCells(
  runs: readonly CellRun[],
  options: CellsOptions = {},
): Promise<readonly CellOutcome[]> {
  const { workers = availableParallelism(), finished = 0, failed = 0, signal, onProgress, onEnd } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new PlasticoreError('usage', `expected a whole number of workers, at least 1, found ${workers}`);
  }
  signal?.throwIfAborted();
  if (runs.length === 0) return [];
  const threads = Math.min(workers, runs.length);
  const pool = await startPool(threads);
  const fault = new AbortController();
  const stop = AbortSignal.any(signal === undefined ? [fault.signal] : [fault.signal, signal]);
  const tally = new Tally(runs.length, { finished, failed });
  const outcomes: CellOutcome[] = [];
  const queue = runs.entries();
  const { engine, resume, record, checkpointSeconds } = options;
  /** Runs cell after cell until none is left or the runs have to stop. */
  const serve = async () => {
    for (const [index, { cell: source, data, out }] of queue) {
      if (stop.aborted) return;
      tally.begin(index);
      const cell = typeof source === 'function' ? source() : source;
      const task = { cell, data, out, engine, resume, checkpointSeconds, record, workers: threads };
      const end = await runTask(pool, task, stop, (progress) => {
        tally.advance(index, progress);
        onProgress?.(tally.progress());
      });
      if (end.is === 'stopped') return;
      const outcome = outcomeOf(cell, end);
      outcomes[index] = outcome;
      tally.end(index, 'failure' in outcome);
      onEnd?.(index, outcome);
      onProgress?.(tally.progress());
    }
  };
  try {
    await Promise.all(Array.from({ length: threads }, () => serve().catch((error) => fault.abort(error))));
  } finally {
    await pool.destroy();
  }
  stop.throwIfAborted();
  return outcomes;
}

/** Worker threads of the same kind as this module: built JavaScript, or TypeScript through tsx. */
async function startPool(threads: number): Promise<Piscina> {
  // Imported here because a single run starts faster without it.
  const { Piscina } = await import('piscina');
  const isSource = import.meta.url.endsWith('.ts');
  return new Piscina({
    filename: new URL(isSource ? './node-worker.ts' : './node-worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
  });
}

async function runTask(
  pool: Piscina,
  task: Omit<Task, 'port'>,
  stop: AbortSignal,
  onProgress: (progress: RunProgress) => void,
): Promise<TaskEnd> {
  const { port1: port, port2: theirs } = new MessageChannel();
  // A stopped run ends between two samples. Piscina's own signal would kill its thread in the middle of a write.
  const onStop = () => port.postMessage('stop');
  stop.addEventListener('abort', onStop);
  port.on('message', onProgress);
  const whole: Task = { ...task, port: theirs };
  try {
    return (await pool.run(whole, { transferList: [theirs] })) as TaskEnd;
  } finally {
    stop.removeEventListener('abort', onStop);
    port.close();
  }
}

function outcomeOf(cell: Cell, end: Exclude<TaskEnd, { is: 'stopped' }>): CellOutcome {
  if (end.is === 'done') return { report: end.report };
  // An error without a place in a file gets the run as its place.
  const { place } = end.error;
  const error = PlasticoreError.of(end.error).at({ ...place, file: place.file ?? nameOf(cell) });
  if (error.code !== 'run') throw error;
  return { failure: error };
}

function nameOf({ name, image }: Cell): string {
  return `${name} at ${image.core.precision}, seed ${image.seed}`;
}
