import * as z from 'zod';
import { recordOf, strictObject, type ValueOf } from '../text/index.ts';

/** The parts of a core whose energy depends on data. */
export const dataParts = ['units', 'registers', 'banks', 'wires'] as const;
export type DataPart = (typeof dataParts)[number];

const share = z.number().min(0).max(1);

export const activitySchema = strictObject({
  /** The share of the bits of a word, or of an operand, that differ from the one before, which figures assume. */
  togglesPerBit: z.number().gt(0).max(1),
  /** Between which shares the true one lies, unless it is measured. */
  low: share,
  high: share,
  /** The share of the energy that follows the toggles, at the assumed ones. The rest does not depend on data. */
  dataShare: recordOf(z.enum(dataParts), share),
  /** Where these figures come from. */
  source: z.string(),
  /** Present where toggles were counted: in which steps of a run, and the share of bits that toggled, by part. */
  measured: strictObject({
    first: z.int().min(0),
    last: z.int().min(0),
    togglesPerBit: recordOf(z.string(), share),
  }).exactOptional(),
});
/** How energies depend on data: the toggles that figures assume, and how much of each follows them. */
export type Activity = ValueOf<typeof activitySchema>;
