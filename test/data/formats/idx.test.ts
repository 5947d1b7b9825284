import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readIdx, readIdxSet, writeIdx } from '../../../src/data/index.ts';
import { expectError } from '../../support/errors.ts';

/** Three images of 2 x 2 pixels, byte by byte. */
const imageBytes = Uint8Array.of(
  ...[0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2],
  ...[1, 2, 3, 4],
  ...[5, 6, 7, 8],
  ...[0, 255, 128, 9],
);
const labelBytes = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 9);
const images = { name: 'images', bytes: imageBytes };
const labels = { name: 'labels', bytes: labelBytes };

describe('IDX files', () => {
  test('images: shape and pixels', () => {
    const { shape, data } = readIdx(images, 3);
    expect(shape).toEqual([3, 2, 2]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 255, 128, 9]);
  });

  test('labels', () => {
    expect([...readIdx(labels, 1).data]).toEqual([2, 0, 9]);
  });

  test('bytes in the middle of a larger buffer', () => {
    const larger = Uint8Array.of(77, ...labelBytes, 77);
    expect([...readIdx({ name: 'l', bytes: larger.subarray(1, -1) }, 1).data]).toEqual([2, 0, 9]);
  });

  test('gzip is recognised by its first bytes', () => {
    const packed = { name: 'images', bytes: new Uint8Array(gzipSync(imageBytes)) };
    expect(readIdx(packed, 3)).toEqual(readIdx(images, 3));
  });

  test('gzip that announces more than may be unpacked is refused before memory is taken', () => {
    // 2 MiB that could hold 2 GiB of zeros, and whose trailer says 1 GiB.
    const bytes = new Uint8Array(2 ** 21);
    bytes.set(gzipSync(imageBytes).subarray(0, 10));
    new DataView(bytes.buffer).setUint32(bytes.length - 4, 2 ** 30, true);
    expectError(() => readIdx({ name: 'bomb', bytes }, 3), 'data', 'bomb: unpacks to more than 512 MiB');
  });

  test('are written as they are read', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 255, 128, 9);
    expect(writeIdx({ shape: [3, 2, 2], data: pixels })).toEqual(imageBytes);
    expect(writeIdx({ shape: [3], data: Uint8Array.of(2, 0, 9) })).toEqual(labelBytes);
  });

  test('a labelled set', () => {
    const set = readIdxSet('test', images, labels, 10);
    expect(set).toMatchObject({ name: 'test', inputs: 4, classes: 10, count: 3 });
    expect([...set.values.subarray(4, 8)]).toEqual([5, 6, 7, 8]);
    expect([...set.labels]).toEqual([2, 0, 9]);
  });
});

describe('bad IDX files', () => {
  const broken = (bytes: Uint8Array) => ({ name: 'file.idx', bytes });

  test('truncated: bytes expected and found', () => {
    const read = () => readIdx(broken(imageBytes.subarray(0, 20)), 3);
    expectError(read, 'data', 'file.idx', 'truncated', '28 bytes expected', '3 x 2 x 2', '20 found');
  });

  test('truncated within the header', () => {
    for (const length of [0, 3, 4, 15]) {
      const read = () => readIdx(broken(imageBytes.subarray(0, length)), 3);
      expectError(read, 'data', 'truncated', '16 bytes expected', `${length} bytes found`);
    }
  });

  test('trailing bytes', () => {
    const read = () => readIdx(broken(Uint8Array.of(...labelBytes, 1, 2)), 1);
    expectError(read, 'data', '2 trailing bytes', '11 bytes expected', '13 found');
  });

  test('wrong magic', () => {
    expectError(
      () => readIdx(broken(Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0)), 1),
      'data',
      'magic 3329',
      '2049',
    );
    expectError(() => readIdx(broken(labelBytes), 3), 'data', 'magic 2049', '2051', 'swapped');
  });

  test('label out of range: its index and value', () => {
    const read = () => readIdxSet('train', images, broken(labelBytes), 9);
    expectError(read, 'data', 'file.idx', 'label 2 is 9', '0..8');
    expect(readIdxSet('train', images, broken(labelBytes), 10).count).toBe(3);
  });

  test('more images than labels', () => {
    const two = broken(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 2, 0));
    expectError(() => readIdxSet('train', images, two, 10), 'data', '2 labels found, 3 expected', 'images');
  });

  test('no images', () => {
    const none = broken(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2));
    expectError(() => readIdxSet('train', none, labels, 10), 'data', 'no samples');
  });

  test('damaged gzip: cut short, a flipped bit in the data, in the length, in the checksum', () => {
    const packed = new Uint8Array(gzipSync(imageBytes, { level: 0 }));
    expectError(() => readIdx(broken(packed.subarray(0, 12)), 3), 'data', 'gzip', '12 bytes found');
    expectError(() => readIdx(broken(packed.subarray(0, -9)), 3), 'data', 'file.idx', 'gzip');
    for (const [fromEnd, message] of [
      [9, 'checksum'],
      [5, 'checksum'],
      [1, 'trailer claims'],
    ] as const) {
      const flipped = packed.slice();
      const at = flipped.length - fromEnd;
      flipped[at] = (flipped[at] ?? 0) ^ 0x40;
      expectError(() => readIdx(broken(flipped), 3), 'data', 'file.idx', message);
    }
  });
});
