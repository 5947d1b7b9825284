/** Experiments on disk: for Node only. */

export { findResults, type Results, runFiles, sweepFiles } from './disk/node.ts';
export {
  type DataLoader,
  dataOf,
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  keepingLoader,
  loadFor,
  type RunStart,
  readCheckpoint,
  runExperiment,
  runInFolder,
  writeCheckpoint,
} from './run/node.ts';
