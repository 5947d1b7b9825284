import { isSparse, type Projection } from '../../image/index.ts';
import { rowsOf, SegmentList, type Segments, visitRow } from '../../program/index.ts';

/** The part of a projection that leads to some of its columns. */
export interface CutProjection {
  readonly segments: Segments;
  readonly weightRows: number;
  readonly weightRowLength: number;
  /** The first weight of each row of weights that the part holds. */
  readonly firstWeight: number;
  /** Whether it holds all weights, since synapses share them. */
  readonly holdsAll: boolean;
  /** Of a sparse projection: for each weight, its number in the whole projection. */
  readonly items: Uint32Array | undefined;
}

/**
 * Whether each row of a projection has weights of its own, one for each post-synaptic neuron or for each listed target:
 * then a core holds only the weights of its columns.
 */
export function hasOwnWeights(
  projection: Projection,
  projections: readonly Projection[],
  columns: number,
): boolean {
  if (isSparse(projection, projections)) return true;
  const { segments, weightRows, weightRowLength } = projection;
  if (weightRowLength !== columns || weightRows !== rowsOf(segments)) return false;
  let isOwn = true;
  for (let row = 0; row < weightRows && isOwn; row++)
    visitRow(segments, row, (post, count, weight) => {
      if (count !== 0 && weight !== row * weightRowLength + post) isOwn = false;
    });
  return isOwn;
}

/**
 * Keeps the synapses onto the columns from `first` on.
 *
 * @param isOwn whether each row has weights of its own: see {@link hasOwnWeights}
 */
export function cutProjection(
  projection: Projection,
  isOwn: boolean,
  slice: { readonly first: number; readonly size: number },
): CutProjection {
  const { first, size } = slice;
  const { segments, weightRows, weightRowLength } = projection;
  const kept = new SegmentList();
  for (let row = 0; row < rowsOf(segments); row++) {
    visitRow(segments, row, (post, all, firstWeight) => {
      const from = Math.max(post, first);
      const count = Math.min(post + all, first + size) - from;
      if (count <= 0) return;
      const weight = weightRows === 0 ? 0 : firstWeight + from - post;
      kept.add(from - first, count, isOwn ? row * size + from - first : weight);
    });
    kept.endRow();
  }
  return {
    segments: kept.segments,
    weightRows,
    weightRowLength: isOwn ? size : weightRowLength,
    firstWeight: isOwn ? first : 0,
    holdsAll: !isOwn,
    items: undefined,
  };
}
