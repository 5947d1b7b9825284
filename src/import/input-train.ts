import type { SpikeTrain } from '../data/index.ts';
import type { InputData } from './input-data.ts';
import type { IntegerNetwork } from './quantise/index.ts';

/** A sample in which all inputs are at their most in each step, for want of data. */
export function fullTrain(
  { network, entry }: Pick<IntegerNetwork, 'network' | 'entry'>,
  steps: number,
): SpikeTrain {
  const { input, numbers } = network;
  const all = new Uint8Array(steps * input.size).fill(numbers.are === 'spikes' ? 1 : 255);
  return trainOf({ network, entry }, { numbers, steps, sample: () => all }, 0);
}

/**
 * A sample of data as a core takes it: inputs that spike, step by step, of which one that spikes several times occurs
 * as often; or that send values, in each step, or those of the first step once.
 */
export function trainOf(
  { network, entry }: Pick<IntegerNetwork, 'network' | 'entry'>,
  { numbers, steps, ...data }: Pick<InputData, 'numbers' | 'steps' | 'sample'>,
  sample: number,
): SpikeTrain {
  const { size } = network.input;
  const given = data.sample(sample);
  const hasValues = numbers.are !== 'spikes';
  const offsets = new Uint32Array(steps + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let step = 0; step < steps; step++) {
    const isQuiet = entry === 'once' && step > 0;
    for (let neuron = 0; neuron < size && !isQuiet; neuron++) {
      const number = given[step * size + neuron] ?? 0;
      if (hasValues && number > 0) values.push(number);
      for (let again = 0; again < (hasValues ? Math.min(1, number) : number); again++) indices.push(neuron);
    }
    offsets[step + 1] = indices.length;
  }
  return {
    steps,
    offsets,
    indices: Uint32Array.from(indices),
    ...(hasValues && { values: Uint8Array.from(values) }),
  };
}
