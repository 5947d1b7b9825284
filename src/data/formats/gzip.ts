import { gunzipSync } from 'fflate';
import { crc32 } from '../../random/index.ts';
import { messageOf, mostUnpackedBytes, PlasticoreError, tooLarge } from '../../text/index.ts';

/** Node's zlib, without an import, which browsers could not resolve. */
const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');

/** Header (10 bytes) and trailer (8 bytes): the minimum size of a gzip file (RFC 1952, 2.3). */
const smallestBytes = 18;
/** Deflate codes at most 258 bytes in 2 bits, so a larger ratio means that the trailer is invalid. */
const largestRatio = 1032;

/** Whether bytes begin with the gzip magic number, 1f 8b. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file of one member, and checks its length and CRC-32.
 *
 * Allocates no more memory than the trailer announces, which is bounded.
 *
 * @throws PlasticoreError `data` if it is damaged, or holds more than {@link mostUnpackedBytes}
 */
export function unpackGzip(bytes: Uint8Array, name: string): Uint8Array {
  const damaged = (found: string) =>
    new PlasticoreError('data', `damaged or truncated gzip file: ${found}`, {
      file: name,
      hint: 'fetch the file again',
    });
  if (bytes.length < smallestBytes)
    throw damaged(`${bytes.length} bytes found, at least ${smallestBytes} expected`);
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  const length = trailer.getUint32(4, true);
  // The announced length is allocated before the data are read, so it is checked first.
  if (length > largestRatio * bytes.length) {
    throw damaged(`its trailer claims ${length} bytes, more than ${bytes.length} packed bytes can hold`);
  }
  if (length > mostUnpackedBytes) throw tooLarge(name, mostUnpackedBytes);
  let unpacked: Uint8Array;
  try {
    unpacked = gunzip(bytes, length);
  } catch (error) {
    throw damaged(messageOf(error));
  }
  if (unpacked.length !== length) throw damaged(`${unpacked.length} bytes unpacked, ${length} expected`);
  if (crc32(unpacked) !== trailer.getUint32(0, true)) throw damaged('the checksum does not match');
  return unpacked;
}

/**
 * Unpacks a gzip file of one member: with Node's zlib where there is one, in a fraction of the time.
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
  return gunzipSync(bytes);
}
