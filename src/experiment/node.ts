/** Experiments on disk; Node only. */

export { loadChips, openExperiment } from './description/node-open.ts';
export {
  checkClaim,
  claimFolder,
  removeDesigns,
  removeResults,
  runFiles,
  stateFiles,
  studyFiles,
} from './disk/node-folder.ts';
export { damagedResults, findResults } from './disk/node-results.ts';
export * from './run/node.ts';
