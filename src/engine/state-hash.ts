import { sha256 } from '../native/index.ts';
import type { CoreState } from './state.ts';

/**
 * SHA-256 of the state that outlives a sample, in hexadecimal: for each bank, then for the generators, the number of
 * 32-bit words and the words, all little-endian. Equal runs end with equal hashes, on either engine and on any
 * computer.
 */
export function stateSha256({ banks, generators }: CoreState): string {
  return sha256([...banks, generators].flatMap((words) => [bytesOf([words.length]), bytesOf(words)]));
}

/** Little-endian, whatever the computer. */
function bytesOf(words: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  for (let index = 0; index < words.length; index++) view.setUint32(4 * index, words[index] ?? 0, true);
  return new Uint8Array(view.buffer);
}
