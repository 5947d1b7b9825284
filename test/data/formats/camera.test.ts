import { describe, expect, test } from 'vitest';
import { readCamera } from '../../../src/data/formats/camera.ts';
import { writeNpy } from '../../../src/data/formats/npy.ts';

/** Events as plain numbers: x, y, microseconds, polarity. */
function told(name: string, bytes: Uint8Array): number[][] {
  const { x, y, t, p } = readCamera({ name, bytes });
  return Array.from(x, (column, index) => [column, y[index] ?? -1, t[index] ?? -1, p[index] ?? -1]);
}

const fault = (name: string, bytes: Uint8Array) => () => readCamera({ name, bytes });
const text = (line: string): number[] => [...new TextEncoder().encode(line)];

describe('N-MNIST: 40 bits an event, x, y, one bit of polarity, 23 of microseconds', () => {
  test('byte by byte', () => {
    // 0x80 | 0x01 begins the last three bytes: brighter, 0x010203 us; then darker, the largest time.
    const bytes = Uint8Array.of(33, 0, 0x81, 0x02, 0x03, 5, 17, 0x7f, 0xff, 0xff);
    expect(told('00002.bin', bytes)).toEqual([
      [33, 0, 0x010203, 1],
      [5, 17, 0x7fffff, 0],
    ]);
  });

  test('an event that is late is put where it belongs', () => {
    const bytes = Uint8Array.of(1, 0, 0, 0, 9, 2, 0, 0, 0, 4, 3, 0, 0, 0, 9);
    expect(told('a.bin', bytes).map(([x]) => x)).toEqual([2, 1, 3]);
  });

  test('what is cut off is refused', () => {
    expect(fault('a.bin', Uint8Array.of(1, 2, 3, 4, 5, 6))).toThrow(
      '6 bytes found; a multiple of 5 expected',
    );
  });
});

describe('AEDAT 2.0 of a DVS128: big-endian words of address and time behind lines of #', () => {
  const header = text('#!AER-DAT2.0\r\n# This is a raw AE data file\r\n');
  test('byte by byte', () => {
    // y = 3 is 0x0300, x = 127 is 0xfe, and brighter is 1; then x = 1, y = 127, darker; then what is no pixel.
    const bytes = Uint8Array.of(
      ...header,
      ...[0, 0, 0x03, 0xff, 0, 0, 1, 0],
      ...[0, 0, 0x7f, 0x02, 0, 1, 0, 0],
      ...[0, 0, 0x80, 0x00, 0, 1, 0, 1],
    );
    expect(told('a.aedat', bytes)).toEqual([
      [127, 3, 256, 1],
      [1, 127, 65536, 0],
    ]);
  });

  test('faults', () => {
    expect(fault('a.aedat', Uint8Array.of(...header, 1, 2, 3))).toThrow('3 bytes behind the header');
    expect(fault('a.aedat', Uint8Array.of(...text('#!AER-DAT4.0\r\n')))).toThrow(
      'AEDAT 4.0 found, 2.0 or 3.1 expected',
    );
    expect(fault('a.aedat', Uint8Array.of(1, 2, 3))).toThrow('it does not begin with #!AER-DAT');
  });
});

describe('AEDAT 3.1: packets of little-endian events behind a header', () => {
  const header = text('#!AER-DAT3.1\r\n#Format: RAW\r\n#!END-HEADER\r\n');
  const u32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
  const head = (type: number, size: number, overflow: number, capacity: number, count: number): number[] => [
    ...[type, 0, 1, 0],
    ...[size, 4, overflow, capacity, count, count].flatMap(u32),
  ];
  const polarity = (x: number, y: number, p: number, time: number, isValid = 1): number[] => [
    ...u32(((x << 17) | (y << 2) | (p << 1) | isValid) >>> 0),
    ...u32(time),
  ];

  test('byte by byte: other packets and events that are not valid are left out', () => {
    const bytes = Uint8Array.of(
      ...header,
      // A special event (type 0).
      ...[...head(0, 8, 0, 1, 1), ...u32(1), ...u32(7)],
      ...[
        ...head(1, 8, 0, 3, 2),
        ...polarity(127, 64, 1, 10),
        ...polarity(2, 3, 0, 11, 0),
        ...u32(0),
        ...u32(0),
      ],
      // The 31 bits of microseconds have run over once.
      ...[...head(1, 8, 1, 1, 1), ...polarity(0, 1, 0, 5)],
    );
    expect(told('a.aedat', bytes)).toEqual([
      [127, 64, 10, 1],
      [0, 1, 2 ** 31 + 5, 0],
    ]);
  });

  test('faults', () => {
    expect(fault('a.aedat', Uint8Array.of(...header, ...head(1, 8, 0, 9, 9)))).toThrow(
      'does not fit the file',
    );
    expect(fault('a.aedat', Uint8Array.of(...header, 1, 0))).toThrow('is cut off');
    expect(fault('a.aedat', Uint8Array.of(...header, ...head(1, 4, 0, 1, 1), 0, 0, 0, 0))).toThrow(
      'polarity events of 4 bytes found, 8 expected',
    );
    expect(fault('a.aedat', Uint8Array.of(...text('#!AER-DAT3.1\r\nno end')))).toThrow('#!END-HEADER');
  });
});

describe('.npy: a row for each event', () => {
  const npy = (data: Int32Array, shape: readonly number[]) => writeNpy({ shape, data });
  test('x, y, microseconds, polarity; darker is 0 or -1', () => {
    expect(told('a.npy', npy(Int32Array.of(1, 2, 30, 1, 4, 5, 60, -1), [2, 4]))).toEqual([
      [1, 2, 30, 1],
      [4, 5, 60, 0],
    ]);
  });

  test('faults', () => {
    expect(fault('a.npy', npy(Int32Array.of(1, 2, 3), [1, 3]))).toThrow(
      'an array of 1 x 3 found; events x 4 expected',
    );
    expect(fault('a.npy', npy(Int32Array.of(1, 2, 3, 2), [1, 4]))).toThrow('event 0 is 1, 2, 3, 2');
    expect(fault('a.npy', npy(Int32Array.of(-1, 2, 3, 1), [1, 4]))).toThrow('event 0 is -1, 2, 3, 1');
  });
});
