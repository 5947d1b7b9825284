/** The tile that a kernel visits: consecutive columns, column c in lane c mod `lanes`. */
export interface Tile {
  /** Lanes `from` up to, not including, `to` hold items. */
  from: number;
  to: number;
  /** Position of lane 0's neuron in its population: the post-synaptic neuron, in a row. */
  column: number;
  /** Number of the synapse in lane 0; may be negative if lane 0 holds no item. */
  synapse: number;
  /** The pre-synaptic neuron of the row. */
  pre: number;
  /** The value that the spike carries which runs the kernel. */
  value: number;
  /** For each lane, whether its item is active. */
  readonly active: Uint8Array;
}
