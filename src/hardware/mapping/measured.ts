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

type Measure = (network: NetworkLayout) => readonly MappedQuantity[];
/** One value of an item, several, each of which is counted once, or none. */
type Values = number | string | readonly number[] | undefined;

const ofEach =
  <Item extends { readonly name: string; readonly path: Path }>(
    kind: 'population' | 'projection',
    items: (network: NetworkLayout) => readonly Item[],
    valuesOf: (item: Item, network: NetworkLayout) => Values,
  ): Measure =>
  (network) =>
    items(network).flatMap((item) =>
      [...new Set([valuesOf(item, network) ?? []].flat())].map((value) => ({
        subject: `${kind} '${item.name}'`,
        value,
        path: item.path,
      })),
    );

export const ofPopulations = (valuesOf: (population: LaidPopulation, network: NetworkLayout) => Values) =>
  ofEach('population', ({ populations }) => populations, valuesOf);
export const ofProjections = (valuesOf: (projection: LaidProjection, network: NetworkLayout) => Values) =>
  ofEach('projection', ({ projections }) => projections, valuesOf);
/** Of the windows of convolutions. */
export const ofWindows = (valuesOf: (window: NonNullable<LaidProjection['window']>) => Values) =>
  ofProjections(({ connection, window }) =>
    connection === 'convolution' && window !== undefined ? valuesOf(window) : undefined,
  );

export function countNeurons({ populations }: NetworkLayout, which: (population: LaidPopulation) => boolean) {
  return ofNetwork(populations.filter(which).reduce((sum, { size }) => sum + size, 0));
}

type Ends = (from: LaidPopulation, to: LaidPopulation) => boolean;

/** The projections between some populations. */
function between({ populations, projections }: NetworkLayout, ends: Ends): LaidProjection[] {
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
export function recurrenceOf({ from, to }: LaidProjection, { projections }: NetworkLayout): string {
  const reached = new Set([to]);
  for (const name of reached)
    for (const projection of projections) if (projection.from === name) reached.add(projection.to);
  return reached.has(from) ? 'recurrent' : 'feed-forward';
}

/** The longer side of a picture; undefined for neurons that are none. */
export const sideOf = (population: LaidPopulation, pooled?: readonly [number, number]): number | undefined =>
  population.shape && Math.max(...pictureOf(population, pooled).slice(0, 2));
