import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { PlasticoreError } from '../text/index.ts';
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
