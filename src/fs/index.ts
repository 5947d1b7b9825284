/** Files and folders: bundled files, whole writes, locks. For Node only. */

export { bundledNames, bundledPath, findFile, isBareName } from './bundled.ts';
export { lockFile, lockFolder } from './lock.ts';
export { cannotWrite, checkWritable, isTemporary, makeFolder, writeAtomically } from './write.ts';
