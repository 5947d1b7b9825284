import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NdArray, readNpy, readNpz, writeNpy, writeNpz } from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

const types = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;

/** Arrays of every type that is read and written, of up to four dimensions, some of them empty. */
const anyArray: fc.Arbitrary<NdArray> = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const count = shape.reduce((a, b) => a * b, 1);
  const size = { minLength: count, maxLength: count };
  const plain = fc
    .tuple(fc.constantFrom(...types), fc.uint8Array({ minLength: 8 * count, maxLength: 8 * count }))
    .map(([type, bytes]): NdArray => ({ shape, data: new type(bytes.slice().buffer, 0, count) }));
  const booleans = fc
    .array(fc.nat(1), size)
    .map((items): NdArray => ({ shape, data: Uint8Array.from(items), dtype: '|b1' }));
  const longs = fc
    .array(fc.maxSafeInteger(), size)
    .map((items): NdArray => ({ shape, data: Float64Array.from(items), dtype: '<i8' }));
  return fc.oneof({ weight: 4, arbitrary: plain }, booleans, longs);
});
const anyName = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,8}$/);

/** A version 1 file with this header, padded as NumPy pads, and these data bytes. */
function npyWith(header: string, data: readonly number[], version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length =
    version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.of(0x93, 78, 85, 77, 80, 89, version, 0, ...length, ...text, ...data);
}
const dictionary = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

describe('.npy', () => {
  test('a file written out by hand, formats 1 and 2', () => {
    for (const version of [1, 2]) {
      const { shape, data } = readNpy(npyWith(dictionary('<i2', '(2, 1)'), [1, 0, 0xfe, 0xff], version), 'a');
      expect(shape).toEqual([2, 1]);
      expect(data).toEqual(Int16Array.of(1, -2));
    }
  });

  test('64-bit integers come as numbers, when numbers hold them', () => {
    const { data } = readNpy(
      npyWith(dictionary('<i8', '(2,)'), [5, 0, 0, 0, 1, 0, 0, 0, ...Array(8).fill(255)]),
      'a',
    );
    expect([...data]).toEqual([2 ** 32 + 5, -1]);
    const large = npyWith(dictionary('<i8', '(2,)'), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0]);
    expectError(() => readNpy(large, 'large.npy'), 'data', 'large.npy', 'item 1 is 9007199254740992');
  });

  test('writes what NumPy writes: data at a multiple of 64 bytes, header ending in a newline', () => {
    const bytes = writeNpy({ shape: [3], data: Uint8Array.of(7, 8, 9) });
    const header = `${"{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`;
    expect([...bytes]).toEqual([...npyWith(header, [7, 8, 9])]);
    expect(bytes.length).toBe(128 + 3);
  });

  test('bytes in a Buffer, whose slices are views', () => {
    const bytes = Buffer.from(npyWith(dictionary('<i2', '(2,)'), [1, 0, 2, 0]));
    expect(readNpy(bytes, 'a').data).toEqual(Int16Array.of(1, 2));
  });

  test('one-byte types with any byte order', () => {
    expect(readNpy(npyWith(dictionary('<u1', '(1,)'), [200]), 'a').data).toEqual(Uint8Array.of(200));
  });

  test('an entry that announces more than it can hold, or than may be unpacked, is refused', () => {
    const bytes = writeNpz({ x: { shape: [1000], data: new Uint8Array(1000) } });
    const view = new DataView(bytes.buffer);
    // Sizes in the central directory (APPNOTE.TXT, 4.3.12): compressed at 20, uncompressed at 24.
    const entry = bytes.findIndex(
      (_, at) => at + 4 <= bytes.length && view.getUint32(at, true) === 0x02014b50,
    );
    view.setUint32(entry + 24, 2 ** 28, true);
    expectError(() => readNpz(bytes, 'n'), 'data', 'n:x.npy: it announces 268435456 bytes');
    view.setUint32(entry + 24, 2 ** 30, true);
    expectError(() => readNpz(bytes, 'n'), 'data', 'n: unpacks to more than 512 MiB');
  });

  test('a directory that counts more entries than there are is refused', () => {
    const bytes = writeNpz({ x: { shape: [2], data: new Uint8Array(2) } });
    // The end of the central directory (APPNOTE.TXT, 4.3.16): entries at 8 and 10.
    new DataView(bytes.buffer).setUint16(bytes.length - 22 + 8, 65_535, true);
    expectError(() => readNpz(bytes, 'n'), 'data', 'n: not a readable .npz');
  });

  test('what cannot be read says so', () => {
    const read = (bytes: Uint8Array) => () => readNpy(bytes, 'a.npy');
    expectError(
      read(npyWith(dictionary('<i2', '(2,)', 'True'), [1, 0, 2, 0])),
      'data',
      'a.npy',
      'Fortran order',
    );
    expectError(read(npyWith(dictionary('>i2', '(1,)'), [1, 0])), 'data', "big-endian dtype '>i2'", '<i2');
    expectError(read(npyWith(dictionary('<f2', '(1,)'), [1, 0])), 'data', "dtype '<f2'", '<f4');
    expectError(
      read(npyWith("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", [])),
      'data',
      "[('a'",
    );
    const short = npyWith(dictionary('<i2', '(2,)'), [1, 0, 2]);
    const lengths = [`${short.length + 1} bytes expected`, `${short.length} found`];
    expectError(read(short), 'data', 'truncated', 'shape 2', ...lengths);
    expectError(read(npyWith(dictionary('<i2', '(1,)'), [1, 0, 2])), 'data', '1 trailing byte:');
    expectError(read(npyWith('{}', [], 9)), 'data', 'format 9');
    expectError(
      read(npyWith(dictionary('<i2', '(1,)'), [1, 0]).subarray(0, 30)),
      'data',
      'truncated',
      '30 bytes found',
    );
    expectError(read(Uint8Array.of(1, 2, 3)), 'data', 'NUMPY');
  });

  test('refuses to write data that does not fill its shape', () => {
    expectError(() => writeNpy({ shape: [2, 2], data: new Uint8Array(3) }), 'data', '2 x 2', '3 found');
  });
});

describe('.npz', () => {
  test('written arrays read back the same', () => {
    fc.assert(
      fc.property(fc.dictionary(anyName, anyArray, { noNullPrototype: true, maxKeys: 4 }), (arrays) => {
        const back = readNpz(writeNpz(arrays), 'a.npz');
        expect(Object.fromEntries(back)).toStrictEqual(arrays);
      }),
    );
  });

  test('equal arrays give equal bytes: at any time, in any order, in any time zone', () => {
    const a: NdArray = { shape: [2], data: Float32Array.of(1, 2) };
    const b: NdArray = { shape: [], data: Uint8Array.of(3) };
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const written = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'].map((timeZone, index) => {
      process.env.TZ = timeZone;
      return Buffer.from(writeNpz(index === 0 ? { a, b } : { b, a })).toString('hex');
    });
    process.env.TZ = zone;
    expect(new Set(written).size).toBe(1);
    // The time of day and the date in the first local header, at bytes 10 to 13: 0:00:00 and 1980-01-01.
    expect(written[0]?.slice(20, 28)).toBe('00002100');
  });

  test('a file that is not a zip file, and an entry that is not an array', () => {
    expectError(() => readNpz(Uint8Array.of(1, 2, 3), 'a.npz'), 'data', 'a.npz', 'zip');
    const zip = Buffer.from(writeNpz({ weights: { shape: [1], data: Uint8Array.of(1) } }));
    const renamed = Buffer.from(zip.toString('latin1').replaceAll('weights.npy', 'weights.txt'), 'latin1');
    expectError(() => readNpz(renamed, 'a.npz'), 'data', 'a.npz:weights.txt', '.npy');
  });
});
