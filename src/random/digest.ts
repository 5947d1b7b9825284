/** Hashes and checksums of bytes. Node's own take a fraction of the time of those in JavaScript, and give the same. */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { wordAt } from '../text/index.ts';

/** Loads a Node module without an import, which browsers could not resolve; undefined in browsers. */
const builtin = globalThis.process?.getBuiltinModule;
const crypto = builtin?.('node:crypto');
const zlib = builtin?.('node:zlib');

/** The SHA-256 of the concatenated parts, in hexadecimal. */
export function sha256(parts: Iterable<Uint8Array>): string {
  if (crypto === undefined) return portableSha256(parts);
  const hash = crypto.createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** {@link sha256} for browsers, which offer it only asynchronously. */
export function portableSha256(parts: Iterable<Uint8Array>): string {
  const hash = nobleSha256.create();
  for (const part of parts) hash.update(part);
  return bytesToHex(hash.digest());
}

/** The CRC-32 of RFC 1952, section 8. */
export function crc32(bytes: Uint8Array): number {
  return zlib === undefined ? portableCrc32(bytes) : zlib.crc32(bytes);
}

/** {@link crc32} for browsers. */
export function portableCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = wordAt(crcTable, (crc ^ byte) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});
