import { type Place, PlasticoreError, suggest } from '../../text/index.ts';
import { bernoulli } from './bernoulli.ts';

/** Input spikes of one sample: step t has the inputs `indices[offsets[t]] … indices[offsets[t + 1] - 1]`, ascending. */
export interface SpikeTrain {
  readonly steps: number;
  /** `steps + 1` ascending positions in `indices`; the last is the number of spikes. */
  readonly offsets: Uint32Array;
  /** Input indices; entries from `offsets[steps]` on are meaningless. */
  readonly indices: Uint16Array | Uint32Array;
}

/** Which sample is encoded; its random numbers are named by these three, the step and the input. */
export interface EncodingContext {
  readonly seed: number;
  /** Epoch of training from 0, or `noEpoch` for a test set. */
  readonly epoch: number;
  /** Index of the sample in its set, not its position in the order of an epoch. */
  readonly sample: number;
}

/** Turns a sample's features into spikes, outside the core. */
export interface Encoder {
  /**
   * Encodes one sample into `steps` time steps.
   *
   * @param values one feature 0..255 per input
   * @returns buffers of the encoder: valid until its next call
   */
  encode(values: Uint8Array, context: EncodingContext, steps: number): SpikeTrain;
}

/** Every encoder of features by name. A new one is an entry here. */
const encoders = { bernoulli, phase } satisfies Record<string, () => Encoder>;

export type FeatureEncoderName = keyof typeof encoders;
export const featureEncoderNames = Object.keys(encoders) as readonly FeatureEncoderName[];

/** A new encoder with buffers of its own; `invalid-value` at `place` for a name that is not in `featureEncoderNames`. */
export function createEncoder(name: string, place: Place = {}): Encoder {
  const known = featureEncoderNames.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new PlasticoreError('invalid-value', `unknown encoder '${name}'`, {
      ...place,
      hint: suggest(name, featureEncoderNames),
    });
  }
  return encoders[known]();
}

/** An accumulator per input, 128 at the start of a sample, gains the feature each step and spikes when it wraps at 256. */
function phase(): Encoder {
  const buffers = new Buffers();
  let accumulators = new Uint8Array(0);
  return {
    encode(values, _context, steps) {
      const active = buffers.prepare(values, steps);
      const { inputs, train } = buffers;
      const { offsets, indices } = train;
      if (accumulators.length < values.length) accumulators = new Uint8Array(values.length);
      accumulators.fill(128, 0, active);
      let spikes = 0;
      for (let step = 0; step < steps; step++) {
        for (let k = 0; k < active; k++) {
          const input = inputs[k] ?? 0;
          const sum = (accumulators[k] ?? 0) + (values[input] ?? 0);
          accumulators[k] = sum & 0xff;
          if (sum >= 256) indices[spikes++] = input;
        }
        offsets[step + 1] = spikes;
      }
      return train;
    },
  };
}

/** What an encoder reuses from sample to sample: the spike train, and the list of inputs that can spike at all. */
class Buffers {
  /** Inputs with a feature above 0, ascending; `prepare` returns how many. */
  inputs = new Uint32Array(0);
  train: SpikeTrain = { steps: 0, offsets: new Uint32Array(1), indices: new Uint16Array(0) };

  /** Makes room for every input spiking at every step, and lists the inputs above 0. */
  prepare(values: Uint8Array, steps: number): number {
    if (this.inputs.length < values.length) this.inputs = new Uint32Array(values.length);
    const capacity = values.length * steps;
    if (this.train.steps !== steps || this.train.indices.length < capacity) {
      const indices = values.length <= 2 ** 16 ? new Uint16Array(capacity) : new Uint32Array(capacity);
      this.train = { steps, offsets: new Uint32Array(steps + 1), indices };
    }
    let active = 0;
    for (let input = 0; input < values.length; input++) {
      if (values[input] !== 0) this.inputs[active++] = input;
    }
    return active;
  }
}
