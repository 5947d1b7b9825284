/** Where a module counts, and what follows from the counts. */

export { type CountedAccess, type CounterMap, type KernelCounters, mapCounters } from './counter-map.ts';
export { readCounters } from './read-counters.ts';
export type { Measure, SegmentCounters, WordMeasure } from './segment-counters.ts';
