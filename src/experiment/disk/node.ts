/** Experiments on disk: the folders of runs and sweeps. */

export { checkClaim, claimFolder, removeResults } from './node-folder.ts';
export { runFiles, stateFiles, sweepFiles } from './node-layout.ts';
export { damagedResults, findResults, type Results } from './node-results.ts';
