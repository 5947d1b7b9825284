import type { Projection, Slice } from '../../image/index.ts';
import { rowsOf, visitRow } from '../../program/index.ts';
import { wordAt } from '../../text/index.ts';
import type { CutProjection } from './cut-segments.ts';

/** The part of a sparse projection that leads to some of its columns. */
type CutSparse = CutProjection & { readonly items: Uint32Array };

type Columns = Pick<Slice, 'first' | 'size'>;

/** All parts of a projection: they are made together, since its synapses are too many to be looked at for each core. */
const known = new WeakMap<Projection, { readonly slices: readonly Columns[]; readonly parts: CutSparse[] }>();

/**
 * Keeps the synapses onto a slice: of each row, the blocks of targets that lie there, or the part of a block that does.
 *
 * @param slices all slices of the post-synaptic population, in ascending order; the same list for each of them
 */
function cutSparse(projection: Projection, slices: readonly Columns[], first: number): CutSparse {
  let cut = known.get(projection);
  if (cut?.slices !== slices) {
    cut = { slices, parts: cutAll(projection, slices) };
    known.set(projection, cut);
  }
  const part = cut.parts[slices.findIndex((slice) => slice.first === first)];
  if (part === undefined) throw new Error(`no slice of ${projection.name} begins at ${first}`);
  return part;
}

/**
 * Likewise, of the synapses of a projection that have one delay: their weights are among those that the core holds of
 * all of them.
 *
 * @param projection all synapses, or those with one delay
 * @param whole the projection with all of them
 */
export function cutPart(
  projection: Projection,
  whole: Projection,
  slices: readonly Columns[],
  first: number,
): CutProjection {
  const held = cutSparse(whole, slices, first);
  if (projection === whole) return held;
  const { segments, items } = cutSparse(projection, slices, first);
  // Both have their weights in the order of the whole.
  let next = 0;
  const firstWeight = segments.firstWeight.map((own) => {
    while (held.items[next] !== items[own]) next += 1;
    return next;
  });
  return { ...held, segments: { ...segments, firstWeight } };
}

function cutAll({ segments }: Projection, slices: readonly Columns[]): CutSparse[] {
  const rows = rowsOf(segments);
  const columns = slices.reduce((end, { first, size }) => Math.max(end, first + size), 0);
  const sliceOf = new Uint32Array(columns);
  for (const [index, { first, size }] of slices.entries()) sliceOf.fill(index, first, first + size);
  const ends = Uint32Array.from(slices, ({ first, size }) => first + size);
  const starts = slices.map(() => new Uint32Array(rows + 1));
  const weights = new Uint32Array(slices.length);
  /** Calls for each piece of a row's segments: where it lies, and the number of its first weight. */
  const forEachPiece = (
    row: number,
    piece: (slice: number, post: number, count: number, weight: number) => void,
  ): void =>
    visitRow(segments, row, (firstPost, length, firstWeight) => {
      for (let done = 0; done < length; ) {
        const slice = wordAt(sliceOf, firstPost + done);
        const count = Math.min(length - done, wordAt(ends, slice) - firstPost - done);
        piece(slice, firstPost + done, count, firstWeight + done);
        done += count;
      }
    });
  for (let row = 0; row < rows; row++)
    forEachPiece(row, (slice, _, count) => {
      const start = starts[slice];
      if (start !== undefined) start[row + 1] = wordAt(start, row + 1) + 1;
      weights[slice] = wordAt(weights, slice) + count;
    });
  const parts = starts.map((start, slice): CutSparse => {
    for (let row = 0; row < rows; row++) start[row + 1] = wordAt(start, row + 1) + wordAt(start, row);
    const count = wordAt(start, rows);
    return {
      segments: {
        rowStart: start,
        firstWeight: new Uint32Array(count),
        firstPost: new Uint32Array(count),
        length: new Uint32Array(count),
      },
      weightRows: 1,
      weightRowLength: wordAt(weights, slice),
      firstWeight: 0,
      holdsAll: false,
      items: new Uint32Array(wordAt(weights, slice)),
    };
  });
  const nextSegment = new Uint32Array(slices.length);
  const nextWeight = new Uint32Array(slices.length);
  for (let row = 0; row < rows; row++)
    forEachPiece(row, (slice, post, count, weight) => {
      const part = parts[slice];
      if (part === undefined) return;
      const segment = wordAt(nextSegment, slice);
      const own = wordAt(nextWeight, slice);
      part.segments.firstWeight[segment] = own;
      part.segments.firstPost[segment] = post - (slices[slice]?.first ?? 0);
      part.segments.length[segment] = count;
      for (let at = 0; at < count; at++) part.items[own + at] = weight + at;
      nextSegment[slice] = segment + 1;
      nextWeight[slice] = own + count;
    });
  return parts;
}
