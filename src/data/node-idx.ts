import { basename, join, resolve } from 'node:path';
import { readBytes, statIfThere } from '../fs/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { type NamedBytes, readIdxSet } from './formats/idx.ts';
import type { Dataset, FeatureSet } from './sets/dataset.ts';

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
