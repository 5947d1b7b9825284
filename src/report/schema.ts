import * as z from 'zod';
import { activitySchema, figureKinds } from '../hardware/index.ts';
import { accessCounters, fifoCounters, workCounters } from '../image/index.ts';
import { attempt, PlasticoreError, recordOf, type ValueOf, validated } from '../text/index.ts';
import { lifeSchema } from './schema-life.ts';
import {
  chipSchema,
  count,
  counted,
  determination,
  type fieldMemorySchema,
  memorySchema,
  networkCountsSchema,
  neurobenchSchema,
  numbersByName,
  type savingSchema,
  shareSchema,
  smape,
} from './schema-parts.ts';
import { dataSchema, provenanceSchema, timingSchema, validationSchema } from './schema-provenance.ts';

export { chipSchema, networkCountsSchema };

/**
 * The only definition of the report. Its types are inferred from the schemas below, the page reads it through parts of
 * them, and `npm run generate` writes them as JSON Schema. Keys are in report order.
 */

const accuracy = shareSchema
  .nullable()
  .describe('Share answered right; null without samples, or where nothing is asked');
const words = {
  wordsRead: count.describe(`In all banks: ${accessCounters.reads}`),
  wordsWritten: count.describe(`In all banks: ${accessCounters.writes}`),
};

export const kernelSchema = z.strictObject({
  name: z.string().describe('`kernel(population or projection)`, or what a clear or a test is called'),
  counts: z
    .enum(['sop', 'update'])
    .nullable()
    .describe('What one of its items counts as: a synaptic operation, a weight update, or neither'),
  ...counted(workCounters),
  cycles: count,
  boundBy: z.string().describe('What sets its cycles per tile'),
  ...words,
});

export const reportCountersSchema = z.strictObject({
  steps: count.describe('Time steps'),
  cycles: count.describe('Clock cycles'),
  sops: count.describe('Synaptic operations: weights accumulated into neurons'),
  updates: count.describe('Weight updates: shadow weights visited by a learning rule'),
  spikes: numbersByName.describe('Spikes emitted, by population; for the input, spikes supplied'),
  router: z.strictObject({
    ...counted(fifoCounters),
    left: count.describe('Events still in the FIFO when a sample ended: neither served nor dropped'),
  }),
  flips: count
    .exactOptional()
    .describe(
      'Cells of items that read as their opposite in a step, summed over steps; only where cells flip',
    ),
  network: networkCountsSchema.exactOptional(),
  byKernel: z.array(kernelSchema),
  byBank: z.array(z.strictObject({ name: z.string(), ...words })),
});

export const boundsSchema = z.strictObject({ low: count, high: count });

export const energySchema = z.strictObject({
  total: count
    .nullable()
    .describe('null where the hw-model states no energies: nobody knows it, and it has no parts'),
  byUnit: numbersByName.describe(
    'Classes of operations, banks, wires between banks and lanes, router, clock, leakage and static power',
  ),
  byKernel: z
    .array(z.strictObject({ name: z.string(), energyPj: count.nullable() }))
    .describe('Dynamic energy of each kernel, without router, leakage and static power'),
  bySource: numbersByName.describe(
    'How much of the total rests on the figures of each source of the hw-model',
  ),
  bySourceKind: numbersByName.describe('How much of the total rests on figures of which kind'),
  interval: boundsSchema
    .nullable()
    .describe(
      'The bounds of the total. Figures of one source err together, those of different sources independently',
    ),
  onAssumedToggles: z
    .strictObject({ energyPj: count, low: count, high: count })
    .exactOptional()
    .describe(
      'The part of the total that follows the bits that toggle, and its bounds, as nobody has counted these; absent where they were counted',
    ),
});

const regressionSchema = z.strictObject({
  sMAPE: smape.describe('Symmetric mean absolute percentage error of the answers, 0 to 200'),
  R2: determination.describe(
    'Share of the variance of the targets that answers explain; null where there is none',
  ),
  sMAPEOfMean: smape.describe('sMAPE of always giving the mean of the targets'),
});

const costs = {
  counters: reportCountersSchema,
  energyPj: energySchema,
  latencyNs: count,
  latencyInterval: boundsSchema
    .exactOptional()
    .describe('The bounds of the latency, in ns; only where nobody has published times of the chip'),
};
export const costsSchema = z.strictObject(costs);
export const phaseSchema = z.strictObject({
  accuracy,
  samples: count,
  ...costs,
  energyPjPerSop: count
    .nullable()
    .describe('Total energy over synaptic operations; null without any, or where nobody knows it'),
  chance: shareSchema
    .nullable()
    .exactOptional()
    .describe('Accuracy of always giving the most frequent answer; only where samples are scored'),
  regression: regressionSchema
    .exactOptional()
    .describe('How far answers are from the numbers that samples ask for; only where they do'),
  perSample: costsSchema.nullable().describe('Counters, energy and latency divided by the samples'),
});

export const epochSchema = z.strictObject({
  epoch: count.describe('From 0'),
  samples: count,
  accuracy: accuracy.describe('Measured while learning, when labels have moved weights already: optimistic'),
  validationAccuracy: shareSchema
    .exactOptional()
    .describe('After the epoch, without learning, on what is held out; only where a part is'),
  cycles: count,
  sops: count,
  updates: count,
  spikes: numbersByName,
  energyPj: count.nullable(),
});

export const coreKernelSchema = z.strictObject({
  name: z.string(),
  intervalCycles: count.describe('Cycles from one tile to the next'),
  passCycles: count.describe('Cycles added by each pass'),
  runCycles: count.describe('Cycles added by each start'),
  boundBy: z.string().describe('What sets the interval'),
  utilisation: numbersByName.describe(
    'For each resource, the share of the interval that it is busy in a full tile',
  ),
});

const areaSchema = z.strictObject({
  totalUm2: count.describe('Of all cores'),
  cores: count.describe('Cores of the chip, all alike'),
  byUnit: numbersByName.describe(
    'Of one core: its banks, the units of its lanes, router, control and the cells of its clock tree',
  ),
  bySource: numbersByName.describe('Of one core, by source of the figures'),
  interval: boundsSchema.describe('The bounds of the total'),
});

export const coreSchema = z.strictObject({
  clockMhz: z.number(),
  area: areaSchema,
  sources: recordOf(
    z.string(),
    z.strictObject({ kind: z.enum(figureKinds), low: count, high: count }),
  ).describe('The sources of the figures: their kind, and the factors between which their true values lie'),
  lanes: count.describe('Neighbouring columns that make a tile'),
  activity: activitySchema
    .exactOptional()
    .describe(
      'How energies depend on data: the share of bits that toggle, assumed and, where counted, measured',
    ),
  kernels: z.array(coreKernelSchema).describe('In the order of `counters.byKernel`'),
});

export const networkSchema = z.strictObject({
  input: z.string().describe('The population whose spikes the host supplies'),
  populations: z.array(z.strictObject({ name: z.string(), size: count })),
  projections: z.array(z.strictObject({ name: z.string(), from: z.string(), to: z.string() })),
});

export const remarkSchema = z
  .strictObject({
    about: z
      .enum(['energy', 'area', 'clock', 'events', 'activity', 'learning', 'weights', 'accuracy', 'speed'])
      .describe('The part of the report that it qualifies'),
    text: z.string(),
  })
  .describe('A caution about the figures');

/**
 * All keys that a report may have. A run is scored on the test set or on a validation split, never on both: the scores
 * of a split that chose the epoch stand in the history.
 */
const reportSchema = z.strictObject({
  schema: z.literal('plasticore/report/1'),
  remarks: z.array(remarkSchema),
  train: phaseSchema
    .extend({ history: z.array(epochSchema) })
    .describe('`accuracy` is that of the last epoch; counters, energy and latency are those of all epochs'),
  test: phaseSchema.exactOptional().describe('The test set, scored once at the end, without learning'),
  validation: phaseSchema
    .exactOptional()
    .describe('The part of the training set that was held out, scored without learning'),
  life: lifeSchema
    .exactOptional()
    .describe('Learning stage after stage; only where the experiment has a `life`'),
  memory: memorySchema,
  core: coreSchema,
  chip: chipSchema.exactOptional(),
  network: networkSchema,
  neurobench: neurobenchSchema,
  provenance: provenanceSchema,
  timing: timingSchema,
});

/** A run that is tested; a part of the training set may have chosen the epoch. */
const testedSchema = reportSchema.omit({ validation: true }).extend({
  test: phaseSchema,
  provenance: provenanceSchema.extend({ data: dataSchema.extend({ test: count }) }),
});

/** A run that is scored on the part of the training set that it held out. */
const validatedSchema = reportSchema.omit({ test: true }).extend({
  validation: phaseSchema,
  provenance: provenanceSchema.extend({
    data: dataSchema.omit({ test: true }).extend({ validation: count }),
    validation: validationSchema,
  }),
});

/** The report of a run, `schema: plasticore/report/1`. */
export type Report = ValueOf<typeof reportSchema>;
/** Costs of training or of the scored samples. */
export type PhaseReport = ValueOf<typeof phaseSchema>;
export type KernelCounts = ValueOf<typeof kernelSchema>;
/** One epoch of training. */
export type EpochReport = ValueOf<typeof epochSchema>;
export type MemoryReport = ValueOf<typeof memorySchema>;
/** The memory of one field. */
export type FieldMemory = ValueOf<typeof fieldMemorySchema>;
/** Memory saved on one basis, compared with FP32. */
export type Saving = ValueOf<typeof savingSchema>;
export type Basis = Saving['basis'];
/** The core as costed by the compiler. Counts of tiles and cycles mean little without it. */
export type CoreReport = ValueOf<typeof coreSchema>;
/** The shape of the network. */
export type ChipReport = ValueOf<typeof chipSchema>;
export type NetworkReport = ValueOf<typeof networkSchema>;
export type NeuroBench = ValueOf<typeof neurobenchSchema>;
export type Remark = ValueOf<typeof remarkSchema>;
/** Where a report comes from: everything needed to repeat the run. */
export type ReportProvenance = ValueOf<typeof provenanceSchema>;
export type Timing = ValueOf<typeof timingSchema>;

/** The JSON Schema (draft 7) of `report.json`. */
export function reportJsonSchema(): object {
  return {
    title: 'Plasticore report',
    ...z.toJSONSchema(z.union([testedSchema, validatedSchema]), { target: 'draft-7', reused: 'ref' }),
  };
}

/** Explains why a value is not a valid report; undefined if it has exactly the keys of one. */
export function reportFault(value: unknown): string | undefined {
  const isValidated = typeof value === 'object' && value !== null && 'validation' in value;
  const schema: z.ZodType<Report> = isValidated ? validatedSchema : testedSchema;
  const found = attempt(() => validated(schema, value, (fault) => new PlasticoreError('data', fault)));
  return found instanceof PlasticoreError ? found.message : undefined;
}
