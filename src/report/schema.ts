import { z } from 'zod';
import { bases } from './memory.ts';
import type { Report } from './report.ts';

const count = z.number().min(0);
const share = z.number().min(0).max(1);
const accuracy = share.nullable().describe('Share answered right; null without samples');
const words = { wordsRead: count, wordsWritten: count };
const byName = z.record(z.string(), z.number());

const phaseCounters = z.strictObject({
  steps: count,
  cycles: count,
  sops: count.describe('Synaptic operations: weights accumulated into neurons'),
  updates: count.describe('Weight updates: shadow weights visited by a learning rule'),
  spikes: byName.describe('By population'),
  router: z.strictObject({ pushes: count, pops: count, drops: count, stalls: count }),
  byKernel: z.array(
    z.strictObject({
      name: z.string(),
      counts: z.enum(['sop', 'update']).nullable(),
      runs: count,
      passes: count,
      tiles: count,
      items: count,
      scannedTiles: count,
      cycles: count,
      boundBy: z.string(),
      ...words,
    }),
  ),
  byBank: z.array(z.strictObject({ name: z.string(), ...words })),
});

const phaseEnergy = z.strictObject({
  total: count,
  byUnit: byName,
  byKernel: z.array(z.strictObject({ name: z.string(), energyPj: count })),
  bySourceKind: z.record(z.string(), z.number()).describe('How much rests on figures of which kind'),
});

const costs = { counters: phaseCounters, energyPj: phaseEnergy, latencyNs: count };
const phase = z.strictObject({
  accuracy,
  samples: count,
  ...costs,
  energyPjPerSop: count.nullable().describe('Total energy over synaptic operations; null without any'),
  perSample: z.strictObject(costs).nullable().describe('The same, divided by the samples'),
});

const epoch = z.strictObject({
  epoch: count.describe('From 0'),
  samples: count,
  accuracy: accuracy.describe('Measured while each sample is learnt, so it flatters'),
  validationAccuracy: share
    .exactOptional()
    .describe('After the epoch, without learning, on what is held out; only where a part is'),
  cycles: count,
  sops: count,
  updates: count,
  spikes: byName,
  energyPj: count,
});

const memory = z.strictObject({
  fields: z.array(
    z.strictObject({
      name: z.string(),
      bank: z.string().nullable().describe('null for a view that is sliced on the read path'),
      bitsPerItem: count,
      count,
      totalBits: count,
      allocatedBits: count,
      neededFor: z.enum(['inference', 'learning']),
    }),
  ),
  totalBits: count,
  allocatedBits: count,
  inferenceBits: count,
  savings: z.array(
    z.strictObject({
      basis: z.enum(bases),
      inferenceWeights: z.enum(['stored', 'sliced']),
      bits: count,
      fp32Bits: count,
      ratio: z.number(),
    }),
  ),
});

const core = z.strictObject({
  clockMhz: z.number(),
  lanes: count,
  kernels: z.array(
    z.strictObject({
      name: z.string(),
      intervalCycles: count,
      passCycles: count,
      runCycles: count,
      boundBy: z.string(),
      utilisation: byName,
    }),
  ),
});

const network = z.strictObject({
  input: z.string(),
  populations: z.array(z.strictObject({ name: z.string(), size: count })),
  projections: z.array(z.strictObject({ name: z.string(), from: z.string(), to: z.string() })),
});

const neurobench = z.strictObject({
  footprint: count,
  connection_sparsity: z.number(),
  activation_sparsity: z.number(),
  synaptic_operations: z.strictObject({ Effective_MACs: count, Effective_ACs: count, Dense: count }),
});

const origin = {
  plasticore: z.string(),
  experiment: z.string(),
  program: z.string(),
  hwModel: z.string(),
  precision: z.string(),
  seed: count,
  epochs: count,
  encoder: z.string(),
  limit: count.nullable(),
  settings: z.array(z.string()),
  recorded: z.array(z.string()),
  sources: z.array(z.strictObject({ file: z.string(), sha256: z.string() })),
  imageSha256: z.string(),
};
const data = {
  name: z.string(),
  description: z.string(),
  train: count.describe('Samples learnt from'),
  corrections: z.array(z.string()),
  sha256: z.string().describe('Of the samples learnt from and those scored'),
};

const timing = z
  .strictObject({
    wallSeconds: count,
    trainSamplesPerSecond: count,
    testSamplesPerSecond: count,
    engine: z.string(),
    workers: count.describe('Runs at the same time, this one included'),
    host: z.string(),
  })
  .describe('The only part that may differ between two runs');

const common = {
  schema: z.literal('plasticore/report/1'),
  train: phase.extend({ history: z.array(epoch) }),
  memory,
  core,
  network,
  neurobench,
  timing,
};

/** A run that learnt from all of the training set. */
const testedSchema = z.strictObject({
  ...common,
  test: phase.describe('The test set, scored once at the end, without learning'),
  provenance: z.strictObject({ ...origin, data: z.strictObject({ ...data, test: count }) }),
});

/** A run that held a part of the training set out. */
const validatedSchema = z.strictObject({
  ...common,
  validation: phase.describe(
    'The part of the training set that was held out, scored without learning; the test set was not used',
  ),
  provenance: z.strictObject({
    ...origin,
    data: z.strictObject({ ...data, validation: count.describe('Samples held out') }),
    validation: z.strictObject({
      fraction: share.describe('Of the training set'),
      heldOut: z.enum(['stratified', 'by group']).describe('by group: whole speakers'),
    }),
  }),
});

const reportSchema = z.union([testedSchema, validatedSchema]) satisfies z.ZodType<Report>;

/** The JSON Schema (draft 7) of `report.json`. */
export function reportJsonSchema(): object {
  return {
    title: 'Plasticore report',
    ...z.toJSONSchema(reportSchema, { target: 'draft-7', reused: 'ref' }),
  };
}

/** What is wrong with a value as a report; nothing where it has all the keys of one and no others. */
export function reportFault(value: unknown): string | undefined {
  const isValidated = typeof value === 'object' && value !== null && 'validation' in value;
  const issue = (isValidated ? validatedSchema : testedSchema).safeParse(value).error?.issues[0];
  return issue === undefined ? undefined : `${issue.path.join('.')}: ${issue.message}`;
}
