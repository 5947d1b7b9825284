import { describe, expect, test } from 'vitest';
import { type Hdf5Contents, isHdf5, readHdf5 } from '../../../src/data/formats/hdf5.ts';
import { fromFloat16 } from '../../../src/data/formats/npy.ts';
import { expectRejection } from '../../support/errors.ts';
import { type Content, hdf5File, type Storage } from '../../support/hdf5.ts';

const read = <T>(contents: Readonly<Record<string, Content>>, take: (file: Hdf5Contents) => T): Promise<T> =>
  readHdf5({ name: 'a.h5', bytes: hdf5File(contents) }, take);

function rowsOf(file: Hdf5Contents, path: string): number[][] {
  const rows: number[][] = [];
  file.eachRow(path, (row, values) => {
    rows[row] = Array.from(values);
  });
  return rows;
}

test('binary16: the patterns of IEEE 754', () => {
  const patterns = [0x0000, 0x0001, 0x03ff, 0x0400, 0x3555, 0x3800, 0x3c00, 0x4248, 0x7bff, 0xc000, 0xfc00];
  // 3ff: 1023 x 2^-24; 3555: (1 + 341/1024) / 4; 4248: (1 + 584/1024) x 2; 7bff: 2047 x 2^5.
  expect([...fromFloat16(Uint16Array.from(patterns))]).toEqual([
    ...[0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 0.333251953125, 0.5, 1, 3.140625],
    ...[65504, -2, Number.NEGATIVE_INFINITY],
  ]);
  expect(fromFloat16(Uint16Array.of(0x7e00))[0]).toBeNaN();
  expect(Object.is(fromFloat16(Uint16Array.of(0x8000))[0], -0)).toBe(true);
});

describe('numbers and rows of them', () => {
  const storages: readonly [string, Storage][] = [
    ['contiguous', {}],
    ['chunked', { chunk: 3 }],
    ['chunked and deflated', { chunk: 3, deflate: true }],
    ['big-endian', { bigEndian: true }],
  ];

  test.each(storages)('%s', async (_name, storage) => {
    const rows = [[1, 0.5], [], [0.25, 0, 2], [7]];
    const whole = [[1, 2, 3], [], [100], [0, 5]];
    const found = await read(
      {
        'spikes/half': { rows: [[0x3c00, 0x3800], [], [0x3400]], type: 'float16', storage },
        'spikes/single': { rows, type: 'float32', storage },
        'spikes/double': { rows, type: 'float64', storage },
        'spikes/short': { rows: whole, type: 'uint16', storage },
        'spikes/long': { rows: whole, type: 'int64', storage },
        plain: { values: [5, -6, 7, 8, 9], type: 'int32', storage },
      },
      (file) => ({
        half: rowsOf(file, 'spikes/half'),
        single: rowsOf(file, 'spikes/single'),
        double: rowsOf(file, 'spikes/double'),
        short: rowsOf(file, 'spikes/short'),
        long: rowsOf(file, 'spikes/long'),
        plain: [...file.numbers('plain')],
        rows: file.rows('spikes/half'),
      }),
    );
    expect(found).toEqual({
      half: [[1, 0.5], [], [0.25]],
      single: rows,
      double: rows,
      short: whole,
      long: whole,
      plain: [5, -6, 7, 8, 9],
      rows: 3,
    });
  });

  test('more rows than are read at once', async () => {
    const rows = Array.from({ length: 1300 }, (_, row) => (row % 3 === 0 ? [] : [row, row + 1]));
    const found = await read({ units: { rows, type: 'uint16', storage: { chunk: 100 } } }, (file) =>
      rowsOf(file, 'units'),
    );
    expect(found).toEqual(rows);
  });

  test.each([
    ['uint8', [0, 255]],
    ['int16', [-32768, 32767]],
    ['uint32', [0, 4294967295]],
    ['int64', [-(2 ** 53), 2 ** 53]],
    ['uint64', [0, 2 ** 53]],
  ] as const)('%s', async (type, values) => {
    expect(await read({ a: { values, type } }, (file) => [...file.numbers('a')])).toEqual(values);
  });

  test('strings of fixed length, without their padding', async () => {
    const strings = ['zero', 'one', 'three'];
    expect(await read({ keys: { strings } }, (file) => file.strings('keys'))).toEqual(strings);
  });
});

describe('unexpected contents', () => {
  test('another type, with the type found', async () => {
    const contents: Record<string, Content> = {
      a: { values: [1], type: 'uint16' },
      rows: { rows: [[1]], type: 'uint16' },
    };
    const refused = (take: (file: Hdf5Contents) => unknown, ...parts: string[]) =>
      expectRejection(read(contents, take), 'data', 'a.h5', ...parts);
    await refused((file) => file.numbers('nix'), "no data set 'nix'", 'spikes/times');
    await refused((file) => rowsOf(file, 'a'), "'a': one dimension of numbers of variable length expected");
    await refused((file) => rowsOf(file, 'a'), 'integer of 16 bits, shape 1 found');
    await refused((file) => file.strings('a'), 'strings expected');
    await refused((file) => file.numbers('rows'), 'numbers expected, rows of integer of 16 bits found');
  });

  test('a truncated file, with the library’s reason in the message and nothing on standard error', async () => {
    const bytes = hdf5File({ a: { values: [1, 2, 3], type: 'float64' } });
    expect(isHdf5(bytes)).toBe(true);
    expect(isHdf5(bytes.subarray(0, 7))).toBe(false);
    const short = bytes.subarray(0, bytes.length - 1);
    const reason = `truncated file: eof = ${short.length}`;
    await expectRejection(
      readHdf5({ name: 'short.h5', bytes: short }, () => undefined),
      'data',
      'short.h5',
      reason,
    );
  });

  test('bytes damaged anywhere: a PlasticoreError or other numbers, and the next file is read correctly', async () => {
    const good = {
      'spikes/times': { rows: [[1, 2], [3]], type: 'float32', storage: { chunk: 1, deflate: true } },
      labels: { values: [1, 2], type: 'int64' },
    } satisfies Record<string, Content>;
    const bytes = hdf5File(good);
    const take = (file: Hdf5Contents) => [rowsOf(file, 'spikes/times'), file.numbers('labels')];
    let refused = 0;
    // Past the superblock most bytes are room that nothing is in; every eleventh is enough to meet each structure.
    for (let at = 0; at < bytes.length; at += at < 96 ? 1 : 11) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      await readHdf5({ name: 'damaged.h5', bytes: damaged }, take).catch((error: { code?: string }) => {
        expect(error.code).toBe('data');
        refused += 1;
      });
    }
    expect(refused).toBeGreaterThan(50);
    expect(await read(good, (file) => rowsOf(file, 'spikes/times'))).toEqual([[1, 2], [3]]);
  });
});
