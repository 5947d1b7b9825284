import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Report } from '../report/index.ts';
import { PlasticoreError } from '../source/index.ts';
import type { Cell } from './cell.ts';
import type { Task, TaskEnd, TaskProgress } from './node-worker.ts';
import { type CellsProgress, Tally } from './tally.ts';

export interface CellsOptions {
  /** Threads; at least 1, by default one for each processor. More than there are cells are not started. */
  readonly workers?: number | undefined;
  /** Path of the data set that all cells learn from; the embedded digits if absent. */
  readonly data?: string | undefined;
  readonly engine?: string | undefined;
  /** Folder of a cell's results and checkpoints; none are written if absent. */
  readonly folderOf?: ((cell: Cell) => string) | undefined;
  readonly onProgress?: ((progress: CellsProgress) => void) | undefined;
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
  cells: readonly Cell[],
  options: CellsOptions = {},
): Promise<readonly CellOutcome[]> {
  const { workers = availableParallelism(), signal, onProgress } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new PlasticoreError('usage', `expected a whole number of workers, at least 1, found ${workers}`);
  }
  signal?.throwIfAborted();
  if (cells.length === 0) return [];
  const threads = Math.min(workers, cells.length);
  const pool = startPool(threads);
  const fault = new AbortController();
  const stop = AbortSignal.any(signal === undefined ? [fault.signal] : [fault.signal, signal]);
  const tally = new Tally(cells.length);
  const outcomes: CellOutcome[] = [];
  const queue = cells.entries();
  /** Takes cell after cell, until there is none left or the runs are to stop. */
  const serve = async () => {
    for (const [index, cell] of queue) {
      if (stop.aborted) return;
      const end = await runTask(pool, cell, options, stop, (progress) => {
        tally.advance(index, progress);
        onProgress?.(tally.progress());
      });
      if (end.is === 'stopped') return;
      outcomes[index] = outcomeOf(cell, end);
      tally.end(index);
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
function startPool(threads: number): Piscina {
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
  cell: Cell,
  { data, engine, folderOf }: CellsOptions,
  stop: AbortSignal,
  onProgress: (progress: TaskProgress) => void,
): Promise<TaskEnd> {
  const { port1: port, port2: theirs } = new MessageChannel();
  // A run that is asked to stop ends between two samples; piscina's own signal would end its thread in the middle of
  // a write.
  const onStop = () => port.postMessage('stop');
  stop.addEventListener('abort', onStop);
  port.on('message', onProgress);
  const task: Task = { cell, data, engine, out: folderOf?.(cell), port: theirs };
  try {
    return (await pool.run(task, { transferList: [theirs] })) as TaskEnd;
  } finally {
    stop.removeEventListener('abort', onStop);
    port.close();
  }
}

function outcomeOf(cell: Cell, end: Exclude<TaskEnd, { is: 'stopped' }>): CellOutcome {
  if (end.is === 'done') return { report: end.report };
  const { code, message, place, hint } = end;
  // What has no place in a file is in the run.
  const error = new PlasticoreError(code, message, { ...place, file: place.file ?? nameOf(cell), hint });
  if (code !== 'run') throw error;
  return { failure: error };
}

function nameOf({ name, image }: Cell): string {
  return `${name} at ${image.machine.precision}, seed ${image.seed}`;
}
