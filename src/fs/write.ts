/** Writes files and folders, and says why one cannot be written: for Node only. */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlasticoreError } from '../text/index.ts';
import { cannotWrite } from './fault.ts';

/**
 * Creates a folder and its parents.
 *
 * @throws PlasticoreError `file` or `system`
 */
export function makeFolder(path: string): void {
  try {
    makeParts(resolve(path));
  } catch (error) {
    // The parents exist by now: the system allows no folder here.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new PlasticoreError('file', 'cannot be written: a folder cannot be created there', {
        file: path,
      });
    }
    throw cannotWrite(path, error);
  }
}

/**
 * Checks that a folder is new or empty.
 *
 * @param hint helps if it is not empty
 * @throws PlasticoreError `file` or `system`
 */
export function checkNewFolder(path: string, hint: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isDirectory())
    throw new PlasticoreError('file', 'this is a file; a new or empty folder is expected', { file: path });
  if (readdirSync(path).length > 0)
    throw new PlasticoreError('file', 'this folder is not empty', { file: path, hint });
}

/** Node's `recursive` is not used: where the system refuses with ENOENT, as below /proc, it retries forever. */
function makeParts(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeParts(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it first.
    if (!isFolder(path)) throw error;
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Writes a file atomically: into a temporary file beside it, which is then renamed. A symbolic link stays, and its
 * target is written. A target that is not a regular file, such as /dev/null or a pipe, is written to and never
 * replaced.
 *
 * @throws PlasticoreError `file` or `system`; no partial file remains
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  stage(path, content).commit();
}

/** A file that is written, but not in its place. */
export interface StagedFile {
  /** @throws PlasticoreError `file` or `system`; no partial file remains */
  commit(): void;
  discard(): void;
}

/**
 * Writes a file beside its place; what is no regular file is written only when it is committed.
 *
 * @throws PlasticoreError `file` or `system`; no partial file remains
 */
export function stage(path: string, content: string | Uint8Array): StagedFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  let temporary: string | undefined;
  const discard = (): void => {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  };
  const orDiscard = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      discard();
      throw cannotWrite(path, error);
    }
  };
  let target = path;
  orDiscard(() => {
    target = targetOf(path);
    if (isStream(target)) return;
    temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
    // The bytes are flushed to disk before the rename, so a power cut leaves either the old file or the new one.
    writeBytes(openSync(temporary, 'wx'), bytes, fsyncSync);
  });
  return {
    commit: () =>
      orDiscard(() => {
        if (temporary === undefined) writeBytes(openSync(target, 'w'), bytes);
        else renameSync(temporary, target);
      }),
    discard,
  };
}

/** A file that is written piece by piece, and is there only when all of it is. */
export interface GrowingFile {
  /** @throws PlasticoreError `file` or `system`; no partial file remains */
  write(text: string): void;
  /** Puts the file in its place. */
  finish(): void;
  /** Leaves no file; for what is finished it does nothing. */
  discard(): void;
}

/** Pieces are gathered up to this length, since each writing takes a while. */
const gatheredLength = 2 ** 20;

/**
 * Starts a file that is too long for {@link writeAtomically}, and is written in the same way.
 *
 * @throws PlasticoreError `file` or `system`
 */
export function growFile(path: string): GrowingFile {
  let gathered: string[] = [];
  let length = 0;
  let opened:
    | { readonly file: number; readonly target: string; readonly temporary: string | undefined }
    | undefined;
  const discard = (): void => {
    if (opened === undefined) return;
    const { file, temporary } = opened;
    opened = undefined;
    closeSync(file);
    if (temporary !== undefined) rmSync(temporary, { force: true });
  };
  const orDiscard = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      discard();
      throw cannotWrite(path, error);
    }
  };
  const flush = (file: number): void => {
    const bytes = new TextEncoder().encode(gathered.join(''));
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    gathered = [];
    length = 0;
  };
  orDiscard(() => {
    const target = targetOf(path);
    const temporary = isStream(target) ? undefined : `${target}.${randomBytes(4).toString('hex')}.tmp`;
    opened = { file: openSync(temporary ?? target, temporary === undefined ? 'w' : 'wx'), target, temporary };
  });
  return {
    write(text) {
      gathered.push(text);
      length += text.length;
      const file = opened?.file;
      if (length >= gatheredLength && file !== undefined) orDiscard(() => flush(file));
    },
    finish() {
      orDiscard(() => {
        if (opened === undefined) return;
        const { file, target, temporary } = opened;
        flush(file);
        if (temporary !== undefined) fsyncSync(file);
        if (temporary !== undefined) renameSync(temporary, target);
        closeSync(file);
        opened = undefined;
      });
    },
    discard,
  };
}

/** Whether a name is that of the temporary file for `file`. */
export function isTemporary(name: string, file: string): boolean {
  return name.startsWith(`${file}.`) && /^\.[0-9a-f]{8}\.tmp$/.test(name.slice(file.length));
}

/** Writes all bytes and closes the file. */
function writeBytes(file: number, bytes: Uint8Array, finish: (file: number) => void = () => undefined): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    finish(file);
  } finally {
    closeSync(file);
  }
}

/** The most links in a row that Linux follows (path_resolution(7)). */
const mostLinks = 40;

/** The file that a path leads to, whether or not it exists. */
function targetOf(path: string): string {
  let target = path;
  // The links of /dev/stdout and the like do not lead to a path.
  for (let links = 0; links < mostLinks && !isDevicePath(target); links++) {
    if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  return target;
}

/** Whether bytes written there do not end up in a file of that name: a device, a pipe, an open file. */
function isStream(target: string): boolean {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) return false;
  return !stat.isFile() || isDevicePath(target);
}

function isDevicePath(path: string): boolean {
  return /^\/(?:dev|proc)\//.test(path);
}

/**
 * Checks, before hours of work, that a file could be written: its folder exists and the file itself is not a folder.
 *
 * @throws PlasticoreError `file` or `system`
 */
export function checkWritable(path: string): void {
  try {
    const target = targetOf(path);
    if (isStream(target)) {
      accessSync(target, constants.W_OK);
      return;
    }
    const folder = dirname(target);
    if (!statSync(folder).isDirectory()) {
      throw new PlasticoreError('file', `'${folder}' is not a folder`, { file: path });
    }
    accessSync(folder, constants.W_OK);
    if (isFolder(target)) {
      throw new PlasticoreError('file', 'cannot be written: it is a directory, not a file', { file: path });
    }
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
