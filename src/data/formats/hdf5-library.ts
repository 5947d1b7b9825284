/** The library that reads and writes HDF5, in WebAssembly (4 MB), and what it says of its failures. */
export type Library = typeof import('h5wasm').Module;

/** The innermost reason that the library has given since the last call. */
export type Reason = (otherwise?: string) => string;

interface LoadedLibrary {
  readonly library: Library;
  readonly reason: Reason;
}

let loaded: Promise<LoadedLibrary> | undefined;

/** Loads the library, once. */
export function loadLibrary(): Promise<LoadedLibrary> {
  loaded ??= import('h5wasm').then(async ({ ready }) => {
    const library = await ready;
    return { library, reason: captureMessages(library) };
  });
  return loaded;
}

/**
 * HDF5 prints the reason for a failure to standard error, outermost function first. This captures the text instead,
 * until it is requested.
 */
function captureMessages(library: Library): Reason {
  let bytes: number[] = [];
  // Standard error shares a terminal object with this device, so replacing its output there captures it.
  const stderr: unknown = library.FS.open('/dev/stderr', 'w');
  if (isTerminalStream(stderr)) stderr.tty.ops = { put_char: (_tty, byte) => bytes.push(byte) };
  return (otherwise = 'no reason given') => {
    const text = new TextDecoder().decode(Uint8Array.from(bytes));
    bytes = [];
    return [...text.matchAll(/^ *#\d+: .* in \w+\(\): (.*)$/gm)].at(-1)?.[1] ?? otherwise;
  };
}

interface TerminalStream {
  readonly tty: { ops: { put_char: (tty: unknown, byte: number) => void } };
}

function isTerminalStream(stream: unknown): stream is TerminalStream {
  return (
    typeof stream === 'object' &&
    stream !== null &&
    'tty' in stream &&
    typeof stream.tty === 'object' &&
    stream.tty !== null &&
    'ops' in stream.tty
  );
}

/** The header of a collection in the global heap: signature, version 1, three zeros (HDF5 File Format, III.E). */
const head = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
const headBytes = 16;
/** Index (2 bytes), references (2), reserved (4), size (8). */
const objectHeadBytes = 16;

/**
 * Looks for an object outside its collection in the global heap, which holds rows of variable length. If damage has
 * left an object of size zero, the HDF5 library would loop forever.
 *
 * @returns a description of the first fault, or undefined
 */
export function faultOfHeaps(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = bytes.indexOf(0x47); start >= 0; start = bytes.indexOf(0x47, start + 1)) {
    if (start + headBytes > bytes.length) return undefined;
    if (!head.every((byte, index) => bytes[start + index] === byte)) continue;
    const end = start + Number(view.getBigUint64(start + 8, true));
    // The library itself rejects a collection that extends past the end of the file.
    if (end <= bytes.length && !objectsFit(view, start + headBytes, end))
      return `the heap at byte ${start} holds an object that does not fit it`;
  }
  return undefined;
}

/** Whether objects lie one after the other from `start` on. Object 0 is free space; its size includes its header. */
function objectsFit(view: DataView, start: number, end: number): boolean {
  for (let at = start; at + objectHeadBytes <= end; ) {
    const isFree = view.getUint16(at, true) === 0;
    const size = Number(view.getBigUint64(at + 8, true));
    const taken = isFree ? size : objectHeadBytes + Math.ceil(size / 8) * 8;
    if (taken < objectHeadBytes || at + taken > end) return false;
    at += taken;
  }
  return true;
}

/** The contents of an HDF5 file: groups, arrays of numbers, texts. */
export type Hdf5Item = Hdf5Group | Hdf5Numbers | Hdf5Texts;
export type Hdf5Group = ReadonlyMap<string, Hdf5Item> & { readonly attributes?: Hdf5Attributes };
type Hdf5Attributes = Readonly<Record<string, string | number>>;

/** The same group with attributes. */
export function withAttributes(group: ReadonlyMap<string, Hdf5Item>, attributes: Hdf5Attributes): Hdf5Group {
  return Object.assign(new Map(group), { attributes });
}

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
  for (const [name, value] of Object.entries(contents.attributes ?? {})) group.create_attribute(name, value);
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
