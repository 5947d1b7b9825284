/** A signal stopped a run; the exit status is 128 plus the signal's number. */
export class InterruptError extends Error {
  readonly exitStatus: number;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.exitStatus = statuses[signal] ?? 1;
  }
}

const statuses: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** A signal that aborts on the first SIGINT, SIGTERM, or SIGHUP of a closed terminal; a second one ends the process. */
export function stopOnSignals(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    stop();
    controller.abort(new InterruptError(signal));
  };
  const names = Object.keys(statuses) as NodeJS.Signals[];
  const stop = () => {
    for (const name of names) process.off(name, onSignal);
  };
  for (const name of names) process.on(name, onSignal);
  return { signal: controller.signal, stop };
}
