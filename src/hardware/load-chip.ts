import { barrierReach, chosenCosts } from './chip-checks.ts';
import type { ChipModel, NetworkCosts } from './chip-model.ts';
import type { ChipFile, CostSetFile } from './chip-schema.ts';
import { router } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { Source } from './source.ts';

/** Gives an entry its source, by the path of the entry. */
type SourceOf = <Entry extends { readonly source: string }>(
  entry: Entry,
  ...path: readonly string[]
) => Omit<Entry, 'source'> & { readonly source: Source };

/** The chip of a checked hw-model, with the cost set in use. */
export function readChip(chip: ChipFile, sourced: SourceOf, estimates: Estimates): ChipModel {
  const { mesh, packet, delivery, limits } = chip;
  const { name, set } = chosenCosts(chip);
  const path = ['chip', 'costSets', name];
  return {
    mesh,
    packet: packet && sourced(packet, 'chip', 'packet'),
    delivery,
    limits: limits && {
      neurons: limits.neurons,
      axonsIn: limits.axonsIn,
      axonsOut: limits.axonsOut,
      synapseBits: limits.synapseBits,
      delay: limits.delay,
      areOfMapper: limits.of === 'mapper' ? true : undefined,
      source: sourced(limits, 'chip', 'limits').source,
    },
    costSet: name,
    costSets: Object.keys(chip.costSets),
    costs: {
      send: sourced(set.send, ...path, 'send'),
      receive: sourced(set.receive, ...path, 'receive'),
      tile: sourced(set.tile, ...path, 'tile'),
      hop: readHop(chip, set, sourced, estimates, [...path, 'hop']),
      link: set.link && {
        depth: set.link.depth,
        packetNs: set.link.packetNs,
        source: sourced(set.link, ...path, 'link').source,
      },
      barrier: {
        latencyNs: barrierReach(set.barrier, mesh.columns * mesh.rows),
        between: set.barrier.between,
        ...(set.barrier.tickNs !== undefined && { tickNs: set.barrier.tickNs }),
        energyPj: set.barrier.energyPj,
        source: sourced(set.barrier, ...path, 'barrier').source,
      },
    },
  };
}

/** Without a stated packet, one of 32 bits. */
function readHop(
  { packet }: ChipFile,
  { hop }: CostSetFile,
  sourced: SourceOf,
  estimates: Estimates,
  path: readonly string[],
): NetworkCosts['hop'] {
  const { source } = sourced(hop, ...path);
  const estimated = estimates.of(router, path, {
    packetBits: estimates.input(packet?.bits ?? 32, 'chip', 'packet', 'bits'),
  });
  const x = estimated.or('hopPj', hop.energyPj.x, () => source);
  const y = estimated.or('hopPj', hop.energyPj.y, () => source);
  return {
    energyPj: { x: x.value, y: y.value },
    latencyNs: hop.latencyNs,
    sources: { x: x.source, y: y.source },
  };
}
