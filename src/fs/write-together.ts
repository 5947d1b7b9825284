import { rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lockFile, lockFolder } from './lock.ts';
import { checkWritable, isFolder, makeFolder, type StagedFile, stage } from './write.ts';

/**
 * Writes files that belong together into a folder, which is locked meanwhile: all are written beside their places
 * before the first is put there, and after a failure no new file or folder remains.
 *
 * @param files by their paths in the folder
 * @throws PlasticoreError `file` or `system`; `usage` if another process writes there
 */
export function writeTogether(
  folder: string,
  files: Iterable<readonly [path: string, content: string | Uint8Array]>,
): void {
  const made: string[] = [];
  const staged: StagedFile[] = [];
  let isWhole = true;
  const makeParent = (place: string): void => {
    made.push(...missingFolders(dirname(resolve(place))));
    makeFolder(dirname(place));
  };
  makeParent(join(folder, lockFile));
  const release = lockFolder(folder);
  try {
    for (const [path, content] of files) {
      const place = join(folder, path);
      makeParent(place);
      checkWritable(place);
      staged.push(stage(place, content));
    }
    for (const file of staged) file.commit();
  } catch (error) {
    for (const file of staged) file.discard();
    isWhole = false;
    throw error;
  } finally {
    release();
    if (!isWhole) for (const path of made.reverse()) removeIfEmpty(path);
  }
}

/** The folders on a path that do not exist, the outermost first. */
function missingFolders(path: string): string[] {
  return isFolder(path) || dirname(path) === path ? [] : [...missingFolders(dirname(path)), path];
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another process has written there since.
  }
}
