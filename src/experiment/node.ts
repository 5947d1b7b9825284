/** Experiments on disk; Node only. */

export { loadChips, openExperiment } from './description/node-open.ts';
export {
  checkClaim,
  claimFolder,
  damagedResults,
  exploreFiles,
  findResults,
  removeDesigns,
  removeResults,
  runFiles,
  stateFiles,
  sweepFiles,
} from './disk/node.ts';
export * from './run/node.ts';
