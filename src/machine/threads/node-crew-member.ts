/** The code of a crew's worker thread. It is loaded by name, so other modules may import only its types. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PlasticoreError } from '../../text/index.ts';
import { groupTick } from '../team.ts';
import { Barrier, place, waitForChange } from './barrier.ts';
import { type CrewWork, chipTick } from './work.ts';

/** The data with which a thread of a crew starts. */
export interface Membership {
  readonly thread: number;
  readonly threads: number;
  readonly shared: Int32Array;
  readonly patienceMs: number;
  /** The port on which it reports a failure. */
  readonly port: MessagePort;
}

/** A work, its number, and the latest command before it. */
export interface HandedWork {
  readonly work: CrewWork;
  readonly number: number;
  readonly command: number;
}

const { thread, threads, shared, patienceMs, port } = workerData as Membership;
const barrier = new Barrier(shared, threads, patienceMs);

/** Runs its part of a work until the crew gets another one. */
function take({ work, number, command: latest }: HandedWork): void {
  const tick = work.is === 'cores' ? groupTick(work) : chipTick(work);
  for (let command = latest; ; ) {
    waitForChange(shared, place.command, command);
    command = Atomics.load(shared, place.command);
    if (Atomics.load(shared, place.works) !== number) return;
    const first = Atomics.load(shared, place.first);
    const end = first + Atomics.load(shared, place.ticks);
    for (let now = first; now < end; now++) {
      tick(thread, now);
      barrier.wait();
    }
  }
}

parentPort?.on('message', (handed: HandedWork) => {
  try {
    take(handed);
  } catch (error) {
    // The first thread knows already that another one has failed.
    if (!(error instanceof PlasticoreError)) port.postMessage(String(error));
    barrier.fail();
  }
});
parentPort?.postMessage('ready');
