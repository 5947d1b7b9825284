/** The tile that a kernel visits: neighbouring columns, of which column c is in lane c mod `lanes`. */
export interface Tile {
  /** Lanes `from` up to, not including, `to` hold items. */
  from: number;
  to: number;
  /** Position, in its population, of the neuron in lane 0; of the post-synaptic one, in a row. */
  column: number;
  /** Number of the synapse in lane 0; may be negative where lane 0 holds no item. */
  synapse: number;
  /** The pre-synaptic neuron of the row. */
  pre: number;
  /** For each lane, whether its item is active. */
  readonly active: Uint8Array;
}
