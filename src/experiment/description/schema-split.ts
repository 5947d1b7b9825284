import * as z from 'zod';
import { defaultValidationFraction, type ValidationPart } from '../../data/index.ts';
import { found, key, share, strictObject, whole } from '../../text/index.ts';

const speaker = whole('the number of a speaker', 0, 2 ** 16 - 1);

const speakersToTest = z.union([z.array(speaker).min(1), z.literal('file')], {
  error: ({ input }) =>
    `expected a list of speakers such as [4, 5], or file for those that the data list, found ${found(input)}`,
});

/** The key `split` of an experiment. */
export const split = strictObject({
  holdOut: key(
    strictObject({
      speakers: key(
        speakersToTest,
        'The speakers whose samples are the test set, by number. `file`: those that the data set lists in extra/held_out_speakers.',
        [4, 5],
        'file',
      ),
    }),
    'The samples to test on, held out of all files together; the others are for training.',
    { speakers: [4, 5] },
  ),
});

/** The key `validation` of an experiment: one part of the training set. */
export const validation = strictObject({
  fraction: key(
    share,
    'Share of the training set to hold out; of data that identify speakers, whole speakers. If nothing is said, a sixth.',
    0.1,
  ).optional(),
  speakers: key(
    z
      .array(speaker, {
        error: ({ input }) => `expected a list of speakers such as [0], found ${found(input)}`,
      })
      .min(1, { error: 'expected at least one speaker' }),
    'The speakers whose samples are held out. Those in `split.holdOut` are no part of the training set.',
    [0],
  ).optional(),
  recordings: key(
    strictObject({
      multiplesOf: key(
        whole('a number', 2, 2 ** 32 - 1),
        'Holds out the recordings whose number, in extra/recording of the data, is a multiple of this.',
        6,
      ),
    }),
    'Recordings to hold out, by their numbers: each speaker and class then has its share of them.',
    { multiplesOf: 6 },
  ).optional(),
})
  .default({ fraction: defaultValidationFraction })
  .transform((part, context): ValidationPart => {
    const { fraction, speakers, recordings } = part;
    const given = Object.keys(part);
    if (given.length === 1) {
      if (fraction !== undefined) return fraction;
      if (speakers !== undefined) return { speakers };
      if (recordings !== undefined) return { recordings };
    }
    context.addIssue({
      code: 'custom',
      message: `expected one of fraction, speakers and recordings, found ${given.length === 0 ? 'none' : given.join(' and ')}`,
    });
    return defaultValidationFraction;
  });
