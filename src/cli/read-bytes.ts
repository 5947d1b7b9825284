import { readFileSync } from 'node:fs';
import { PlasticoreError } from '../text/index.ts';

/**
 * Reads a file that a command line names.
 *
 * @param hint what helps where it is not there
 */
export function readBytes(path: string, hint: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'no such file',
      ENOTDIR: 'no such file',
      EISDIR: 'it is a directory, not a file',
    };
    const reason = reasons[String(code)] ?? (error instanceof Error ? error.message : String(error));
    throw new PlasticoreError('file', reason, { file: path, hint });
  }
}
