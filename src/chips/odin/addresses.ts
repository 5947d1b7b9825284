/** Addresses of input events, as the chip decodes them. */

/** A spike of a neuron: its row of synapses. */
export const spikeOf = (pre: number): number => (pre << 8) | 7;
/** The leak of one neuron. */
export const timeReference = (post: number): number => (post << 8) | 0xff;
/** The leak of all neurons. */
export const timeReferenceOfAll = 0x7f;
