import { wordAt } from '../text/index.ts';

/**
 * The connections of a projection: for each pre-synaptic neuron a list of segments, each a run of consecutive weights
 * onto consecutive post-synaptic neurons. Row r has the segments `rowStart[r]` up to, not including, `rowStart[r + 1]`.
 */
export interface Segments {
  readonly rowStart: Uint32Array;
  readonly firstWeight: Uint32Array;
  readonly firstPost: Uint32Array;
  readonly length: Uint32Array;
}

/** Every pre-synaptic neuron onto every post-synaptic one: one segment per row. */
export function denseSegments(pre: number, post: number): Segments {
  return {
    rowStart: Uint32Array.from({ length: pre + 1 }, (_, row) => row),
    firstWeight: Uint32Array.from({ length: pre }, (_, row) => row * post),
    firstPost: new Uint32Array(pre),
    length: new Uint32Array(pre).fill(post),
  };
}

/** Of a segment: its first neuron, how many it leads to, its first weight, and its number. */
type Visit = (post: number, count: number, weight: number, segment: number) => void;

/** Calls for each segment of a row, in their order: a call, not a generator, since there may be millions of them. */
export function visitRow(
  { rowStart, firstPost, length, firstWeight }: Segments,
  row: number,
  visit: Visit,
): void {
  const end = wordAt(rowStart, row + 1);
  for (let segment = wordAt(rowStart, row); segment < end; segment++)
    visit(wordAt(firstPost, segment), wordAt(length, segment), wordAt(firstWeight, segment), segment);
}

/** The number of rows: of pre-synaptic neurons. */
export const rowsOf = ({ rowStart }: Segments): number => rowStart.length - 1;

/** The most synapses in a row. */
export function longestRow(segments: Segments): number {
  let longest = 0;
  for (let row = 0; row < rowsOf(segments); row++) {
    let synapses = 0;
    visitRow(segments, row, (_, count) => {
      synapses += count;
    });
    longest = Math.max(longest, synapses);
  }
  return longest;
}

/** Segments that are found one after the other, row by row. */
export class SegmentList {
  readonly #rowStart = [0];
  readonly #firstWeight: number[] = [];
  readonly #firstPost: number[] = [];
  readonly #length: number[] = [];

  add(post: number, count: number, weight: number): void {
    this.#firstPost.push(post);
    this.#length.push(count);
    this.#firstWeight.push(weight);
  }

  endRow(): void {
    this.#rowStart.push(this.#length.length);
  }

  get segments(): Segments {
    return {
      rowStart: Uint32Array.from(this.#rowStart),
      firstWeight: Uint32Array.from(this.#firstWeight),
      firstPost: Uint32Array.from(this.#firstPost),
      length: Uint32Array.from(this.#length),
    };
  }
}
