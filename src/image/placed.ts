import * as z from 'zod';
import type { ChipModel } from '../hardware/index.ts';
import { recordOf, strictObject, type ValueOf } from '../text/index.ts';
import { coreImageSchema, type ProgramView } from './image.ts';
import { type Condition, conditionSchema, deliverDelayedSchema, deliverSchema } from './lists.ts';
import { type LostPackets, lostPacketsSchema } from './lost-packets.ts';
import { countSchema, index, name, optional, words } from './schema-parts.ts';

const populationPartSchema = strictObject({
  /** Index in the whole image. */
  population: index,
  first: index,
  isCopy: z.boolean(),
});
/** Neurons on a core: a slice that lives there, or the copy of a whole population. */
export type PopulationPart = ValueOf<typeof populationPartSchema>;

const fieldPartSchema = strictObject({
  /** Index in the whole image. */
  field: index,
  rowLength: index,
  /** Items of a row of the whole field, and the first of them that this core holds. */
  wholeRowLength: index,
  firstColumn: index,
  /** For each item here, its number in the whole field; undefined if it follows from the columns. */
  items: words.optional(),
  /** Whether it follows items of another core, or of another part. */
  isCopy: z.boolean(),
});
/** Items of a field on a core: some columns of all its rows. */
export type FieldPart = ValueOf<typeof fieldPartSchema>;

const placedCoreSchema = strictObject({
  /** Its number on the chip, from 0. */
  number: index,
  /** Where cores execute lists together, it runs on named events, which these trigger. */
  image: coreImageSchema,
  /** The parts of the image's populations, by index. */
  populations: z.array(populationPartSchema),
  /** The parts of the image's fields, by index; undefined for partial sums of a reduce, and for an index of targets. */
  fields: z.array(optional(fieldPartSchema)),
  /** For each piece of work of this core, the piece of the whole image to which it belongs. */
  work: z.array(index),
});
/** One core of an image, and which part of the program it holds. */
export type PlacedCore = ValueOf<typeof placedCoreSchema>;

const coreEventSchema = strictObject({
  core: index,
  event: index,
  first: index,
  // An event may take as many neurons as there are.
  size: index.or(z.literal(Number.POSITIVE_INFINITY)),
});
/** The named event of a core's image, and the neurons that it takes: for each, its number less `first`. */
export type CoreEvent = ValueOf<typeof coreEventSchema>;

const partFieldSchema = strictObject({
  core: index,
  /** Index in the core's image. */
  field: index,
});
/** Items of a field on a core. */
export type PartField = ValueOf<typeof partFieldSchema>;

const on = z.array(coreEventSchema);
const parts = z.array(partFieldSchema);
const plainActionSchemas = [
  /** Cores work each for itself, in any order. `emits`: the population whose spikes they emit; undefined if none. */
  strictObject({ does: z.literal('run'), on, emits: optional(index) }),
  deliverSchema,
  deliverDelayedSchema,
  /** Spikes go to the cores that keep them, and wait there. */
  strictObject({ does: z.literal('keep'), delayed: index, from: z.enum(['received', 'previous']), on }),
  /** Cores send changed items of a field to those that hold copies. */
  strictObject({ does: z.literal('send'), field: index, to: parts }),
  /** The partial sums of a reduce are emptied. */
  strictObject({ does: z.literal('empty'), sums: parts }),
  /** Each core sends the partial sums of the rows that it visited. They are added and stored where the field is. */
  strictObject({ does: z.literal('sum'), field: index, sums: parts }),
  /** Each core tests its items; the list ends if none is set. */
  strictObject({ does: z.literal('stop-unless-any'), field: index, on }),
] as const;
export type ChipAction =
  | ValueOf<(typeof plainActionSchemas)[number]>
  | { readonly does: 'group'; readonly condition: Condition; readonly actions: readonly ChipAction[] };

const actionSchema: z.ZodType<ChipAction> = z.lazy(() =>
  z.discriminatedUnion('does', [
    ...plainActionSchemas,
    strictObject({ does: z.literal('group'), condition: conditionSchema, actions: list }),
  ]),
);
const list = z.array(actionSchema);

const servedListSchema = strictObject({
  conditions: z.array(conditionSchema),
  /** The actions for each combination of conditions: bit c of the index is set if condition c holds. */
  variants: z.array(list),
});
/** A list that spikes trigger. Its conditions do not change while spikes are served. */
export type ServedList = ValueOf<typeof servedListSchema>;

const chipListsSchema = strictObject({
  sample: list,
  tick: list,
  /** By population: the lists of a spike of this step, and of one of the step before. */
  spike: z.array(servedListSchema),
  previousSpike: z.array(servedListSchema),
  /** As in the whole image: the lists of spikes whose delays end, by delay. */
  delayed: z.array(z.array(servedListSchema)),
});
/** The lists of a program that its cores execute together. */
export type ChipLists = ValueOf<typeof chipListsSchema>;

const sliceSchema = strictObject({
  /** The first neuron. */
  first: index,
  /** How many neurons, at least one. */
  size: countSchema,
  /** Number of the core, from 0. */
  core: index,
});
/** Consecutive neurons of a population, and the core that holds them. */
export type Slice = ValueOf<typeof sliceSchema>;

/** How the parts of a program are placed on cores. */
export const spreadShape = {
  cores: z.array(placedCoreSchema).min(1),
  lists: chipListsSchema,
  placement: recordOf(name, z.array(sliceSchema)),
  /** The packets that the network loses; absent if it loses none. */
  lostPackets: lostPacketsSchema.exactOptional(),
};

/** The places of a program's neurons: for each population, by name, its slices in ascending order. */
export type Placement = Readonly<Record<string, readonly Slice[]>>;

/**
 * A compiled program: its cores, one or more, and how they work together. `createMachine` runs it as one program,
 * however many cores it has.
 */
export interface Image extends ProgramView {
  /** The cores that hold a part. Elsewhere, a core's index is its position here. */
  readonly cores: readonly PlacedCore[];
  /** The lists that cores execute together; absent if each core executes its own, or a controller triggers events. */
  readonly lists?: ChipLists | undefined;
  /** Which core holds which neurons. */
  readonly placement: Placement;
  /** The chip with these cores; absent for a core without a network, and if only the cores' own work matters. */
  readonly chip?: ChipModel | undefined;
  /** The packets that its network loses; absent if it loses none. */
  readonly lostPackets?: LostPackets;
}

/** An image whose cores execute its lists together. */
export interface SpreadImage extends Image {
  readonly lists: ChipLists;
}

/** The value of a partial sum whose row has not been visited: no sum of a row can have it. */
export const unvisited = -(2 ** 31);

/** The controller of a core whose events the lists of a chip trigger. */
export const spreadController = 'system';
