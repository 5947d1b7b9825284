/** Reads files and folders, and says why one cannot be read. */
import { type Dirent, existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { cannotRead } from './fault.ts';

/**
 * The bytes of a file.
 *
 * @param hint what would help where it cannot be read
 * @throws PlasticoreError `file` or `system`
 */
export function readBytes(path: string, hint?: string): Uint8Array {
  const { buffer, byteOffset, length } = reading(path, () => readFileSync(path), hint);
  // A plain Uint8Array, because `slice` of a Buffer does not copy.
  return new Uint8Array(buffer, byteOffset, length);
}

/** The text of a file in UTF-8; throws as {@link readBytes} does. */
export function readText(path: string, hint?: string): string {
  return reading(path, () => readFileSync(path, 'utf8'), hint);
}

/** The text of a file; undefined where there is none. */
export function readTextIfThere(path: string): string | undefined {
  return statIfThere(path) === undefined ? undefined : readText(path);
}

/** The entries of a folder; throws as {@link readBytes} does. */
export function listFolder(path: string, hint?: string): Dirent[] {
  return reading(path, () => readdirSync(path, { withFileTypes: true }), hint);
}

/** What a file or folder is; throws as {@link readBytes} does. */
export function statOf(path: string, hint?: string): Stats {
  return reading(path, () => statSync(path), hint);
}

/** The same; undefined where there is nothing of that name. */
export function statIfThere(path: string): Stats | undefined {
  // What is below a file is not there, either.
  return existsSync(path) ? statOf(path) : undefined;
}

function reading<T>(path: string, action: () => T, hint?: string): T {
  try {
    return action();
  } catch (error) {
    throw cannotRead(path, error, hint);
  }
}
