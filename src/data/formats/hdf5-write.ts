import { loadLibrary } from './hdf5-library.ts';

/** The contents of an HDF5 file: groups, arrays of numbers, texts. */
export type Hdf5Item = Hdf5Group | Hdf5Numbers | Hdf5Texts;
export type Hdf5Group = ReadonlyMap<string, Hdf5Item>;

export interface Hdf5Numbers {
  /** No dimensions: a single number. */
  readonly shape: readonly number[];
  /** In C order. */
  readonly values: Float32Array | Float64Array | BigInt64Array | Uint16Array | Uint32Array;
}

export interface Hdf5Texts {
  /** No dimensions: a single text. */
  readonly shape: readonly number[];
  readonly texts: readonly string[];
}

/** From so many numbers on, arrays are packed, as h5py does it on request. */
const packedFrom = 64;

/** Writes an HDF5 file in memory, with texts of variable length in UTF-8. The library (4 MB) is loaded on first use. */
export async function writeHdf5(contents: Hdf5Group): Promise<Uint8Array> {
  const { library } = await loadLibrary();
  const { File } = await import('h5wasm');
  const { FS } = library;
  const path = '/written.h5';
  const file = new File(path, 'w');
  try {
    fill(file, contents);
  } finally {
    file.close();
  }
  try {
    return FS.readFile(path);
  } finally {
    FS.unlink(path);
  }
}

type Group = import('h5wasm').Group;

function fill(group: Group, contents: Hdf5Group): void {
  for (const [name, item] of contents) {
    if (!('shape' in item)) {
      fill(group.create_group(name), item);
      continue;
    }
    const shape = [...item.shape];
    if ('texts' in item) {
      const data = shape.length === 0 ? (item.texts[0] ?? '') : [...item.texts];
      group.create_dataset({ name, data, shape, dtype: 'S' });
      continue;
    }
    const { values } = item;
    const isPacked = shape.length > 0 && values.length >= packedFrom;
    const packing = isPacked ? { chunks: shape, compression: 'gzip' as const } : {};
    group.create_dataset({ name, data: values, shape, ...packing });
  }
}
