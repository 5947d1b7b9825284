import { at } from '../../arrays/index.ts';
import { type BoundKernel, type CoreImage, indexLayoutOf, type Projection } from '../../image/index.ts';
import { columnsOf } from '../../schedule/index.ts';

/** A run of consecutive columns of a row, with consecutive weights. */
interface SegmentRecord {
  readonly first: number;
  /** Its last column. */
  readonly last: number;
  /** The row of stored weights in which they lie, and the place of the first one in it. */
  readonly weightRow: number;
  readonly place: number;
}

/** The rows of a projection that are cut into segments, as far as a kernel visits them. */
export interface SegmentTable {
  readonly name: string;
  readonly projection: number;
  /** How many columns are visited; segments beyond are left out. */
  readonly columns: number;
  /**
   * Of a projection whose targets are listed in a bank: how many segments a word of it lists, and its first word. For
   * each row, the place of the weight from which those of the list are counted.
   */
  readonly list:
    | { readonly itemsPerWord: number; readonly firstWord: number; readonly places: readonly number[] }
    | undefined;
  /** For each row, its first segment, and one for the end. */
  readonly rowStart: readonly number[];
  readonly segments: readonly SegmentRecord[];
}

/** The segments that a kernel walks, row by row. */
export function segmentTableOf(kernel: BoundKernel, image: CoreImage): SegmentTable {
  const index = kernel.projection ?? -1;
  const projection = at(image.projections, index);
  const columns = columnsOf(kernel, image);
  const { size } = at(image.populations, projection.target);
  const segments: SegmentRecord[] = [];
  const rowStart = [0];
  for (let row = 0; row + 1 < projection.segments.rowStart.length; row++) {
    segments.push(...recordsOf(projection, row, columns));
    rowStart.push(segments.length);
  }
  const name = columns < size ? `${projection.name}_${columns}` : projection.name;
  const layout = image.layouts[indexLayoutOf(kernel, image) ?? -1];
  const list = layout && {
    itemsPerWord: layout.itemsPerWord,
    firstWord: layout.firstWord,
    places: placesOf(projection, image),
  };
  return { name, projection: index, columns, list, rowStart, segments };
}

/** The place of the first weight of each row; of a part of a projection, that of the row in the whole. */
function placesOf({ partOf, segments, weightRowLength }: Projection, { projections }: CoreImage): number[] {
  const { rowStart, firstWeight } = partOf === undefined ? segments : at(projections, partOf).segments;
  return Array.from({ length: rowStart.length - 1 }, (_, row) => {
    const first = at(rowStart, row);
    return first === at(rowStart, row + 1) ? 0 : at(firstWeight, first) % Math.max(1, weightRowLength);
  });
}

function recordsOf(
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

/** The most synapses of a row. */
export function longestRowOf({ rowStart, segments }: SegmentTable): number {
  let most = 0;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const own = segments.slice(at(rowStart, row), at(rowStart, row + 1));
    most = Math.max(
      most,
      own.reduce((sum, { first, last }) => sum + last - first + 1, 0),
    );
  }
  return most;
}
