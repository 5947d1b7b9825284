import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import * as native from '../../src/native/index.ts';
import * as portable from '../../src/native/portable.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

describe.each([
  ['native', native],
  ['portable', portable],
])('%s', (_name, { sha256, crc32, gunzip }) => {
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

  test('packing and unpacking are inverses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(gunzip(gzipSync(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  test('a damaged file is refused in the same words', () => {
    const packed = gzipSync(ascii('spikes '.repeat(100)));
    const damaged = packed.slice();
    damaged.fill(0xff, 12, 20);
    const message = (run: () => unknown): string => {
      try {
        run();
        return '';
      } catch (error) {
        return String(error);
      }
    };
    expect(message(() => gunzip(damaged, 700))).not.toBe('');
    expect(message(() => gunzip(damaged, 700))).toBe(message(() => portable.gunzip(damaged)));
  });
});
