/** Files and folders: reading, bundled files, atomic writes, locks. For Node only. */

export { bundledNames, bundledPath, findFile, packagePath } from './bundled.ts';
export { cannotWrite } from './fault.ts';
export { hashModule } from './hash-module.ts';
export { lockFile, lockFolder } from './lock.ts';
export { listFolder, readBytes, readText, readTextIfThere, statIfThere, statOf } from './read.ts';
export { unpack } from './unpack.ts';
export {
  checkNewFolder,
  checkWritable,
  type GrowingFile,
  growFile,
  isTemporary,
  makeFolder,
  writeAtomically,
} from './write.ts';
export { writeTogether } from './write-together.ts';
