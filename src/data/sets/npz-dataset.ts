import { PlasticoreError, suggest } from '../../text/index.ts';
import { npzArrays } from '../formats/array-file.ts';
import { readNpz } from '../formats/npz.ts';
import type { Dataset, FeatureSet } from './dataset.ts';
import { namedDataset, readFeatures } from './named-arrays.ts';

const arrayNames = ['x', 'y', 'x_test', 'y_test'];

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
  if (unknown !== undefined)
    throw new PlasticoreError('data', `unknown array '${unknown}'`, {
      file: name,
      hint: `${suggest(unknown, arrayNames)}; an experiment names other arrays under \`arrays\``,
    });
  const source = npzArrays(arrays, name);
  const part = (set: string, features: string, labels: string) =>
    readFeatures(source, { features, labels }, set);
  const hasTest = arrays.has('x_test') || arrays.has('y_test');
  return namedDataset(name, {
    train: part('train', 'x', 'y'),
    test: hasTest ? part('test', 'x_test', 'y_test') : undefined,
  });
}
