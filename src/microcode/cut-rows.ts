import type { Projection } from '../image/index.ts';
import { segmentRecords } from '../schedule/index.ts';
import { cutRowParts, mostColumns, packRecord, segmentParts } from './records.ts';

interface HeldRows {
  /** The record of the first row. */
  readonly first: number;
  /** Whether some segment's weights begin in another lane than its columns. */
  readonly turns: boolean;
}

/** Rows that are cut into segments, as a core holds them: of each projection its rows, then all of their segments. */
export class CutRows {
  readonly records: bigint[] = [];
  readonly #lanes: number;
  readonly #held = new Map<string, HeldRows>();

  constructor(lanes: number) {
    this.#lanes = lanes;
  }

  /** The rows of a projection, for kernels that visit so many columns. */
  of(projection: Projection, columns: number): HeldRows {
    const key = `${projection.name} ${columns}`;
    const found = this.#held.get(key) ?? this.#add(projection, columns);
    this.#held.set(key, found);
    return found;
  }

  #add(projection: Projection, columns: number): HeldRows {
    const first = this.records.length;
    const rows = Array.from({ length: projection.segments.rowStart.length - 1 }, (_, row) =>
      segmentRecords(projection, row, columns),
    );
    let segment = first + rows.length;
    for (const { length: count } of rows) {
      this.records.push(packRecord(cutRowParts, { segment, count }));
      segment += count;
    }
    const segments = rows.flat();
    for (const { first: from, last: to, weightRow: weights, place } of segments) {
      const shift = projection.weightRowLength === 0 ? 0 : (place - from + mostColumns) % mostColumns;
      this.records.push(packRecord(segmentParts, { from, to, weights, shift }));
    }
    return { first, turns: segments.some((one) => (one.first - one.place) % this.#lanes !== 0) };
  }
}
