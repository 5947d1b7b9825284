import * as z from 'zod';
import { count, share } from './schema-counts.ts';

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
          rate: share.describe('The probability that a cell fails: of each, or in each step'),
          cells: count.describe('Cells that hold an item of a field'),
          stuck: count.describe('Those of them that are stuck'),
        }),
      ),
    })
    .exactOptional()
    .describe('The cells of banks that fail; only where some do'),
});
