/** The simulator in its worker, as the page holds it. */
import { proxy, type Remote, wrap } from 'comlink';
import type { Frame, Workbench } from '../shared/protocol.ts';

export interface SimulatorWorker {
  readonly remote: Remote<Workbench>;
  /** Designs that it has opened. */
  opens: number;
  /** The design that is being opened on it; the next one waits. */
  turn: Promise<unknown>;
  /** Asks it something; undefined if it is ended before it has answered. */
  ask<T>(question: (remote: Remote<Workbench>) => Promise<T>): Promise<T | undefined>;
  close(): void;
}

/** Starts a worker. */
export function startWorker(onFrame: (frame: Frame) => void): SimulatorWorker {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const remote = wrap<Workbench>(worker);
  let end: () => void = () => undefined;
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  void remote.subscribe(proxy(onFrame));
  return {
    remote,
    opens: 0,
    turn: Promise.resolve(),
    // A worker that is ended answers nothing more.
    ask: (question) => Promise.race([question(remote), ended]),
    close: () => {
      worker.terminate();
      end();
    },
  };
}
