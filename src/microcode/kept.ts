import { allLists, layoutOf, type ProgramView, plainActions, suppliedTo } from '../image/index.ts';
import { at } from '../text/index.ts';

/** Spikes that a core keeps beside its FIFO: the number of their source, and the first of its tiles. */
export interface KeptSource {
  readonly source: number;
  readonly first: number;
}

/** The name of a source: spikes of the step before, those of the input in this step, those whose delay has ended. */
export type KeptName = `previous ${number}` | `received ${number}` | `waited ${number} ${number}`;

/** The sources of spikes that this step or the next one takes up again, and the tiles that all of them have. */
export function keptSources(
  image: Pick<ProgramView, 'events' | 'populations' | 'fields' | 'layouts' | 'core'>,
): { readonly sources: ReadonlyMap<KeptName, KeptSource>; readonly tiles: number } {
  const { events, populations, core } = image;
  const sources = new Map<KeptName, KeptSource>();
  let tiles = 0;
  const add = (name: KeptName, neurons: number): void => {
    if (sources.has(name)) return;
    sources.set(name, { source: sources.size, first: tiles });
    tiles += Math.ceil(neurons / core.lanes);
  };
  for (const action of allLists(events).flatMap(plainActions)) {
    if (action.does === 'deliver' && action.spikes === 'previous')
      add(`previous ${action.population}`, at(populations, action.population).size);
    if (action.does !== 'keep') continue;
    const { population, field, lists } = at(events.delayed, action.delayed);
    const neurons = suppliedTo(at(populations, population));
    if (action.from === 'received') add(`received ${action.delayed}`, neurons);
    else add(`previous ${population}`, at(populations, population).size);
    const { wordsPerRow, itemsPerWord } = layoutOf(image, at(image.fields, field));
    for (const list of lists.keys()) add(`waited ${action.delayed} ${list}`, wordsPerRow * itemsPerWord);
  }
  return { sources, tiles };
}
