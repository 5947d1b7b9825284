import type { Encoder, SpikeTrain } from './spike-train.ts';

/** Each input's accumulator starts a sample at 128, adds the feature in each step, and spikes when it wraps at 256. */
export function phase(): Encoder {
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

/** Buffers that an encoder reuses for every sample: the spike train, and the list of inputs that can spike at all. */
class Buffers {
  /** Inputs with a feature above 0, ascending; `prepare` returns their number. */
  inputs = new Uint32Array(0);
  train: SpikeTrain = { steps: 0, offsets: new Uint32Array(1), indices: new Uint16Array(0) };

  /** Makes room for every input to spike at every step, and lists the inputs above 0. */
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
