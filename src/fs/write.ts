/** Writes files and folders, and says why one cannot be written: for Node only. */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlasticoreError } from '../text/index.ts';

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

/**
 * Writes a file whole or not at all: into a temporary file beside it, which then takes its name.
 *
 * @throws PlasticoreError `file`; nothing half-written stays behind
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeThrough(temporary, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotWrite(path, error);
  }
}

/** Whether a name is that of the temporary file through which `file` is written. */
export function isTemporary(name: string, file: string): boolean {
  return name.startsWith(`${file}.`) && /^\.[0-9a-f]{8}\.tmp$/.test(name.slice(file.length));
}

/** The bytes are on the disk before the file takes its name, so that a power cut leaves the old file or the new one. */
function writeThrough(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Makes sure, before hours of work, that a file could be written: its folder is there and it is no folder itself.
 *
 * @throws PlasticoreError `file`
 */
export function checkWritable(path: string): void {
  try {
    if (statSync(dirname(path)).isDirectory()) accessSync(dirname(path), constants.W_OK);
    else throw new PlasticoreError('file', `'${dirname(path)}' is not a folder`, { file: path });
  } catch (error) {
    throw error instanceof PlasticoreError ? error : cannotWrite(path, error);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PlasticoreError('file', 'cannot be written: it is a directory', { file: path });
  }
}
