/** From a drawing to a digit as MNIST has it. */

/** Side of the pictures, and of the box that a digit is scaled into (LeCun et al., "The MNIST database", 1998). */
export const digitSide = 28;
const boxSide = 20;

/**
 * Scales a drawing into a box of 20 x 20 pixels, keeping its shape, and puts its centre of mass into the middle of 28 x
 * 28: what was done to the digits of MNIST.
 *
 * @param ink how much ink each pixel of the drawing has, 0 to 255, row by row
 * @param width pixels of a row
 * @returns 784 values, 0 to 255; all zero for an empty drawing
 */
export function toDigit(ink: Uint8Array, width: number): Uint8Array {
  const digit = new Uint8Array(digitSide * digitSide);
  const box = boxOf(ink, width);
  if (box === undefined) return digit;
  const scale = boxSide / Math.max(box.right - box.left, box.bottom - box.top);
  const scaled = {
    width: Math.max(1, Math.round((box.right - box.left) * scale)),
    height: Math.max(1, Math.round((box.bottom - box.top) * scale)),
  };
  const small = new Float64Array(scaled.width * scaled.height);
  let [mass, across, down] = [0, 0, 0];
  for (let y = 0; y < scaled.height; y++)
    for (let x = 0; x < scaled.width; x++) {
      const value = meanOf(ink, width, {
        left: box.left + x / scale,
        right: box.left + (x + 1) / scale,
        top: box.top + y / scale,
        bottom: box.top + (y + 1) / scale,
      });
      small[y * scaled.width + x] = value;
      mass += value;
      across += value * (x + 0.5);
      down += value * (y + 0.5);
    }
  if (mass === 0) return digit;
  const left = Math.round(digitSide / 2 - across / mass);
  const top = Math.round(digitSide / 2 - down / mass);
  for (let y = 0; y < scaled.height; y++)
    for (let x = 0; x < scaled.width; x++) {
      const [column, row] = [left + x, top + y];
      if (column < 0 || column >= digitSide || row < 0 || row >= digitSide) continue;
      digit[row * digitSide + column] = Math.round(small[y * scaled.width + x] ?? 0);
    }
  return digit;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The smallest box around the ink; undefined where there is none. */
function boxOf(ink: Uint8Array, width: number): Box | undefined {
  let box: Box | undefined;
  for (let index = 0; index < ink.length; index++) {
    if ((ink[index] ?? 0) === 0) continue;
    const [x, y] = [index % width, Math.floor(index / width)];
    box = {
      left: Math.min(box?.left ?? x, x),
      right: Math.max(box?.right ?? x + 1, x + 1),
      top: Math.min(box?.top ?? y, y),
      bottom: Math.max(box?.bottom ?? y + 1, y + 1),
    };
  }
  return box;
}

/** The mean of the pixels in a part of the picture, those at its edges by the share that lies inside. */
function meanOf(ink: Uint8Array, width: number, { left, right, top, bottom }: Box): number {
  const height = ink.length / width;
  let [sum, area] = [0, 0];
  for (let y = Math.floor(top); y < Math.min(height, bottom); y++)
    for (let x = Math.floor(left); x < Math.min(width, right); x++) {
      const part =
        (Math.min(right, x + 1) - Math.max(left, x)) * (Math.min(bottom, y + 1) - Math.max(top, y));
      sum += part * (ink[y * width + x] ?? 0);
      area += part;
    }
  return area === 0 ? 0 : sum / area;
}
