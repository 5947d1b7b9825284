/** Where a module counts, and what follows from the counts. */

export { type CountedAccess, type CounterMap, type KernelCounters, mapCounters } from './counter-map.ts';
export { readCounters } from './read-counters.ts';
export type { TileCounters, WordMeasure } from './segment-counters.ts';
