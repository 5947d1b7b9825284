import { describe, expect, test } from 'vitest';
import { deskew, deskewedPixels, digitPixels } from '../../../src/chips/odin/classifier.ts';

/** A bar 4 pixels wide and 16 high: its column in each row, by the row's distance from the middle. */
function bar(columnAt: (fromMiddle: number) => number, top = 6): Uint8Array {
  const digit = new Uint8Array(digitPixels);
  for (let row = top; row < top + 16; row++) {
    const left = columnAt(row - top - 7.5);
    for (let column = left; column < left + 4; column++) digit[row * 28 + column] = 255;
  }
  return digit;
}

function deskewed(digit: Uint8Array): Uint8Array {
  const small = new Uint8Array(deskewedPixels).fill(7);
  deskew(digit, small);
  return small;
}

describe('a digit deskewed', () => {
  test('of nothing is nothing', () => {
    expect(deskewed(new Uint8Array(digitPixels))).toEqual(new Uint8Array(deskewedPixels));
  });

  test('keeps an upright bar upright: 24 pixels become 16, so 4 x 16 become 2.67 x 10.67', () => {
    const small = deskewed(bar(() => 12));
    for (let row = 0; row < 16; row++) {
      for (let column = 0; column < 16; column++) {
        const [fromRow, fromColumn] = [Math.abs(row - 7.5), Math.abs(column - 7.5)];
        const value = small[row * 16 + column];
        if (fromRow <= 4.5 && fromColumn <= 0.5) expect(value).toBe(255);
        if (fromRow >= 6.5 || fromColumn >= 2.5) expect(value).toBe(0);
      }
    }
  });

  test('does not depend on where the digit is', () => {
    expect(deskewed(bar(() => 17, 9))).toEqual(deskewed(bar(() => 12)));
  });

  test('is upright again where it leaned, to within the half pixel by which rows are staggered', () => {
    const upright = deskewed(bar(() => 12));
    for (const slope of [0.5, -0.4]) {
      const leaning = deskewed(bar((fromMiddle) => Math.round(12 + slope * fromMiddle)));
      for (let row = 3; row < 13; row++) {
        expect(leaning[row * 16 + 7]).toBeGreaterThan(200);
        expect(leaning[row * 16 + 8]).toBeGreaterThan(200);
        for (const column of [0, 1, 2, 3, 4, 11, 12, 13, 14, 15]) expect(leaning[row * 16 + column]).toBe(0);
      }
      const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);
      expect(Math.abs(sum(leaning) / sum(upright) - 1)).toBeLessThan(0.02);
    }
  });
});
