import { PlasticoreError, suggest } from '../../text/index.ts';
import type { NdArray } from '../formats/npy.ts';
import { readNpz } from '../formats/npz.ts';
import { type Dataset, type FeatureSet, labelledSet } from './dataset.ts';
import { toPixels } from './pixels.ts';
import { stratifiedSplit } from './split.ts';

/** The seed of the split of a file without a test part; fixed, so that every run tests on the same samples. */
const splitSeed = 0;
const testShare = 1 / 5;
const arrayNames = ['x', 'y', 'x_test', 'y_test'];
/** Labels are kept in 16 bits. */
const mostClasses = 2 ** 16;

/**
 * Makes a data set from a `.npz` file with `x` (samples x features, or samples x height x width) and `y` (labels from
 * 0), and optionally `x_test` and `y_test`. Without these, a fixed stratified fifth becomes the test set.
 *
 * Features: integers in 0..255, floats in 0..1 as round(255 x), booleans as 0 and 255.
 *
 * @param name names the file in errors, all of code `data`
 */
export function npzDataset(bytes: Uint8Array, name: string): Dataset<FeatureSet> {
  const arrays = readNpz(bytes, name);
  const unknown = [...arrays.keys()].find((key) => !arrayNames.includes(key));
  if (unknown !== undefined) {
    throw new PlasticoreError('data', `unknown array '${unknown}'`, {
      file: name,
      hint: `${suggest(unknown, arrayNames)}; an experiment names other arrays under \`arrays\``,
    });
  }
  const labels = arrays.get('y');
  const testLabels = arrays.get('y_test');
  const classes = 1 + Math.max(largest(labels), largest(testLabels));
  if (classes > mostClasses) {
    throw new PlasticoreError(
      'data',
      `label ${classes - 1} found, labels in 0..${mostClasses - 1} expected`,
      { file: name },
    );
  }
  const part = (set: string, xName: string, yName: string) => {
    const x = arrayOf(arrays, xName, name, [2, 3]);
    const y = arrayOf(arrays, yName, name, [1]);
    return labelledSet({
      name: set,
      inputs: x.shape.slice(1).reduce((a, b) => a * b, 1),
      classes,
      values: features(x, xName, name),
      labels: y.data,
      valuesFile: `${name}:${xName}`,
      labelsFile: `${name}:${yName}`,
    });
  };

  const train = part('train', 'x', 'y');
  if (arrays.has('x_test') || arrays.has('y_test')) {
    const test = part('test', 'x_test', 'y_test');
    if (test.inputs !== train.inputs) {
      throw new PlasticoreError('data', `x_test has ${test.inputs} features, x has ${train.inputs}`, {
        file: name,
      });
    }
    return { name, description: `${name}: x and y for training, x_test and y_test for testing`, train, test };
  }
  const testCount = Math.round(train.count * testShare);
  if (testCount === 0) {
    throw new PlasticoreError('data', `${train.count} samples are too few to split off a test set`, {
      file: name,
      hint: 'add x_test and y_test',
    });
  }
  return {
    name,
    description: `${name}: a fixed stratified split of x and y, ${train.count - testCount} for training and ${testCount} for testing`,
    ...stratifiedSplit(train, testCount, splitSeed),
  };
}

function arrayOf(
  arrays: ReadonlyMap<string, NdArray>,
  key: string,
  file: string,
  ranks: readonly number[],
): NdArray {
  const array = arrays.get(key);
  if (array === undefined) {
    throw new PlasticoreError('data', `no array '${key}'`, {
      file,
      hint: `found: ${[...arrays.keys()].join(', ')}`,
    });
  }
  if (!ranks.includes(array.shape.length)) {
    throw new PlasticoreError(
      'data',
      `${key} has ${array.shape.length} dimensions (${array.shape.join(' x ')}), ${ranks.join(' or ')} expected`,
      { file },
    );
  }
  return array;
}

function features(x: NdArray, name: string, file: string): Uint8Array {
  const { data, dtype, shape } = x;
  if (data instanceof Uint8Array && dtype === undefined) return data;
  const isFloat = dtype === undefined && (data instanceof Float32Array || data instanceof Float64Array);
  const full = isFloat || dtype === '|b1' ? 1 : 255;
  return toPixels(data, full, file, (index) => `${name}[${indices(index, shape).join(', ')}]`);
}

/** The index in each dimension that corresponds to a flat index. */
function indices(flat: number, shape: readonly number[]): number[] {
  let rest = flat;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

function largest(labels: NdArray | undefined): number {
  let most = 0;
  for (const label of labels?.data ?? []) most = Math.max(most, label);
  return most;
}
