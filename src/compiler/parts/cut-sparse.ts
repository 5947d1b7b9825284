import type { Projection } from '../../image/index.ts';
import type { Segments } from '../../program/index.ts';

/** The part of a sparse projection that leads to some of its columns. */
export interface CutSparse {
  readonly segments: Segments;
  /** For each of its weights, the number of the weight in the whole projection. */
  readonly items: Uint32Array;
}

/**
 * Keeps the synapses onto the columns from `first` on: of each row, the blocks of targets that lie there, or the part of a
 * block that does. The targets of a row ascend, so that those of a slice are neighbours.
 */
export function cutSparse(
  { segments }: Projection,
  { first, size }: { readonly first: number; readonly size: number },
): CutSparse {
  const { rowStart, firstPost, firstWeight, length } = segments;
  const rows = rowStart.length - 1;
  const end = first + size;
  const froms = new Uint32Array(rows);
  const cutStart = new Uint32Array(rows + 1);
  let weights = 0;
  for (let row = 0; row < rows; row++) {
    let from = firstEndingBehind(segments, first, rowStart[row] ?? 0, rowStart[row + 1] ?? 0);
    froms[row] = from;
    let count = 0;
    for (; from < (rowStart[row + 1] ?? 0) && (firstPost[from] ?? 0) < end; from++) {
      const post = firstPost[from] ?? 0;
      weights += Math.min(post + (length[from] ?? 0), end) - Math.max(post, first);
      count += 1;
    }
    cutStart[row + 1] = (cutStart[row] ?? 0) + count;
  }
  const kept = cutStart[rows] ?? 0;
  const cut = {
    rowStart: cutStart,
    firstWeight: new Uint32Array(kept),
    firstPost: new Uint32Array(kept),
    length: new Uint32Array(kept),
  };
  const items = new Uint32Array(weights);
  let weight = 0;
  for (let row = 0; row < rows; row++) {
    for (let to = cutStart[row] ?? 0, from = froms[row] ?? 0; to < (cutStart[row + 1] ?? 0); to++, from++) {
      const post = firstPost[from] ?? 0;
      const begin = Math.max(post, first);
      const count = Math.min(post + (length[from] ?? 0), end) - begin;
      cut.firstWeight[to] = weight;
      cut.firstPost[to] = begin - first;
      cut.length[to] = count;
      for (let at = 0; at < count; at++) items[weight + at] = (firstWeight[from] ?? 0) + begin - post + at;
      weight += count;
    }
  }
  return { segments: cut, items };
}

/** The first segment of a row that ends behind a neuron. */
function firstEndingBehind(
  { firstPost, length }: Segments,
  neuron: number,
  from: number,
  to: number,
): number {
  let low = from;
  for (let high = to; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((firstPost[middle] ?? 0) + (length[middle] ?? 0) > neuron) high = middle;
    else low = middle + 1;
  }
  return low;
}
