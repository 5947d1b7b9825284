import * as z from 'zod';
import { expected, key, strictObject, whole } from '../text/index.ts';
import { count } from './schema-values.ts';

/** A generator of random bits y[n] = y[n-a] xor y[n-b], unfolded to give many bits at once. */
export const generator = strictObject({
  recurrence: key(
    z.tuple([whole('a distance', 1, 31), whole('a distance', 2, 32)], {
      error: expected('two distances [a, b] with a < b: y[n] = y[n-a] xor y[n-b]'),
    }),
    'Two distances [a, b] with a < b: the bits are y[n] = y[n-a] xor y[n-b]. The state has b bits.',
    [3, 25],
  ),
  bitsPerAdvance: key(whole('a number of bits', 1, 4096), 'Bits that one advance consumes.', 512),
  wordBits: key(
    whole('a width in bits', 1, 32),
    'Width in bits of the word that each lane takes; at most `bitsPerAdvance`.',
    32,
  ),
  lanes: key(
    count('a number of lanes'),
    "Neighbouring lanes that share an advance; a divisor of the core's lanes. The first lane takes the lowest word, the next lane the word above it. If an advance has too few words, lanes start again from the lowest.",
    16,
  ),
});
