import * as z from 'zod';
import { defaultValidationFraction, type ValidationPart } from '../../data/index.ts';
import { key, list, recordOf, share, strictObject, text, wanted, whole, word } from '../../text/index.ts';

/**
 * Numbers in a row, both ends included, from 0 on if no first one is stated.
 *
 * @param what one of them, as in `a sample`
 * @param about the last of them
 */
export const numberRange = (what: string, about: string, example: number) =>
  strictObject({
    first: key(whole(`the number of ${what}`, 0).default(0), 'The first of them, counted from 0.', 0),
    last: key(whole(`the number of ${what}`, 0), about, example),
  }).superRefine(({ first, last }, context) => {
    if (last >= first) return;
    const message = `expected ${what} from ${first} on, found ${last}`;
    context.addIssue({ code: 'custom', path: ['last'], message });
  });

const speaker = whole('the number of a speaker', 0, 2 ** 16 - 1);

const speakersToTest = z.union([z.array(speaker).min(1), text('the name of a group')], {
  error: wanted(
    `a list of speakers such as [4, 5], a group of 'speakers', or file for those that the data list`,
  ),
});

const part = strictObject({
  speakers: key(
    speakersToTest,
    'The speakers whose samples are the test set, by number or by the name of a group in `speakers`. `file`: those that the data set lists in extra/held_out_speakers. If absent, all.',
    [4, 5],
    'file',
  ).optional(),
  recordings: key(
    numberRange('a recording', 'The last of them.', 4),
    'The recordings that are the test set, by their numbers in extra/recording of the data. If absent, all.',
    { first: 0, last: 4 },
  ).optional(),
  samplesPerClass: key(
    whole('a number of samples', 1),
    'So many of these samples of each class, and of each speaker where speakers are named: a fixed draw, the same for every seed. If absent, all.',
    30,
  ).optional(),
}).superRefine((given, context) => {
  if (Object.keys(given).length > 0) return;
  context.addIssue({ code: 'custom', message: 'expected speakers, recordings or samplesPerClass' });
});

/** The key `split` of an experiment. */
export const split = strictObject({
  holdOut: key(
    z.union([part, z.array(part).min(1, { error: 'expected at least one part' })], {
      error: wanted('a part such as {speakers: [4, 5]}, or a list of parts'),
    }),
    'The samples to test on, held out of all files together; the others are for training. A sample is held out if it has all that one part asks for.',
    { speakers: [4, 5] },
    [
      { speakers: [0, 1], recordings: { first: 0, last: 4 } },
      { speakers: [4, 5], samplesPerClass: 30 },
    ],
  ),
});

/** The key `validation` of an experiment: one part of the training set. */
export const validation = strictObject({
  fraction: key(
    share,
    'Share of the training set to hold out; of data that identify speakers, whole speakers. If nothing is said, a sixth.',
    0.1,
  ).optional(),
  order: key(
    word('stored'),
    'With `fraction`. `stored`: the last samples, in the order of the files. If absent, each class has its share.',
  ).optional(),
  speakers: key(
    list(speaker, 'a list of speakers such as [0]').min(1, { error: 'expected at least one speaker' }),
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
    const { order, ...parts } = part;
    const { fraction, speakers, recordings } = parts;
    const given = Object.keys(parts);
    if (order !== undefined && fraction === undefined)
      context.addIssue({ code: 'custom', path: ['order'], message: "'order' goes with 'fraction'" });
    if (given.length === 1) {
      if (fraction !== undefined) return order === undefined ? fraction : { fraction, order };
      if (speakers !== undefined) return { speakers };
      if (recordings !== undefined) return { recordings };
    }
    context.addIssue({
      code: 'custom',
      message: `expected one of fraction, speakers and recordings, found ${given.length === 0 ? 'none' : given.join(' and ')}`,
    });
    return defaultValidationFraction;
  });

/** A list of numbers, none of them twice. */
export const distinct = (what: string, one: string) =>
  list(whole(one, 0, 2 ** 16 - 1), `a list of ${what} such as [0, 1]`)
    .min(1, { error: `expected at least one of the ${what}` })
    .superRefine((numbers, context) => {
      const again = numbers.findIndex((number, index) => numbers.indexOf(number) < index);
      if (again < 0) return;
      const message = `${numbers[again]} is listed twice`;
      context.addIssue({ code: 'custom', path: [again], message });
    });

const speakerList = distinct('speakers', 'the number of a speaker');

/** Speakers of a stage: by number, or a group by its name. */
export const speakersOrGroup = z.union([speakerList, text('the name of a group')], {
  error: wanted(`a list of speakers such as [0, 1], or the name of a group in 'speakers'`),
});

/** The key `speakers` of an experiment. */
export const groupsOfSpeakers = recordOf(z.string(), speakerList, {
  error: wanted('groups of speakers by name'),
});
