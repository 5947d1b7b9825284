import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PlasticoreError } from '../../text/index.ts';
import { Barrier, place, sharedWords } from './barrier.ts';
import type { Crew } from './crew.ts';
import type { Membership } from './node-crew-member.ts';

/** A crew of worker threads beside the present one. */
export interface WorkerCrew extends Crew {
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Starts threads that wait for a chip.
 *
 * @param threads how many in all, at least 2
 * @param patienceMs how long they wait for each other before they give up; default: a minute
 * @throws PlasticoreError `run` where a thread does not start
 */
export async function startCrew(threads: number, patienceMs = 60_000): Promise<WorkerCrew> {
  const shared = new Int32Array(new SharedArrayBuffer(4 * sharedWords));
  const workers = Array.from({ length: threads - 1 }, (_, index) =>
    startWorker({ thread: index + 1, threads, shared, patienceMs }),
  );
  const close = async (): Promise<void> => {
    Atomics.store(shared, place.ended, 1);
    Atomics.add(shared, place.command, 1);
    Atomics.notify(shared, place.command);
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
  } catch (error) {
    await close();
    const message = error instanceof Error ? error.message : String(error);
    throw new PlasticoreError('run', `a thread does not start: ${message}`);
  }
  // Its error reaches this thread through the barrier.
  for (const worker of workers) worker.on('error', () => undefined);
  const barrier = new Barrier(shared, threads, patienceMs);
  return {
    threads,
    join(module, memory) {
      for (const worker of workers) worker.postMessage({ module, memory });
    },
    run(first, ticks, tick) {
      Atomics.store(shared, place.first, first);
      Atomics.store(shared, place.ticks, ticks);
      Atomics.add(shared, place.command, 1);
      Atomics.notify(shared, place.command);
      try {
        for (let now = first; now < first + ticks; now++) {
          tick(now);
          barrier.wait();
        }
      } catch (error) {
        barrier.fail();
        throw error;
      }
    },
    close,
  };
}

/** A thread of the same kind as this module: built JavaScript, or TypeScript, which tsx compiles. */
function startWorker(membership: Membership): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const code = new URL(isSource ? './node-crew-member.ts' : './node-crew-member.js', import.meta.url);
  const worker = isSource
    ? new Worker(
        `import('${import.meta.resolve('tsx/esm/api')}').then((tsx) => { tsx.register(); return import('${code.href}'); })`,
        { eval: true, workerData: membership },
      )
    : new Worker(code, { workerData: membership });
  // A process that is to end does not wait for it.
  worker.unref();
  return worker;
}
