/** Files that a person has dropped on the page, as a data set. */
import {
  type Dataset,
  isHdf5,
  type NamedBytes,
  npzDataset,
  readIdxSet,
  shdDataset,
} from '../../src/data/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import type { DroppedFile } from '../shared/protocol.ts';

const expected =
  'drop a .npz file with x and y, the four IDX files of MNIST, or one or two .h5 files in the layout of SHD';

/**
 * Reads dropped files.
 *
 * @throws PlasticoreError `data` for files that are not a data set, `file` for a kind of file that is not read
 */
export async function readDropped(files: readonly DroppedFile[]): Promise<Dataset> {
  const [first, second] = files;
  if (first === undefined) throw new PlasticoreError('file', 'no file was dropped', { hint: expected });
  if (files.length === 1 && first.name.endsWith('.npz')) return npzDataset(first.bytes, first.name);
  if (files.every(({ bytes }) => isHdf5(bytes)) && files.length <= 2) {
    const [train, test] = ordered(files);
    return shdDataset(first.name, test === undefined ? [train] : [train, test]);
  }
  if (files.length === 4 && files.every(({ name }) => name.includes('idx'))) return idxFiles(files);
  throw new PlasticoreError('file', `cannot read ${files.map(({ name }) => `'${name}'`).join(', ')}`, {
    file: second === undefined ? first.name : undefined,
    hint: expected,
  });
}

/** The file to learn from first. */
function ordered(files: readonly DroppedFile[]): [DroppedFile, DroppedFile | undefined] {
  const [one, other] = [...files].sort((a, b) => Number(isTest(a)) - Number(isTest(b)));
  if (one === undefined) throw new Error('no file');
  return [one, other];
}

const isTest = ({ name }: DroppedFile): boolean => /test|t10k/i.test(name);

function idxFiles(files: readonly DroppedFile[]): Dataset {
  const named = (part: RegExp, what: RegExp): NamedBytes => {
    const file = files.find(({ name }) => part.test(name) && what.test(name));
    if (file === undefined)
      throw new PlasticoreError('file', 'the four IDX files of MNIST are not complete', { hint: expected });
    return file;
  };
  const set = (name: string, part: RegExp) =>
    readIdxSet(name, named(part, /images/), named(part, /labels/), 10);
  const [train, test] = [set('train', /train/i), set('test', /t10k|test/i)];
  return { name: 'dropped', description: 'IDX files', train, test };
}
