import * as z from 'zod';
import { expected, key, strictObject, whole } from '../text/index.ts';
import { positiveWhole, type ReportFault } from './values.ts';

/**
 * A generator named by draw operations: bits y[n] = y[n-near] xor y[n-far]. The current word starts at some n, which an
 * advance moves on by `bitsPerAdvance`. Each group of `lanes` neighbouring lanes shares an advance. Lane l takes
 * `wordBits` bits starting at n + wordBits x (l mod words), lowest first; `words` is the number of words in an advance.
 */
export interface Generator {
  readonly name: string;
  readonly near: number;
  readonly far: number;
  readonly bitsPerAdvance: number;
  readonly wordBits: number;
  readonly lanes: number;
  readonly words: number;
}

/** A generator of random bits y[n] = y[n-a] xor y[n-b], unfolded to give many bits at once. */
export const generatorSection = strictObject({
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
    positiveWhole('a number of lanes'),
    "Neighbouring lanes that share an advance; a divisor of the core's lanes. The first lane takes the lowest word, the next lane the word above it. If an advance has too few words, lanes start again from the lowest.",
    16,
  ),
});
type GeneratorsFile = Readonly<Record<string, z.infer<typeof generatorSection>>>;

export function checkGenerators(
  { generators, lanes }: { readonly generators: GeneratorsFile; readonly lanes: number },
  report: ReportFault,
): void {
  for (const [name, entry] of Object.entries(generators)) {
    const [near, far] = entry.recurrence;
    const path = ['generators', name];
    if (near >= far) report([...path, 'recurrence'], `expected a before b, found [${near}, ${far}]`);
    if (entry.wordBits > entry.bitsPerAdvance)
      report([...path, 'wordBits'], `an advance has ${entry.bitsPerAdvance} bits, a word ${entry.wordBits}`);
    if (lanes % entry.lanes !== 0)
      report([...path, 'lanes'], `expected a divisor of the core's ${lanes}, found ${entry.lanes}`);
  }
}

export function readGenerators(generators: GeneratorsFile): Generator[] {
  return Object.entries(generators).map(
    ([
      name,
      {
        recurrence: [near, far],
        ...entry
      },
    ]) => ({
      name,
      near,
      far,
      ...entry,
      words: Math.floor(entry.bitsPerAdvance / entry.wordBits),
    }),
  );
}
