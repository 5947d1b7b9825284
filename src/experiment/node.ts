/** Experiments on disk; Node only. */

export {
  checkClaim,
  claimFolder,
  damagedResults,
  findResults,
  type Results,
  removeResults,
  runFiles,
  stateFiles,
  sweepFiles,
} from './disk/node.ts';
export {
  type DataLoader,
  dataOf,
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  keepingLoader,
  loadFor,
  type OtherCore,
  type RunStart,
  readCheckpoint,
  readCounts,
  readFinished,
  readKeptState,
  readReport,
  repriceRun,
  runExperiment,
  runInFolder,
  type StoredCounts,
  writeCheckpoint,
} from './run/node.ts';
