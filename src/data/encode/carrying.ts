import type { Encoder, SpikeTrain } from './spike-train.ts';

/** In every step, each feature above 0 makes one spike, which carries it. Features of 0 cost nothing. */
export const constantEncoder = (): Encoder => carrying((steps) => steps);

/** The same in the first step alone. */
export const graded = (): Encoder => carrying((steps) => Math.min(steps, 1));

/** @param spikingIn how many of the steps of a sample, from the first on, have spikes */
function carrying(spikingIn: (steps: number) => number): Encoder {
  let train = trainOf(0, 0);
  return {
    encode(values, _context, steps) {
      const spiking = spikingIn(steps);
      const most = values.length * spiking;
      if (train.steps !== steps || train.values.length < most) train = trainOf(steps, most);
      let spikes = 0;
      for (let step = 0; step < spiking; step++) {
        for (let input = 0; input < values.length; input++) {
          const value = values[input] ?? 0;
          if (value === 0) continue;
          train.indices[spikes] = input;
          train.values[spikes++] = value;
        }
        train.offsets[step + 1] = spikes;
      }
      train.offsets.fill(spikes, spiking + 1);
      return train;
    },
  };
}

function trainOf(steps: number, most: number): SpikeTrain & { readonly values: Uint8Array } {
  return {
    steps,
    offsets: new Uint32Array(steps + 1),
    indices: new Uint32Array(most),
    values: new Uint8Array(most),
  };
}
