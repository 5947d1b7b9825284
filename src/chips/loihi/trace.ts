import * as z from 'zod';
import { found } from '../api.ts';
import { checkLearnShape, learnParts } from './learning/recording.ts';
import { lifParts, netParts } from './trace-parts.ts';
import { checkLifShape, checkNetShape } from './trace-shape.ts';

/** Recordings of public models of Loihi: the schema of `loihi-golden/1`. Steps count from 0. */
export const loihiSchema = z.discriminatedUnion(
  'kind',
  [
    lifParts.superRefine(checkLifShape),
    netParts.superRefine(checkNetShape),
    learnParts.superRefine(checkLearnShape),
  ],
  {
    error: ({ input }) => {
      const kind = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : input;
      return `expected 'lif', 'net' or 'learn', found ${found(kind)}`;
    },
  },
);

export type LoihiTrace = z.infer<typeof loihiSchema>;
