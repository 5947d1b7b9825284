import { isSparse, type Projection } from '../../image/index.ts';
import type { Segments } from '../../program/index.ts';
import { wordAt } from '../../text/index.ts';

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
  const { rowStart, firstWeight, firstPost, length } = segments;
  if (weightRowLength !== columns || weightRows !== rowStart.length - 1) return false;
  for (let row = 0; row < weightRows; row++) {
    for (let segment = wordAt(rowStart, row); segment < wordAt(rowStart, row + 1); segment++) {
      const isOwn = firstWeight[segment] === row * weightRowLength + wordAt(firstPost, segment);
      if (!isOwn && length[segment] !== 0) return false;
    }
  }
  return true;
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
  const rows = segments.rowStart.length - 1;
  const rowStart = new Uint32Array(rows + 1);
  const firstWeight: number[] = [];
  const firstPost: number[] = [];
  const length: number[] = [];
  for (let row = 0; row < rows; row++) {
    const end = wordAt(segments.rowStart, row + 1);
    for (let segment = wordAt(segments.rowStart, row); segment < end; segment++) {
      const post = wordAt(segments.firstPost, segment);
      const from = Math.max(post, first);
      const count = Math.min(post + wordAt(segments.length, segment), first + size) - from;
      if (count <= 0) continue;
      const weight = wordAt(segments.firstWeight, segment) + from - post;
      firstWeight.push(isOwn ? row * size + from - first : weightRows === 0 ? 0 : weight);
      firstPost.push(from - first);
      length.push(count);
    }
    rowStart[row + 1] = length.length;
  }
  return {
    segments: {
      rowStart,
      firstWeight: Uint32Array.from(firstWeight),
      firstPost: Uint32Array.from(firstPost),
      length: Uint32Array.from(length),
    },
    weightRows,
    weightRowLength: isOwn ? size : weightRowLength,
    firstWeight: isOwn ? first : 0,
    holdsAll: !isOwn,
    items: undefined,
  };
}
