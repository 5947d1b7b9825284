import { rowsOf, type Segments, visitRow } from '../program/index.ts';
import { wordAt } from '../text/index.ts';
import type { Projection } from './image.ts';

/** What the fields of a sparse projection's index say, an item for each segment: see {@link Projection.index}. */
export const indexKeys = ['target', 'count', 'offset'] as const;

/** The items of such a field, as the segments of its projection have them. */
export function indexItems(
  key: (typeof indexKeys)[number],
  { segments, partOf }: Projection,
  projections: readonly Projection[],
): Uint32Array {
  if (key === 'target') return segments.firstPost;
  if (key === 'count') return segments.length;
  return offsetsIn(projections[partOf ?? -1]?.segments ?? segments, segments);
}

/** Where the weights of each segment begin, counted from the first weight of its row in the whole projection. */
export function offsetsIn(whole: Segments, segments: Segments): Uint32Array {
  const offsets = new Uint32Array(segments.length.length);
  for (let row = 0; row < rowsOf(segments); row++) {
    const first = wordAt(whole.rowStart, row);
    // A row without segments may end the list: it has no first weight.
    visitRow(segments, row, (_, __, weight, segment) => {
      offsets[segment] = weight - wordAt(whole.firstWeight, first);
    });
  }
  return offsets;
}

/** Whether a projection is sparse: its targets are listed, for all of its synapses or for those of each delay. */
export function isSparse(projection: Projection, projections: readonly Projection[]): boolean {
  const whole = projections.indexOf(projection);
  return projections.some(
    ({ index, partOf }, at) => index !== undefined && (at === whole || partOf === whole),
  );
}
