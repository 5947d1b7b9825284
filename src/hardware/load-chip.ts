import { barrierTable, chosenCosts } from './chip-checks.ts';
import type { ChipFile } from './chip-schema.ts';
import type { ChipModel, Source } from './model.ts';

/** Gives an entry its source, by the path of the entry. */
type Sourced = <Entry extends { readonly source: string }>(
  entry: Entry,
  ...path: readonly string[]
) => Omit<Entry, 'source'> & { readonly source: Source };

/** The chip of a checked hw-model, with the cost set in use. */
export function readChip(chip: ChipFile, sourced: Sourced): ChipModel {
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
      source: sourced(limits, 'chip', 'limits').source,
    },
    costSet: name,
    costSets: Object.keys(chip.costSets),
    costs: {
      send: sourced(set.send, ...path, 'send'),
      receive: sourced(set.receive, ...path, 'receive'),
      tile: sourced(set.tile, ...path, 'tile'),
      hop: sourced(set.hop, ...path, 'hop'),
      link: set.link && {
        depth: set.link.depth,
        packetNs: set.link.packetNs,
        source: sourced(set.link, ...path, 'link').source,
      },
      barrier: {
        latencyNs: barrierTable(set.barrier.latencyNs),
        between: set.barrier.between,
        energyPj: set.barrier.energyPj,
        source: sourced(set.barrier, ...path, 'barrier').source,
      },
    },
  };
}
