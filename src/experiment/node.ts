/** Experiments on disk: for Node only. */
export { readCheckpoint, writeCheckpoint } from './node-checkpoint.ts';
export { bundledNames, bundledPath, findFile, isBareName } from './node-files.ts';
export { findResults, type Results, summaryFile } from './node-results.ts';
export {
  dataOf,
  type ExperimentRunOptions,
  type FolderRunOptions,
  type RunStart,
  runExperiment,
  runFiles,
  runInFolder,
} from './node-run.ts';
export { type CellOutcome, type CellsOptions, runCells } from './node-workers.ts';
export { checkWritable, makeFolder, writeAtomically } from './node-write.ts';
