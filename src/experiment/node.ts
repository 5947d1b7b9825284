/** Experiments on disk: for Node only. */

export {
  bundledNames,
  bundledPath,
  checkWritable,
  findFile,
  findResults,
  isBareName,
  makeFolder,
  type Results,
  runFiles,
  sweepFiles,
  writeAtomically,
} from './disk/node.ts';
export { readCheckpoint, writeCheckpoint } from './node-checkpoint.ts';
export { type DataLoader, keepingLoader, loadFor } from './node-data.ts';
export {
  dataOf,
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  type RunStart,
  runExperiment,
  runInFolder,
} from './node-run.ts';
export { runSweep, type SweepOptions, type SweepStart } from './node-sweep.ts';
export { type CellOutcome, type CellRun, type CellsOptions, runCells } from './node-workers.ts';
