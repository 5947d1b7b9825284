import {
  type Action,
  listOf,
  type ProgramView,
  type SpikeKind,
  servedSpikes,
  spikeLists,
} from '../image/index.ts';

/*
 * The address of a spike, an unsigned 32-bit number: the population's index in the upper 8 bits, the neuron in the
 * lower 24. Where spikes carry a value, it is in these, above the neuron: see `neuronIn` and `valueIn` of the image.
 */

/** Bits of a spike's address that name the neuron. */
export const neuronBits = 24;

/** Neurons of a population at most. A power is computed anew at each use, which costs more than all else here. */
const neurons = 2 ** neuronBits;

export function spikeAddress(population: number, neuron: number): number {
  return population * neurons + neuron;
}

export function populationOf(address: number): number {
  return address >>> neuronBits;
}

export function neuronOf(address: number): number {
  return address & (neurons - 1);
}

/** Spikes that a core keeps room for: each neuron once, or as many as a named event emits. */
export function roomForSpikes({ populations, input, events }: ProgramView): number {
  const neurons = populations.reduce((sum, { size }, index) => sum + (index === input ? 0 : size), 0);
  return Math.max(neurons, ...events.named.map((event) => event.mostEmitted));
}

/** Finds the list that spikes of a kind trigger. */
export function listsOf(image: ProgramView): (population: number, spikes: SpikeKind) => readonly Action[] {
  const served = servedSpikes(image);
  const lists = spikeLists(image.events);
  return (population, spikes) => lists[listOf(served, population, spikes)] ?? [];
}
