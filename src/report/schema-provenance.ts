import * as z from 'zod';
import { count, shareSchema } from './schema-parts.ts';

export const dataSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  train: count.describe('Samples learned from'),
  test: count.exactOptional().describe('Samples of the test set; only where they were scored'),
  validation: count
    .exactOptional()
    .describe('Samples held out of the training set; only where they were scored, or chose the epoch'),
  corrections: z
    .array(z.string())
    .describe('What was wrong in the files and how it was corrected, with counts'),
  sha256: z.string().describe('Of the samples learned from and those scored'),
});

export const validationSchema = z
  .strictObject({
    fraction: shareSchema.exactOptional().describe('Of the training set; only where a share was held out'),
    order: z.literal('stored').exactOptional().describe('Only where the share was that of the last samples'),
    speakers: z
      .array(count)
      .exactOptional()
      .describe('Only where the samples of these speakers were held out'),
    recordings: z
      .strictObject({ multiplesOf: count })
      .exactOptional()
      .describe('Only where the recordings whose numbers are multiples of this were held out'),
    heldOut: z
      .enum(['stratified', 'by group', 'by recording', 'last'])
      .describe('by group: whole speakers; by recording: recordings by their numbers'),
    bestEpoch: count
      .exactOptional()
      .describe(
        'From 0: the epoch with most right answers on it, whose weights were tested; only where they were',
      ),
  })
  .describe('How a part of the training set was held out; without bestEpoch, the test set was then not used');

export const provenanceSchema = z.strictObject({
  plasticore: z.string().describe('Version of Plasticore that compiled the image'),
  experiment: z.string(),
  program: z.string(),
  hwModel: z.string(),
  ranOn: z
    .string()
    .exactOptional()
    .describe('The hw-model that the run ran on; only where its counts were priced for another one since'),
  precision: z.string(),
  seed: count,
  epochs: count,
  inference: z
    .literal(true)
    .exactOptional()
    .describe('Only where the program was compiled without what serves learning alone'),
  encoder: z.string(),
  life: z
    .string()
    .exactOptional()
    .describe('The stages of its life, as JSON on one line; only where it has one'),
  limit: count.nullable(),
  settings: z.array(z.string()).describe('Replaced parts of program and hw-model: `path=value`'),
  data: dataSchema,
  validation: validationSchema.exactOptional(),
  recorded: z.array(z.string()).describe('Names of the fields and spikes in the recording'),
  sources: z.array(z.strictObject({ file: z.string(), sha256: z.string() })),
  controller: z
    .strictObject({ file: z.string(), sha256: z.string() })
    .exactOptional()
    .describe('The module with the controller of the core; only where it is in one'),
  arrays: z
    .array(
      z.strictObject({
        field: z.string().describe('The field that took its values'),
        file: z.string().exactOptional().describe('Its file; absent for an array given in code'),
        array: z.string().exactOptional().describe('Its name within the file'),
        sha256: z.string().describe('Of its items as stored: C order, little-endian'),
        scale: z.number().describe('What its numbers were multiplied by'),
      }),
    )
    .exactOptional()
    .describe('Arrays that weights and other fields were filled from; only where there are any'),
  imageSha256: z.string(),
  stateSha256: z
    .string()
    .exactOptional()
    .describe(
      'Hash of the state at the end of the run: weights, neurons and random generators. Absent where the host of a chip makes its cores',
    ),
});

export const timingSchema = z
  .strictObject({
    wallSeconds: count,
    trainSamplesPerSecond: count,
    testSamplesPerSecond: count,
    engine: z.string(),
    workers: count.describe('Runs at the same time, this one included'),
    host: z.string(),
  })
  .describe('The only part that may differ between two runs');
