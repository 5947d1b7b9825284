import * as z from 'zod';
import { controllerSchema } from '../control/index.ts';
import { coreLimits, costSchema, type Generator } from '../hardware/index.ts';
import { programLimits, type Segments } from '../program/index.ts';
import { integer, plainName, strictObject, type ValueOf } from '../text/index.ts';
import { faultsSchema } from './faults-schema.ts';
import { boundKernelSchema, eventListsSchema } from './lists.ts';
import { countSchema, index, int32, mostItems, name, optional, path, words } from './schema-parts.ts';

/* The image of a core, and its view of a program. The schemas check files; the types derive from them. */

const layoutSchema = strictObject({
  /** Index of the bank. */
  bank: index,
  firstWord: index,
  rows: countSchema,
  /** 0 where a core holds rows of a projection and none of its columns. */
  rowLength: index,
  /** Bits of an item: of one field, or of a record of several fields. */
  itemBits: countSchema,
  itemsPerWord: countSchema,
  wordsPerRow: index,
});
/** How items lie in a bank: rows of `rowLength` items. Each row starts at a word; no item crosses a word boundary. */
export type Layout = ValueOf<typeof layoutSchema>;

const fieldSchema = strictObject({
  /** `population.field` or `projection.field`. */
  name,
  kind: z.enum(['real', 'integer', 'flag']),
  storage: z.enum(['integer', 'float32']),
  bits: integer(1, 32),
  signed: z.boolean(),
  /** Treatment of a stored value that does not fit. */
  overflow: z.enum(['saturate', 'saturate-symmetric', 'wrap']),
  /** Index of its layout; undefined for a view that is not stored. */
  layout: optional(index),
  /** First bit of the field within its item; or within its word, if it is kept once per word. */
  bitOffset: index,
  /** Whether all items of a word share one value, which is kept once. */
  perWord: z.boolean(),
  /** Set if each neuron keeps several numbers, which kernels name by position: the rows of its layout. */
  positions: integer(2, programLimits.positions).optional(),
  /** Total number of items; 0 where a core holds none of a projection's columns. */
  count: index,
  /** For a weight: the shadow field that it is a view of, and the number of low bits that the view drops. */
  view: optional(strictObject({ of: index, droppedBits: integer(0, 31) })),
  /** For a shadow field: the stored view that a store must keep up to date. */
  storedView: optional(index),
  /** Set for the index of a sparse projection: it stays as compiled, and no kernel names it. */
  fixed: z.literal(true).optional(),
  /** Set where cells of its bank fail: an item may hold any number of its bits. */
  faulty: z.literal(true).exactOptional(),
  /** Whether a core that only infers still needs it. */
  neededFor: z.enum(['inference', 'learning']),
});
/** An array in a bank. */
export type Field = ValueOf<typeof fieldSchema>;

const bankSchema = strictObject({
  /** Names a file and a module of Verilog, too. */
  name: plainName('the name of a bank'),
  wordBits: countSchema,
  usedWords: index,
  capacityBits: z.number().min(1),
  bitMask: z.boolean(),
});
/** A bank as the image uses it. */
export type BankMap = ValueOf<typeof bankSchema>;

const payloadSchema = strictObject({ bits: integer(1, 24), signed: z.boolean(), shift: integer(0, 24) });
/** A value in the address of a spike: its bits start at `shift`, above the neuron. */
export type Payload = ValueOf<typeof payloadSchema>;

const populationSchema = strictObject({
  name,
  size: integer(1, programLimits.neurons),
  /** The position of its first neuron in the population that it is a slice of; 0 if absent. */
  first: index.optional(),
  /** The value that its spikes carry, if they do. */
  payload: payloadSchema.optional(),
  /**
   * Set for an input whose spikes enter several times, with delays: the number of neurons that the host supplies. The
   * others receive the same spikes later.
   */
  inputs: integer(1, programLimits.neurons).optional(),
});
export type Population = ValueOf<typeof populationSchema>;

const segmentsSchema: z.ZodType<Segments> = strictObject({
  rowStart: words,
  firstWeight: words,
  firstPost: words,
  length: words,
});
const projectionSchema = strictObject({
  name,
  /** Indices of populations. */
  source: index,
  target: index,
  /** The weights of a segment lie in one row. */
  segments: segmentsSchema,
  /** Rows of weights and their length; synapse s has the weight s - row x length of row floor(s / length). */
  weightRows: index,
  weightRowLength: index,
  /**
   * Set for a sparse projection, whose weights stand one after the other, row by row. Fields, by index, with an item
   * for each segment: the first target; where lengths differ, the length; in a part, whose weights stand among those of
   * the whole, where they begin, counted from the first weight of the row.
   */
  index: strictObject({ target: index, count: optional(index), offset: index.optional() }).optional(),
  /**
   * Set if it has the synapses of one delay of another projection, and that projection's weights and fields: its index.
   */
  partOf: index.optional(),
});
export type Projection = ValueOf<typeof projectionSchema>;

const generatorSchema: z.ZodType<Generator> = strictObject({
  name,
  near: integer(1, 31),
  far: integer(2, 32),
  bitsPerAdvance: integer(1, 4096),
  wordBits: integer(1, 32),
  lanes: integer(1, coreLimits.lanes),
  words: integer(1, 4096),
});

const eventScalarSchema = strictObject({ name, low: int32, high: int32 });
/** A value that comes with named events, and its range. */
export type EventScalar = ValueOf<typeof eventScalarSchema>;

const parameterSchema = strictObject({ name, values: z.array(int32) });
/** A compile-time constant or a run-time schedule: its value in each interval of epochs. */
export type Parameter = ValueOf<typeof parameterSchema>;

const arraySchema = strictObject({
  /** The field that took its values: the shadow weight, for a projection that learns. */
  field: name,
  /** The name of its file, without folders; absent for an array given in code. */
  file: path.exactOptional(),
  /** Its name within the file. */
  array: name.exactOptional(),
  /** SHA-256 of its items as stored: C order, little-endian. */
  sha256: name,
  /** The factor by which its numbers were multiplied. */
  scale: z.number(),
});
/** An array that filled a field. */
export type ArrayProvenance = ValueOf<typeof arraySchema>;

export const viewSchema = strictObject({
  program: plainName('the name of a program'),
  core: strictObject({
    hwModel: plainName('the name of an hw-model'),
    precision: plainName('the name of a precision'),
    arithmetic: z.enum(['integer', 'float32']),
    lanes: integer(1, coreLimits.lanes),
    datapathBits: integer(8, 32),
    columnGate: z.enum(['skip-tile', 'clock']),
    fifoDepth: integer(1, coreLimits.fifoDepth),
    whenFull: z.enum(['drop', 'stall']),
    /** The core's own controller, if it has one: it triggers the named events and receives the emitted spikes. */
    controller: optional(name),
    /** The module that its controller is in; absent for one that is bundled. */
    controllerModule: strictObject({ file: path, sha256: name }).exactOptional(),
    /** What its controller holds and does, where the hw-model states it. */
    controllerData: controllerSchema.exactOptional(),
  }),
  seed: integer(0, 2 ** 32 - 1),
  /** Cells of its banks that fail; absent where none do. */
  faults: faultsSchema.exactOptional(),
  /** The most time steps that a sample may have, with those in which it settles. */
  steps: integer(1, programLimits.steps),
  /** How many of these follow the steps of a sample, without input; absent for none. */
  settle: integer(1, programLimits.steps - 1).optional(),
  /** Set if samples are presented again while the core learns: the field with an item set when a sample has ended. */
  replay: index.optional(),
  banks: z.array(bankSchema),
  layouts: z.array(layoutSchema),
  fields: z.array(fieldSchema),
  populations: z.array(populationSchema).min(1).max(programLimits.populations),
  /** The scalars of a named event. The first two are the neuron and the post-synaptic neuron that it names. */
  eventScalars: z.array(eventScalarSchema),
  /** The population whose spikes the host supplies; -1 for none. */
  input: integer(-1, programLimits.populations - 1),
  /**
   * Set if samples hold the input channel by channel, and the program numbers its neurons by place, then channel: the
   * number of channels.
   */
  inputChannels: integer(1, programLimits.neurons).optional(),
  projections: z.array(projectionSchema),
  /** Generators that draw operations name, in addition to the lanes' own. */
  generators: z.array(generatorSchema),
  /** First epochs of the intervals of the parameter schedule; the first is 0. */
  epochs: z.array(index).min(1),
  parameters: z.array(parameterSchema),
  kernels: z.array(boundKernelSchema),
  events: eventListsSchema,
  /** The field whose largest item, at the end of a sample, is the answer; -1 if there is none. */
  readout: integer(-1, mostItems),
  /** Set if samples ask for a number in place of a class. */
  regression: strictObject({
    /** Of the number that a sample asks for, unsigned: a label. */
    bits: integer(1, programLimits.labelBits),
    /** What the readout holds for each one of that number. */
    unit: countSchema,
  }).optional(),
  /** Pieces of work in the counters: the kernels in order, then clears and tests. */
  work: z.array(name),
  costs: costSchema,
  provenance: strictObject({
    /** Version of Plasticore that compiled it. */
    compiler: name,
    /** Names and SHA-256 of the files that it was compiled from. */
    sources: z.array(strictObject({ file: path, sha256: name })),
    /** Arrays that filled fields. */
    arrays: z.array(arraySchema),
    /** The number of samples from which its weights have learnt since; absent for an image as compiled. */
    learnt: strictObject({ samples: countSchema }).exactOptional(),
  }),
});
/**
 * A program as a core holds it, with its prices: names, shapes, kernels and lists. Reports, searches and hosts need
 * nothing else. It has no contents, so nothing can run it: see {@link CoreImage} and {@link Image}.
 */
export interface ProgramView extends ValueOf<typeof viewSchema> {}

export const coreImageSchema = viewSchema.extend({
  /** Initial contents of each bank: bit-packed words, 32 bits per element, little-endian. */
  contents: z.array(words),
});
/** The part of a program on one core, with everything that the core needs to run it: an engine loads it. */
export interface CoreImage extends ValueOf<typeof coreImageSchema> {}
