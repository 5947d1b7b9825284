/** Plasticore on Node: everything of `plasticore`, and files, checkpoints, data sets and bundled files. */

export { loadData, loadEmbedded } from './dataset/node.ts';
export {
  bundledNames,
  type CellOutcome,
  type CellRun,
  type CellsOptions,
  type ExperimentRunOptions,
  type FolderRun,
  type FolderRunOptions,
  findFile,
  readCheckpoint,
  runCells,
  runExperiment,
  runFiles,
  runInFolder,
  runSweep,
  type SweepOptions,
  sweepFiles,
  writeCheckpoint,
} from './experiment/node.ts';
export { writeAtomically } from './files/node.ts';
export * from './index.ts';
