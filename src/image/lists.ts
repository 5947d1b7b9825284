import * as z from 'zod';
import { domains, registerCount } from '../isa/index.ts';
import { programLimits } from '../program/index.ts';
import { integer, strictObject, type ValueOf } from '../text/index.ts';
import { countSchema, index, int32, name, optional } from './schema-parts.ts';

/*
 * Kernels as bound to a program, and the lists that run them.
 */

const operandSchema = z.discriminatedUnion('is', [
  strictObject({ is: z.literal('register'), register: integer(0, registerCount - 1) }),
  strictObject({ is: z.literal('number'), value: int32 }),
  /** Index into the image's parameters. */
  strictObject({ is: z.literal('parameter'), parameter: index }),
  /** Index into the image's fields. */
  strictObject({ is: z.literal('field'), role: z.enum(['self', 'pre', 'post', 'syn']), field: index }),
  /** The item's position in its population. */
  strictObject({ is: z.literal('index'), role: z.enum(['self', 'pre', 'post']) }),
  strictObject({ is: z.literal('host'), scalar: index }),
  /** Index into the image's event scalars. */
  strictObject({ is: z.literal('event'), scalar: index }),
  /** The value of the spike that runs the kernel. */
  strictObject({ is: z.literal('payload') }),
  /** Index into the image's generators. */
  strictObject({ is: z.literal('generator'), generator: index }),
]);
export type ImageOperand = ValueOf<typeof operandSchema>;

// Results of unsigned shifts reach 2^32 - 1, and exact results of floats have no range.
const bound = z
  .number()
  .min(-(2 ** 53))
  .max(2 ** 53);

const instructionSchema = strictObject({
  mnemonic: name,
  operands: z.array(operandSchema),
  /** Which semantics of the operation applies: `real` only on a float32 core. */
  arithmetic: z.enum(['integer', 'real']),
  /** Range of the integer result over the whole parameter schedule, if it has one. */
  low: optional(bound),
  high: optional(bound),
});
export type ImageInstruction = ValueOf<typeof instructionSchema>;

export const boundKernelSchema = strictObject({
  /** The kernel's name in microcode. */
  name,
  domain: z.enum(domains.map((domain) => domain.name)),
  /** Index of the population (kernels over neurons) or of the projection (kernels over synapses). */
  population: optional(index),
  projection: optional(index),
  /** Indices of gate fields. */
  rowGate: optional(index),
  columnGate: optional(index),
  /**
   * Set if only part of the domain is visited: the number of pre-synaptic neurons, or of columns (neurons,
   * post-synaptic neurons), from the first on.
   */
  rows: optional(countSchema),
  columns: optional(countSchema),
  /** Whether it goes row by row, or tile by tile over the columns, visiting all rows in each tile. */
  order: z.enum(['rows', 'columns']),
  code: z.array(instructionSchema).min(1),
  /** How the report counts an item. */
  counts: optional(z.enum(['sop', 'update'])),
});
/** A kernel bound to a population or a projection. Its index is also its index as a piece of work in the counters. */
export type BoundKernel = ValueOf<typeof boundKernelSchema>;

export const conditionSchema = strictObject({
  learning: z.boolean(),
  /** Only when a sample is presented for the first time, or only when it is presented again; absent for both. */
  pass: z.enum(['first', 'replay']).optional(),
  from: integer(0, 2 ** 31 - 1),
  /** The first step in which it no longer holds; absent for none. */
  until: integer(1, 2 ** 31 - 1).exactOptional(),
  every: integer(1, 2 ** 31 - 1),
  /** Only during this many last steps of a sample; 0 for all steps. */
  last: integer(0, 2 ** 31 - 1),
  /** Only in every sample of a pass that completes a batch of so many, and in the last one; absent for all. */
  everySample: integer(1, 2 ** 31 - 1).exactOptional(),
  /** Only in these intervals of epochs, by index; absent for all. */
  intervals: z.array(index).min(1).exactOptional(),
});
/** When an action of a list runs. Steps count from 0. */
export type Condition = ValueOf<typeof conditionSchema>;

const conditionKeys = conditionSchema.keyof().options;

/** Whether two conditions always hold together: all that they state is the same. */
export function isSameCondition(a: Condition, b: Condition): boolean {
  return conditionKeys.every((key) => String(a[key]) === String(b[key]));
}

/** Actions of a core, and of the cores of a chip that execute a list together. */
export const deliverSchema = strictObject({
  does: z.literal('deliver'),
  population: index,
  spikes: z.enum(['emitted', 'previous']),
});
/** Serves the spikes whose delays end in this step. `delayed` is an index into the delayed spikes of the lists. */
export const deliverDelayedSchema = strictObject({ does: z.literal('deliver-delayed'), delayed: index });

const plainActionSchemas = [
  strictObject({ does: z.literal('run'), kernel: index }),
  deliverSchema,
  deliverDelayedSchema,
  /** Keeps the spikes that `from` names until their delays end; they replace those of one ring length ago. */
  strictObject({
    does: z.literal('keep'),
    delayed: index,
    /** The input's spikes of this step, a population's of the previous one, or the neurons that a named event gives. */
    from: z.enum(['received', 'previous', 'event']),
    /** The source of the step's number. */
    step: z.discriminatedUnion('is', [
      strictObject({ is: z.literal('host'), scalar: index }),
      strictObject({ is: z.literal('event'), scalar: index }),
    ]),
    work: index,
  }),
  strictObject({ does: z.literal('clear'), fields: z.array(index), work: index }),
  strictObject({ does: z.literal('stop-unless-any'), field: index, work: index }),
  /** Items from `after` on take the value of the item `period` before them, like a latch that is not reloaded. */
  strictObject({ does: z.literal('hold'), fields: z.array(index), after: countSchema, period: countSchema }),
] as const;
/** An action other than a group. */
export type PlainAction = ValueOf<(typeof plainActionSchemas)[number]>;
/** An instruction of a list to the core. `work` is an index into the counters' pieces of work. */
export type Action =
  | PlainAction
  | { readonly does: 'group'; readonly condition: Condition; readonly actions: readonly Action[] };

const actionSchema: z.ZodType<Action> = z.lazy(() =>
  z.discriminatedUnion('does', [
    ...plainActionSchemas,
    strictObject({ does: z.literal('group'), condition: conditionSchema, actions: list }),
  ]),
);
const list = z.array(actionSchema);

const delayedListSchema = strictObject({
  delay: integer(1, programLimits.delay),
  /** An offset to the number of the neuron; 0 if absent. An input with delays has a neuron for each of them. */
  shift: integer(0, programLimits.neurons).optional(),
  actions: list,
});
/** The list that a spike triggers when its delay has ended. */
export type DelayedList = ValueOf<typeof delayedListSchema>;

const delayedSchema = strictObject({
  population: index,
  /**
   * Index of the field in which they wait, a ring: one row for each step of the longest delay, a flag in it for each
   * neuron. The spikes of step t are in row t modulo the number of rows.
   */
  field: index,
  /** By delay, ascending: the list that each of its spikes triggers so many steps later. */
  lists: z.array(delayedListSchema).min(1).max(programLimits.delay),
});
/** A population whose spikes wait for the delays of its synapses. */
export type DelayedSpikes = ValueOf<typeof delayedSchema>;

const namedEventSchema = strictObject({
  name,
  actions: list,
  /** The most items that it emits. */
  mostEmitted: index,
});
/** A named event: the list that it triggers, started from outside. */
export type NamedEvent = ValueOf<typeof namedEventSchema>;

export const eventListsSchema = strictObject({
  /** At the start of a sample. */
  sample: list,
  /** Each time step. */
  tick: list,
  /** For each population, the list that one of its spikes triggers when it leaves the FIFO. */
  spike: z.array(list),
  /**
   * For each population, the list for each neuron that spiked in the previous step; empty if the core keeps no spikes
   * of the population.
   */
  previousSpike: z.array(list),
  delayed: z.array(delayedSchema),
  named: z.array(namedEventSchema),
});
export type EventLists = ValueOf<typeof eventListsSchema>;

/** The place of a sample among those of a pass over the data. A sample that is presented alone has none. */
export interface PlaceInPass {
  /** Counted from 0. */
  readonly index: number;
  readonly isLast: boolean;
}

/** The step that is running, and its sample. */
export interface Moment {
  readonly step: number;
  /** Of the sample. */
  readonly steps: number;
  readonly learn: boolean;
  /** The interval of epochs, by index in the image's `epochs`. */
  readonly interval: number;
  /** Whether the sample is presented again; default: it is not. */
  readonly isReplay?: boolean | undefined;
  readonly place?: PlaceInPass | undefined;
}

/** The interval of a schedule that an epoch lies in, by index. */
export function intervalAt(epochs: readonly number[], epoch: number): number {
  return epochs.findLastIndex((first) => first <= epoch);
}

/** Whether a condition holds at a moment. */
export function holds(condition: Condition, moment: Moment): boolean {
  const { learning, pass, from, until, every, last, everySample, intervals } = condition;
  const { step, steps, learn, interval, isReplay = false, place } = moment;
  const isNow = intervals?.includes(interval) ?? true;
  const isPass = pass === undefined || isReplay === (pass === 'replay');
  const isWithin = step >= from && (until === undefined || step < until);
  const isLast = last === 0 || step >= steps - last;
  const isDue = isWithin && (step - from) % every === 0 && isLast;
  return (learn || !learning) && isPass && isNow && isDue && endsBatch(everySample, place);
}

/** Whether a sample completes a batch of so many. One that is presented alone is a batch of its own. */
export function endsBatch(batch: number | undefined, place: PlaceInPass | undefined): boolean {
  return batch === undefined || place === undefined || place.isLast || (place.index + 1) % batch === 0;
}
