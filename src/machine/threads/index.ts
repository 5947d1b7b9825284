/** Threads that run the cores of a chip together. */

export type { Crew, Tick } from './crew.ts';
export { type ChipWork, type CrewWork, chipTick } from './work.ts';
