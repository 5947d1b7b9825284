/** Threads that run the cores of a chip together. */
export { Barrier, sharedWords } from './barrier.ts';
export { type ChipWork, type CrewWork, chipTick } from './crew.ts';
