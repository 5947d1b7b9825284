import type { Encoder, SpikeTrain } from './spike-train.ts';

/** In every step, each feature above 0 makes one spike, which carries it. Features of 0 cost nothing. */
export function constantEncoder(): Encoder {
  let train = trainOf(0, 0);
  return {
    encode(values, _context, steps) {
      if (train.steps !== steps || train.values.length < values.length * steps)
        train = trainOf(values.length, steps);
      let spikes = 0;
      for (let step = 0; step < steps; step++) {
        for (let input = 0; input < values.length; input++) {
          const value = values[input] ?? 0;
          if (value === 0) continue;
          train.indices[spikes] = input;
          train.values[spikes++] = value;
        }
        train.offsets[step + 1] = spikes;
      }
      return train;
    },
  };
}

function trainOf(inputs: number, steps: number): SpikeTrain & { readonly values: Uint8Array } {
  return {
    steps,
    offsets: new Uint32Array(steps + 1),
    indices: new Uint32Array(inputs * steps),
    values: new Uint8Array(inputs * steps),
  };
}
