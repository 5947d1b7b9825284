import type { Placement, Slice } from '../../image/index.ts';
import { cutEvenly } from './placement.ts';

/** The facts of a population that its distribution needs. */
export interface Portion {
  readonly name: string;
  readonly size: number;
  /** How much of a core's capacity all its neurons take: 1 fills a core. */
  readonly load: number;
  /** How much of a core's capacity each slice takes beside, however small. */
  readonly sliceLoad: number;
  /** At least and at most so many slices. */
  readonly least: number;
  readonly most: number;
}

/**
 * Into how many slices a population is cut. `fair`: its part of the load of all, so that a small one is on one core and
 * a large one on all. `full`: as few as a core has room for.
 */
export type Cutting = 'fair' | 'full';

/**
 * Cuts populations into slices, at multiples of `lanes`, and distributes these over cores: the largest slice first,
 * each to the core that has the least load so far.
 *
 * @param cores numbers of the cores to use
 * @param lanes the neurons of a tile
 * @param taken how much of a core is taken already, by its number
 */
export function distribute(
  portions: readonly Portion[],
  cores: readonly number[],
  lanes: number,
  cutting: Cutting = 'fair',
  taken: ReadonlyMap<number, number> = new Map(),
): Placement {
  const total = portions.reduce((sum, { load }) => sum + load, 0);
  const pieces = portions.flatMap((portion) => {
    const parts = partsOf(portion, cutting === 'full' ? 1 : cores.length / total, cores.length, lanes);
    return cutEvenly(portion.size, parts, lanes).map((range) => ({
      ...range,
      name: portion.name,
      load: Math.max(portion.sliceLoad, (portion.load * range.size) / portion.size),
    }));
  });
  const loads = cores.map((core) => taken.get(core) ?? 0);
  const slices = new Map(portions.map(({ name }): [string, Slice[]] => [name, []]));
  /** The cores, by their place in `cores`, that have a slice of a population already. */
  const usedBy = new Map(portions.map(({ name }) => [name, new Set<number>()]));
  for (const { name, first, size, load } of [...pieces].sort((a, b) => b.load - a.load)) {
    const own = slices.get(name);
    const used = usedBy.get(name);
    let best = -1;
    for (const [at, before] of loads.entries())
      if (used?.has(at) !== true && (best < 0 || before < (loads[best] ?? 0))) best = at;
    own?.push({ first, size, core: cores[best] ?? 0 });
    used?.add(best);
    loads[best] = (loads[best] ?? 0) + load;
  }
  return Object.fromEntries(
    [...slices].map(([name, own]) => [name, own.sort((a, b) => a.first - b.first)] as const),
  );
}

/** @param perLoad slices for a load of 1 */
function partsOf(
  { size, load, least, most }: Portion,
  perLoad: number,
  cores: number,
  lanes: number,
): number {
  // A product that is a whole number but for the rounding of doubles is that number.
  const wanted = load === 0 ? 1 : Math.ceil(load * perLoad - 1e-9);
  return Math.max(1, Math.min(Math.max(wanted, least), most, cores, Math.ceil(size / lanes)));
}
