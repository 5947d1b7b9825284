import type { Projection } from '../image/index.ts';
import { segmentRecords } from '../schedule/index.ts';
import { cutRowParts, mostColumns, packRecord, segmentParts } from './records.ts';

/** Rows that are cut into segments, as a core holds them: of each projection its rows, then all of their segments. */
export class CutRows {
  readonly records: bigint[] = [];
  readonly #firsts = new Map<string, number>();

  /** The record of a projection's first row, for kernels that visit so many columns. */
  first(projection: Projection, columns: number): number {
    const key = `${projection.name} ${columns}`;
    const found = this.#firsts.get(key);
    if (found !== undefined) return found;
    const first = this.records.length;
    this.#firsts.set(key, first);
    const rows = Array.from({ length: projection.segments.rowStart.length - 1 }, (_, row) =>
      segmentRecords(projection, row, columns),
    );
    let segment = first + rows.length;
    for (const { length: count } of rows) {
      this.records.push(packRecord(cutRowParts, { segment, count }));
      segment += count;
    }
    for (const { first: from, last: to, weightRow: weights, place } of rows.flat()) {
      const shift = projection.weightRowLength === 0 ? 0 : (place - from + mostColumns) % mostColumns;
      this.records.push(packRecord(segmentParts, { from, to, weights, shift }));
    }
    return first;
  }
}
