/** What experiments read from disk and leave there: bundled files, folders of runs and sweeps. */

export { bundledNames, bundledPath, findFile, isBareName } from './node-files.ts';
export { checkClaim, claimFolder, removeResults } from './node-folder.ts';
export { runFiles, sweepFiles } from './node-layout.ts';
export { lockFolder } from './node-lock.ts';
export { damagedResults, findResults, type Results } from './node-results.ts';
