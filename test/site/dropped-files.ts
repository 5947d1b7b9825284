import { readFileSync } from 'node:fs';
import type { DroppedFile } from '../../site/shared/dropped-file.ts';
import { PlasticoreError } from '../../src/text/index.ts';

/** A file as it comes when somebody drops it on the page. */
export const dropped = (path: string): DroppedFile => ({
  name: path.split('/').at(-1) ?? '',
  bytes: new Uint8Array(readFileSync(path)),
});

/** Why something is refused, in the words of the command line; `read` if it is not. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PlasticoreError) return error.describe();
    throw error;
  }
  return 'read';
}
