/** Plasticore on Node: everything of `plasticore`, and files, checkpoints, data sets and bundled files. */

export { loadData } from './dataset/node.ts';
export {
  bundledNames,
  type ExperimentRunOptions,
  type FolderRunOptions,
  findFile,
  readCheckpoint,
  runExperiment,
  runFiles,
  runInFolder,
  writeAtomically,
  writeCheckpoint,
} from './experiment/node.ts';
export * from './index.ts';
