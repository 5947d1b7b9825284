/** Compares a network in doubles with the same network in integers. */

export { compare } from './check.ts';
export { runningOn, runningOnChip } from './running.ts';
