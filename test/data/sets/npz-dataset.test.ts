import { describe, expect, test } from 'vitest';
import { classCounts, type NdArray, npzDataset, sampleValues, writeNpz } from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

const bytes = (shape: number[], ...data: number[]): NdArray => ({ shape, data: Uint8Array.from(data) });
const floats = (shape: number[], ...data: number[]): NdArray => ({ shape, data: Float32Array.from(data) });
const longs = (shape: number[], ...data: number[]): NdArray => ({
  shape,
  data: Float64Array.from(data),
  dtype: '<i8',
});
const load = (arrays: Record<string, NdArray>) => npzDataset(writeNpz(arrays), 'set.npz');

/** Training data that are only there to stand beside a test part. */
const y = bytes([2], 0, 1);

describe('features', () => {
  const features = (x: NdArray) => [...load({ x, y, x_test: x, y_test: y }).train.values];

  test('bytes as they are, floats as round(255 x), booleans as 0 and 255, wider integers checked', () => {
    expect(features(bytes([2, 2], 0, 1, 128, 255))).toEqual([0, 1, 128, 255]);
    expect(features(floats([2, 2], 0, 0.25, 0.5, 1))).toEqual([0, 64, 128, 255]); // 63.75 and 127.5
    expect(features({ shape: [2, 1], data: Uint8Array.of(0, 1), dtype: '|b1' })).toEqual([0, 255]);
    expect(features(longs([2, 2], 0, 1, 128, 255))).toEqual([0, 1, 128, 255]);
  });

  test('outside their range: an error with the index', () => {
    expectError(() => features(floats([2, 2], 0, 1, 0.5, 1.5)), 'data', 'set.npz', 'x[1, 1] is 1.5', '0..1');
    expectError(() => features(floats([2, 1, 2], 0, 1, Number.NaN, 1)), 'data', 'x[1, 0, 0] is NaN');
    expectError(() => features(longs([2, 2], 0, 256, 0, 0)), 'data', 'x[0, 1] is 256', '0..255');
  });

  test('images are flattened', () => {
    const { train } = load({
      x: bytes([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8),
      y,
      x_test: bytes([2, 4], ...Array(8).fill(0)),
      y_test: y,
    });
    expect(train.inputs).toBe(4);
    expect([...sampleValues(train, 1)]).toEqual([5, 6, 7, 8]);
  });
});

test('the test part is x_test and y_test, and classes count over both', () => {
  const x = bytes([2, 1], 10, 20);
  const { train, test: tested, name } = load({ x, y, x_test: bytes([1, 1], 30), y_test: longs([1], 4) });
  expect(name).toBe('set.npz');
  expect([train.classes, tested.classes]).toEqual([5, 5]);
  expect([...tested.values, ...tested.labels]).toEqual([30, 4]);
});

test('without a test part a fixed stratified fifth is the test set', () => {
  // Of 30 zeros and 20 ones: 6 and 4.
  const labels = Array.from({ length: 50 }, (_, i) => (i < 30 ? 0 : 1));
  const arrays = { x: bytes([50, 1], ...labels.keys()), y: bytes([50], ...labels) };
  const { train, test: tested } = load(arrays);
  expect(classCounts(tested)).toEqual([6, 4]);
  expect(classCounts(train)).toEqual([24, 16]);
  expect([...train.values, ...tested.values].sort((a, b) => a - b)).toEqual([...labels.keys()]);
  for (const set of [train, tested]) expect([...set.values].map((i) => labels[i])).toEqual([...set.labels]);
  expect(load(arrays)).toEqual({ ...load(arrays), train, test: tested });
});

test('what does not fit says so', () => {
  const x = bytes([2, 1], 1, 2);
  expectError(() => load({ y }), 'data', 'set.npz', "no array 'x'", 'there are y');
  expectError(() => load({ x, y, x_test: x }), 'data', "no array 'y_test'");
  expectError(() => load({ x, y, xtest: x }), 'data', "unknown array 'xtest'", "'x_test'");
  expectError(
    () => load({ x: bytes([2], 1, 2), y }),
    'data',
    "'x' has the shape 2, expected samples x channels",
  );
  expectError(
    () => load({ x, y: bytes([3], 0, 1, 0) }),
    'data',
    'set.npz',
    "'y' has the shape 3, expected 2: a label for each sample",
  );
  expectError(() => load({ x, y: longs([2], 0, -1) }), 'data', 'label 1 is -1');
  expectError(() => load({ x, y: floats([2], 0, 0.5) }), 'data', 'label 1 is 0.5');
  expectError(() => load({ x, y: longs([2], 0, 70_000) }), 'data', 'label 1 is 70000');
  expectError(() => load({ x, y }), 'data', '2 samples are too few', 'x_test');
  expectError(
    () => load({ x, y, x_test: bytes([1, 2], 1, 2), y_test: bytes([1], 0) }),
    'data',
    'the test set has 2 channels, the training set 1',
  );
});
