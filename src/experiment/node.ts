/** Experiments on disk; Node only. */

export { loadChips, openExperiment } from './description/node-open.ts';
export {
  checkClaim,
  claimFolder,
  damagedResults,
  findResults,
  removeDesigns,
  removeResults,
  runFiles,
  stateFiles,
  studyFiles,
} from './disk/node.ts';
export * from './run/node.ts';
