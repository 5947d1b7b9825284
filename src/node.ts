/** Plasticore on Node: everything of `plasticore`, and files, checkpoints, data sets and bundled files. */

export { loadData, loadEmbedded } from './data/node.ts';
export {
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  readCheckpoint,
  runExperiment,
  runFiles,
  runInFolder,
  sweepFiles,
  writeCheckpoint,
} from './experiment/node.ts';
export {
  type CellOutcome,
  type CellRun,
  type CellsOptions,
  runCells,
  runSweep,
  type SweepOptions,
} from './explore/node.ts';
export { bundledNames, findFile, writeAtomically } from './fs/index.ts';
export * from './index.ts';
