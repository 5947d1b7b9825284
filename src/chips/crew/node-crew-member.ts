/** The code of a crew's worker thread. It is loaded by name, so other modules may import only its types. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PlasticoreError } from '../../text/index.ts';
import { Barrier, place } from './barrier.ts';
import { tickOf } from './crew.ts';

/** What a thread of a crew knows from its start. */
export interface Membership {
  readonly thread: number;
  readonly threads: number;
  readonly shared: Int32Array;
  readonly patienceMs: number;
  /** Where it says why it has failed. */
  readonly port: MessagePort;
}

/** The chip that it runs a part of. */
export interface Chip {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

const { thread, threads, shared, patienceMs, port } = workerData as Membership;
const barrier = new Barrier(shared, threads, patienceMs);

parentPort?.once('message', ({ module, memory }: Chip) => {
  try {
    const tick = tickOf(module, memory);
    for (let command = 0; ; ) {
      Atomics.wait(shared, place.command, command);
      command = Atomics.load(shared, place.command);
      if (Atomics.load(shared, place.ended) !== 0) return;
      const first = Atomics.load(shared, place.first);
      const end = first + Atomics.load(shared, place.ticks);
      for (let now = first; now < end; now++) {
        tick(thread, now);
        barrier.wait();
      }
    }
  } catch (error) {
    // That another one has failed is known.
    if (!(error instanceof PlasticoreError)) port.postMessage(String(error));
    barrier.fail();
  }
});
parentPort?.postMessage('ready');
