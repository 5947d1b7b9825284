/** Runs in folders: checkpoints, results and the data sets they read. */

export { readCheckpoint, readKeptState, writeCheckpoint } from './node-checkpoint.ts';
export { keepingLoader, loadFor } from './node-data.ts';
export { readCounts, readFinished, readReport } from './node-outcome.ts';
export { repriceRun } from './node-reprice.ts';
export * from './node-run.ts';
