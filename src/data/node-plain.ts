import { readBytes } from '../fs/index.ts';
import { isGzip, unpackGzip } from './formats/gzip.ts';
import type { NamedBytes } from './formats/idx.ts';
import { offered } from './node-embedded.ts';

/** A file's bytes, unpacked if they are gzip. */
export function readPlain(path: string): NamedBytes {
  const bytes = readBytes(path, offered);
  return { name: path, bytes: isGzip(bytes) ? unpackGzip(bytes, path) : bytes };
}
