import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import type { Cell } from '../experiment/index.ts';
import type { FolderRunOptions } from '../experiment/node.ts';
import type { Report } from '../report/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Task, TaskEnd } from './node-worker.ts';
import { type CellsProgress, type RunProgress, Tally } from './tally.ts';

/** One cell to run, and where its data come from and its results go. */
export interface CellRun {
  /** Compiled, or how to: so that not all images of a large sweep are in memory at once. */
  readonly cell: Cell | (() => Cell);
  /** Path of the data set; if absent the samples of the task, or the embedded digits. */
  readonly data?: string | undefined;
  /** Folder of its results and checkpoints; none are written if absent. */
  readonly out?: string | undefined;
}

export interface CellsOptions
  extends Pick<FolderRunOptions, 'engine' | 'resume' | 'record' | 'checkpointSeconds'> {
  /** Threads; at least 1, by default one for each processor. More than there are cells are not started. */
  readonly workers?: number | undefined;
  /** Cells that are finished already, for the progress. */
  readonly finished?: number | undefined;
  /** Of those, the ones that failed. */
  readonly failed?: number | undefined;
  readonly onProgress?: ((progress: CellsProgress) => void) | undefined;
  /** Told what each run came to as soon as it ends; what it throws stops the others. */
  readonly onEnd?: ((index: number, outcome: CellOutcome) => void) | undefined;
  /** On abort every run stops, with a checkpoint where it has a folder; then the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run came to: its report, or why it failed (an error of code `run`, such as a NaN). */
export type CellOutcome = { readonly report: Report } | { readonly failure: PlasticoreError };

/**
 * Runs cells independently of each other, each on one thread.
 *
 * The outcomes are in the order of the cells and, but for `timing`, the same with any number of workers. A run that
 * fails does not stop the others.
 *
 * @throws PlasticoreError for bad input, wherever a worker found it, once all runs have stopped; the signal's reason
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
  /** Takes cell after cell, until there is none left or the runs are to stop. */
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
  // Only here, because a run alone starts sooner without it.
  const { Piscina } = await import('piscina');
  const isSource = import.meta.url.endsWith('.ts');
  return new Piscina({
    filename: new URL(isSource ? './node-worker.ts' : './node-worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    ...(isSource ? { execArgv: ['--import', import.meta.resolve('tsx')] } : {}),
  });
}

async function runTask(
  pool: Piscina,
  task: Omit<Task, 'port'>,
  stop: AbortSignal,
  onProgress: (progress: RunProgress) => void,
): Promise<TaskEnd> {
  const { port1: port, port2: theirs } = new MessageChannel();
  // A run that is asked to stop ends between two samples; piscina's own signal would end its thread in the middle of
  // a write.
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
  // What has no place in a file is in the run.
  const { place } = end.error;
  const error = PlasticoreError.of(end.error).at({ ...place, file: place.file ?? nameOf(cell) });
  if (error.code !== 'run') throw error;
  return { failure: error };
}

function nameOf({ name, image }: Cell): string {
  return `${name} at ${image.core.precision}, seed ${image.seed}`;
}
