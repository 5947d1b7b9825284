/** What outlives a sample: the bits of the banks, and the random generators. */
export interface CoreState {
  /** One for each bank, in packed form, 32 bits to an element. */
  readonly banks: readonly Uint32Array[];
  /**
   * States of the lanes' generators, then of those that the core model declares: the `far` bits that precede the current
   * word, oldest bit lowest.
   */
  readonly generators: Uint32Array;
}

/** An address event in the FIFO: a spike of this step, or of the one before. */
export interface AddressEvent {
  readonly population: number;
  readonly neuron: number;
  readonly spikes: 'emitted' | 'previous';
}
