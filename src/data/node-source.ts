import { basename, extname, join, resolve } from 'node:path';
import { listFolder, statOf } from '../fs/index.ts';
import { enumerated, option, PlasticoreError } from '../text/index.ts';
import { isHdf5 } from './formats/hdf5.ts';
import { idxRank, type NamedBytes, readIdx } from './formats/idx.ts';
import { findParts, hasPictures, loadClassFolders } from './node-class-folders.ts';
import {
  type FileArrays,
  idxNames,
  loadArrays,
  loadEmbedded,
  loadIdxDirectory,
  possiblePaths,
  readPlain,
} from './node-files.ts';
import { unlabelled } from './sets/array-shapes.ts';
import { csvDataset } from './sets/csv-dataset.ts';
import type { Dataset, LabelledSet } from './sets/dataset.ts';
import { describeSet, remarksOn, type SetDescription } from './sets/describe.ts';
import type { NamedArrays } from './sets/named-arrays.ts';
import { npzDataset } from './sets/npz-dataset.ts';
import { shdDataset, shdSet } from './sets/shd-dataset.ts';
import type { Split } from './sets/split.ts';

export interface LoadOptions {
  /** How to split training and test set; by default, the files' own split is used. */
  readonly split?: Split | undefined;
  /** The arrays that hold the samples, for HDF5 and `.npz` files; by default, those of SHD, or `x` and `y`. */
  readonly arrays?: NamedArrays<FileArrays> | undefined;
}

/**
 * Loads the data set at a path.
 *
 * @param path undefined for the embedded digits; otherwise a directory of MNIST-shaped IDX files (plain or gzip), a
 * `.npz` file, a CSV file or a directory with one to train on and one to test on, an HDF5 file in SHD's layout (plain
 * or gzip) or a directory with two of them, or a directory of PNG files or recordings of a camera by class
 * @throws a `file` error for a file that is missing or cannot be read, a `data` error for one that is not a data set
 */
export async function loadDataset(
  path: string | undefined,
  { split, arrays }: LoadOptions = {},
): Promise<Dataset> {
  if (path !== undefined && arrays !== undefined) return loadArrays(path, arrays);
  if (arrays !== undefined) throw missingFiles(arrays);
  const data = await loadUnder(path, split);
  if (split === undefined || data.train.kind === 'events') return data;
  throw new PlasticoreError(
    'data',
    `data set '${data.name}' does not identify speakers, so none can be held out`,
    {
      file: path,
      hint: `name data that do, such as spoken digits (docs/data.md), with ${option('data')}`,
    },
  );
}

/** Arrays without their files: how to name these, and where it says how bundled experiments' data are had. */
function missingFiles({ train, test }: NamedArrays<FileArrays>): PlasticoreError {
  const files = [train?.file, test?.file].flatMap((file) => file ?? []);
  const [of, what] = files.length === 0 ? ['', 'FILE'] : [` of ${enumerated(files)}`, 'FOLDER'];
  return new PlasticoreError('data', `arrays${of} are named, but no ${what.toLowerCase()} that holds them`, {
    hint: `${option('data', what)}, or data: in the experiment; docs/data.md says where data are had`,
  });
}

async function loadUnder(path: string | undefined, split: Split | undefined): Promise<Dataset> {
  if (path === undefined) return loadEmbedded();
  if (statOf(path, possiblePaths).isDirectory()) {
    if (listFolder(path).length === 0)
      throw new PlasticoreError('file', 'this folder is empty', { file: path, hint: possiblePaths });
    const files = findPair(path, isHdf5Name);
    const parts = files === undefined ? findParts(path) : undefined;
    if (parts !== undefined) return loadClassFolders(path, parts);
    const tables = files === undefined ? findPair(path, isCsvName) : undefined;
    if (tables !== undefined) return csvDataset(basename(resolve(path)), tables.map(readPlain));
    if (files === undefined)
      return hasPictures(path) && !hasIdx(path)
        ? loadClassFolders(path, { train: path, test: undefined })
        : loadIdxDirectory(path);
    return shdDataset(basename(resolve(path)), [readPlain(files[0]), readPlain(files[1])], split);
  }
  const file = readPlain(path);
  if (isHdf5(file.bytes)) return shdDataset(basename(path), [file], split);
  if (extname(path).toLowerCase() === '.npz') return npzDataset(file.bytes, path);
  if (isCsvName(path)) return csvDataset(path, [file]);
  const message = isHdf5Name(path)
    ? 'this is not an HDF5 file'
    : 'neither a directory, a .npz, a .csv nor an HDF5 file';
  throw new PlasticoreError('data', message, { file: path, hint: possiblePaths });
}

/** A description of a file or directory of data. */
interface Inspection {
  readonly name: string;
  readonly description: string;
  readonly parts: readonly SetDescription[];
  /** What the classes are called, where that is not their numbers. */
  readonly classNames?: readonly string[] | undefined;
  /** Faults found in the files and how they were corrected, each with its count. */
  readonly corrections: readonly string[];
  /** Observations that are not errors but would spoil a result. */
  readonly remarks: readonly string[];
}

/** A data set, described. */
interface InspectedData {
  readonly inspection: Inspection;
  readonly sets: readonly LabelledSet[];
}

/**
 * Describes the data set at a path, or a single IDX file.
 *
 * @param options as for {@link loadDataset}
 *
 * @throws the errors of {@link loadDataset}
 */
export async function inspectData(
  path: string | undefined,
  options: LoadOptions = {},
): Promise<InspectedData> {
  const isNamed = options.arrays !== undefined || options.split !== undefined;
  if (path !== undefined && !isNamed && !statOf(path, possiblePaths).isDirectory()) {
    const file = readPlain(path);
    if (isHdf5(file.bytes)) {
      const { set, corrections } = await shdSet(file);
      const description = 'an HDF5 file in the layout of SHD';
      return inspected({ name: path, description, corrections }, [set]);
    }
    const rank = idxRank(file.bytes);
    if (rank !== undefined) return inspectIdx(file, rank);
  }
  const { name, description, train, test, classNames, corrections = [] } = await loadDataset(path, options);
  return inspected({ name, description, classNames, corrections }, [train, test]);
}

function inspected(
  about: Omit<Inspection, 'parts' | 'remarks'>,
  sets: readonly LabelledSet[],
  remarks = remarksOn(sets),
): InspectedData {
  return { inspection: { ...about, parts: sets.map(describeSet), remarks }, sets };
}

function inspectIdx(file: NamedBytes, rank: 1 | 3): InspectedData {
  const { shape, data } = readIdx(file, rank);
  const [count = 0, rows = 0, columns = 0] = shape;
  const common = { name: file.name, corrections: [] };
  const remarks = count === 0 ? ['it holds no samples'] : [];
  if (rank === 3) {
    const description = `images of ${rows} x ${columns} in an IDX file`;
    const images = { kind: 'features', name: 'images', inputs: rows * columns, count, values: data } as const;
    return inspected(
      { ...common, description },
      [{ ...images, shape: [rows, columns], ...unlabelled(count) }],
      remarks,
    );
  }
  const samplesByClass: number[] = [];
  for (const label of data) samplesByClass[label] = (samplesByClass[label] ?? 0) + 1;
  const counts = Array.from(samplesByClass, (own) => own ?? 0);
  const labels = { name: 'labels', samples: count, classes: counts.length, samplesByClass: counts };
  return {
    inspection: { ...common, description: 'labels in an IDX file', parts: [labels], remarks },
    sets: [],
  };
}

function isHdf5Name(file: string): boolean {
  return /\.(h5|hdf5)(\.gz)?$/i.test(file);
}

/** Whether one of the files of MNIST is in a folder: a picture beside them is none of their samples. */
function hasIdx(directory: string): boolean {
  const names = Object.values(idxNames).flatMap(({ images, labels }) => [images, labels]);
  return listFolder(directory).some(({ name }) => names.some((own) => name === own || name === `${own}.gz`));
}

function isCsvName(file: string): boolean {
  return /\.csv(\.gz)?$/i.test(file);
}

/** The two files of a kind in a directory, with `train` and `test` in their names; undefined if it has none. */
function findPair(
  directory: string,
  isKind: (name: string) => boolean,
): readonly [train: string, test: string] | undefined {
  const names = listFolder(directory).map(({ name }) => name);
  const files = names.filter(isKind);
  if (files.length === 0) return undefined;
  const arePictures = names.some((name) => /\.png$/i.test(name));
  const find = (part: string) => {
    // A file and its own .gz count as one.
    const found = files.filter(
      (file) =>
        file.toLowerCase().includes(part) && !(file.endsWith('.gz') && files.includes(file.slice(0, -3))),
    );
    const [file] = found;
    if (file !== undefined && found.length === 1) return join(directory, file);
    throw new PlasticoreError(
      'file',
      `${found.length} ${isKind === isCsvName ? 'CSV' : 'HDF5'} files with '${part}' in their names found, 1 expected`,
      {
        file: directory,
        hint: `found: ${files.sort().join(', ')}${arePictures ? '; PNG files stand in a folder for each class' : ''}`,
      },
    );
  };
  return [find('train'), find('test')];
}
