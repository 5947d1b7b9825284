/** The part of this room that needs Node: threads. */
export { startCrew, type WorkerCrew } from './threads/node-crew.ts';
