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

/** The most synapses in a row. */
export function longestRow({ rowStart, length }: Segments): number {
  let longest = 0;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    let synapses = 0;
    for (let s = rowStart[row] ?? 0; s < (rowStart[row + 1] ?? 0); s++) synapses += length[s] ?? 0;
    longest = Math.max(longest, synapses);
  }
  return longest;
}
