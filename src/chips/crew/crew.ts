import type { GroupWork, Tick } from '../../cores/index.ts';

/** What the threads of a crew are handed to run a chip whose cores are one module on one memory. */
export interface ChipWork {
  readonly is: 'chip';
  /** Its export `tick(thread, now)` runs a thread's part of a tick, on the memory, imported as `host.memory`. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** All that a crew may be handed: a chip of its own kind, or the cores of a program. */
export type CrewWork = ChipWork | GroupWork;

/** Instantiates the module of a chip on its memory. */
export function chipTick({ module, memory }: Omit<ChipWork, 'is'>): Tick {
  const { tick } = new WebAssembly.Instance(module, { host: { memory } }).exports;
  if (typeof tick !== 'function') throw new Error('the module of a chip exports no tick');
  return (thread, now) => {
    tick(thread, now);
  };
}
