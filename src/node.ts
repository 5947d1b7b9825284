/** Plasticore on Node: everything of `plasticore`, and files, checkpoints, data sets and bundled files. */

export { loadData, loadEmbedded } from './dataset/node.ts';
export {
  bundledNames,
  type CellOutcome,
  type CellsOptions,
  type ExperimentRunOptions,
  type FolderRunOptions,
  findFile,
  readCheckpoint,
  runCells,
  runExperiment,
  runFiles,
  runInFolder,
  writeAtomically,
  writeCheckpoint,
} from './experiment/node.ts';
export * from './index.ts';
