import * as z from 'zod';
import { integer, nonNegative, strictObject, type ValueOf } from '../text/index.ts';
import { chipLimits } from './limits.ts';
import { sourceSchema } from './source.ts';

const count = integer(1, 2 ** 31 - 1);
const index = integer(0, 2 ** 31 - 1);
const optional = <T extends z.ZodType>(inner: T) => inner.or(z.undefined());

/** How the tiles of a mesh are numbered. */
export const tileOrders = ['by-column', 'by-row'] as const;

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

/** The time of a barrier for a number of tiles that its table lacks. */
export const barrierSteps = ['linear', 'step'] as const;

/** When a spike reaches its synapses: in the next step, or in a later phase of the same step. */
export const deliveries = ['next', 'phases'] as const;

/** How a spike reaches several cores. */
export const destinations = ['core', 'tree'] as const;

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
