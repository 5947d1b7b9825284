import { type Image, plainActions } from '../../../../image/index.ts';

/** Where the spikes of a population are kept from one step to the next. */
export interface PreviousSpikes {
  /** A byte for each neuron: whether it has spiked in this step. */
  readonly flags: number;
  /** The spikes of the previous step: their number, then the neurons in ascending order, u32 each. */
  readonly list: number;
  readonly size: number;
}

/** For each population, room for its spikes of the previous step; undefined where no list takes them. */
export function mapPrevious(
  image: Image,
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
  return image.populations.map(({ size }, population) =>
    delivered.has(population) ? { flags: take(size), list: take(4 * (size + 1)), size } : undefined,
  );
}
