import { existsSync, readFileSync, type Stats, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, resolve } from 'node:path';
import { PlasticoreError } from '../source/index.ts';
import type { Dataset } from './dataset.ts';
import { embeddedDataset } from './embedded.ts';
import { type NamedBytes, readIdxSet } from './idx.ts';
import { npzDataset } from './npz-dataset.ts';

const mnistClasses = 10;
const offered = 'give a directory of MNIST-shaped IDX files or a .npz file with x and y';

/**
 * Loads the data set that `--data` names.
 *
 * @param path nothing for the embedded digits, a directory of MNIST-shaped IDX files (plain or gzip), or a `.npz` file
 * @throws a `file` error for what is missing or cannot be read, a `data` error for what is not a data set
 */
export function loadData(path: string | undefined): Dataset {
  if (path === undefined) return embeddedDataset(embeddedDigits());
  if (statusOf(path).isDirectory()) return loadIdxDirectory(path);
  const extension = extname(path).toLowerCase();
  if (extension === '.npz') return npzDataset(read(path), path);
  const message =
    extension === '.h5' || extension === '.hdf5'
      ? 'this release does not read HDF5 data sets'
      : `neither a directory nor a .npz file`;
  throw new PlasticoreError('data', message, { file: path, hint: offered });
}

/** A directory with the four files of MNIST, under their usual names. */
function loadIdxDirectory(directory: string): Dataset {
  const set = (name: string, prefix: string) =>
    readIdxSet(
      name,
      findIdx(directory, `${prefix}-images-idx3-ubyte`),
      findIdx(directory, `${prefix}-labels-idx1-ubyte`),
      mnistClasses,
    );
  const train = set('train', 'train');
  const test = set('test', 't10k');
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
  const path = [name, `${name}.gz`].map((file) => join(directory, file)).find((file) => existsSync(file));
  if (path === undefined) {
    throw new PlasticoreError('file', `neither ${name} nor ${name}.gz is in this directory`, {
      file: directory,
      hint: 'the four files of MNIST are expected: {train,t10k}-images-idx3-ubyte and {train,t10k}-labels-idx1-ubyte, plain or .gz',
    });
  }
  return { name: path, bytes: read(path) };
}

/** The pixels of each class in turn. The package's own main module draws at random, so its files are read directly. */
function* embeddedDigits(): Generator<readonly number[]> {
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
    const { data } = JSON.parse(new TextDecoder().decode(read(path))) as { data: number[] };
    yield data;
  }
}

function statusOf(path: string): Stats {
  return reading(path, () => statSync(path));
}

/** A file's bytes as a plain Uint8Array, because `slice` of a Buffer does not copy. */
function read(path: string): Uint8Array {
  const { buffer, byteOffset, length } = reading(path, () => readFileSync(path));
  return new Uint8Array(buffer, byteOffset, length);
}

/** Turns what the file system says into a `file` error with the path. */
function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const message =
      code === 'ENOENT'
        ? 'no such file or directory'
        : `cannot be read: ${error instanceof Error ? error.message : error}`;
    throw new PlasticoreError('file', message, { file: path, hint: offered });
  }
}
