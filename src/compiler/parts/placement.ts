import type { Population } from '../../image/index.ts';
import { type Place, PlasticoreError, suggest } from '../../text/index.ts';

/** Consecutive neurons of a population, and the core that holds them. */
export interface Slice {
  /** The first neuron. */
  readonly first: number;
  /** How many neurons, at least one. */
  readonly size: number;
  /** Number of the core, from 0. */
  readonly core: number;
}

/** Where the neurons of a program are: for each population, by name, its slices in ascending order. */
export type Placement = Readonly<Record<string, readonly Slice[]>>;

/**
 * Checks that a placement puts every neuron of every population on exactly one core.
 *
 * @param cores how many cores there are
 * @throws PlasticoreError `invalid-value` for the first neuron or core that is wrong
 */
export function checkPlacement(
  placement: Placement,
  populations: readonly Population[],
  cores: number,
  place: Place = {},
): void {
  const refuse = (message: string, hint: string): never => {
    throw new PlasticoreError('invalid-value', `placement: ${message}`, { ...place, hint });
  };
  const names = populations.map(({ name }) => name);
  const unknown = Object.keys(placement).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`there is no population '${unknown}'`, suggest(unknown, names));
  for (const { name, size } of populations) {
    let next = 0;
    for (const { first, size: count, core } of placement[name] ?? []) {
      if (core < 0 || core >= cores)
        refuse(`'${name}' is on core ${core}, but the chip has ${cores}`, `name cores 0 to ${cores - 1}`);
      if (first > next) refuse(missing(name, next, first - 1), 'place every neuron once');
      if (first < next) refuse(`neuron ${first} of '${name}' is placed twice`, 'place every neuron once');
      next = first + count;
      if (next > size)
        refuse(`'${name}' has neurons 0 to ${size - 1}, found ${next - 1}`, 'end the last slice there');
    }
    if (next < size) refuse(missing(name, next, size - 1), 'place every neuron once');
  }
}

function missing(name: string, first: number, last: number): string {
  return first === last
    ? `neuron ${first} of '${name}' is on no core`
    : `neurons ${first} to ${last} of '${name}' are on no core`;
}

/** The slices that a program states for a population: `{0-127: 0}`, as Slice, in ascending order. */
export function statedSlices(stated: Readonly<Record<string, number>>): Slice[] {
  return Object.entries(stated)
    .map(([range, core]): Slice => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return { first, size: last - first + 1, core };
    })
    .sort((a, b) => a.first - b.first);
}

/**
 * Spreads each population evenly over all cores: slices of equal numbers of tiles, in the order of the cores. A
 * population that has fewer tiles than there are cores is on as many cores as it has tiles, counted from the last core
 * back, so that small populations do not all meet on core 0. The input, whose neurons compute nothing, is on core 0.
 *
 * @param lanes the neurons of a tile
 */
export function spread(
  populations: readonly Population[],
  input: number,
  cores: number,
  lanes: number,
): Placement {
  return Object.fromEntries(
    populations.map(({ name, size }, index) => {
      const tiles = Math.ceil(size / lanes);
      const parts = index === input ? 1 : Math.min(cores, tiles);
      const slices: Slice[] = [];
      for (let part = 0; part < parts; part++) {
        const first = lanes * Math.floor((part * tiles) / parts);
        const end = Math.min(size, lanes * Math.floor(((part + 1) * tiles) / parts));
        const core = index === input || parts === cores ? part : cores - parts + part;
        slices.push({ first, size: end - first, core });
      }
      return [name, slices];
    }),
  );
}
