/**
 * Neighbouring tiles under way together, and which items they hold. Position p of a strip is column `column` + p, and
 * lane p mod lanes.
 */
export interface Strip {
  /** How many tiles. */
  tiles: number;
  /** Positions `from` up to (not including) `to` hold items. */
  from: number;
  to: number;
  /** Position, in its population, of the neuron at position 0 (of the post-synaptic one, in a row). */
  column: number;
  /** Number of the synapse at position 0; may be negative where position 0 holds no item. */
  synapse: number;
  /** The pre-synaptic neuron of the row. */
  pre: number;
  /** For each position, whether its item is active. */
  readonly active: Uint8Array;
}
