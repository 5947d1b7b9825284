/** Compares a network in doubles with the same network in integers. */

export { CauseTally } from './causes.ts';
export { compare } from './check.ts';
export { type ProgramView, type RunningLayer, type RunningNetwork, runningOn } from './running.ts';
