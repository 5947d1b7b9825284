import type { Path } from '../../text/index.ts';
import { at } from '../../text/index.ts';
import { type LaidPopulation, type LaidProjection, type NetworkLayout, pictureOf } from './layout.ts';

/** A quantity of a network, of one of its populations or of one of its projections. */
export interface MappedQuantity {
  /** `population 'hidden'`. */
  readonly subject: string;
  readonly value: number | string;
  readonly path: Path;
}

export const isHidden = ({ role }: LaidPopulation): boolean => role === 'hidden';
export const isNoInput = ({ role }: LaidPopulation): boolean => role !== 'input';
export const isOutput = ({ role }: LaidPopulation): boolean => role === 'output';

export const ofNetwork = (value: number, path: Path = ['populations']): readonly MappedQuantity[] => [
  { subject: 'the network', value, path },
];
export const ofPopulation = ({ name, path }: LaidPopulation, value: number | string): MappedQuantity => ({
  subject: `population '${name}'`,
  value,
  path,
});
export const ofProjection = ({ name, path }: LaidProjection, value: number | string): MappedQuantity => ({
  subject: `projection '${name}'`,
  value,
  path,
});

export function countNeurons({ populations }: NetworkLayout, which: (population: LaidPopulation) => boolean) {
  return ofNetwork(populations.filter(which).reduce((sum, { size }) => sum + size, 0));
}

type Ends = (from: LaidPopulation, to: LaidPopulation) => boolean;

/** The projections between some populations. */
export function between({ populations, projections }: NetworkLayout, ends: Ends): LaidProjection[] {
  const named = new Map(populations.map((population) => [population.name, population]));
  return projections.filter((projection) => {
    const [from, to] = [named.get(projection.from), named.get(projection.to)];
    return from !== undefined && to !== undefined && ends(from, to);
  });
}

export const weights = (network: NetworkLayout, ends: Ends) =>
  ofNetwork(
    between(network, ends).reduce((sum, projection) => sum + projection.weights, 0),
    ['projections'],
  );

/** The neurons of some populations that have a synapse of projections, at their beginning or at their end. */
export function joined(network: NetworkLayout, ends: Ends, side: 'from' | 'to'): readonly MappedQuantity[] {
  const found = new Set<string>();
  for (const projection of between(network, ends)) {
    const synapses = side === 'from' ? projection.fanOut : projection.reached;
    for (let neuron = 0; neuron < synapses.length; neuron++)
      if (at(synapses, neuron) > 0) found.add(`${projection[side]} ${neuron}`);
  }
  return ofNetwork(found.size, ['projections']);
}

/** The most synapses that a neuron of a population has, through all projections that leave it. */
export function largestFanOut({ projections }: NetworkLayout, population: LaidPopulation): number {
  const sums = new Float64Array(population.size);
  for (const { from, fanOut } of projections)
    if (from === population.name)
      for (let neuron = 0; neuron < fanOut.length; neuron++)
        sums[neuron] = at(sums, neuron) + at(fanOut, neuron);
  return sums.reduce((most, sum) => Math.max(most, sum), 0);
}

/** Whether spikes of a projection can come back to the neurons that sent them. */
export function isRecurrent({ projections }: NetworkLayout, { from, to }: LaidProjection): boolean {
  const reached = new Set([to]);
  for (const name of reached)
    for (const projection of projections) if (projection.from === name) reached.add(projection.to);
  return reached.has(from);
}

export const windows = (
  { projections }: NetworkLayout,
  which: LaidProjection['connection'],
  sides: (window: NonNullable<LaidProjection['window']>) => readonly number[],
): readonly MappedQuantity[] =>
  projections.flatMap((projection) =>
    projection.connection !== which || projection.window === undefined
      ? []
      : [...new Set(sides(projection.window))].map((side) => ofProjection(projection, side)),
  );

export function sideOf(population: LaidPopulation): MappedQuantity {
  const [rows, columns] = pictureOf(population);
  return ofPopulation(population, Math.max(rows, columns));
}
