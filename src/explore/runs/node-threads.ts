import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { PlasticoreError } from '../../text/index.ts';
import { runTask, type TaskEnd } from './node-task.ts';
import type { ThreadTask } from './node-worker.ts';
import type { CellTask, Runner, RunProgress } from './runner.ts';

/**
 * Runs cells on threads of this process, each on one. A single one needs no other thread: its cells run in the present
 * one, which yields between samples.
 *
 * @param workers number of threads, at least 1; default: one for each processor. Never more than there are
 * cells
 * @throws PlasticoreError `usage` for another number
 */
export function onThreads(workers: number = availableParallelism()): Runner {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new PlasticoreError('usage', `expected a whole number of workers, at least 1, found ${workers}`);
  }
  return {
    async run(batch) {
      const threads = Math.min(workers, batch.cells);
      const pool = threads === 1 ? undefined : await startPool(threads);
      const queue = Array.from({ length: batch.cells }, (_, index) => index).values();
      /** Runs cell after cell until none is left or the cells have to stop. */
      const serve = async () => {
        for (const index of queue) {
          if (batch.stop.aborted) return;
          batch.begin(index);
          const onProgress = (progress: RunProgress) => batch.advance(index, progress);
          const task = batch.task(index, threads);
          const end = await (pool === undefined
            ? runTask(task, batch.stop, onProgress)
            : runInPool(pool, task, batch.stop, onProgress));
          if (end.is === 'stopped') return;
          batch.end(index, end);
        }
      };
      try {
        await Promise.all(Array.from({ length: threads }, () => serve().catch((error) => batch.fail(error))));
      } finally {
        await pool?.destroy();
      }
    },
  };
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

async function runInPool(
  pool: Piscina,
  task: CellTask,
  stop: AbortSignal,
  onProgress: (progress: RunProgress) => void,
): Promise<TaskEnd> {
  const { port1: port, port2: theirs } = new MessageChannel();
  // A stopped run ends between two samples. Piscina's own signal would kill its thread in the middle of a
  // write.
  const onStop = () => port.postMessage('stop');
  stop.addEventListener('abort', onStop);
  port.on('message', onProgress);
  const whole: ThreadTask = { ...task, port: theirs };
  try {
    return (await pool.run(whole, { transferList: [theirs] })) as TaskEnd;
  } finally {
    // The end takes another way, and may overtake the progress told before it.
    for (let told = receiveMessageOnPort(port); told !== undefined; told = receiveMessageOnPort(port)) {
      onProgress(told.message as RunProgress);
    }
    stop.removeEventListener('abort', onStop);
    port.close();
  }
}
