import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { SourceText } from '../text/index.ts';

/** The release that compiles; equal to the package's version, which a test holds. */
export const compilerVersion = '0.1.0';

/** Names (without folders) and hashes of the files that an image comes from. */
export function sourceHashes(sources: readonly SourceText[]): { file: string; sha256: string }[] {
  return sources.map(({ file, text }) => ({
    file: file.split(/[\\/]/).at(-1) ?? file,
    sha256: bytesToHex(sha256(utf8ToBytes(text))),
  }));
}
