import { PlasticoreError, suggest } from '../../text/index.ts';
import type { Hdf5Contents } from './hdf5.ts';
import type { NdArray } from './npy.ts';

/** The arrays of a file by name, whatever its format. */
export interface ArrayFile {
  /** Its name in errors. */
  readonly file: string;
  /** The dimensions of an array; of one with rows of variable length, the number of rows. */
  shape(name: string): readonly number[];
  kind(name: string): 'float' | 'integer' | 'boolean';
  /** Whether its rows differ in length. */
  isRagged(name: string): boolean;
  numbers(name: string): ArrayLike<number>;
  /** Visits the items along the first axis in turn: numbers in C order, which are valid until `visit` returns. */
  eachItem(name: string, visit: (item: number, values: ArrayLike<number>) => void): void;
}

/** The arrays of a `.npz` file. */
export function npzArrays(arrays: ReadonlyMap<string, NdArray>, file: string): ArrayFile {
  const find = (name: string): NdArray => {
    const array = arrays.get(name);
    if (array === undefined) throw unknownArray(file, name, [...arrays.keys()]);
    return array;
  };
  return {
    file,
    shape: (name) => find(name).shape,
    kind(name) {
      const { data, dtype } = find(name);
      if (dtype === '|b1') return 'boolean';
      const isFloat = dtype === undefined && (data instanceof Float32Array || data instanceof Float64Array);
      return isFloat ? 'float' : 'integer';
    },
    isRagged: () => false,
    numbers: (name) => find(name).data,
    eachItem(name, visit) {
      const { data, shape } = find(name);
      const [items = 0, ...rest] = shape;
      const count = rest.reduce((product, length) => product * length, 1);
      for (let item = 0; item < items; item++) visit(item, data.subarray(item * count, (item + 1) * count));
    },
  };
}

/** The data sets of an HDF5 file. */
export function hdf5Arrays(contents: Hdf5Contents, file: string): ArrayFile {
  const known = (name: string): string => {
    if (contents.has(name)) return name;
    throw unknownArray(file, name, contents.all());
  };
  const kind: ArrayFile['kind'] = (name) => {
    const found = contents.kind(known(name));
    if (found !== undefined) return found;
    throw new PlasticoreError('data', `'${name}': numbers expected`, { file });
  };
  const isRagged = (name: string): boolean => contents.isRagged(known(name));
  return {
    file,
    shape: (name) => contents.shape(known(name)),
    kind,
    isRagged,
    numbers: (name) => contents.numbers(known(name)),
    eachItem(name, visit) {
      if (!isRagged(name)) contents.eachItem(name, visit);
      else contents.eachRow(known(name), visit);
    },
  };
}

function unknownArray(file: string, name: string, names: readonly string[]): PlasticoreError {
  const all = names.length > 12 ? `${names.slice(0, 12).join(', ')}, ...` : names.join(', ');
  return new PlasticoreError('data', `no array '${name}'`, {
    file,
    hint: names.length === 0 ? 'it holds none' : `${suggest(name, names)}; there are ${all}`,
  });
}
