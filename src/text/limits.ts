import { PlasticoreError } from './error.ts';

/**
 * The most that a compressed file may unpack to: 512 MiB. The largest published set that is read (SHD, for training)
 * takes less than half of that. A few kilobytes of deflate or brotli can hold gigabytes of zeros, so compressed files are
 * bounded by this and by what their headers announce, before memory is taken for them; plain files are not.
 */
export const mostUnpackedBytes = 2 ** 29;

/** The most that a compressed text may unpack to: 128 MiB, because a parsed text takes several times its length. */
export const mostUnpackedTextBytes = 2 ** 27;

/** A compressed file that holds more than it may. */
export function tooLarge(
  file: string,
  most: number,
  hint = 'unpack the file and name the result',
): PlasticoreError {
  return new PlasticoreError('data', `unpacks to more than ${most / 2 ** 20} MiB, the most that is read`, {
    file,
    hint,
  });
}
