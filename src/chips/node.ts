/** The part of this room that needs Node: threads. */
export { startCrew, type WorkerCrew } from './crew/node-crew.ts';
