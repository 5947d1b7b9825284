/** Experiments on disk: for Node only. */

export {
  bundledNames,
  bundledPath,
  findFile,
  findResults,
  isBareName,
  type Results,
  runFiles,
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
  type RunStart,
  readCheckpoint,
  runExperiment,
  runInFolder,
  writeCheckpoint,
} from './run/node.ts';
export {
  type CellOutcome,
  type CellRun,
  type CellsOptions,
  runCells,
  runSweep,
  type SweepOptions,
  type SweepStart,
} from './sweep/node.ts';
