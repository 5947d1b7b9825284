/** Experiments on disk: for Node only. */
export { readCheckpoint, writeCheckpoint } from './node-checkpoint.ts';
export { type DataLoader, keepingLoader, loadFor } from './node-data.ts';
export { bundledNames, bundledPath, findFile, isBareName } from './node-files.ts';
export { runFiles, sweepFiles } from './node-layout.ts';
export { findResults, type Results } from './node-results.ts';
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
export { checkWritable, writeAtomically } from './node-write.ts';
