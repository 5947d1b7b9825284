/** Experiments on disk: the folders of runs and studies. */

export { checkClaim, claimFolder, removeDesigns, removeResults, removeStates } from './node-folder.ts';
export { runFiles, stateFiles, studyFiles } from './node-layout.ts';
export { damagedResults, findResults } from './node-results.ts';
