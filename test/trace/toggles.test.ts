import { expect, test } from 'vitest';
import { bitsSet } from '../../src/trace/toggles.ts';

test.each([0, 1, 0xff, 0xff00, 0x7f000000, 0x55555555, 0xffffff, -1, 1 << 31])(
  'the bits of %i that are set',
  (word) => {
    const digits = [...(word >>> 0).toString(2)];
    expect(bitsSet(word)).toBe(digits.filter((digit) => digit === '1').length);
  },
);
