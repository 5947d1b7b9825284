import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { messageOf, PlasticoreError } from '../../text/index.ts';
import { Barrier, place, sharedWords } from './barrier.ts';
import type { Crew } from './crew.ts';
import type { HandedWork, Membership } from './node-crew-member.ts';
import type { CrewWork } from './work.ts';

/** A crew of worker threads beside the present one. */
export interface WorkerCrew extends Crew<CrewWork> {
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Starts threads that wait for their work.
 *
 * @param threads how many in all, at least 2
 * @param patienceMs how long they wait for each other before they give up; default: a minute
 * @throws PlasticoreError `system` where a thread does not start
 */
export async function startCrew(threads: number, patienceMs = 60_000): Promise<WorkerCrew> {
  const shared = new Int32Array(new SharedArrayBuffer(4 * sharedWords));
  const ports: MessagePort[] = [];
  const workers = Array.from({ length: threads - 1 }, (_, index) => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1);
    return startWorker({ thread: index + 1, threads, shared, patienceMs, port: port2 });
  });
  /** Lets the threads end the current work. */
  const leave = (): void => {
    Atomics.add(shared, place.works, 1);
    Atomics.add(shared, place.command, 1);
    Atomics.notify(shared, place.command);
  };
  const close = async (): Promise<void> => {
    leave();
    await Promise.all(workers.map((worker) => worker.terminate()));
    for (const port of ports) port.close();
  };
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
  } catch (error) {
    await close();
    const message = messageOf(error);
    throw new PlasticoreError('system', `a thread does not start: ${message}`);
  }
  for (const worker of workers) {
    // Later failures are reported through the barrier.
    worker.on('error', () => undefined);
    // The thread does not keep the process alive.
    worker.unref();
  }
  const barrier = new Barrier(shared, threads, patienceMs);
  return {
    threads,
    join(workOf) {
      leave();
      const number = Atomics.load(shared, place.works);
      const command = Atomics.load(shared, place.command);
      for (const [index, worker] of workers.entries()) {
        const handed: HandedWork = { work: workOf(index + 1), number, command };
        worker.postMessage(handed);
      }
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
        throw withReason(error, ports);
      }
    },
    close,
  };
}

/** The error with another thread's reason for it. */
function withReason(error: unknown, ports: readonly MessagePort[]): unknown {
  const reasons = ports.flatMap((port) => {
    const said: unknown = receiveMessageOnPort(port)?.message;
    return typeof said === 'string' ? [said] : [];
  });
  if (!(error instanceof PlasticoreError) || reasons.length === 0) return error;
  return new PlasticoreError(error.code, `${error.message}: ${reasons.join('; ')}`, { hint: error.hint });
}

/** A thread of the same kind as this module: built JavaScript, or TypeScript, which tsx compiles. */
function startWorker(membership: Membership): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const code = new URL(isSource ? './node-crew-member.ts' : './node-crew-member.js', import.meta.url);
  const options = { workerData: membership, transferList: [membership.port] };
  return isSource
    ? new Worker(
        `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then((tsx) => { tsx.register(); return import(${JSON.stringify(code.href)}); })`,
        { eval: true, ...options },
      )
    : new Worker(code, options);
}
