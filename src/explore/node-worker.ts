/** What a worker thread runs. It is loaded by name, so nothing else may import it but for its types. */
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
  /** Takes {@link RunProgress}; any message from its other end stops the run, with a checkpoint where there is `out`. */
  readonly port: MessagePort;
}

/** How a task ends. An error is taken apart: its class and what it has of its own do not survive between threads. */
export type TaskEnd =
  | { readonly is: 'done'; readonly report: Report }
  | { readonly is: 'stopped' }
  | { readonly is: 'failed'; readonly error: ErrorParts };

/** The data set stays with the thread, for its next cell. */
const load = keepingLoader();

export default async function runTask({ cell, port, ...options }: Task): Promise<TaskEnd> {
  const stop = new AbortController();
  port.on('message', () => stop.abort());
  let resumed = 0;
  try {
    const { report } = await runInFolder(cell, {
      ...options,
      // The sweep has its folder, with those of its cells.
      lock: false,
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
