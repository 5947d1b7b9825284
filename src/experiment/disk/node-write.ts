import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { cannotWrite } from '../../files/node.ts';
import { PlasticoreError } from '../../source/index.ts';

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
