import * as z from 'zod';
import { integer, nonNegative, strictObject, type ValueOf } from '../text/index.ts';
import {
  barrierSteps,
  barrierTable,
  type ChipFile,
  type CostSetFile,
  deliveries,
  destinations,
  tileOrders,
} from './chip.ts';
import { router } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import { type Source, sourceSchema } from './source.ts';
import { chipLimits } from './values.ts';

const count = integer(1, 2 ** 31 - 1);
const index = integer(0, 2 ** 31 - 1);
const optional = <T extends z.ZodType>(inner: T) => inner.or(z.undefined());

const meshSchema = strictObject({
  columns: integer(1, chipLimits.side),
  rows: integer(1, chipLimits.side),
  coresPerTile: integer(1, chipLimits.coresPerTile),
  /** `by-column`: tile t is at x = t div rows, y = t mod rows. `by-row`: at x = t mod columns, y = t div columns. */
  numbering: z.enum(tileOrders),
  /** The tile without a core, through which packets leave the chip. */
  outputBus: optional(strictObject({ x: index, y: index })).exactOptional(),
});
/** The cores of a chip: tiles on a mesh, with the same number of cores each. */
export type MeshShape = ValueOf<typeof meshSchema>;

/** The cost of one packet at one place. */
const packetCost = strictObject({ energyPj: nonNegative, latencyNs: nonNegative, source: sourceSchema });
const alongAxes = strictObject({ x: nonNegative, y: nonNegative });

const costsSchema = strictObject({
  /** Each packet that a core sends. */
  send: packetCost,
  /** Each packet that a core receives. */
  receive: packetCost,
  /** Each packet, once, however far it goes. */
  tile: packetCost,
  /** Each hop, along x (east, west) and along y (north, south). */
  hop: strictObject({
    energyPj: alongAxes,
    latencyNs: alongAxes,
    sources: strictObject({ x: sourceSchema, y: sourceSchema }),
  }),
  link: optional(
    strictObject({
      /** Packets that a link holds before it blocks senders. */
      depth: optional(count),
      /** Time that a packet occupies a link. */
      packetNs: optional(nonNegative),
      source: sourceSchema,
    }),
  ),
  barrier: strictObject({
    /** By number of tiles that hold neurons, ascending from 1 tile. */
    latencyNs: z.array(strictObject({ tiles: count, ns: nonNegative })).min(1),
    between: z.enum(barrierSteps),
    /** Least time of a step. */
    tickNs: nonNegative.exactOptional(),
    energyPj: nonNegative,
    source: sourceSchema,
  }),
});
/** The costs of a chip's network. Stated costs of kernels and static power of a set are those of the model. */
export type NetworkCosts = ValueOf<typeof costsSchema>;

export const chipModelSchema = strictObject({
  mesh: meshSchema,
  packet: optional(
    strictObject({
      bits: count,
      payloadBits: integer(0, 2 ** 31 - 1),
      perDestination: z.enum(destinations),
      source: sourceSchema,
    }),
  ),
  delivery: z.enum(deliveries),
  /** The limits of a core of a chip, beside the capacities of its banks. */
  limits: optional(
    strictObject({
      neurons: optional(count),
      axonsIn: optional(count),
      axonsOut: optional(count),
      synapseBits: optional(count),
      /** Steps of the longest delay of a synapse. */
      delay: optional(count),
      /** Set if they are those of the tool that maps networks, not of the silicon. */
      areOfMapper: optional(z.literal(true)),
      source: sourceSchema,
    }),
  ),
  /** Name of the cost set in use. */
  costSet: z.string(),
  /** Names of all cost sets. */
  costSets: z.array(z.string()),
  costs: costsSchema,
});
/** A chip of many cores. */
export interface ChipModel extends ValueOf<typeof chipModelSchema> {}

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

/** The table of a barrier as far as a mesh reaches: beyond its end, on the line through its last two entries. */
function barrierReach(
  { latencyNs, beyond }: CostSetFile['barrier'],
  tiles: number,
): readonly { readonly tiles: number; readonly ns: number }[] {
  const table = barrierTable(latencyNs);
  const [before, last] = [table.at(-2), table.at(-1)];
  if (beyond !== 'linear' || before === undefined || last === undefined || last.tiles >= tiles) return table;
  const perTile = (last.ns - before.ns) / (last.tiles - before.tiles);
  return [...table, { tiles, ns: last.ns + (tiles - last.tiles) * perTile }];
}

/** The cost set in use, by name; checked files have one. */
export function chosenCosts({ costs, costSets }: ChipFile): {
  readonly name: string;
  readonly set: CostSetFile;
} {
  const name = costs ?? Object.keys(costSets)[0] ?? '';
  const set = costSets[name];
  if (set === undefined) throw new Error(`no cost set '${name}'`);
  return { name, set };
}
