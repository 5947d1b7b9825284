import { type BoundKernel, type CoreImage, indexLayoutOf, type Projection } from '../../image/index.ts';
import { columnsOf, type SegmentRecord, segmentRecords } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, RecordFormat, SegmentBits, SegmentTable } from './core-plan.ts';
import { indexBits } from './widths.ts';

/** The segments that a kernel walks, row by row. */
export function segmentTableOf(kernel: BoundKernel, image: CoreImage): SegmentTable {
  const index = kernel.projection ?? -1;
  const projection = at(image.projections, index);
  const columns = columnsOf(kernel, image);
  const { size } = at(image.populations, projection.target);
  const segments: SegmentRecord[] = [];
  const rowStart = [0];
  for (let row = 0; row + 1 < projection.segments.rowStart.length; row++) {
    segments.push(...segmentRecords(projection, row, columns));
    rowStart.push(segments.length);
  }
  const name = columns < size ? `${projection.name}_${columns}` : projection.name;
  const layout = image.layouts[indexLayoutOf(kernel, image) ?? -1];
  const places = layout && placesOf(projection, image);
  const rows = rowStart.slice(0, -1).map((start, row): Readonly<Record<string, number>> => {
    const count = at(rowStart, row + 1) - start;
    const first = count === 0 ? 0 : start;
    if (layout === undefined || places === undefined) return { segment: first, count };
    const word = layout.firstWord + Math.floor(first / layout.itemsPerWord);
    const place = count === 0 ? 0 : at(places, row);
    return { word, slot: first % layout.itemsPerWord, count, place };
  });
  const lengths = rowStart
    .slice(0, -1)
    .map((start, row) =>
      segments
        .slice(start, at(rowStart, row + 1))
        .reduce((sum, { first, last }) => sum + last - first + 1, 0),
    );
  return {
    name,
    rows: formatOf(layout === undefined ? ['segment', 'count'] : ['word', 'slot', 'count', 'place'], rows),
    segments:
      layout === undefined
        ? formatOf(
            ['first', 'last', 'weightRow', 'place'],
            segments.map((segment) => ({ ...segment })),
          )
        : undefined,
    rowBits: indexBits(rows.length),
    addressBits: indexBits(Math.max(1, segments.length)),
    count: segments.length,
    longestRow: lengths.reduce((a, b) => Math.max(a, b), 0),
  };
}

function formatOf(names: readonly string[], records: RecordFormat['records']): RecordFormat {
  const parts = names.map((name) => {
    const most = records.reduce((largest, record) => Math.max(largest, record[name] ?? 0), 0);
    return [name, indexBits(1 + most)] as const;
  });
  return { parts, bits: parts.reduce((sum, [, bits]) => sum + bits, 0), records };
}

/** The place of the first weight of each row; of a part of a projection, that of the row in the whole. */
function placesOf({ partOf, segments, weightRowLength }: Projection, { projections }: CoreImage): number[] {
  const { rowStart, firstWeight } = partOf === undefined ? segments : at(projections, partOf).segments;
  return Array.from({ length: rowStart.length - 1 }, (_, row) => {
    const first = at(rowStart, row);
    return first === at(rowStart, row + 1) ? 0 : at(firstWeight, first) % Math.max(1, weightRowLength);
  });
}

/** Bits of what the walker keeps of segments; undefined where no kernel walks any. */
export function segmentBitsOf({
  image,
  kernels,
  tables,
  widths: { tile, lanes, address },
}: Pick<CorePlan, 'image' | 'kernels' | 'tables' | 'widths'>): SegmentBits | undefined {
  if (!kernels.some(({ walksSegments }) => walksSegments)) return undefined;
  const partBits = (format: RecordFormat | undefined, name: string): number =>
    format?.parts.find(([part]) => part === name)?.[1] ?? 0;
  // A row of stored weights is a segment.
  const rows = kernels.map((kernel) => (kernel.walks === 'weights' ? kernel.rows : 0));
  const ofRows = indexBits(Math.max(...rows) + 1);
  const layouts = kernels.flatMap(({ list }) => list?.layout ?? []);
  return {
    address: Math.max(ofRows, ...tables.map(({ addressBits }) => addressBits)),
    count: Math.max(ofRows, ...tables.map((table) => partBits(table.rows, 'count'))),
    column: Math.max(tile + Math.log2(lanes), ...tables.map(({ segments }) => partBits(segments, 'last'))),
    listed:
      layouts.length === 0
        ? undefined
        : {
            word: Math.max(...layouts.map(({ bank }) => at(image.banks, bank).wordBits)),
            address: Math.max(...layouts.map(({ bank }) => at(address, bank))),
            slot: indexBits(Math.max(...layouts.map(({ itemsPerWord }) => itemsPerWord))),
          },
  };
}
