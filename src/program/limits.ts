/**
 * The most that a program may have, so that its sizes are checked before anything is reserved for them. A spike's address
 * has 24 bits for the neuron, and the FIFO 8 bits for the list that the spike runs: one of two for each population.
 */
export const programLimits = {
  steps: 2 ** 20,
  populations: 128,
  neurons: 2 ** 24,
  /** Weights of a projection. */
  weights: 2 ** 31 - 1,
  /** Pieces of rows that a window makes: for each place of it, those of each input that it covers. */
  segments: 2 ** 24,
} as const;
