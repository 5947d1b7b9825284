import type { Runner } from '../../src/explore/node.ts';
import { runTask } from '../../src/explore/runs/node-task.ts';

/**
 * Runs cells in this thread, one after the other. A thread of its own starts for longer than a small cell runs; results
 * do not depend on where cells run, which test/explore/workers.test.ts holds.
 */
export const inThisThread: Runner = {
  async run(batch) {
    for (let index = 0; index < batch.cells && !batch.stop.aborted; index++) {
      batch.begin(index);
      const end = await runTask(batch.task(index, 1), batch.stop, (progress) =>
        batch.advance(index, progress),
      ).catch((error: unknown) => {
        batch.fail(error);
        return { is: 'stopped' } as const;
      });
      if (end.is !== 'stopped') batch.end(index, end);
    }
  },
};
