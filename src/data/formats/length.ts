import { PlasticoreError } from '../../text/index.ts';

/**
 * Checks that a file has the length stated in its header. Throws a `data` error with both lengths if not.
 *
 * @param contents what the header announces, for the error
 */
export function checkLength(bytes: Uint8Array, expected: number, contents: string, file: string): void {
  const extra = bytes.length - expected;
  if (extra === 0) return;
  const what = extra < 0 ? 'truncated' : `${extra} trailing byte${extra === 1 ? '' : 's'}`;
  throw new PlasticoreError(
    'data',
    `${what}: ${expected} bytes expected (${contents}), ${bytes.length} found`,
    { file },
  );
}
