/** Files that a person has dropped on the page, as a data set. */
import {
  type Dataset,
  idxRank,
  isGzip,
  isHdf5,
  type NamedBytes,
  namedDataset,
  npzArrays,
  npzDataset,
  readIdxSet,
  readNpz,
  readPart,
  shdDataset,
  stratifiedSplit,
  unpackGzip,
} from '../../src/data/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import type { DroppedFile } from '../shared/dropped-file.ts';

import type { LoadOwn } from './data.ts';

const expected =
  'drop one .npz file with x and y; IDX files of images and labels, two or the four of MNIST; or one or two .h5 files in the layout of SHD; plain or .gz';

/** IDX files hold no number of classes; the command line takes them as digits, too. */
const classes = 10;
/** A fifth of a single set is held back for testing, always the same, as of a .npz file. */
const testShare = 1 / 5;
const splitSeed = 0;

/**
 * A loader of dropped files. What it has read, it keeps, until an experiment splits the data in another way.
 *
 * @throws PlasticoreError when loading: `data` for files that are not a data set, `file` for a kind of file that is not
 * read
 */
export function loaderOf(files: readonly DroppedFile[]): LoadOwn {
  let kept: { readonly key: string; readonly data: Promise<Dataset> } | undefined;
  return ({ split, arrays }) => {
    const key = JSON.stringify([split, arrays]);
    if (kept?.key !== key) kept = { key, data: read(files, { split, arrays }) };
    return kept.data;
  };
}

async function read(
  given: readonly DroppedFile[],
  { split, arrays }: Pick<Parameters<LoadOwn>[0], 'split' | 'arrays'>,
): Promise<Dataset> {
  const files = given.map(plain);
  const [first, second] = files;
  if (first === undefined) throw new PlasticoreError('file', 'no file was dropped', { hint: expected });
  if (arrays !== undefined) return withArrays(files, arrays);
  if (files.every(({ bytes }) => isHdf5(bytes)) && files.length <= 2) {
    const [train, test] = [...files].sort((one, other) => Number(isTest(one)) - Number(isTest(other)));
    return shdDataset(
      nameOf(files),
      second === undefined ? [first] : [train ?? first, test ?? second],
      split,
    );
  }
  if (split !== undefined)
    throw new PlasticoreError('data', 'this experiment holds out speakers, and these files name none', {
      file: first.name,
      hint: 'drop .h5 files in the layout of SHD',
    });
  if (files.length === 1 && /\.npz$/i.test(first.name)) return npzDataset(first.bytes, first.name);
  if (files.every(({ bytes }) => idxRank(bytes) !== undefined)) return idxDataset(files);
  const odd = files.find(
    ({ name, bytes }) => !/\.npz$/i.test(name) && !isHdf5(bytes) && idxRank(bytes) === undefined,
  );
  throw new PlasticoreError(
    'file',
    odd === undefined
      ? `these ${files.length} files do not make up a data set`
      : 'the page cannot read data from this file',
    { file: odd?.name, hint: expected },
  );
}

/** One file that holds the arrays which an experiment names. */
function withArrays(
  [file, ...others]: readonly NamedBytes[],
  arrays: NonNullable<Parameters<LoadOwn>[0]['arrays']>,
): Dataset {
  if (file === undefined || others.length > 0 || !/\.npz$/i.test(file.name))
    throw new PlasticoreError('data', 'this experiment names arrays: drop one .npz file that has them');
  const source = npzArrays(readNpz(file.bytes, file.name), file.name);
  const [train, test] = (['train', 'test'] as const).map((part) => {
    const named = arrays[part];
    return named && readPart(source, named, part, arrays);
  });
  return namedDataset(file.name, { train, test });
}

function plain({ name, bytes }: DroppedFile): NamedBytes {
  return { name, bytes: isGzip(bytes) ? unpackGzip(bytes, name) : bytes };
}

const isTest = ({ name }: NamedBytes): boolean => /test|t10k/i.test(name);
const nameOf = (files: readonly NamedBytes[]): string => files.map(({ name }) => name).join(' and ');

function idxDataset(files: readonly NamedBytes[]): Dataset {
  const only = (rank: 1 | 3, of: readonly NamedBytes[], what: string): NamedBytes => {
    const found = of.filter(({ bytes }) => idxRank(bytes) === rank);
    const [file] = found;
    if (file !== undefined && found.length === 1) return file;
    throw new PlasticoreError('file', `${found.length} IDX files of ${what} found, 1 expected`, {
      hint: expected,
    });
  };
  const set = (name: string, of: readonly NamedBytes[]) =>
    readIdxSet(name, only(3, of, `images (${name})`), only(1, of, `labels (${name})`), classes);
  const name = nameOf(files);
  const [train, test] = [files.filter((file) => !isTest(file)), files.filter(isTest)];
  if (train.length > 0 && test.length > 0) {
    const parts = { train: set('train', train), test: set('test', test) };
    if (parts.train.inputs !== parts.test.inputs)
      throw new PlasticoreError(
        'data',
        `images of ${parts.train.inputs} pixels for training, of ${parts.test.inputs} for testing`,
      );
    return { name, description: 'IDX files', ...parts };
  }
  const all = set('all', files);
  return {
    name,
    description: 'IDX files',
    ...stratifiedSplit(all, Math.round(all.count * testShare), splitSeed),
  };
}
