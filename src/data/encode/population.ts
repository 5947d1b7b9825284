import { createStepEncoder, type EventEncoder } from './event-encoder.ts';

/** A population code: a value in a time step becomes an event of the input in whose range it lies. */
export interface PopulationEncoding {
  readonly population: PopulationCode;
}

interface PopulationCode {
  /** How many values an input stands for, of the features 0..255. */
  readonly width: number;
}

/** How many inputs a channel has; the last may stand for fewer values. */
const inputsEach = ({ width }: PopulationCode): number => Math.ceil(256 / width);

export const populationInputs = (channels: number, code: PopulationCode): number =>
  channels * inputsEach(code);

/** Creates a population code for samples of values. A value of 0 is no spike of the set, and stays silent. */
export function createPopulationEncoder(stepsOfSample: number, code: PopulationCode): EventEncoder {
  const encoder = createStepEncoder(stepsOfSample);
  return {
    encode({ times, units, values }, context, steps) {
      const train = encoder.encode({ times, units }, context, steps);
      const inputOf = (channel: number, index: number) =>
        channel * inputsEach(code) + Math.floor((values?.[index] ?? 0) / code.width);
      return { ...train, indices: Uint32Array.from(units, inputOf) };
    },
  };
}
