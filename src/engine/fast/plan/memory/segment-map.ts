import { at } from '../../../../text/index.ts';
import type { Segmentation } from '../analysis/segments.ts';

/** Where the segments of a projection lie in the linear memory. */
export interface SegmentAddresses {
  /** For each row and one more, the address of its first segment, u32 each. */
  readonly rowStart: number;
  /**
   * The segments, u32 each: first column, first weight, and the number of their columns unless all have the same. Those
   * of a sparse projection that are all alike have no first weight where it follows from their number; their columns
   * are then u16 if that holds them.
   */
  readonly segments: number;
  readonly segmentBytes: number;
  /** Elements from one row of weights to the next. */
  readonly rowStride: number;
  /** A segment's first weight: its element in the field; or not stored, if weights and segments follow one another. */
  readonly firstWeight: 'element' | 'running';
}

export const firstPostOffset = 0;
export const firstWeightOffset = 4;
export const lengthOffset = 8;

/** For each projection whose rows are cut into segments, room for their tables. */
export function mapSegments(
  segmentations: readonly (Segmentation | undefined)[],
  rowStrides: readonly number[],
  take: (bytes: number) => number,
): readonly (SegmentAddresses | undefined)[] {
  return segmentations.map((segmentation, index) => {
    if (segmentation === undefined) return undefined;
    const isAlike = segmentation.columns !== undefined;
    const isRunning = isAlike && segmentation.index?.hasOffsets === false;
    const runningBytes = segmentation.lastFirstPost < 2 ** 16 ? 2 : 4;
    const segmentBytes = isRunning ? runningBytes : isAlike ? 8 : 12;
    return {
      rowStart: take(4 * (segmentation.rows + 1)),
      segments: take(segmentBytes * segmentation.length.length),
      segmentBytes,
      rowStride: at(rowStrides, index),
      firstWeight: isRunning ? 'running' : 'element',
    };
  });
}

/** Writes the tables of all projections. */
export function writeSegments(
  segmentations: readonly (Segmentation | undefined)[],
  tables: readonly (SegmentAddresses | undefined)[],
  buffer: ArrayBuffer,
): void {
  for (const [index, segmentation] of segmentations.entries()) {
    const table = tables[index];
    if (table !== undefined && segmentation !== undefined) writeTable(table, segmentation, buffer);
  }
}

function writeTable(
  { rowStart, segments, segmentBytes, rowStride, firstWeight }: SegmentAddresses,
  segmentation: Segmentation,
  buffer: ArrayBuffer,
): void {
  const { rows, weightRowLength, columns } = segmentation;
  const addresses = segmentation.rowStart.map((s) => segments + segmentBytes * s);
  new Uint32Array(buffer, rowStart, rows + 1).set(addresses);
  const words = segmentBytes / 4;
  if (firstWeight === 'running') {
    const Columns = segmentBytes === 2 ? Uint16Array : Uint32Array;
    new Columns(buffer, segments, segmentation.firstPost.length).set(segmentation.firstPost);
    return;
  }
  const table = new Uint32Array(buffer, segments, words * segmentation.length.length);
  for (const [s, length] of segmentation.length.entries()) {
    const synapse = at(segmentation.firstWeight, s);
    const row = Math.floor(synapse / Math.max(1, weightRowLength));
    const element = synapse + row * (rowStride - weightRowLength);
    table[words * s] = at(segmentation.firstPost, s);
    table[words * s + 1] = element;
    if (columns === undefined) table[words * s + 2] = length;
  }
}
