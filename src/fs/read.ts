/** Reads files and folders, and says why one cannot be read. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { PlasticoreError } from '../text/index.ts';
import { cannotRead } from './fault.ts';

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** The kind of a file or folder. The types of Node stay out of the package's own, which need no others. */
export interface FileStatus {
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/**
 * The bytes of a file.
 *
 * @param hint helps if the file cannot be read
 * @throws PlasticoreError `file` or `system`
 */
export function readBytes(path: string, hint?: string): Uint8Array {
  const { buffer, byteOffset, length } = reading(path, () => readFileSync(regular(path)), hint);
  // A plain Uint8Array, because `slice` of a Buffer does not copy.
  return new Uint8Array(buffer, byteOffset, length);
}

/** The UTF-8 text of a file; throws as {@link readBytes} does. */
export function readText(path: string, hint?: string): string {
  return reading(path, () => readFileSync(regular(path), 'utf8'), hint);
}

/** The text of a file; undefined if it does not exist. */
export function readTextIfThere(path: string): string | undefined {
  return statIfThere(path) === undefined ? undefined : readText(path);
}

/** The entries of a folder; throws as {@link readBytes} does. */
export function listFolder(path: string, hint?: string): FolderEntry[] {
  return reading(path, () => readdirSync(path, { withFileTypes: true }), hint);
}

/** The metadata of a file or folder; throws as {@link readBytes} does. */
export function statOf(path: string, hint?: string): FileStatus {
  return reading(path, () => statSync(path), hint);
}

/** The same; undefined if nothing has that name. */
export function statIfThere(path: string): FileStatus | undefined {
  // A path below a file does not exist, either.
  return existsSync(path) ? statOf(path) : undefined;
}

/** The path of what can be read to its end: /dev/zero has none. A pipe has, as shells make them for `<(command)`. */
function regular(path: string): string {
  if (statSync(path).isCharacterDevice() || statSync(path).isBlockDevice())
    throw new PlasticoreError('file', 'cannot be read: it is a device, not a file', { file: path });
  return path;
}

function reading<T>(path: string, action: () => T, hint?: string): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof PlasticoreError) throw error;
    throw cannotRead(path, error, hint);
  }
}
