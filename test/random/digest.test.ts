import { describe, expect, test } from 'vitest';
import { crc32, portableCrc32, portableSha256, sha256 } from '../../src/random/digest.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

describe.each([
  ['native', { sha256, crc32 }],
  ['portable', { sha256: portableSha256, crc32: portableCrc32 }],
])('%s', (_name, { sha256, crc32 }) => {
  test('SHA-256 of FIPS 180-4, B.1 and B.2, in one part or several', () => {
    expect(sha256([ascii('abc')])).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const long = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';
    const expected = '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1';
    expect(sha256([ascii(long)])).toBe(expected);
    expect(sha256([ascii(long.slice(0, 9)), ascii(''), ascii(long.slice(9))])).toBe(expected);
  });

  test('CRC-32 of the check string 123456789', () => {
    expect(crc32(ascii('123456789'))).toBe(0xcbf43926);
    expect(crc32(ascii(''))).toBe(0);
  });
});
