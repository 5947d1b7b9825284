import fc from 'fast-check';
import { gunzipSync, gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { gunzip } from '../../../src/data/formats/gzip.ts';

test('packing and unpacking are inverses', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      expect(gunzip(gzipSync(bytes), bytes.length)).toEqual(bytes);
    }),
  );
});

test('a damaged file is refused in the words of the portable code', () => {
  const damaged = gzipSync(new TextEncoder().encode('spikes '.repeat(100)));
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
  expect(message(() => gunzip(damaged, 700))).toBe(message(() => gunzipSync(damaged)));
});
