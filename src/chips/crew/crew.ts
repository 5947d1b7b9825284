/** Threads that run the parts of a chip's ticks together, the present one included. It is thread 0. */
export interface Crew {
  readonly threads: number;
  /**
   * Hands the chip to the other threads.
   *
   * @param module its export `tick(thread, now)` runs a thread's part of a tick, on a memory imported as `host.memory`
   */
  join(module: WebAssembly.Module, memory: WebAssembly.Memory): void;
  /**
   * Runs some ticks on all threads, which wait for each other after each.
   *
   * @param tick runs the present thread's part
   * @throws PlasticoreError `system` where another thread has failed or does not answer
   */
  run(first: number, ticks: number, tick: (now: number) => void): void;
}

/** A module's part of a tick. */
export type Tick = (thread: number, now: number) => void;

/** Instantiates the module of a chip on its memory. */
export function tickOf(module: WebAssembly.Module, memory: WebAssembly.Memory): Tick {
  const { tick } = new WebAssembly.Instance(module, { host: { memory } }).exports;
  if (typeof tick !== 'function') throw new Error('the module of a chip exports no tick');
  return (thread, now) => {
    tick(thread, now);
  };
}
