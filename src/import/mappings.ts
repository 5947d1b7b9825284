import type { Conventions, NirGraph } from '../nir/index.ts';
import type { Way } from './choose.ts';
import type { InputNumbers } from './input-numbers.ts';
import { type Gains, networkOf } from './map/index.ts';
import type { Entry } from './quantise/index.ts';

/** The choices that are left when a network is put on a core. */
export interface Mapping {
  readonly entry: Entry;
  readonly gains: Gains;
}

/** All mappings of a graph that differ, with their choices in words. */
export function mappingsOf(
  graph: NirGraph,
  rules: Conventions,
  numbers: InputNumbers,
  areIntegers: boolean,
): readonly (Mapping & Pick<Way, 'choices'>)[] {
  const uneven = networkOf(graph, rules, numbers, { gains: 'neurons' }).stages.filter(
    ({ model }) => model?.inputGain,
  );
  const names = uneven.map(({ node }) => `'${node}'`).join(', ');
  const entries = numbers.are === 'constant' ? (['once', 'each step'] as const) : (['each step'] as const);
  const places =
    uneven.length > 0 && !areIntegers ? (['neurons', 'weights'] as const) : (['weights'] as const);
  return entries.flatMap((entry) =>
    places.map((gains) => ({
      entry,
      gains,
      choices: [
        { what: 'how the constant input reaches the first neurons', value: entryWords[entry] },
        { what: `where the gains of ${names} are, which differ within a channel`, value: gainWords[gains] },
      ],
    })),
  );
}

const entryWords: Readonly<Record<Entry, string>> = {
  once: 'once, into a field that is added in each step',
  'each step': 'as spikes that carry it, in each step',
};

const gainWords: Readonly<Record<Gains, string>> = {
  neurons: 'in the neurons, which multiply what they gather, so that weights stay shared',
  weights: 'in the weights, which are then one for each synapse',
};
