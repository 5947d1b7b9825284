import { PlasticoreError } from './error.ts';

/**
 * The most that a compressed file may unpack to: 512 MiB. The largest published data set that is read (SHD, training)
 * needs less than half of that. A few kilobytes of deflate or brotli can hold gigabytes of zeros, so compressed files
 * are bounded by this and by the sizes that their headers announce, before memory is allocated for them; plain files
 * are not.
 */
export const mostUnpackedBytes = 2 ** 29;

/** The most that a compressed text may unpack to: 128 MiB, because a parsed text takes several times its length. */
export const mostUnpackedTextBytes = 2 ** 27;

/** The error for a compressed file that unpacks to too much. */
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
