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
  /** Of a projection whose targets are listed in a bank: how many segments a word of it lists, and its first word. */
  readonly list: { readonly itemsPerWord: number; readonly firstWord: number } | undefined;
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
  const list = layout && { itemsPerWord: layout.itemsPerWord, firstWord: layout.firstWord };
  return { name, projection: index, columns, list, rowStart, segments };
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

/**
 * The first row in which an item is in two segments: a target, or a weight. There, a tile could be read before one
 * ahead of it in the pipeline is written. Between rows, the pipeline drains.
 */
export function overlappingRow(
  { rowStart, segments }: SegmentTable,
  what: 'target' | 'weight',
): number | undefined {
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const own = segments.slice(at(rowStart, row), at(rowStart, row + 1));
    const runs = own.map(({ first, last, weightRow, place }): [number, number, number] =>
      what === 'target' ? [0, first, last] : [weightRow, place, place + last - first],
    );
    if (overlap(runs)) return row;
  }
  return undefined;
}

/** Whether any two runs share an item: each has a line, and the first and last item in it. */
function overlap(runs: [line: number, first: number, last: number][]): boolean {
  runs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return runs.some(([line, first], index) => {
    const before = runs[index - 1];
    return before !== undefined && before[0] === line && before[2] >= first;
  });
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
