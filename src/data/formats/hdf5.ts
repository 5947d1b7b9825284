import type { Metadata } from 'h5wasm';
import { PlasticoreError } from '../../text/index.ts';
import { faultOfHeaps, type Library, loadLibrary, type Reason } from './hdf5-library.ts';
import type { NamedBytes } from './idx.ts';
import { fromFloat16 } from './npy.ts';

/** The type classes supported here (HDF5, H5Tpublic.h). */
const classes = { integer: 0, float: 1, string: 3, enumeration: 8, variableLength: 9 } as const;

/** Filters that the library has: deflate, shuffle, a checksum, szip, and two that pack integers (H5Zpublic.h). */
const builtInFilters: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6]);

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** Deflate codes at most 258 bytes in 2 bits. A data set that claims a larger ratio is damaged. */
const largestRatio = 1032;
/** Maximum number of variable-length rows in the library's memory at a time. */
const blockRows = 512;
/** Maximum number of bytes of a data set of plain numbers in the library's memory at a time, but for a single item. */
const blockBytes = 2 ** 22;
/** Groups within groups that are listed. */
const mostDepth = 8;
/** Size of `hvl_t` in 32-bit WebAssembly: a length and a pointer. */
const rowBytes = 8;

/** Whether bytes begin with the HDF5 signature (HDF5 File Format Specification, II.A). */
export function isHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads an HDF5 file in memory. The library (4 MB) is loaded on first use.
 *
 * @param read receives the file's contents, which are valid until it returns
 * @param layout says what is expected in the file, where something is missing
 * @throws a `data` error with the library's reason if the file is damaged
 */
export async function readHdf5<T>(
  file: NamedBytes,
  read: (contents: Hdf5Contents) => T,
  layout = 'the layout of SHD is expected: spikes/times, spikes/units, labels; an experiment names other arrays under `arrays`',
): Promise<T> {
  const fault = faultOfHeaps(file.bytes);
  if (fault !== undefined) throw damaged(file.name, fault);
  const { library, reason } = await loadLibrary();
  const path = '/data.h5';
  library.FS.writeFile(path, file.bytes);
  reason();
  try {
    const id = library.open(path, library.H5F_ACC_RDONLY, false, -1, -1);
    if (id < 0n) throw damaged(file.name, reason());
    try {
      return read(new Hdf5Contents(library, id, file, reason, layout));
    } finally {
      library.close_file(id);
    }
  } catch (error) {
    // A damaged file can cause an error in the library, or a trap in its WebAssembly.
    throw error instanceof PlasticoreError ? error : damaged(file.name, reason(String(error)));
  } finally {
    library.FS.unlink(path);
  }
}

/** The data sets of an open file. */
export class Hdf5Contents {
  readonly #library: Library;
  readonly #id: bigint;
  readonly #file: string;
  /** Length of the file in bytes. */
  readonly #bytes: number;
  readonly #reason: Reason;
  readonly #layout: string;

  constructor(library: Library, id: bigint, file: NamedBytes, reason: Reason, layout: string) {
    this.#library = library;
    this.#id = id;
    this.#file = file.name;
    this.#bytes = file.bytes.length;
    this.#reason = reason;
    this.#layout = layout;
  }

  /** Whether a data set exists at this path. */
  has(path: string): boolean {
    return this.#library.get_type(this.#id, path) === this.#library.H5G_DATASET;
  }

  /** The names in a group; undefined if there is no group at this path. */
  names(path: string): readonly string[] | undefined {
    const isGroup = this.#library.get_type(this.#id, path) === this.#library.H5G_GROUP;
    return isGroup ? this.#library.get_names(this.#id, path, false) : undefined;
  }

  /** The paths of all data sets, those in groups too. */
  all(): readonly string[] {
    const within = (group: string, depth: number): string[] =>
      (this.names(group === '' ? '/' : group) ?? []).flatMap((name) => {
        const path = group === '' ? name : `${group}/${name}`;
        if (this.has(path)) return [path];
        return depth < mostDepth ? within(path, depth + 1) : [];
      });
    return within('', 0);
  }

  /** What the numbers of a data set are, or of its rows; undefined if they are none. Booleans are those of h5py. */
  kind(path: string): 'float' | 'integer' | 'boolean' | undefined {
    const metadata = this.#metadata(path);
    const { type } = metadata.vlen_type ?? metadata;
    if (type === classes.enumeration) return 'boolean';
    return type === classes.float ? 'float' : type === classes.integer ? 'integer' : undefined;
  }

  /** Whether a data set has rows of variable length. */
  isRagged(path: string): boolean {
    return this.#metadata(path).vlen_type !== undefined;
  }

  /** The dimensions of a data set; none for a single value. */
  shape(path: string): readonly number[] {
    return this.#metadata(path).shape ?? [];
  }

  /** Whether a data set holds strings. */
  isText(path: string): boolean {
    return this.#metadata(path).type === classes.string;
  }

  /** Length of the first dimension of a data set; 1 for a single number. */
  rows(path: string): number {
    return this.#metadata(path).shape?.[0] ?? 1;
  }

  /** Reads a data set of plain numbers, of any shape, in C order. 64-bit integers beyond 2^53 are rounded. */
  numbers(path: string): Float64Array {
    const metadata = this.#metadata(path);
    const element = elementOf(metadata);
    if (element === undefined) throw this.#mismatch(path, 'numbers', metadata);
    return this.#whole(path, metadata, (start) =>
      Float64Array.from(element(this.#library.HEAPU8.buffer, start, metadata.total_size)),
    );
  }

  /**
   * Visits the items along the first axis of a data set of plain numbers in turn.
   *
   * @param visit receives an item's numbers in C order, which are valid until it returns
   */
  eachItem(path: string, visit: (item: number, values: ArrayLike<number>) => void): void {
    const metadata = this.#metadata(path);
    const element = elementOf(metadata);
    const [items = 0, ...rest] = metadata.shape ?? [];
    if (element === undefined || metadata.shape === null || metadata.shape.length === 0)
      throw this.#mismatch(path, 'an array of numbers', metadata);
    const count = rest.reduce((product, length) => product * length, 1);
    const atOnce = Math.max(1, Math.min(items, Math.floor(blockBytes / Math.max(1, count * metadata.size))));
    const start = this.#allocate(path, atOnce * count * metadata.size);
    const { length } = rest;
    try {
      for (let first = 0; first < items; first += atOnce) {
        const block = Math.min(atOnce, items - first);
        const counts = [BigInt(block), ...rest.map(BigInt)];
        const offsets = [BigInt(first), ...new Array<bigint>(length).fill(0n)];
        const strides = new Array<bigint>(length + 1).fill(1n);
        const read = this.#library.get_dataset_data(this.#id, path, counts, offsets, strides, BigInt(start));
        if (read < 0) throw this.#unreadable(path);
        for (let item = 0; item < block; item++) {
          const at = start + item * count * metadata.size;
          visit(first + item, element(this.#library.HEAPU8.buffer, at, count));
        }
      }
    } finally {
      this.#library._free(start);
    }
  }

  /** Reads a data set of strings of variable length, or of fixed length without their padding. */
  strings(path: string): string[] {
    const metadata = this.#metadata(path);
    if (metadata.type !== classes.string) throw this.#mismatch(path, 'strings', metadata);
    return this.#whole(path, metadata, (start) => this.#texts(metadata, start));
  }

  /** An attribute of a group, or of the file ('/'): a number or a text; undefined if there is none of this name. */
  attribute(path: string, name: string): number | string | undefined {
    const library = this.#library;
    if (this.names(path) === undefined || !library.get_attribute_names(this.#id, path).includes(name))
      return undefined;
    const metadata = library.get_attribute_metadata(this.#id, path, name);
    const place = `${path}, ${name}`;
    const start = this.#allocate(place, metadata.size * metadata.total_size);
    try {
      if (library.get_attribute_data(this.#id, path, name, BigInt(start)) < 0) throw this.#unreadable(place);
      if (metadata.type === classes.string) return this.#texts(metadata, start)[0];
      return elementOf(metadata)?.(library.HEAPU8.buffer, start, metadata.total_size)[0];
    } finally {
      library._free(start);
    }
  }

  #texts({ size, total_size: count, vlen }: Metadata, start: number): string[] {
    const { HEAPU8: memory } = this.#library;
    return Array.from({ length: count }, (_, index) => {
      const at = start + index * size;
      if (vlen) return this.#library.UTF8ToString(new Uint32Array(memory.buffer, at, 1)[0] ?? 0);
      const text = memory.slice(at, at + size);
      const end = text.indexOf(0);
      return new TextDecoder().decode(end < 0 ? text : text.subarray(0, end)).trimEnd();
    });
  }

  /**
   * Visits the rows of a one-dimensional data set of rows of numbers, of variable length, in turn.
   *
   * @param visit receives a row's numbers, which are valid until it returns
   */
  eachRow(path: string, visit: (row: number, values: ArrayLike<number>) => void): void {
    const library = this.#library;
    const metadata = this.#metadata(path);
    const [rows = 0] = metadata.shape ?? [];
    const element = metadata.vlen_type && elementOf(metadata.vlen_type);
    if (element === undefined || metadata.shape?.length !== 1)
      throw this.#mismatch(path, 'one dimension of numbers of variable length', metadata);
    const block = this.#allocate(path, blockRows * rowBytes);
    try {
      for (let first = 0; first < rows; first += blockRows) {
        const count = Math.min(blockRows, rows - first);
        const counts = [BigInt(count)];
        const read = library.get_dataset_data(this.#id, path, counts, [BigInt(first)], [1n], BigInt(block));
        if (read < 0) throw this.#broken(path, this.#reason());
        // The library may grow its memory while it reads, so every view is created afterwards.
        const pairs = new Uint32Array(library.HEAPU8.buffer, block, 2 * count);
        for (let row = 0; row < count; row++) {
          const [length = 0, start = 0] = pairs.subarray(2 * row);
          visit(first + row, length === 0 ? [] : element(library.HEAPU8.buffer, start, length));
        }
        library.reclaim_vlen_memory_count(this.#id, path, '', BigInt(block), counts);
      }
    } finally {
      library._free(block);
    }
  }

  #metadata(path: string): Metadata {
    if (!this.has(path)) {
      throw new PlasticoreError('data', `no data set '${path}'`, { file: this.#file, hint: this.#layout });
    }
    const metadata = this.#library.get_dataset_metadata(this.#id, path);
    const bytes = metadata.size * metadata.total_size;
    if (bytes > largestRatio * this.#bytes) throw this.#broken(path, `it claims ${bytes} bytes`);
    return metadata;
  }

  #whole<T>(path: string, { shape, size, total_size: count }: Metadata, take: (start: number) => T): T {
    if (shape === null) throw this.#broken(path, 'it is empty');
    const start = this.#allocate(path, size * count);
    try {
      if (this.#library.get_dataset_data(this.#id, path, null, null, null, BigInt(start)) < 0)
        throw this.#unreadable(path);
      return take(start);
    } finally {
      this.#library._free(start);
    }
  }

  #allocate(path: string, bytes: number): number {
    const start = bytes > this.#library.MAXIMUM_MEMORY ? 0 : this.#library._malloc(Math.max(bytes, 1));
    if (start === 0) throw this.#broken(path, `it claims ${bytes} bytes`);
    this.#library.HEAPU8.fill(0, start, start + bytes);
    return start;
  }

  #mismatch(path: string, expected: string, found: Metadata): PlasticoreError {
    return new PlasticoreError('data', `'${path}': ${expected} expected, ${nameOf(found)} found`, {
      file: this.#file,
    });
  }

  /** Without a filter, the library cannot read what was packed with it. */
  #unreadable(path: string): PlasticoreError {
    const reason = this.#reason();
    const filter = this.#library
      .get_dataset_filters(this.#id, path)
      .find(({ id }) => !builtInFilters.has(id));
    if (filter === undefined) return this.#broken(path, reason);
    return new PlasticoreError(
      'data',
      `'${path}' is packed with filter '${filter.name}', which cannot be read`,
      {
        file: this.#file,
        hint: 'write the file with gzip, or without compression',
      },
    );
  }

  #broken(path: string, reason: string): PlasticoreError {
    return damaged(this.#file, `'${path}' cannot be read: ${reason}`);
  }
}

type View = (buffer: ArrayBufferLike, start: number, length: number) => ArrayLike<number>;

/**
 * The typed array for elements of a type in the library's memory, which is always little-endian; undefined if they are
 * not numbers.
 */
function elementOf({ type, size, signed }: Metadata): View | undefined {
  if (type === classes.float) return floats.get(size);
  if (type === classes.enumeration) return unsignedIntegers.get(size);
  return type === classes.integer ? (signed ? signedIntegers : unsignedIntegers).get(size) : undefined;
}

const floats: ReadonlyMap<number, View> = new Map<number, View>([
  [2, (buffer, start, length) => fromFloat16(new Uint16Array(buffer, start, length))],
  [4, (buffer, start, length) => new Float32Array(buffer, start, length)],
  [8, (buffer, start, length) => new Float64Array(buffer, start, length)],
]);

const signedIntegers: ReadonlyMap<number, View> = new Map<number, View>([
  [1, (buffer, start, length) => new Int8Array(buffer, start, length)],
  [2, (buffer, start, length) => new Int16Array(buffer, start, length)],
  [4, (buffer, start, length) => new Int32Array(buffer, start, length)],
  [8, (buffer, start, length) => Float64Array.from(new BigInt64Array(buffer, start, length), Number)],
]);

const unsignedIntegers: ReadonlyMap<number, View> = new Map<number, View>([
  [1, (buffer, start, length) => new Uint8Array(buffer, start, length)],
  [2, (buffer, start, length) => new Uint16Array(buffer, start, length)],
  [4, (buffer, start, length) => new Uint32Array(buffer, start, length)],
  [8, (buffer, start, length) => Float64Array.from(new BigUint64Array(buffer, start, length), Number)],
]);

function nameOf({ type, size, vlen_type: rows, shape }: Metadata): string {
  const name = Object.entries(classes).find(([, code]) => code === type)?.[0] ?? `type ${type}`;
  const bits = type === classes.integer || type === classes.float ? ` of ${8 * size} bits` : '';
  if (rows !== undefined) return `rows of ${nameOf(rows)}`;
  return `${name}${bits}${shape === undefined ? '' : `, shape ${shape?.join(' x ')}`}`;
}

function damaged(file: string, reason: string): PlasticoreError {
  return new PlasticoreError('data', `damaged or truncated HDF5 file: ${reason}`, {
    file,
    hint: 'fetch the file again',
  });
}
