import { cutEvenly } from '../../src/compiler/parts/placement.ts';
import type { Placement, Population, Slice } from '../../src/image/index.ts';

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
      const parts = index === input ? 1 : Math.min(cores, Math.ceil(size / lanes));
      const isWholly = index === input || parts === cores;
      const slices = cutEvenly(size, parts, lanes).map(
        (range, part): Slice => ({ ...range, core: isWholly ? part : cores - parts + part }),
      );
      return [name, slices];
    }),
  );
}
