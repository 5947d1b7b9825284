import { PlasticoreError } from '../../text/index.ts';
import { type FeatureSet, labelledSet } from '../sets/dataset.ts';
import { isGzip, unpackGzip } from './gzip.ts';

/** The bytes of a file, with the name used in errors. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An array of unsigned bytes: `data` in C order, `shape` as stated in the file. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Two zero bytes, the type (8: unsigned byte), the number of dimensions (Y. LeCun, "The MNIST database"). */
const magics = { 1: 0x0801, 3: 0x0803 } as const;
const kinds = new Map([
  [0x0801, 'labels, one dimension of unsigned bytes'],
  [0x0803, 'images, three dimensions of unsigned bytes'],
]);

/** The rank of the array in an IDX file of unsigned bytes: 3 for images, 1 for labels; undefined for other files. */
export function idxRank(bytes: Uint8Array): 1 | 3 | undefined {
  if (bytes.length < 4) return undefined;
  const magic = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  return magic === magics[1] ? 1 : magic === magics[3] ? 3 : undefined;
}

/**
 * Reads an IDX file, plain or gzip.
 *
 * @param rank 3 for images (magic 2051), 1 for labels (magic 2049)
 * @throws a `data` error for a different magic number, or for missing or extra bytes
 */
export function readIdx(file: NamedBytes, rank: 1 | 3): IdxArray {
  const bytes = isGzip(file.bytes) ? unpackGzip(file.bytes, file.name) : file.bytes;
  const fail = (message: string, hint?: string) =>
    new PlasticoreError('data', message, { file: file.name, hint });
  const headerBytes = 4 + 4 * rank;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length < 4 ? undefined : view.getUint32(0);
  if (magic !== undefined && magic !== magics[rank]) {
    const found = kinds.get(magic);
    throw fail(
      `magic ${magic}${found === undefined ? '' : ` (${found})`} found, ${magics[rank]} (${kinds.get(magics[rank])}) expected`,
      found === undefined
        ? 'this is not an IDX file of unsigned bytes'
        : 'have images and labels been swapped?',
    );
  }
  if (bytes.length < headerBytes) {
    throw fail(`truncated: a header of ${headerBytes} bytes expected, ${bytes.length} bytes found`);
  }
  const shape = Array.from({ length: rank }, (_, dimension) => view.getUint32(4 + 4 * dimension));
  const expected = headerBytes + shape.reduce((a, b) => a * b, 1);
  checkLength(bytes, expected, `a header of ${headerBytes} and ${shape.join(' x ')}`, file.name);
  return { shape, data: bytes.subarray(headerBytes) };
}

/** Makes an IDX file: labels from an array of one dimension, images from one of three. */
export function writeIdx({ shape, data }: IdxArray): Uint8Array {
  const rank = shape.length;
  if (rank !== 1 && rank !== 3) throw new Error(`an IDX file of ${rank} dimensions`);
  const headerBytes = 4 + 4 * rank;
  const bytes = new Uint8Array(headerBytes + data.length);
  const header = new DataView(bytes.buffer);
  [magics[rank], ...shape].forEach((word, index) => {
    header.setUint32(4 * index, word);
  });
  bytes.set(data, headerBytes);
  return bytes;
}

/**
 * Makes a labelled set from an image file and a label file. Throws a `data` error if they disagree or a label is not in
 * 0..classes - 1.
 */
export function readIdxSet(
  name: string,
  images: NamedBytes,
  labels: NamedBytes,
  classes: number,
): FeatureSet {
  const { shape, data } = readIdx(images, 3);
  const [, rows = 0, columns = 0] = shape;
  return labelledSet({
    name,
    inputs: rows * columns,
    shape: [rows, columns],
    classes,
    values: data,
    labels: readIdx(labels, 1).data,
    valuesFile: images.name,
    labelsFile: labels.name,
  });
}

/**
 * Checks that a file has the length stated in its header. Throws a `data` error with both lengths if not.
 *
 * @param contents what the header announces, for the error
 */
export function checkLength(bytes: Uint8Array, expected: number, contents: string, file: string): void {
  const extra = bytes.length - expected;
  if (extra === 0) return;
  const what = extra < 0 ? 'truncated' : `${extra} trailing byte${extra === 1 ? '' : 's'}`;
  throw new PlasticoreError(
    'data',
    `${what}: ${expected} bytes expected (${contents}), ${bytes.length} found`,
    { file },
  );
}
