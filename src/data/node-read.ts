import { readFileSync } from 'node:fs';
import { PlasticoreError } from '../text/index.ts';

/** What `--data` takes, as a hint. */
export const offered =
  'give a directory of MNIST-shaped IDX files, a .npz file with x and y, or a .h5 file in the layout of SHD or a directory with two of them';

/** A file's bytes as a plain Uint8Array, because `slice` of a Buffer does not copy. */
export function read(path: string): Uint8Array {
  const { buffer, byteOffset, length } = reading(path, () => readFileSync(path));
  return new Uint8Array(buffer, byteOffset, length);
}

/** Turns what the file system says into a `file` error with the path. */
export function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const message =
      code === 'ENOENT'
        ? 'no such file or directory'
        : `cannot be read: ${error instanceof Error ? error.message : error}`;
    throw new PlasticoreError('file', message, { file: path, hint: offered });
  }
}
