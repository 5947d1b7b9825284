import { keepingLoader, runInFolder } from '../../experiment/node.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { CellEnd, CellTask, RunProgress } from './runner.ts';

export type TaskEnd = CellEnd | { readonly is: 'stopped' };

/** The data set stays in the thread or the process, for its next cell. */
const load = keepingLoader();

/** Runs one cell of several, in the present thread. */
export async function runTask(
  { cell, ...options }: CellTask,
  stop: AbortSignal,
  onProgress: (progress: RunProgress) => void,
): Promise<TaskEnd> {
  let resumed = 0;
  try {
    const { report } = await runInFolder(cell, {
      ...options,
      // The folder above is locked by the study that runs the cells.
      lock: false,
      // Several cells are compared; the best design is run again.
      keepImage: false,
      load,
      signal: stop,
      onStart: ({ runDone }) => {
        resumed = runDone;
      },
      onProgress: ({ runDone, runTotal }) => onProgress({ done: runDone, total: runTotal, resumed }),
    });
    return { is: 'done', report };
  } catch (error) {
    if (stop.aborted && error === stop.reason) return { is: 'stopped' };
    if (!(error instanceof PlasticoreError)) throw error;
    return { is: 'failed', error: error.parts };
  }
}
