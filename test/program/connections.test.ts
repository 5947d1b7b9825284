import { describe, expect, it } from 'vitest';
import { connectionOf, type Segments } from '../../src/program/index.ts';
import { programOf } from '../support/core.ts';
import { expectError } from '../support/errors.ts';

const connected = (from: string, to: string, connect: string) =>
  connectionOf(
    programOf(
      `format: plasticore/program/1
name: net
steps: 1
input: a
populations:
  a: {${from}}
  b: {${to}, fields: {v: {bits: 8}}}
projections:
  p: {from: a, to: b, connect: ${connect}}
microcode: {}
events: {tick: []}
readout: b.v
`,
      {},
    ),
    'p',
  );

/** Row by row: [first weight, first post, length] of each segment. */
const rowsOf = ({ rowStart, firstWeight, firstPost, length }: Segments): number[][][] =>
  Array.from({ length: rowStart.length - 1 }, (_, row) =>
    Array.from({ length: (rowStart[row + 1] ?? 0) - (rowStart[row] ?? 0) }, (__, s) => {
      const at = (rowStart[row] ?? 0) + s;
      return [firstWeight[at] ?? 0, firstPost[at] ?? 0, length[at] ?? 0];
    }),
  );

describe('a convolution', () => {
  // A picture of 3 x 3, windows of 2 x 2 at 2 x 2 places, 2 channels: weights (place, channel) at place x 2.
  const { segments, weightRows, weightRowLength, longestRow } = connected(
    'shape: [3, 3, 1]',
    'shape: [2, 2, 2]',
    '{convolution: {window: 2}}',
  );

  it('has a row of weights for each place of its window', () => {
    expect({ weightRows, weightRowLength }).toEqual({ weightRows: 4, weightRowLength: 2 });
  });

  it('turns a spike into a segment for each window that covers it', () => {
    const rows = rowsOf(segments);
    // The corner is in one window only, at its first place.
    expect(rows[0]).toEqual([[0, 0, 2]]);
    // Above the middle: the right place of the left window, the left place of the right one.
    expect(rows[1]).toEqual([
      [2, 0, 2],
      [0, 2, 2],
    ]);
    // The middle is in all four, at the place opposite to the window's own.
    expect(rows[4]).toEqual([
      [6, 0, 2],
      [4, 2, 2],
      [2, 4, 2],
      [0, 6, 2],
    ]);
    expect(longestRow).toBe(8);
  });

  it.each([
    // (5 + 2 - 3) / 2 + 1 rows, (4 + 2 - 2) / 2 + 1 columns
    { stride: [2, 2], padding: [1, 1], down: 3, across: 3 },
    // (5 + 0 - 3) / 2 + 1 rows, (4 + 4 - 2) / 3 + 1 columns
    { stride: [2, 3], padding: [0, 2], down: 2, across: 3 },
  ])('agrees with windows slid over a padded picture of several channels, %j', (given) => {
    const [rows, columns, channels, out] = [5, 4, 3, 2];
    const [windowRows, windowColumns] = [3, 2];
    const { stride, padding, down, across } = given;
    const [strideRows = 0, strideColumns = 0] = stride;
    const [paddingRows = 0, paddingColumns = 0] = padding;
    const found = rowsOf(
      connected(
        `shape: [${rows}, ${columns}, ${channels}]`,
        `shape: [${down}, ${across}, ${out}]`,
        `{convolution: {window: [${windowRows}, ${windowColumns}], stride: [${stride}], padding: [${padding}]}}`,
      ).segments,
    );
    const expected: number[][][] = found.map(() => []);
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        for (let ky = 0; ky < windowRows; ky++) {
          for (let kx = 0; kx < windowColumns; kx++) {
            const row = y * strideRows + ky - paddingRows;
            const column = x * strideColumns + kx - paddingColumns;
            if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
            for (let channel = 0; channel < channels; channel++) {
              const weight = ((ky * windowColumns + kx) * channels + channel) * out;
              expected[(row * columns + column) * channels + channel]?.push([
                weight,
                (y * across + x) * out,
                out,
              ]);
            }
          }
        }
      }
    }
    expect(found).toEqual(expected);
  });

  it('leaves inputs without a synapse where its stride is larger than its window', () => {
    const { segments } = connected(
      'shape: [3, 3, 1]',
      'shape: [1, 1, 1]',
      '{convolution: {window: 2, stride: 3}}',
    );
    expect(rowsOf(segments).map((row) => row.length)).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0]);
  });
});

describe('a pooling', () => {
  it('has no weights, and joins the inputs of a channel', () => {
    const { segments, weightRows } = connected(
      'shape: [2, 4, 2]',
      'shape: [1, 2, 2]',
      '{pooling: {window: 2, stride: 2}}',
    );
    expect(weightRows).toBe(0);
    expect(rowsOf(segments).flat()).toEqual(
      [0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3].map((post) => [0, post, 1]),
    );
  });
});

describe('a picture that does not agree', () => {
  it.each([
    ['size: 9', 'shape: [2, 2, 2]', "a convolution needs a picture: 'a' has no shape"],
    ['shape: [3, 3, 1]', 'size: 8', "a convolution makes a picture: 'b' has no shape"],
    ['shape: [3, 3, 1]', 'shape: [3, 2, 2]', "the window makes [2, 2, 2], but 'b' has the shape [3, 2, 2]"],
    ['shape: [1, 3, 1]', 'shape: [2, 2, 2]', "the window is larger than 'a'"],
  ])('%s to %s', (from, to, message) => {
    expectError(() => connected(from, to, '{convolution: {window: 2}}'), 'invalid-value', message);
  });
});
