import type { GroupWork } from '../team.ts';
import type { Tick } from './crew.ts';

/** The data with which threads run a chip whose cores are one module on one memory. */
export interface ChipWork {
  readonly is: 'chip';
  /** Its export `tick(thread, now)` runs a thread's part of a tick, on the memory, imported as `host.memory`. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** All kinds of work for a crew: a chip of its own kind, or the cores of a program. */
export type CrewWork = ChipWork | GroupWork;

/** Instantiates the module of a chip on its memory. */
export function chipTick({ module, memory }: Omit<ChipWork, 'is'>): Tick {
  const { tick } = new WebAssembly.Instance(module, { host: { memory } }).exports;
  if (typeof tick !== 'function') throw new Error('the module of a chip exports no tick');
  return (thread, now) => {
    tick(thread, now);
  };
}
