import { type CoreImage, plainActions } from '../../../../image/index.ts';
import { neuronBits } from '../../../spike-address.ts';

/** Where the spikes of a population are kept from one step to the next. */
export interface PreviousSpikes {
  /** A byte for each neuron: whether it has spiked in this step. */
  readonly flags: number;
  /** The spikes of the previous step: their number, then the neurons in ascending order, u32 each. */
  readonly list: number;
  readonly size: number;
  /** For each neuron, its last spike in this step with its value, u32; undefined if spikes carry no values. */
  readonly values: number | undefined;
  /** The bits of a spike that are its neuron. */
  readonly neuronMask: number;
}

/** For each population, room for its spikes of the previous step; undefined where no list takes them. */
export function mapPrevious(
  image: CoreImage,
  take: (bytes: number) => number,
): readonly (PreviousSpikes | undefined)[] {
  const { sample, tick, delayed } = image.events;
  const delivered = new Set(
    plainActions([...sample, ...tick]).map((action) => {
      if (action.does === 'deliver' && action.spikes === 'previous') return action.population;
      return action.does === 'keep' && action.from === 'previous'
        ? delayed[action.delayed]?.population
        : undefined;
    }),
  );
  return image.populations.map(({ size, payload }, population) =>
    delivered.has(population)
      ? {
          flags: take(size),
          list: take(4 * (size + 1)),
          size,
          values: payload && take(4 * size),
          neuronMask: 2 ** (payload?.shift ?? neuronBits) - 1,
        }
      : undefined,
  );
}
