import { PlasticoreError } from '../../text/index.ts';

/**
 * Converts numbers in 0..`full` to features 0..255: round(255 x / full).
 *
 * @param full 1 for fractions and booleans, 255 for bytes
 * @param at describes the value at a flat index, for the `data` error about a value outside 0..`full`
 */
export function toPixels(
  values: ArrayLike<number>,
  full: 1 | 255,
  file: string,
  at: (index: number) => string,
): Uint8Array {
  const pixels = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!(value >= 0 && value <= full)) {
      throw new PlasticoreError('data', `${at(index)} is ${value}; a value in 0..${full} expected`, {
        file,
        hint: 'scale the features to 0..1 as floats, or to 0..255 as integers',
      });
    }
    pixels[index] = Math.round((255 * value) / full);
  }
  return pixels;
}
