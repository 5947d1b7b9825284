/** The code of a worker thread. It is loaded by name, so other modules may import only its types. */
import type { MessagePort } from 'node:worker_threads';
import { runTask, type TaskEnd } from './node-task.ts';
import type { CellTask } from './runner.ts';

/** One cell to run. */
export interface ThreadTask extends CellTask {
  /**
   * Receives {@link RunProgress}. Any message from the other end stops the run, with a checkpoint if it has
   * an `out`.
   */
  readonly port: MessagePort;
}

export default async function runOnThread({ port, ...task }: ThreadTask): Promise<TaskEnd> {
  const stop = new AbortController();
  port.on('message', () => stop.abort());
  try {
    return await runTask(task, stop.signal, (progress) => port.postMessage(progress));
  } finally {
    port.close();
  }
}
