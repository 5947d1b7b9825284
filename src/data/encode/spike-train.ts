/** Input spikes of one sample. Step t has the inputs `indices[offsets[t]] … indices[offsets[t + 1] - 1]`, ascending. */
export interface SpikeTrain {
  readonly steps: number;
  /** `steps + 1` ascending positions in `indices`; the last is the number of spikes. */
  readonly offsets: Uint32Array;
  /** Input indices; entries from `offsets[steps]` on are undefined. */
  readonly indices: Uint16Array | Uint32Array;
  /** The value that each of them carries, 1..255, if they do. */
  readonly values?: Uint8Array | undefined;
  /**
   * What these are. Of a feature, an input sends as many upper bits as its payload has; a count it sends as it is,
   * saturated to the payload. Absent for features.
   */
  readonly valuesAre?: 'features' | 'counts' | undefined;
}

/** Selects a sample. The first three, with the step and the input, determine its random numbers. */
export interface EncodingContext {
  readonly seed: number;
  /** Training epoch, from 0, or `noEpoch` for a test set. */
  readonly epoch: number;
  /** Index of the sample in its set, not its position in the order of an epoch. */
  readonly sample: number;
  /** `false` leaves out the random changes of training. */
  readonly augment?: boolean | undefined;
}

/** Turns a sample's features into spikes, outside the core. */
export interface Encoder {
  /**
   * Encodes one sample into `steps` time steps.
   *
   * @param values one feature 0..255 per input
   * @returns buffers of the encoder, valid until its next call
   */
  encode(values: Uint8Array, context: EncodingContext, steps: number): SpikeTrain;
}
