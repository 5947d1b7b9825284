import { deflateSync } from 'node:zlib';

/*
 * HDF5 files for tests, written from the "HDF5 File Format Specification Version 3.0": superblock 0, groups with symbol
 * tables, object headers 1, contiguous or chunked storage, deflate, variable-length rows in global heaps. h5py writes
 * this by default, so the published files use it; the library that reads them here cannot write such rows.
 */

type NumberType =
  | 'float16'
  | 'float32'
  | 'float64'
  | 'uint8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'int64'
  | 'uint64';

/** How a data set lies in the file; `chunk` counts its items, rows of variable length too. */
export interface Storage {
  readonly chunk?: number;
  readonly deflate?: boolean;
  readonly bigEndian?: boolean;
}

/** A float16 is given as its bit pattern. */
export type Content =
  | { readonly rows: readonly (readonly number[])[]; readonly type: NumberType; readonly storage?: Storage }
  | {
      readonly values: readonly number[];
      /** The dimensions; by default one. */
      readonly shape?: readonly number[];
      readonly type: NumberType;
      readonly storage?: Storage;
    }
  | {
      readonly strings: readonly string[];
      /** The dimensions; by default one. */
      readonly shape?: readonly number[];
    };

const undefinedAddress = 0xffffffffffffffffn;
/**
 * Halves of what the two kinds of B-tree node and a symbol node can hold, as the superblock states them or by default.
 */
const leafK = 4;
const internalK = 16;
const chunkK = 32;

/** A file of the data sets at these paths, in groups within groups; at most eight to a group. */
export function hdf5File(contents: Readonly<Record<string, Content>>): Uint8Array {
  const file = new Writer();
  const superblock = file.reserve(96);
  const root: Members = new Map();
  for (const [path, content] of Object.entries(contents)) {
    const groups = path.split('/');
    const name = groups.pop() ?? '';
    let members = root;
    for (const group of groups) {
      const inner = members.get(group) ?? new Map<string, Member>();
      if (!(inner instanceof Map)) throw new Error(`${group} is no group`);
      members.set(group, inner);
      members = inner;
    }
    members.set(name, content);
  }
  const rootHeader = writeGroup(file, root);
  file.put(superblock, [
    ...[0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0],
    ...[...u16(leafK), ...u16(internalK), ...u32(0)],
    ...[...u64(0), ...u64(undefinedAddress), ...u64(file.length), ...u64(undefinedAddress)],
    ...[...u64(0), ...u64(rootHeader), ...u32(0), ...u32(0), ...u64(0), ...u64(0)],
  ]);
  return file.bytes();
}

type Member = Content | Members;
type Members = Map<string, Member>;

function isGroup(member: Member): member is Members {
  return member instanceof Map;
}

function writeGroup(file: Writer, members: Members): number {
  const names = [...members.keys()].sort();
  if (names.length > 2 * leafK) throw new Error('too many members');
  const heap: number[] = new Array(8).fill(0);
  const entries: number[] = [];
  let last = 0;
  for (const name of names) {
    const member = members.get(name);
    if (member === undefined) continue;
    last = heap.length;
    heap.push(...padded([...new TextEncoder().encode(name), 0]));
    const header = isGroup(member) ? writeGroup(file, member) : writeDataset(file, member);
    entries.push(...u64(last), ...u64(header), ...u32(0), ...u32(0), ...u64(0), ...u64(0));
  }
  const node = file.append([...ascii('SNOD'), 1, 0, ...u16(names.length), ...entries], 8 + 2 * leafK * 40);
  const tree = file.append(
    [...treeHead(0, 1), ...u64(0), ...u64(node), ...u64(last)],
    24 + (2 * internalK + 1) * 8 + 2 * internalK * 8,
  );
  const segment = file.append(heap);
  // 1 says that nothing in the heap is free.
  const heapHead = file.append([
    ...ascii('HEAP'),
    0,
    0,
    0,
    0,
    ...u64(heap.length),
    ...u64(1),
    ...u64(segment),
  ]);
  return file.append(objectHeader([[0x11, [...u64(tree), ...u64(heapHead)]]]));
}

function writeDataset(file: Writer, content: Content): number {
  const { type, items } = itemsOf(file, content);
  const storage: Storage = ('storage' in content ? content.storage : undefined) ?? {};
  const size = items[0]?.length ?? 1;
  const shape = ('shape' in content ? content.shape : undefined) ?? [items.length];
  const common: Message[] = [
    [0x01, [1, shape.length, 0, 0, 0, 0, 0, 0, ...shape.flatMap(u64)]],
    [0x03, type],
    // No fill value; storage comes early, or with each chunk.
    [0x05, [2, storage.chunk === undefined ? 1 : 3, 2, 0]],
  ];
  if (storage.chunk === undefined) {
    const bytes = items.flat();
    const data = bytes.length === 0 ? undefinedAddress : file.append(bytes);
    return file.append(objectHeader([...common, [0x08, [3, 1, ...u64(data), ...u64(bytes.length)]]]));
  }
  const tree = writeChunks(file, items, size, storage.chunk, storage.deflate === true);
  const layout: Message = [0x08, [3, 2, 2, ...u64(tree), ...u32(storage.chunk), ...u32(size)]];
  const filters: Message[] = storage.deflate
    ? [[0x0b, [1, 1, 0, 0, 0, 0, 0, 0, ...u16(1), ...u16(0), ...u16(0), ...u16(1), ...u32(9), ...u32(0)]]]
    : [];
  return file.append(objectHeader([...common, layout, ...filters]));
}

function writeChunks(
  file: Writer,
  items: readonly (readonly number[])[],
  size: number,
  chunk: number,
  isDeflated: boolean,
): number {
  const key = (bytes: number, first: number) => [...u32(bytes), ...u32(0), ...u64(first), ...u64(0)];
  const entries: number[] = [];
  let count = 0;
  for (let first = 0; first < items.length; first += chunk, count++) {
    const raw = items.slice(first, first + chunk).flat();
    while (raw.length < chunk * size) raw.push(0);
    const bytes = isDeflated ? [...deflateSync(Uint8Array.from(raw))] : raw;
    entries.push(...key(bytes.length, first), ...u64(file.append(bytes)));
  }
  if (count > 2 * chunkK) throw new Error('too many chunks');
  const node = [...treeHead(1, count), ...entries, ...key(0, count * chunk)];
  return file.append(node, 24 + (2 * chunkK + 1) * 24 + 2 * chunkK * 8);
}

/** The type message of a content, and the bytes of each of its items. */
function itemsOf(file: Writer, content: Content): { type: number[]; items: number[][] } {
  if ('strings' in content) {
    const length = Math.max(...content.strings.map((text) => text.length));
    const items = content.strings.map((text) => ascii(text.padEnd(length, '\0')));
    return { type: [0x13, 1, 0, 0, ...u32(length)], items };
  }
  const { type, storage: { bigEndian = false } = {} } = content;
  const base = numberType(type, bigEndian);
  const bytesOf = (value: number) => {
    const bytes = numberBytes(type, value);
    return bigEndian ? bytes.reverse() : bytes;
  };
  if ('values' in content) return { type: base, items: content.values.map(bytesOf) };
  const objects = content.rows.map((row) => row.flatMap(bytesOf));
  const heap = writeGlobalHeap(file, objects);
  const items = content.rows.map((row, index) =>
    row.length === 0
      ? [...u32(0), ...u64(0), ...u32(0)]
      : [...u32(row.length), ...u64(heap), ...u32(index + 1)],
  );
  return { type: [0x19, 0, 0, 0, ...u32(16), ...base], items };
}

/** A collection of objects numbered from 1. */
function writeGlobalHeap(file: Writer, objects: readonly (readonly number[])[]): number {
  const body = objects.flatMap((bytes, index) => [
    ...[...u16(index + 1), ...u16(1), ...u32(0), ...u64(bytes.length)],
    ...padded(bytes),
  ]);
  const size = Math.max(4096, 16 + body.length + 16);
  const free = size - 16 - body.length;
  const rest = [...u16(0), ...u16(0), ...u32(0), ...u64(free)];
  return file.append([...ascii('GCOL'), 1, 0, 0, 0, ...u64(size), ...body, ...rest], size);
}

const floatFields = {
  float16: [16, 10, 5, 10, 15],
  float32: [32, 23, 8, 23, 127],
  float64: [64, 52, 11, 52, 1023],
} as const;

function numberType(type: NumberType, bigEndian: boolean): number[] {
  const order = bigEndian ? 1 : 0;
  if (type === 'float16' || type === 'float32' || type === 'float64') {
    const [bits, exponentAt, exponentBits, fractionBits, bias] = floatFields[type];
    return [
      ...[0x11, 0x20 | order, bits - 1, 0, ...u32(bits / 8), ...u16(0), ...u16(bits)],
      ...[exponentAt, exponentBits, 0, fractionBits, ...u32(bias)],
    ];
  }
  const bits = Number(/\d+/.exec(type)?.[0]);
  return [0x10, (type.startsWith('u') ? 0 : 8) | order, 0, 0, ...u32(bits / 8), ...u16(0), ...u16(bits)];
}

/** Little-endian. */
function numberBytes(type: NumberType, value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  if (type === 'float32') view.setFloat32(0, value, true);
  else if (type === 'float64') view.setFloat64(0, value, true);
  else view.setBigInt64(0, BigInt(value), true);
  const bytes = Number(/\d+/.exec(type)?.[0]) / 8;
  return [...new Uint8Array(view.buffer, 0, bytes)];
}

type Message = readonly [type: number, data: readonly number[]];

function objectHeader(messages: readonly Message[]): number[] {
  const body = messages.flatMap(([type, data]) => {
    const bytes = padded(data);
    return [...u16(type), ...u16(bytes.length), 0, 0, 0, 0, ...bytes];
  });
  return [1, 0, ...u16(messages.length), ...u32(1), ...u32(body.length), ...u32(0), ...body];
}

function treeHead(kind: number, entries: number): number[] {
  return [...ascii('TREE'), kind, 0, ...u16(entries), ...u64(undefinedAddress), ...u64(undefinedAddress)];
}

/** A growing file; every piece starts at a multiple of 8. */
class Writer {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  /** @returns the address of the piece */
  append(bytes: readonly number[], size = bytes.length): number {
    const start = this.reserve(size);
    this.put(start, bytes);
    return start;
  }

  reserve(size: number): number {
    const start = this.#bytes.length;
    for (let at = 0; at < Math.ceil(size / 8) * 8; at++) this.#bytes.push(0);
    return start;
  }

  put(start: number, bytes: readonly number[]): void {
    bytes.forEach((byte, index) => {
      this.#bytes[start + index] = byte;
    });
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

function padded(bytes: readonly number[]): number[] {
  return [...bytes, ...new Array<number>((8 - (bytes.length % 8)) % 8).fill(0)];
}

function ascii(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

function u16(value: number): number[] {
  return [value & 255, value >> 8];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

function u64(value: number | bigint): number[] {
  const bits = BigInt(value);
  return [...u32(Number(bits & 0xffffffffn)), ...u32(Number(bits >> 32n))];
}
