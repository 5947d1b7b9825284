/** Runs in folders: checkpoints, results and the data sets they read. */

export { readCheckpoint, readKeptState, writeCheckpoint } from './node-checkpoint.ts';
export { readCounts, type StoredCounts } from './node-counts.ts';
export { type DataLoader, keepingLoader, loadFor } from './node-data.ts';
export { readFinished, readReport } from './node-outcome.ts';
export { type OtherCore, repriceRun } from './node-reprice.ts';
export {
  dataOf,
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  type RunStart,
  runExperiment,
  runInFolder,
} from './node-run.ts';
