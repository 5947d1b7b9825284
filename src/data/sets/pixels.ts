import { PlasticoreError } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';

/** The numbers that the features 0 and 255 stand for. */
export type FeatureRange = readonly [low: number, high: number];

/** The range of numbers that state none: bytes, or fractions. */
export function usualRange(source: ArrayFile, name: string): FeatureRange {
  return [0, source.kind(name) === 'integer' ? 255 : 1];
}

/**
 * Converts numbers from `low` to `high` to features 0..255: round(255 (x - low) / (high - low)).
 *
 * @param range 0 to 1 for fractions and booleans, 0 to 255 for bytes
 * @param at describes the value at a flat index, for the `data` error about a value outside the range
 */
export function toPixels(
  values: ArrayLike<number>,
  [low, high]: FeatureRange,
  file: string,
  at: (index: number) => string,
): Uint8Array {
  const pixels = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (!(value >= low && value <= high)) {
      throw new PlasticoreError('data', `${at(index)} is ${value}; a value in ${low}..${high} expected`, {
        file,
        hint: 'scale the features to 0..1 as floats, or to 0..255 as integers, or state arrays.range',
      });
    }
    pixels[index] = Math.round((255 * (value - low)) / (high - low));
  }
  return pixels;
}
