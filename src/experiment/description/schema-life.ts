import * as z from 'zod';
import { noShift } from '../../data/index.ts';
import { parameterSchema } from '../../program/index.ts';
import { choice, found, key, recordOf, share, strictObject, text, truth, whole } from '../../text/index.ts';

const degrees = (input: unknown) => `expected an angle of -180 to 180 degrees, found ${found(input)}`;

/** The key `shift`, of an experiment and of a stage of its life. */
export const shift = strictObject({
  rotateDegrees: key(
    z
      .number({ error: ({ input }) => `expected an angle in degrees, found ${found(input)}` })
      .min(-180, { error: ({ input }) => degrees(input) })
      .max(180, { error: ({ input }) => degrees(input) })
      .default(noShift.rotateDegrees),
    'Turns square images by so many degrees, anticlockwise.',
    30,
  ),
  noise: key(
    share.default(noShift.noise),
    'Share of the features that random values replace, in each sample others.',
    0.1,
  ),
});

/** A list of numbers, none of them twice. */
const distinct = (what: string, one: string) =>
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

const samples = strictObject({
  first: key(whole('the number of a sample', 0).default(0), 'The first of them, counted from 0.', 0),
  last: key(
    whole('the number of a sample', 0),
    'The last of them. It may lie beyond the end of the training set.',
    1999,
  ),
}).superRefine(({ first, last }, context) => {
  if (last >= first) return;
  const message = `expected a sample from ${first} on, found ${last}`;
  context.addIssue({ code: 'custom', path: ['last'], message });
});

const tested = z.union(
  [
    choice(['met', 'all', 'none']),
    z.array(text('the name of a stage')).min(1, { error: 'expected at least one stage' }),
  ],
  { error: ({ input }) => `expected met, all, none or a list of stages, found ${found(input)}` },
);

/** A stage of the key `life`. */
const stage = strictObject({
  name: key(
    text('a name'),
    'Its name in reports. If absent, what its part of the data is called.',
    'the first two',
  ).optional(),
  data: key(
    text('the path of a data set'),
    'Another data set, by its path from this file. If absent, the data of the experiment.',
    '../fashion/',
  ).optional(),
  shift: key(shift, 'Changes its samples, in place of the `shift` of the experiment.', {
    rotateDegrees: 30,
  }).optional(),
  classes: key(
    distinct('classes', 'a class'),
    'The classes whose samples it learns. If absent, all.',
    [0, 1],
  ).optional(),
  speakers: key(
    distinct('speakers', 'the number of a speaker'),
    'The speakers whose samples it learns, of data that identify speakers. If absent, all.',
    [4],
  ).optional(),
  samples: key(
    samples,
    'The samples that it learns, by their numbers in the training set. It does not choose what is tested.',
    { first: 0, last: 1999 },
  ).optional(),
  samplesPerClass: key(
    whole('a number of samples', 1),
    'Learns so many samples of each class, which the seed chooses among the others. It does not choose what is tested.',
    5,
  ).optional(),
  passes: key(
    whole('a number of passes', 1, 2 ** 20),
    'Passes over its samples. If absent, `epochs` of the experiment.',
    2,
  ).optional(),
  order: key(
    choice(['shuffled', 'stored']).default('shuffled'),
    'The order of its samples. `shuffled`: one drawn for each pass. `stored`: as the data have them.',
  ),
  frozen: key(
    truth.default(false),
    'Whether its samples are presented without being learned: the network meets them, and stays what it is.',
    true,
  ),
  learn: key(
    z
      .array(text('the name of a projection'), {
        error: ({ input }) => `expected a list of projections, found ${found(input)}`,
      })
      .min(1, { error: 'expected at least one projection; `frozen: true` learns nothing' }),
    'The projections that learn in it: the rules of all others do not run, and cost nothing. If absent, all.',
    ['hiddenToOutput'],
  ).optional(),
  parameters: key(
    recordOf(z.string(), parameterSchema).prefault({}),
    "Values for the program's parameters in this stage, tests after it included. They take precedence over `parameters` and `precisionParameters`. A schedule begins anew in each stage.",
    { hiddenRate: 12 },
  ),
  test: key(
    tested.default('met'),
    'What is tested after it, each task apart. A task is the part of the test set that has the classes, speakers, data and shift of a stage. `met`: the tasks of all stages so far. `all`: the tasks of all stages; in the first stage, also before it, which forward transfer takes. `none`: nothing; the last stage is always tested. A list: the tasks of these stages, by name.',
    'all',
    ['the first two'],
  ),
});

/** The key `life` of an experiment: what it learns, one part of the data after the other. */
export const lifeSection = z
  .array(stage, { error: ({ input }) => `expected a list of stages, found ${found(input)}` })
  .min(1, { error: 'expected at least one stage' });

export type StageSpec = z.infer<typeof stage>;
