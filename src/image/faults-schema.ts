import * as z from 'zod';
import { integer, strictObject, type ValueOf } from '../text/index.ts';

export const faultsSchema = strictObject({
  /** Of the chip: each has cells of its own that fail. */
  seed: integer(0, 2 ** 32 - 1),
  errors: z.enum(['stuck', 'fresh']),
  /** The bit that a stuck cell holds. */
  prefers: z.union([z.literal('either'), z.literal(0), z.literal(1)]),
  /** For each bank, the probability that a cell fails. */
  rates: z.array(z.number().min(0).max(0.5)),
});
/** Which cells of its banks fail, and how. */
export type CellFaults = ValueOf<typeof faultsSchema>;
