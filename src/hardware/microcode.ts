import * as z from 'zod';
import { expected, key, strictObject, whole } from '../text/index.ts';

/** Sizes of files that rotate: their numbers wrap as binary ones do. */
const rotating = () =>
  z.union([z.literal(2), z.literal(4), z.literal(8), z.literal(16)], { error: expected('2, 4, 8 or 16') });

/** How a core runs words of microcode, and what it holds of them. */
export const microcodeSection = strictObject({
  issue: key(
    whole('a number of operations', 1, 8),
    'Operations that issue in a cycle; written words have one.',
    1,
  ).exactOptional(),
  words: key(whole('a number of words', 1, 1024), 'Words of microcode, of all kernels.', 512).exactOptional(),
  kernels: key(whole('a number of kernels', 1, 64), 'Kernels, clears and tests.', 64).exactOptional(),
  accesses: key(whole('a number of accesses', 1, 64), 'Fields, by role.', 64).exactOptional(),
  scalars: key(whole('a number of scalars', 1, 64), 'Numbers that all lanes share.', 64).exactOptional(),
  entries: key(whole('a number of entries', 1, 256), 'Entries of lists.', 256).exactOptional(),
  conditions: key(whole('a number of conditions', 1, 16), 'Conditions of lists.', 16).exactOptional(),
  kept: key(
    whole('a number of tiles', 1, 256),
    'Tiles of spikes that the next step delivers.',
    64,
  ).exactOptional(),
  segments: key(
    whole('a number of records', 0, 65536),
    'Rows that are cut into segments, and these segments.',
    16384,
  ).exactOptional(),
  registers: key(
    rotating(),
    'Registers of a lane for results, and as many for loaded items.',
    16,
  ).exactOptional(),
  stages: key(rotating(), 'Tiles under way at once.', 16).exactOptional(),
});

/** The limits of a core that runs words of microcode, as far as its hw-model states them. */
export type MicrocodeLimits = z.infer<typeof microcodeSection>;
