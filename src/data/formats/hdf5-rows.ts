/*
 * Writes HDF5 files with rows of variable length, which the library that reads them here cannot write: "HDF5 File
 * Format Specification Version 3.0", superblock 0, groups with symbol tables, contiguous storage, rows in global heaps.
 * It is what h5py writes by default. Everything is in memory; nothing tells a time, so equal contents give equal bytes.
 */

/**
 * What a file holds, by path: numbers of 16 bits, rows of them, or texts in ASCII of one length, filled up with zeros.
 */
export type RowsContent =
  | { readonly values: Uint16Array }
  | { readonly rows: readonly Uint16Array[]; readonly type: 'uint16' | 'float16' }
  | { readonly texts: readonly string[] };

const undefinedAddress = 0xffffffffffffffffn;
/** Half of what a symbol node and an internal node of a B-tree can hold. */
const [leafK, internalK] = [4, 16];
/** Objects of a collection of the global heap, at most: their index has 16 bits. */
const mostObjects = 1000;
const smallestHeap = 4096;

/** A file of the data sets at these paths, in groups within groups; at most eight to a group. */
export function writeRows(contents: ReadonlyMap<string, RowsContent>): Uint8Array {
  const file = new Writer();
  const superblock = file.reserve(96);
  const root = writeGroup(file, membersOf(contents));
  file.put(superblock, [
    ...[0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0],
    ...[...u16(leafK), ...u16(internalK), ...u32(0)],
    ...[...u64(0), ...u64(undefinedAddress), ...u64(file.length), ...u64(undefinedAddress)],
    ...[...u64(0), ...u64(root), ...u32(0), ...u32(0), ...u64(0), ...u64(0)],
  ]);
  return file.bytes();
}

type Members = ReadonlyMap<string, RowsContent>;

/** The members of a group: what lies in a folder of its own is joined under the folder's name. */
function membersOf(contents: Members): ReadonlyMap<string, RowsContent | Members> {
  const members = new Map<string, RowsContent | Map<string, RowsContent>>();
  for (const [path, content] of contents) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) {
      members.set(name, content);
      continue;
    }
    const known = members.get(name);
    const group = known instanceof Map ? known : new Map<string, RowsContent>();
    group.set(rest.join('/'), content);
    members.set(name, group);
  }
  return members;
}

function writeGroup(file: Writer, members: ReadonlyMap<string, RowsContent | Members>): number {
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length > 2 * leafK) throw new RangeError(`${sorted.length} members of a group of HDF5`);
  const heap: number[] = new Array(8).fill(0);
  const entries: number[] = [];
  let last = 0;
  for (const [name, member] of sorted) {
    last = heap.length;
    heap.push(...padded([...ascii(name), 0]));
    const isGroup = member instanceof Map;
    const header = isGroup ? writeGroup(file, membersOf(member)) : writeDataset(file, member as RowsContent);
    entries.push(...u64(last), ...u64(header), ...u32(0), ...u32(0), ...u64(0), ...u64(0));
  }
  const node = file.append([...ascii('SNOD'), 1, 0, ...u16(sorted.length), ...entries], 8 + 2 * leafK * 40);
  const tree = [
    ...[...ascii('TREE'), 0, 0, ...u16(1), ...u64(undefinedAddress), ...u64(undefinedAddress)],
    ...[...u64(0), ...u64(node), ...u64(last)],
  ];
  const treeAt = file.append(tree, 24 + (2 * internalK + 1) * 8 + 2 * internalK * 8);
  const segment = file.append(heap);
  // 1 says that nothing in the heap is free.
  const heapHead = [...ascii('HEAP'), 0, 0, 0, 0, ...u64(heap.length), ...u64(1), ...u64(segment)];
  return file.append(objectHeader([[0x11, [...u64(treeAt), ...u64(file.append(heapHead))]]]));
}

function writeDataset(file: Writer, content: RowsContent): number {
  const { type, count, bytes } = itemsOf(file, content);
  const data = bytes.length === 0 ? undefinedAddress : file.append(bytes);
  return file.append(
    objectHeader([
      [0x01, [1, 1, 0, 0, 0, 0, 0, 0, ...u64(count)]],
      [0x03, type],
      // No fill value; storage comes early.
      [0x05, [2, 1, 2, 0]],
      [0x08, [3, 1, ...u64(data), ...u64(bytes.length)]],
    ]),
  );
}

/** The type message of a content, and its items as bytes. */
function itemsOf(
  file: Writer,
  content: RowsContent,
): { readonly type: number[]; readonly count: number; readonly bytes: ArrayLike<number> } {
  if ('texts' in content) {
    const { texts } = content;
    const length = Math.max(...texts.map((text) => text.length));
    const bytes = texts.flatMap((text) => ascii(text.padEnd(length, '\0')));
    return { type: [0x13, 1, 0, 0, ...u32(length)], count: texts.length, bytes };
  }
  if ('values' in content)
    return { type: word, count: content.values.length, bytes: littleEndian(content.values) };
  const { rows, type } = content;
  const bytes: number[] = [];
  for (let first = 0; first < rows.length; first += mostObjects) {
    const some = rows.slice(first, first + mostObjects);
    const heap = writeGlobalHeap(file, some);
    for (const [index, { length }] of some.entries())
      bytes.push(
        ...(length === 0 ? new Array<number>(16).fill(0) : [...u32(length), ...u64(heap), ...u32(index + 1)]),
      );
  }
  return {
    type: [0x19, 0, 0, 0, ...u32(16), ...(type === 'float16' ? half : word)],
    count: rows.length,
    bytes,
  };
}

/** A collection of rows, numbered from 1. */
function writeGlobalHeap(file: Writer, rows: readonly Uint16Array[]): number {
  const headBytes = 16;
  const body = rows.reduce((sum, { length }) => sum + headBytes + roundUp(2 * length), 0);
  const size = Math.max(smallestHeap, headBytes + body + headBytes);
  const start = file.append([...ascii('GCOL'), 1, 0, 0, 0, ...u64(size)], size);
  let at = start + headBytes;
  for (const [index, row] of rows.entries()) {
    file.put(at, [...u16(index + 1), ...u16(1), ...u32(0), ...u64(2 * row.length)]);
    file.put(at + headBytes, littleEndian(row));
    at += headBytes + roundUp(2 * row.length);
  }
  // Object 0 is what is free.
  file.put(at, [...u16(0), ...u16(0), ...u32(0), ...u64(start + size - at)]);
  return start;
}

/** An unsigned integer, and a number of IEEE 754, of 16 bits. */
const word = [0x10, 0, 0, 0, ...u32(2), ...u16(0), ...u16(16)];
const half = [0x11, 0x20, 15, 0, ...u32(2), ...u16(0), ...u16(16), 10, 5, 0, 10, ...u32(15)];

type Message = readonly [type: number, data: readonly number[]];

function objectHeader(messages: readonly Message[]): number[] {
  const body = messages.flatMap(([type, data]) => {
    const bytes = padded(data);
    return [...u16(type), ...u16(bytes.length), 0, 0, 0, 0, ...bytes];
  });
  return [1, 0, ...u16(messages.length), ...u32(1), ...u32(body.length), ...u32(0), ...body];
}

/** A growing file; every piece starts at a multiple of 8. */
class Writer {
  #bytes = new Uint8Array(2 ** 16);
  length = 0;

  /** @returns the address of the piece */
  append(bytes: ArrayLike<number>, size = bytes.length): number {
    const start = this.reserve(size);
    this.put(start, bytes);
    return start;
  }

  reserve(size: number): number {
    const start = this.length;
    this.length += roundUp(size);
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return start;
  }

  put(start: number, bytes: ArrayLike<number>): void {
    this.#bytes.set(bytes, start);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

function roundUp(size: number): number {
  return Math.ceil(size / 8) * 8;
}

function padded(bytes: readonly number[]): number[] {
  return [...bytes, ...new Array<number>(roundUp(bytes.length) - bytes.length).fill(0)];
}

function littleEndian(values: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index++)
    view.setUint16(2 * index, values[index] as number, true);
  return bytes;
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
