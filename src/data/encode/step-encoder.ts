import type { Events } from '../sets/dataset.ts';
import type { EventEncoder } from './event-encoder.ts';

/** Creates an encoder of spikes that are in time steps already: each comes in its own, with what it carries. */
export function createStepEncoder(stepsOfSample: number): EventEncoder {
  const offsets = new Uint32Array(stepsOfSample + 1);
  return {
    encode({ times, units, values }: Events) {
      offsets.fill(0);
      for (const step of times) offsets[step + 1] = (offsets[step + 1] ?? 0) + 1;
      for (let step = 0; step < stepsOfSample; step++)
        offsets[step + 1] = (offsets[step + 1] ?? 0) + (offsets[step] ?? 0);
      return { steps: stepsOfSample, offsets, indices: units, ...(values && { values }) };
    },
  };
}
