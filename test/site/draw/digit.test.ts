import { describe, expect, test } from 'vitest';
import { digitSide, toDigit } from '../../../site/page/draw/digit.ts';

const width = 100;

/** A sheet with one full rectangle. */
function sheet(left: number, top: number, right: number, bottom: number): Uint8Array {
  const ink = new Uint8Array(width * width);
  for (let y = top; y < bottom; y++) ink.fill(255, y * width + left, y * width + right);
  return ink;
}

/** The box around all values above zero, and their centre of mass. */
function shapeOf(digit: Uint8Array) {
  let [left, right, top, bottom, mass, across, down] = [28, 0, 28, 0, 0, 0, 0];
  for (const [index, value] of digit.entries()) {
    if (value === 0) continue;
    const [x, y] = [index % digitSide, Math.floor(index / digitSide)];
    [left, right, top, bottom] = [
      Math.min(left, x),
      Math.max(right, x + 1),
      Math.min(top, y),
      Math.max(bottom, y + 1),
    ];
    [mass, across, down] = [mass + value, across + value * (x + 0.5), down + value * (y + 0.5)];
  }
  return { width: right - left, height: bottom - top, x: across / mass, y: down / mass };
}

describe('a drawing becomes a digit as MNIST has it', () => {
  test('an empty sheet stays empty', () => {
    expect(toDigit(new Uint8Array(width * width), width)).toEqual(new Uint8Array(784));
  });

  test.each([
    ['a small square', sheet(3, 5, 13, 15), { width: 20, height: 20 }],
    ['a large one', sheet(10, 10, 90, 90), { width: 20, height: 20 }],
    ['a tall bar: a quarter as wide as high', sheet(70, 10, 90, 90), { width: 5, height: 20 }],
    ['a flat one', sheet(0, 0, 100, 50), { width: 20, height: 10 }],
  ])('%s fills a box of 20 pixels in the middle of 28', (_, ink, size) => {
    const shape = shapeOf(toDigit(ink, width));
    expect(shape).toMatchObject(size);
    // To the nearest whole pixel.
    expect(Math.abs(shape.x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(shape.y - 14)).toBeLessThanOrEqual(0.5);
  });

  test('the centre of mass is in the middle, not that of the box', () => {
    // An L: its mass is at the lower left.
    const ink = sheet(10, 10, 20, 90);
    for (let y = 80; y < 90; y++) ink.fill(255, y * width + 10, y * width + 90);
    const shape = shapeOf(toDigit(ink, width));
    expect([shape.width, shape.height]).toEqual([20, 20]);
    expect(Math.abs(shape.x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(shape.y - 14)).toBeLessThanOrEqual(0.5);
  });

  test('half the ink in a pixel is half its value', () => {
    // 40 columns become 20 pixels of two columns each, of which one is inked.
    const ink = new Uint8Array(width * width);
    for (let y = 0; y < 40; y++) for (let x = 0; x < 40; x += 2) ink[y * width + x] = 255;
    // The box ends with the last inked column, so two thirds of the pixels have a little more or less than half.
    const values = [...toDigit(ink, width)].filter((value) => value > 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeGreaterThan(120);
    expect(mean).toBeLessThan(140);
  });
});
