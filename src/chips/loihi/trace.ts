import * as z from 'zod';
import { found } from '../../text/index.ts';
import { lifParts, netParts } from './trace-parts.ts';
import { checkLifShape, checkNetShape } from './trace-shape.ts';

/** Recordings of public models of Loihi: the schema of `loihi-golden/1`. Steps count from 0. */
export const loihiSchema = z.discriminatedUnion(
  'kind',
  [lifParts.superRefine(checkLifShape), netParts.superRefine(checkNetShape)],
  {
    error: ({ input }) => {
      const kind = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : input;
      return kind === 'learn'
        ? "expected 'lif' or 'net', found 'learn': learning is not modelled, so runs that learn cannot be replayed"
        : `expected 'lif' or 'net', found ${found(kind)}`;
    },
  },
);

export type LoihiTrace = z.infer<typeof loihiSchema>;
