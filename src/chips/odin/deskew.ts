const side = 28;
/** Side of a deskewed digit. */
const smallSide = 16;
/** Side of the region that is kept, around the centre of mass: MNIST digits are 20 pixels high. */
const keptSide = 24;
/** Each small pixel is the mean of this many samples squared. */
const samplesPerSide = 2;

/** Pixels of a digit of MNIST, and of its deskewed version. */
export const digitPixels = side ** 2;
export const deskewedPixels = smallSide ** 2;

/**
 * Deskews a digit of 28 x 28 pixels: moves it to its centre of mass, shears it until its vertical axis is upright, and
 * samples it down to 16 x 16. ODIN's authors preprocessed MNIST in this way to fit its 256 inputs.
 *
 * The shear is the covariance of x and y over the variance of y; values between pixels are interpolated linearly.
 *
 * @param digit 784 features 0..255, row by row
 * @param into 256 features 0..255
 */
export function deskew(digit: Uint8Array, into: Uint8Array): void {
  const { centreX, centreY, shear } = axisOf(digit);
  const step = keptSide / smallSide;
  for (let row = 0; row < smallSide; row++) {
    for (let column = 0; column < smallSide; column++) {
      let sum = 0;
      for (let i = 0; i < samplesPerSide; i++) {
        const y = (row + (i + 0.5) / samplesPerSide - smallSide / 2) * step;
        for (let j = 0; j < samplesPerSide; j++) {
          const x = (column + (j + 0.5) / samplesPerSide - smallSide / 2) * step;
          sum += interpolated(digit, centreX + x + shear * y, centreY + y);
        }
      }
      into[row * smallSide + column] = Math.floor(sum / samplesPerSide ** 2 + 0.5);
    }
  }
}

function axisOf(digit: Uint8Array) {
  let mass = 0;
  let sumX = 0;
  let sumY = 0;
  for (let at = 0; at < digitPixels; at++) {
    const value = digit[at] ?? 0;
    mass += value;
    sumX += value * (at % side);
    sumY += value * Math.floor(at / side);
  }
  if (mass === 0) return { centreX: (side - 1) / 2, centreY: (side - 1) / 2, shear: 0 };
  const centreX = sumX / mass;
  const centreY = sumY / mass;
  let covariance = 0;
  let variance = 0;
  for (let at = 0; at < digitPixels; at++) {
    const value = digit[at] ?? 0;
    const y = Math.floor(at / side) - centreY;
    covariance += value * ((at % side) - centreX) * y;
    variance += value * y * y;
  }
  return { centreX, centreY, shear: variance > 0 ? covariance / variance : 0 };
}

/** Outside the digit, pixels are 0. */
function interpolated(digit: Uint8Array, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  const pixel = (px: number, py: number) =>
    px < 0 || py < 0 || px >= side || py >= side ? 0 : (digit[py * side + px] ?? 0);
  return (
    (pixel(left, top) * (1 - right) + pixel(left + 1, top) * right) * (1 - down) +
    (pixel(left, top + 1) * (1 - right) + pixel(left + 1, top + 1) * right) * down
  );
}
