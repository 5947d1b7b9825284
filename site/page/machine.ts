/** A worker with its workbench, as the page holds it. */
import { proxy, type Remote, wrap } from 'comlink';
import type { Frame, Workbench } from '../shared/protocol.ts';

export interface Machine {
  readonly remote: Remote<Workbench>;
  /** Designs that it has opened. */
  opens: number;
  close(): void;
}

/** Starts a worker. */
export function startMachine(onFrame: (frame: Frame) => void): Machine {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const remote = wrap<Workbench>(worker);
  void remote.subscribe(proxy(onFrame));
  return { remote, opens: 0, close: () => worker.terminate() };
}
