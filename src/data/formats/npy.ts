import { PlasticoreError } from '../../text/index.ts';
import { checkLength } from './idx.ts';

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array as NumPy stores it, in C order. */
export interface NdArray {
  /** Length of each dimension; empty for a scalar. */
  readonly shape: readonly number[];
  readonly data: NumericArray;
  /**
   * Present only if the type of `data` does not determine it: booleans (0 and 1 in a Uint8Array), 64-bit integers (in a
   * Float64Array).
   */
  readonly dtype?: '|b1' | '<i8';
}

/** The numeric types with a typed array in JavaScript. */
const arrays = {
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;
type PlainType = keyof typeof arrays;
const plainTypes = Object.keys(arrays) as PlainType[];
const readable = [...plainTypes, '|b1', '<i8'];

const magic = [0x93, ...new TextEncoder().encode('NUMPY')];
/** NumPy starts the data at a multiple of 64 bytes. */
const alignment = 64;

/**
 * Reads a `.npy` file of format 1 or 2 (NumPy Enhancement Proposal 1), C order, little-endian.
 *
 * 64-bit integers become numbers; one that a number cannot represent exactly is an error.
 *
 * @param name names the file in errors, all of code `data`
 */
export function readNpy(bytes: Uint8Array, name: string): NdArray {
  const { descr, shape, start } = readHeader(bytes, name);
  const type = descr.replace(/^[<>=|](?=[uib]1$)/, '|');
  const itemBytes = Number(type.slice(2));
  const count = shape.reduce((a, b) => a * b, 1);
  if (!readable.includes(type)) {
    const bigEndian = /^>/.test(type) ? 'big-endian ' : '';
    throw fail(
      name,
      `${bigEndian}dtype '${descr}' found, one of ${readable.join(' ')} expected`,
      'convert it with astype',
    );
  }
  checkLength(bytes, start + count * itemBytes, `${type}, shape ${shape.join(' x ')}`, name);
  // Copied, because the bytes may not be aligned for the type. Every host is little-endian.
  const data = new Uint8Array(bytes.subarray(start)).buffer;
  if (type === '|b1') return { shape, data: new Uint8Array(data), dtype: type };
  if (type === '<i8') return { shape, data: safeIntegers(new BigInt64Array(data), name), dtype: type };
  return { shape, data: new arrays[type as PlainType](data) };
}

/** Makes a `.npy` file of format 1; equal arrays give equal bytes. */
export function writeNpy(array: NdArray): Uint8Array {
  const { shape, data } = array;
  const count = shape.reduce((a, b) => a * b, 1);
  if (count !== data.length) {
    throw new PlasticoreError('data', `shape ${shape.join(' x ')} has ${count} items, ${data.length} found`);
  }
  const descr = array.dtype ?? plainTypes.find((type) => data instanceof arrays[type]);
  const sizes = shape.map((size) => `${size},`).join(' ');
  const tuple = shape.length > 1 ? sizes.slice(0, -1) : sizes;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const preambleBytes = magic.length + 4;
  const start = Math.ceil((preambleBytes + dictionary.length + 1) / alignment) * alignment;
  const header = `${dictionary.padEnd(start - preambleBytes - 1)}\n`;
  const items = array.dtype === '<i8' ? BigInt64Array.from(data, BigInt) : data;
  const bytes = new Uint8Array(start + items.byteLength);
  bytes.set([...magic, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), preambleBytes);
  bytes.set(new Uint8Array(items.buffer, items.byteOffset, items.byteLength), start);
  return bytes;
}

/** The header's dictionary, and the offset of the data. */
function readHeader(bytes: Uint8Array, name: string): { descr: string; shape: number[]; start: number } {
  if (magic.some((byte, index) => bytes[index] !== byte))
    throw fail(name, 'not a .npy array: it does not start with \\x93NUMPY');
  const version = bytes[magic.length] ?? 0;
  if (version !== 1 && version !== 2) throw fail(name, `.npy format ${version} found, 1 or 2 expected`);
  const lengthBytes = version === 1 ? 2 : 4;
  const headerStart = magic.length + 2 + lengthBytes;
  if (bytes.length < headerStart)
    throw fail(name, `truncated: ${bytes.length} bytes found, within the header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length =
    version === 1 ? view.getUint16(magic.length + 2, true) : view.getUint32(magic.length + 2, true);
  const start = headerStart + length;
  if (bytes.length < start)
    throw fail(name, `truncated: a header of ${start} bytes expected, ${bytes.length} bytes found`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, start));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || sizes === undefined) {
    throw fail(name, `header of an array of plain numbers expected, found ${header.trim()}`);
  }
  if (order === 'True')
    throw fail(name, 'Fortran order found, C order expected', 'convert it with numpy.ascontiguousarray');
  return { descr, shape: (sizes.match(/\d+/g) ?? []).map(Number), start };
}

function safeIntegers(values: BigInt64Array, name: string): Float64Array {
  return Float64Array.from(values, (value, index) => {
    if (!Number.isSafeInteger(Number(value)))
      throw fail(name, `item ${index} is ${value}; an integer within ±(2^53 - 1) expected`);
    return Number(value);
  });
}

function fail(file: string, message: string, hint?: string): PlasticoreError {
  return new PlasticoreError('data', message, { file, hint });
}

/** The value of every bit pattern of IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
let table: Float32Array | undefined;

/** Converts binary16 bit patterns to numbers. Every value is exact in float32. */
export function fromFloat16(patterns: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, pattern) => numberOf(pattern));
  const values = new Float32Array(patterns.length);
  for (let index = 0; index < patterns.length; index++) values[index] = table[patterns[index] ?? 0] ?? 0;
  return values;
}

function numberOf(pattern: number): number {
  const sign = pattern >>> 15 === 0 ? 1 : -1;
  const exponent = (pattern >>> 10) & 0x1f;
  const fraction = pattern & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // Below 2^-14, numbers are subnormal: they have no implicit leading one.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 2 ** 10) * 2 ** (exponent - 15);
}
