/**
 * Limits on a program's size, checked before memory is allocated. A spike's address has 24 bits for the neuron. The
 * FIFO has 8 bits for the list that a spike runs.
 */
export const programLimits = {
  steps: 2 ** 20,
  populations: 128,
  /** Lists that spikes run: two for each population, and one for each of its delays. */
  spikeLists: 256,
  /** Most bits of a number that samples ask for. */
  labelBits: 16,
  /** Longest delay of a projection or a synapse, in steps. */
  delay: 62,
  /** Most numbers that a neuron keeps in a field with positions. */
  positions: 2 ** 12,
  /** Most cores that a program is placed on. */
  cores: 2 ** 16,
  neurons: 2 ** 24,
  /** Most weights of a projection. */
  weights: 2 ** 31 - 1,
  /**
   * Most segments of a projection whose rows are cut: for each window position, one per input that it covers; for each
   * drawn block of targets, or each listed target, one.
   */
  segments: 2 ** 24,
} as const;
