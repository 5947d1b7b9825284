import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Reference } from '../experiment/index.ts';
import { isBareName } from '../experiment/node.ts';
import { PlasticoreError } from '../source/index.ts';
import { readTrace, type Trace } from '../trace/index.ts';
import { readBytes } from './read-bytes.ts';

/** Reads a trace from disk: JSON, plain or compressed (.gz, .br). */
export function readTraceFile(path: string): Trace {
  const bytes = readBytes(path, 'plasticore run EXPERIMENT --golden FILE writes a trace');
  return readTrace(new TextDecoder().decode(decompressed(bytes, path)), path);
}

function decompressed(bytes: Uint8Array, path: string): Uint8Array {
  try {
    if (path.endsWith('.gz')) return gunzipSync(bytes);
    return path.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlasticoreError('file', `cannot be decompressed: ${reason}`, { file: path });
  }
}

/** How a file refers to another: a bundled name as it is, else the path from the folder that it is in. */
export function referenceFrom(file: string, { name, from }: Reference): string {
  if (isBareName(name)) return name;
  const target = isAbsolute(name) ? name : join(dirname(from), name);
  const path = relative(dirname(file), target).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
