import * as z from 'zod';
import { found, recordOf, text, whole } from '../../text/index.ts';

/** A list of numbers, none of them twice. */
export const distinct = (what: string, one: string) =>
  z
    .array(whole(one, 0, 2 ** 16 - 1), {
      error: ({ input }) => `expected a list of ${what} such as [0, 1], found ${found(input)}`,
    })
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
  error: ({ input }) =>
    `expected a list of speakers such as [0, 1], or the name of a group in 'speakers', found ${found(input)}`,
});

/** The key `speakers` of an experiment. */
export const groupsOfSpeakers = recordOf(z.string(), speakerList, {
  error: ({ input }) => `expected groups of speakers by name, found ${found(input)}`,
});
