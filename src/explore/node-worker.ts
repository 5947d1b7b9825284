/** The code of a worker thread. It is loaded by name, so other modules may import only its types. */
import type { MessagePort } from 'node:worker_threads';
import type { Cell } from '../experiment/index.ts';
import { type FolderRunOptions, keepingLoader, runInFolder } from '../experiment/node.ts';
import type { Report } from '../report/index.ts';
import { type ErrorParts, PlasticoreError } from '../text/index.ts';
import type { RunProgress } from './tally.ts';

/** One cell to run. */
export interface Task
  extends Pick<
    FolderRunOptions,
    'data' | 'engine' | 'out' | 'resume' | 'record' | 'checkpointSeconds' | 'workers'
  > {
  readonly cell: Cell;
  /**
   * Receives {@link RunProgress}. Any message from the other end stops the run, with a checkpoint if it has an `out`.
   */
  readonly port: MessagePort;
}

/**
 * How a task ends. Errors are passed in parts, because their class and own properties do not survive the transfer
 * between threads.
 */
export type TaskEnd =
  | { readonly is: 'done'; readonly report: Report }
  | { readonly is: 'stopped' }
  | { readonly is: 'failed'; readonly error: ErrorParts };

/** The data set stays in the thread, for its next cell. */
const load = keepingLoader();

export default async function runTask({ cell, port, ...options }: Task): Promise<TaskEnd> {
  const stop = new AbortController();
  port.on('message', () => stop.abort());
  let resumed = 0;
  try {
    const { report } = await runInFolder(cell, {
      ...options,
      // The sweep has locked its folder, including those of its cells.
      lock: false,
      // A sweep compares; the best design is run again.
      keepImage: false,
      load,
      signal: stop.signal,
      onStart: ({ runDone }) => {
        resumed = runDone;
      },
      onProgress: ({ runDone, runTotal }) => {
        const progress: RunProgress = { done: runDone, total: runTotal, resumed };
        port.postMessage(progress);
      },
    });
    return { is: 'done', report };
  } catch (error) {
    if (error === stop.signal.reason) return { is: 'stopped' };
    if (!(error instanceof PlasticoreError)) throw error;
    return { is: 'failed', error: error.parts };
  } finally {
    port.close();
  }
}
