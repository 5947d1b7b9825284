import { basename, dirname, join, resolve } from 'node:path';
import { statOf } from '../fs/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { hdf5Arrays, npzArrays } from './formats/array-file.ts';
import { isHdf5, readHdf5 } from './formats/hdf5.ts';
import type { NamedBytes } from './formats/idx.ts';
import { readNpz } from './formats/npz.ts';
import { readPlain } from './node-plain.ts';
import type { Dataset } from './sets/dataset.ts';
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
