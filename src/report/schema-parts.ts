import * as z from 'zod';
import { deliveries, tileOrders } from '../hardware/index.ts';
import { lostCounter, networkCoreCounters, networkCounters } from '../image/index.ts';
import { recordOf } from '../text/index.ts';

/** An amount in a report. */
export const count = z.number().min(0);

export const shareSchema = z.number().min(0).max(1);
export const smape = z.number().min(0).max(200);
/** A coefficient of determination. */
export const determination = z.number().max(1).nullable();
export const numbersByName = recordOf(z.string(), z.number());

/** One count for each counter of a table, with the table's description. */
export function counted<Name extends string>(
  counters: Readonly<Record<Name, string>>,
): Record<Name, typeof count> {
  const described = Object.entries<string>(counters).map(([name, what]) => [
    name,
    count.describe(`${what.charAt(0).toUpperCase()}${what.slice(1)}`),
  ]);
  return Object.fromEntries(described) as Record<Name, typeof count>;
}

/* What a report says of a chip of many cores. */

const byCore = (what: string) => z.array(count).describe(`By core: ${what}`);

/** The traffic of a chip's network. */
export const networkCountsSchema = z
  .strictObject({
    ...counted(networkCounters),
    busyPs: byCore(networkCoreCounters.busyPs),
    sent: byCore(networkCoreCounters.sent),
    received: byCore(networkCoreCounters.received),
    loads: z
      .array(count)
      .describe(
        'Packets that have passed each link: number 4 x tile + 0 to 3 is the one that leads into the tile eastward, westward, southward, northward',
      ),
    lost: count.exactOptional().describe(`Packets ${lostCounter}; only where packets can be lost`),
  })
  .describe('What cores have sent each other');

/** A chip of many cores, and what each of them holds. */
export const chipSchema = z
  .strictObject({
    costSet: z.string().describe('The cost set in use'),
    columns: count.describe('Columns of tiles'),
    rows: count.describe('Rows of tiles'),
    coresPerTile: count,
    numbering: z.enum(tileOrders).describe('How tiles are numbered'),
    delivery: z.enum(deliveries).describe('When a spike reaches another core'),
    cores: z.array(
      z.strictObject({
        core: count.describe('Its number'),
        slices: z
          .array(z.strictObject({ population: z.string(), first: count, last: count }))
          .describe('The neurons that live there'),
        totalBits: count.describe('All that it stores'),
        copyBits: count.describe('Copies of fields that live on other cores'),
        sumBits: count.describe('Partial sums that it sends to other cores'),
      }),
    ),
  })
  .describe('The cores that hold the program; only on a chip of many cores');

/**
 * The bases on which memory savings are stated.
 *
 * `weights`: weights alone, as needed for learning. `training`: weights and states. `training, FP32 with gradients`:
 * the same, with FP32 also storing one gradient per weight. `inference weights` and `inference`: the same for a core
 * that does not learn.
 */
export const bases = [
  'weights',
  'training',
  'weights, FP32 with gradients',
  'training, FP32 with gradients',
  'inference weights',
  'inference',
] as const;

export const fieldMemorySchema = z.strictObject({
  name: z.string().describe('`population.field` or `projection.field`'),
  bank: z.string().nullable().describe('null for a view that is sliced on the read path and takes no memory'),
  bitsPerItem: count,
  count: count.describe('Items'),
  totalBits: count.describe('bitsPerItem x count; 0 for a view that is not stored'),
  allocatedBits: count.describe(
    'Its share of the words that its layout occupies, unused bits at the ends of words and rows included',
  ),
  neededFor: z.enum(['inference', 'learning']),
});

export const savingSchema = z.strictObject({
  basis: z.enum(bases).describe('What is counted on both sides'),
  inferenceWeights: z
    .enum(['stored', 'sliced'])
    .describe('Copies beside their shadow weights, or sliced from them on the read path'),
  bits: count,
  fp32Bits: count,
  ratio: z.number().describe('The share saved, 1 - bits / fp32Bits'),
});

export const memorySchema = z.strictObject({
  fields: z.array(fieldMemorySchema),
  totalBits: count.describe('All stored fields, as learning needs them'),
  allocatedBits: count.describe('All words that hold them'),
  inferenceBits: count.describe('The part needed by a core that does not learn'),
  savings: z.array(savingSchema).describe('Memory saved against FP32; empty at precision `own`'),
  failing: z
    .strictObject({
      seed: count.describe('Which chip it is'),
      errors: z
        .enum(['stuck', 'fresh'])
        .describe('Whether cells hold one bit for ever, or flip in some steps'),
      banks: z.array(
        z.strictObject({
          bank: z.string(),
          rate: shareSchema.describe('The probability that a cell fails: of each, or in each step'),
          cells: count.describe('Cells that hold an item of a field'),
          stuck: count.describe('Those of them that are stuck'),
        }),
      ),
    })
    .exactOptional()
    .describe('The cells of banks that fail; only where some do'),
});

/** Few-shot class-incremental learning as NeuroBench scores it (the same paper, Methods): accuracy by session. */
export const fscilSchema = z.strictObject({
  Accuracy: z.array(shareSchema).describe('After each session, on the classes of all sessions so far'),
  Base: shareSchema.describe('After the first session'),
  SessionAverage: shareSchema.describe('Mean over all sessions'),
});

/**
 * NeuroBench metrics under the names of its harness 2.3 (Yik et al., "The neurobench framework for benchmarking
 * neuromorphic computing algorithms and systems", Nature Communications 16:1545, 2025), on the scored samples; counts
 * are per sample.
 */
export const neurobenchSchema = z.strictObject({
  Footprint: count.describe('Bytes of weights, shadow weights and states: payload bits / 8'),
  ParameterCount: count.describe(
    'Weights, and other numbers that inference reads and does not write, such as biases; the synapses of a convolution share theirs',
  ),
  ConnectionSparsity: shareSchema.describe(
    'Share of inference weights that are zero, over all projections through which spikes act; pairs that a sparse projection leaves out are zeros',
  ),
  SynapticOperations: z.strictObject({
    Effective_MACs: count.describe('Multiply-accumulates of nonzero weights: by spikes that carry a value'),
    Effective_ACs: count.describe(
      "Accumulations of a nonzero weight by a spike; the core's own `sops` count zero weights too",
    ),
    Dense: count.describe('What hardware without sparsity would do: every connection at every step'),
  }),
  ActivationSparsity: z
    .number()
    .describe(
      'Share of neurons that do not spike in a time step, over all populations that can; input excluded. Spikes beyond the first of a neuron in a step lower it',
    ),
  ActivationSparsityByLayer: numbersByName.describe('The same for each of these populations'),
  FSCIL: fscilSchema
    .exactOptional()
    .describe(
      'Few-shot class-incremental learning, each stage of a life a session; only where a run has a life',
    ),
  SMAPE: smape.exactOptional().describe('Only where samples ask for numbers, in place of an accuracy'),
  R2: determination.exactOptional().describe('Only where samples ask for numbers'),
  MembraneUpdates: count
    .exactOptional()
    .describe(
      'Steps in which a neuron changes its potential, the first of a sample always counted; only with option `neurobench`',
    ),
  NeuronOperations: z
    .strictObject({
      'Effective Neuron Ops': count.describe('Updates of potentials, times the operations of one'),
      'Neuron Dense Ops': count.describe('The same if every neuron were updated at every step'),
    })
    .exactOptional()
    .describe(
      'An update takes the arithmetic, shifts and logic of the kernels over neurons that store the potential; only with option `neurobench`',
    ),
});
