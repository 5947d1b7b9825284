/** Experiments on disk: the folders of runs and studies. */

export {
  checkClaim,
  claimFolder,
  removeDesigns,
  removeResults,
  removeStates,
  runFiles,
  stateFiles,
  studyFiles,
} from './node-folder.ts';
export { damagedResults, findResults } from './node-results.ts';
