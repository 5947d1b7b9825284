import { readFileSync } from 'node:fs';
import { type Image, readImage } from '../image/index.ts';
import { PlasticoreError } from '../source/index.ts';

/** Reads an image from disk. */
export function readImageFile(path: string): Image {
  return readImage(readBytes(path), path);
}

function readBytes(path: string): Uint8Array {
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
    throw new PlasticoreError('file', reason, {
      file: path,
      hint: 'plasticore compile makes an image',
    });
  }
}
