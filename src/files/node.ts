/** Folders on disk, and why one cannot be written: for Node only. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlasticoreError } from '../source/index.ts';

/**
 * Makes a folder, and those above it.
 *
 * @throws PlasticoreError `file`
 */
export function makeFolder(path: string): void {
  try {
    makeParts(resolve(path));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Not `recursive` of Node: where the system refuses with ENOENT, as below /proc, that tries for ever. */
function makeParts(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeParts(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    const isRefused = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isRefused ? new Error('no folder can be made there') : error;
  }
}

/** What went wrong with writing a file or a folder, in plain words. */
export function cannotWrite(path: string, error: unknown): PlasticoreError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: `there is no folder '${dirname(path)}'`,
    EISDIR: 'it is a directory',
    EEXIST: 'there is a file of that name',
    ENOTDIR: 'a part of the path is a file',
    EACCES: 'permission denied',
    ENOSPC: 'the disk is full',
  };
  const reason =
    reasons[typeof code === 'string' ? code : ''] ?? (error instanceof Error ? error.message : String(error));
  return new PlasticoreError('file', `cannot be written: ${reason}`, { file: path });
}
