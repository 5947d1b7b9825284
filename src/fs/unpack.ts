/** Unpacks compressed files with the system's own zlib. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { messageOf, PlasticoreError, tooLarge } from '../text/index.ts';

const unpackers = { '.gz': gunzipSync, '.br': brotliDecompressSync } as const;

/**
 * The content of a file that may be compressed, as its extension says (.gz, .br).
 *
 * @param most the most bytes that it may unpack to; unpacking stops there
 * @throws PlasticoreError `data` if the file is damaged or unpacks to more
 */
export function unpack(path: string, bytes: Uint8Array, most: number): Uint8Array {
  const unpacker = Object.entries(unpackers).find(([extension]) => path.endsWith(extension))?.[1];
  if (unpacker === undefined) return bytes;
  try {
    return unpacker(bytes, { maxOutputLength: most });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge(path, most);
    }
    const reason = messageOf(error);
    throw new PlasticoreError('data', `cannot be decompressed: ${reason}`, {
      file: path,
      hint: 'the file is cut off or damaged: write or fetch it again',
    });
  }
}
