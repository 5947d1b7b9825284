/**
 * Hashing and unpacking: native if the runtime offers them, otherwise in JavaScript. Both give the same bytes. Node's
 * take a fraction of the time, which matters for data sets of 50 MB.
 */
import * as portable from './portable.ts';

/** Loads a Node module without an import, which browsers could not resolve; undefined in browsers. */
const builtin = globalThis.process?.getBuiltinModule;
const crypto = builtin?.('node:crypto');
const zlib = builtin?.('node:zlib');

/** The SHA-256 of the concatenated parts, in hexadecimal. */
export function sha256(parts: Iterable<Uint8Array>): string {
  if (crypto === undefined) return portable.sha256(parts);
  const hash = crypto.createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * Unpacks a gzip file of one member.
 *
 * @param length the size announced in its trailer; at most this many bytes are unpacked
 * @throws Error if the file is damaged, with the portable code's message on every platform
 */
export function gunzip(bytes: Uint8Array, length: number): Uint8Array {
  try {
    const unpacked = zlib?.gunzipSync(bytes, { maxOutputLength: Math.max(1, length) });
    if (unpacked?.length === length) return new Uint8Array(unpacked.buffer, unpacked.byteOffset, length);
  } catch {
    // Fall through: the portable code finds the fault again and describes it.
  }
  return portable.gunzip(bytes);
}

/** The CRC-32 of RFC 1952, section 8. */
export function crc32(bytes: Uint8Array): number {
  return zlib === undefined ? portable.crc32(bytes) : zlib.crc32(bytes);
}
