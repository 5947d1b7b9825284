import * as z from 'zod';
import { chipModelSchema } from '../../hardware/index.ts';
import { strictObject } from '../../text/index.ts';
import { coreImageSchema, viewSchema } from '../image.ts';
import { spreadShape } from '../placed.ts';
import { count } from '../schema-parts.ts';

/** What a file holds: one core; the core that all those of a chip start as; or cores that hold parts of a program. */
export const storedSchema = z.discriminatedUnion('holds', [
  strictObject({ holds: z.literal('core'), core: coreImageSchema }),
  strictObject({
    holds: z.literal('alike'),
    core: coreImageSchema,
    chip: chipModelSchema,
    count,
    /** Of each core, if they do not start alike. */
    contents: z.array(coreImageSchema.shape.contents).optional(),
  }),
  strictObject({
    holds: z.literal('parts'),
    view: viewSchema,
    ...spreadShape,
    chip: chipModelSchema.optional(),
  }),
]);
export type Stored = z.infer<typeof storedSchema>;
