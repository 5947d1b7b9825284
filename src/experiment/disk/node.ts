/** Experiments on disk: the folders of runs, sweeps and searches. */

export { checkClaim, claimFolder, removeDesigns, removeResults, removeStates } from './node-folder.ts';
export { exploreFiles, runFiles, stateFiles, sweepFiles } from './node-layout.ts';
export { damagedResults, findResults } from './node-results.ts';
