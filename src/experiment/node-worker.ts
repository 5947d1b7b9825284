/** What a worker thread runs. It is loaded by name, so nothing else may import it but for its types. */
import type { MessagePort } from 'node:worker_threads';
import type { Report } from '../report/index.ts';
import { type ErrorCode, type Place, PlasticoreError } from '../source/index.ts';
import type { Cell } from './cell.ts';
import { runInFolder } from './node-run.ts';

/** One cell to run, with the options of {@link runInFolder}. */
export interface Task {
  readonly cell: Cell;
  readonly data: string | undefined;
  readonly engine: string | undefined;
  readonly out: string | undefined;
  /** Takes {@link TaskProgress}; any message from its other end stops the run, with a checkpoint where there is `out`. */
  readonly port: MessagePort;
}

/** Samples of the whole run, of training and of testing. */
export interface TaskProgress {
  readonly done: number;
  readonly total: number;
}

/** How a task ends. An error is taken apart: its class and what it has of its own do not survive between threads. */
export type TaskEnd =
  | { readonly is: 'done'; readonly report: Report }
  | { readonly is: 'stopped' }
  | {
      readonly is: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly place: Place;
      readonly hint: string | undefined;
    };

export default async function runTask({ cell, port, ...options }: Task): Promise<TaskEnd> {
  const stop = new AbortController();
  port.on('message', () => stop.abort());
  let samples = { train: 0, test: 0 };
  try {
    const { report } = await runInFolder(cell, {
      ...options,
      signal: stop.signal,
      onStart: ({ data }) => {
        samples = data;
      },
      onProgress: ({ epoch, done }) => {
        const total = cell.epochs * samples.train + samples.test;
        const progress: TaskProgress = { done: epoch * samples.train + done, total };
        port.postMessage(progress);
      },
    });
    return { is: 'done', report };
  } catch (error) {
    if (error === stop.signal.reason) return { is: 'stopped' };
    if (!(error instanceof PlasticoreError)) throw error;
    const { code, message, file, line, column, hint } = error;
    return { is: 'failed', code, message, place: { file, line, column }, hint };
  } finally {
    port.close();
  }
}
