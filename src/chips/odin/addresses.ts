/** Addresses of input events, as the chip decodes them. */

/** A spike of a neuron: its row of synapses. */
export const spikeOf = (pre: number): number => (pre << 8) | 7;
/** The leak of one neuron. */
export const timeReference = (post: number): number => (post << 8) | 0xff;
/** The leak of all neurons. */
export const timeReferenceOfAll = 0x7f;
/** The largest weight, of a synapse or of a virtual event. */
export const largestWeight = 7;
/** A virtual event: an update of one neuron by the largest weight, without a synapse. */
export const virtual = (post: number, inhibits: boolean): number =>
  (post << 8) | (largestWeight << 5) | (Number(inhibits) << 4) | 1;
