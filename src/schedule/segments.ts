import { type BoundKernel, isDense, type Projection } from '../image/index.ts';
import { at } from '../text/index.ts';
import type { PipelineView } from './tiles.ts';

/** The projection whose rows a kernel walks, if they are cut into segments. */
export function projectionInSegments(
  { domain, projection: index }: Pick<BoundKernel, 'domain' | 'projection'>,
  program: Pick<PipelineView, 'projections' | 'populations'>,
): Projection | undefined {
  const projection = program.projections[index ?? -1];
  const walksRows = domain === 'row' || domain === 'synapses';
  return walksRows && projection !== undefined && !isDense(program, projection) ? projection : undefined;
}

/** A run of consecutive columns of a row, with consecutive weights, as a core's memory has it. */
export interface SegmentRecord {
  readonly first: number;
  /** Its last column. */
  readonly last: number;
  /** The row of stored weights in which they lie, and the place of the first one in it. */
  readonly weightRow: number;
  readonly place: number;
}

/** The segments of a row, as far as they have columns that a kernel visits. */
export function segmentRecords(
  { segments: { rowStart, firstPost, firstWeight, length }, weightRowLength }: Projection,
  row: number,
  columns: number,
): SegmentRecord[] {
  const records: SegmentRecord[] = [];
  for (let segment = at(rowStart, row); segment < at(rowStart, row + 1); segment++) {
    const first = at(firstPost, segment);
    const last = Math.min(first + at(length, segment), columns) - 1;
    if (last < first) continue;
    const weight = at(firstWeight, segment);
    // Projections without weights have no rows of them.
    const rowLength = Math.max(1, weightRowLength);
    records.push({ first, last, weightRow: Math.floor(weight / rowLength), place: weight % rowLength });
  }
  return records;
}
