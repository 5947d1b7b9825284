import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, join, resolve } from 'node:path';
import { PlasticoreError } from '../source/index.ts';
import type { Dataset, FeatureSet } from './dataset.ts';
import { describeFeatures, describeSet, remarksOn, type SetDescription } from './describe.ts';
import { embeddedDataset } from './embedded.ts';
import { gunzip, isGzip } from './gzip.ts';
import { isHdf5 } from './hdf5.ts';
import { idxRank, type NamedBytes, readIdx, readIdxSet } from './idx.ts';
import { npzDataset } from './npz-dataset.ts';
import { shdDataset, shdSet } from './shd-dataset.ts';
import type { Split } from './split.ts';

const mnistClasses = 10;
const offered =
  'give a directory of MNIST-shaped IDX files, a .npz file with x and y, or a .h5 file in the layout of SHD or a directory with two of them';

export interface LoadOptions {
  /** How to split training and test set, instead of as the files do. */
  readonly split?: Split | undefined;
}

/**
 * Loads the data set that `--data` names.
 *
 * @param path nothing for the embedded digits; a directory of MNIST-shaped IDX files (plain or gzip); a `.npz` file; an
 *   HDF5 file in SHD's layout (plain or gzip), or a directory with one to train on and one to test on
 * @throws a `file` error for what is missing or cannot be read, a `data` error for what is not a data set
 */
export async function loadData(path: string | undefined, { split }: LoadOptions = {}): Promise<Dataset> {
  const data = await loadUnder(path, split);
  if (split === undefined || data.train.kind === 'events') return data;
  throw new PlasticoreError(
    'data',
    `data set '${data.name}' does not say who speaks: no speaker can be held out`,
    {
      file: path,
    },
  );
}

async function loadUnder(path: string | undefined, split: Split | undefined): Promise<Dataset> {
  if (path === undefined) return loadEmbedded();
  if (statusOf(path).isDirectory()) {
    const files = findShd(path);
    if (files === undefined) return loadIdxDirectory(path);
    return shdDataset(basename(resolve(path)), [readPlain(files[0]), readPlain(files[1])], split);
  }
  const file = readPlain(path);
  if (isHdf5(file.bytes)) return shdDataset(basename(path), [file], split);
  if (extname(path).toLowerCase() === '.npz') return npzDataset(file.bytes, path);
  const message = isHdf5Name(path) ? 'this is no HDF5 file' : 'neither a directory, a .npz nor an HDF5 file';
  throw new PlasticoreError('data', message, { file: path, hint: offered });
}

/** What there is to say of a file or directory of data. */
export interface Inspection {
  readonly name: string;
  readonly description: string;
  readonly parts: readonly SetDescription[];
  /** What was wrong and how it was put right, each with its count. */
  readonly corrections: readonly string[];
  /** What is no error but spoils a result. */
  readonly remarks: readonly string[];
}

/**
 * Describes what `--data` can name, or a single IDX file.
 *
 * @throws as {@link loadData} does
 */
export async function inspectData(path: string | undefined): Promise<Inspection> {
  if (path !== undefined && !statusOf(path).isDirectory()) {
    const file = readPlain(path);
    if (isHdf5(file.bytes)) {
      const { set, corrections } = await shdSet(file);
      const description = 'an HDF5 file in the layout of SHD';
      return { name: path, description, parts: [describeSet(set)], corrections, remarks: remarksOn([set]) };
    }
    const rank = idxRank(file.bytes);
    if (rank !== undefined) return inspectIdx(file, rank);
  }
  const { name, description, train, test, corrections = [] } = await loadData(path);
  const sets = [train, test];
  return { name, description, parts: sets.map(describeSet), corrections, remarks: remarksOn(sets) };
}

function inspectIdx(file: NamedBytes, rank: 1 | 3): Inspection {
  const { shape, data } = readIdx(file, rank);
  const [samples = 0, ...sizes] = shape;
  const common = { name: file.name, corrections: [], remarks: samples === 0 ? ['it holds no samples'] : [] };
  if (rank === 1) {
    const samplesByClass: number[] = [];
    for (const label of data) samplesByClass[label] = (samplesByClass[label] ?? 0) + 1;
    const counts = Array.from(samplesByClass, (count) => count ?? 0);
    const labels = { name: 'labels', samples, classes: counts.length, samplesByClass: counts };
    return { ...common, description: 'labels in an IDX file', parts: [labels] };
  }
  const features = sizes.reduce((a, b) => a * b, 1);
  const images = { name: 'images', samples, ...describeFeatures(data, features) };
  return { ...common, description: `images of ${sizes.join(' x ')} in an IDX file`, parts: [images] };
}

/** The digits that come with the package. */
export function loadEmbedded(): Dataset<FeatureSet> {
  return embeddedDataset(embeddedDigits());
}

function isHdf5Name(file: string): boolean {
  return /\.(h5|hdf5)(\.gz)?$/i.test(file);
}

/** The two HDF5 files of a directory, by `train` and `test` in their names; undefined where it has none at all. */
function findShd(directory: string): readonly [train: string, test: string] | undefined {
  const files = reading(directory, () => readdirSync(directory)).filter(isHdf5Name);
  if (files.length === 0) return undefined;
  const find = (part: string) => {
    // A file beside its own .gz is one.
    const found = files.filter(
      (file) =>
        file.toLowerCase().includes(part) && !(file.endsWith('.gz') && files.includes(file.slice(0, -3))),
    );
    const [file] = found;
    if (file !== undefined && found.length === 1) return join(directory, file);
    throw new PlasticoreError(
      'file',
      `${found.length} HDF5 files with '${part}' in their names found, 1 expected`,
      { file: directory, hint: `found: ${files.sort().join(', ')}` },
    );
  };
  return [find('train'), find('test')];
}

/** A file's bytes, unpacked if they are gzip. */
function readPlain(path: string): NamedBytes {
  const bytes = read(path);
  return { name: path, bytes: isGzip(bytes) ? gunzip(bytes, path) : bytes };
}

/** A directory with the four files of MNIST, under their usual names. */
function loadIdxDirectory(directory: string): Dataset<FeatureSet> {
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
