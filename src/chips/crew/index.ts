/** Threads that run the cores of a chip together. */
export { Barrier, sharedWords } from './barrier.ts';
export { type Crew, type Tick, tickOf } from './crew.ts';
