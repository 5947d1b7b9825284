/** Schemas of single values, whose messages say what was found and expected. */
import { z } from 'zod';
import { found } from './expected.ts';

export const text = (what: string) =>
  z.string({ error: ({ input }) => `expected ${what}, found ${found(input)}` });

/** A whole number from `low` to `high`. */
export function whole(low: number, high: number, what: string) {
  const error = ({ code, input }: { readonly code?: string; readonly input?: unknown }) => {
    const bound = code === 'too_big' ? `at most ${high}` : `at least ${low}`;
    return `expected ${what} (a whole number, ${bound}), found ${found(input)}`;
  };
  return z.int({ error }).min(low, { error }).max(high, { error });
}

/** A number above 0. */
export const positive = (what: string) =>
  z
    .number({ error: ({ input }) => `expected ${what}, found ${found(input)}` })
    .positive({ error: ({ input }) => `expected ${what} above 0, found ${found(input)}` });

/** A share, above 0 and below 1. */
export const share = z
  .number({ error: ({ input }) => `expected a share between 0 and 1, found ${found(input)}` })
  .gt(0, { error: ({ input }) => `expected a share above 0, found ${found(input)}` })
  .lt(1, { error: ({ input }) => `expected a share below 1, found ${found(input)}` });
