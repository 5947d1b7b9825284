import * as z from 'zod';
import { noShift } from '../../data/index.ts';
import { parameterSchema } from '../../program/index.ts';
import {
  between,
  choice,
  key,
  line,
  list,
  recordOf,
  share,
  strictObject,
  text,
  truth,
  wanted,
  whole,
} from '../../text/index.ts';
import { distinct, numberRange, speakersOrGroup } from './schema-split.ts';

/** The key `shift`, of an experiment and of a stage of its life. */
export const shift = strictObject({
  rotateDegrees: key(
    between('an angle', -180, 180, ' degrees').default(noShift.rotateDegrees),
    'Turns square images by so many degrees, anticlockwise.',
    30,
  ),
  noise: key(
    share.default(noShift.noise),
    'Share of the features that random values replace, in each sample others.',
    0.1,
  ),
});

const samples = numberRange(
  'a sample',
  'The last of them. It may lie beyond the end of the training set.',
  1999,
);

/** Numbers of samples within a class. */
const ofEachClass = z.union(
  [whole('a number of samples', 1), numberRange('a sample', 'The last of them.', 4)],
  { error: wanted('a number of samples, or a range such as {first: 1, last: 4}') },
);

const tested = z.union(
  [
    choice(['met', 'all', 'none']),
    z.array(text('the name of a stage')).min(1, { error: 'expected at least one stage' }),
  ],
  { error: wanted('met, all, none or a list of stages') },
);

/** A stage of the key `life`. */
const stage = strictObject({
  name: key(
    line('a name'),
    'Its name in reports. If absent, the name of its part of the data.',
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
    speakersOrGroup,
    'The speakers whose samples it learns, of data that identify speakers, by number or by the name of a group in `speakers`. If absent, all.',
    [4],
    'stranger',
  ).optional(),
  samples: key(
    samples,
    'The samples that it learns, by their numbers in the training set. It does not choose what is tested.',
    { first: 0, last: 1999 },
  ).optional(),
  samplesPerClass: key(
    ofEachClass,
    'Learns so many samples of each class, which the seed chooses among the others. A range takes those that the seed puts at these places, counted from 0: stages with `1` and `{first: 1, last: 4}` have 5 samples between them, none twice. It does not choose what is tested.',
    5,
    { first: 1, last: 4 },
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
  augment: key(
    truth.default(true),
    'Whether its samples are changed at random as the encoder states for training, with `augment` and `jitterChannels`.',
    false,
  ),
  frozen: key(
    truth.default(false),
    'Whether its samples are presented without being learned: the network sees them, and does not change.',
    true,
  ),
  learn: key(
    list(text('the name of a projection'), 'a list of projections').min(1, {
      error: 'expected at least one projection; `frozen: true` learns nothing',
    }),
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
    'The tasks to test after it, each apart. A task is the part of the test set that has the classes, speakers, data and shift of a stage. `met`: the tasks of all stages so far. `all`: the tasks of all stages; in the first stage, also before it, which forward transfer takes. `none`: nothing; the last stage is always tested. A list: the tasks of these stages, by name.',
    'all',
    ['the first two'],
  ),
});

/** The key `life` of an experiment: what it learns, one part of the data after the other. */
export const lifeSection = list(stage, 'a list of stages').min(1, { error: 'expected at least one stage' });

type WrittenStage = z.infer<typeof stage>;

/** A stage whose speakers are known by number. */
export interface StageSpec extends Omit<WrittenStage, 'speakers'> {
  readonly speakers?: readonly number[] | undefined;
}
