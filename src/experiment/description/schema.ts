import * as z from 'zod';
import { chips as bundledChips, type Chip } from '../../chips/index.ts';
import { type Split, usualFeatureEncoder } from '../../data/index.ts';
import { parsePrecision } from '../../hardware/index.ts';
import { parameterSchema } from '../../program/index.ts';
import {
  choice,
  formatKey,
  jsonSchemaOf,
  key,
  list,
  plainName,
  recordOf,
  strictObject,
  text,
  truth,
  wanted,
  whole,
} from '../../text/index.ts';
import { arraysSection } from './schema-arrays.ts';
import { encoder } from './schema-encoder.ts';
import { lifeSection, type StageSpec, shift } from './schema-life.ts';
import { spaceSection } from './schema-space.ts';
import { groupsOfSpeakers, split, validation } from './schema-split.ts';
import { taskSection } from './schema-task.ts';

const precision = text("a precision such as 'mp16-8', or fp32").refine(
  (name) => name === 'fp32' || name === 'own' || parsePrecision(name) !== undefined,
  {
    error: ({ input }) =>
      `'${input}' is not a precision: expected mpS-W (S-bit shadow, W-bit inference weights), fp32, or own for programs that choose their own widths`,
  },
);

const seed = whole('a seed of 32 bits', 0, 2 ** 32 - 1);

const parameters = recordOf(z.string(), parameterSchema, { error: wanted('parameters by name') });

/** The keys of an experiment, apart from the sections of chips. */
const shape = {
  format: formatKey('experiment'),
  name: key(plainName('a name'), 'Name of the experiment in reports.', 'mnist-snn'),
  description: key(
    z.string().default(''),
    'A description of the experiment, for people.',
    'MNIST, learned on chip',
  ),
  program: key(
    text('the name or path of a program'),
    'The program to run: a bundled one by name, or a path from this file.',
    'mnist-snn',
    './net.yaml',
  ),
  hw: key(
    text('the name or path of an hw-model'),
    'The core to run it on: a bundled hw-model by name, or a path from this file. Precision fp32 runs on its `baseline`.',
    'reference',
    './core.yaml',
  ),
  precisions: key(
    list(precision, 'a list of precisions').min(1, { error: 'expected at least one precision' }),
    'The precisions that `sweep` runs. `mpS-W`: S-bit shadow weights, which take the updates, and W-bit inference weights, which spikes accumulate. `fp32`: the float32 baseline. `own`: the widths that the program itself chooses.',
    ['mp16-4', 'mp16-8', 'fp32'],
  ),
  seeds: key(
    list(seed, 'a list of seeds').min(1, { error: 'expected at least one seed' }),
    'The seeds that `sweep` runs at each precision. A seed decides initial weights, the order of samples, the encoder and stochastic rounding.',
    [1, 2, 3],
  ),
  data: key(
    text('the path of a data set'),
    'The data set, by its path from this file: a folder of IDX files, a .npz file, an HDF5 file in the layout of SHD, or a folder with two of them. If absent, the samples of `task`, or else the embedded digits.',
    '../mnist/',
  ).optional(),
  arrays: key(
    arraysSection,
    'Which arrays of the file in `data`, HDF5 or .npz, hold the samples. If absent, those of SHD in HDF5, and `x`, `y`, `x_test` and `y_test` in .npz.',
    { train: { spikes: 'train/x', labels: 'train/y' }, test: { spikes: 'test/x', labels: 'test/y' } },
  ).optional(),
  task: key(
    taskSection,
    'A task whose samples are generated, instead of a data set. Option `data` replaces it.',
    {
      cueAccumulation: { trainSamples: 200 },
    },
  ).optional(),
  split: key(split, 'How to split the data into training and test set. If absent, as the files are split.', {
    holdOut: { speakers: 'file' },
  }).optional(),
  speakers: key(
    groupsOfSpeakers,
    'Groups of speakers by name, for `split` and the stages of `life`: a sweep changes who they are in one place.',
    { known: [0, 1, 2, 3], stranger: [4] },
  ).optional(),
  shift: key(
    shift,
    'Changes all samples, for training and for testing: the world is not the one that imported weights were trained in. For features, such as images.',
    { rotateDegrees: 30 },
  ).optional(),
  encoder: key(
    encoder.default(usualFeatureEncoder),
    'How samples become input spikes. For features: `bernoulli` draws a spike in each step with probability feature / 256, `bernoulli255` with probability feature / 255; `phase` adds the feature to an accumulator in each step and spikes whenever that wraps at 256; `graded` sends each feature above 0 once, in the first step, as the value of a spike, for an input with a `payload`; `constant` sends it in every step. For spikes with their times: `bins` puts them into bins of 10 ms, and a mapping sets the options. `steps` takes spikes and values that are in time steps already; mappings make events of such values. If absent, `bernoulli`: data of spikes need one named.',
    'bernoulli',
    { bins: { ms: 10 }, jitterChannels: 4 },
  ),
  epochs: key(
    whole('a number of epochs', 0, 2 ** 31),
    'Passes over the training set; in a life, over the samples of each stage that states no `passes`. 0 only tests.',
    15,
  ),
  life: key(
    lifeSection,
    'Stages, one after the other, each with a part of the data: a life instead of one training set in random order. See docs/lifetime.md.',
    [{ classes: [0, 1] }, { classes: [2, 3] }],
  ).optional(),
  joint: key(
    truth.default(false),
    'Presents the samples of all stages of `life` together, in random order: what the network learns if it meets everything at once. It is tested on the same tasks. `passes`, `frozen`, `learn` and `parameters` of stages are not used.',
    true,
  ),
  limit: key(
    whole('a number of samples', 1),
    'Uses at most this many training samples and as many test samples, with the classes in proportion; in a life, of each stage and each task. If absent, all of them.',
    500,
  ).optional(),
  testEpoch: key(
    choice(['last', 'best']).default('last'),
    'The epoch whose weights are tested. `last`: the last one. `best`: what `validation` names is held out of the training set and scored after each epoch, and the test set is scored once, with the weights of the epoch with most right answers on it, the first of equals. With option `validate`, the last epoch is scored.',
    'best',
  ),
  validation: key(
    validation,
    'Part of the training set that option `validate` holds out, to score it instead of the test set while parameters are chosen, or that `testEpoch: best` holds out beside it. One of its keys.',
    { fraction: 0.1 },
    { speakers: [0] },
  ),
  sweep: key(
    recordOf(
      z.string(),
      list(z.unknown(), 'a list of values').min(1, { error: 'expected at least one value' }),
      { error: wanted('lists of values by path') },
    ).prefault({}),
    'Values to sweep beside precisions and seeds: lists by path, each value with every other. Option `vary` adds to them.',
    { 'program.parameters.gain': [0, 2], 'hw.lanes': [8, 16] },
  ),
  space: key(
    spaceSection,
    'The designs that `explore` may choose: axes with their values, conditions between them, and objectives.',
    { axes: { precision: ['mp8-4', 'mp16-8'], 'hw.lanes': [8, 16, 32] } },
  ).optional(),
  parameters: key(parameters.prefault({}), "Values for the program's parameters, at every precision.", {
    gain: 1,
    hiddenRate: { value: 8, add: { 3: 1 } },
  }),
  precisionParameters: key(
    recordOf(z.string(), parameters).prefault({}),
    "Values for the program's parameters at one precision, by the name of the precision. They take precedence over `parameters`.",
    { 'mp8-4': { gain: 2 } },
  ),
  set: key(
    recordOf(z.string(), z.unknown()).prefault({}),
    'Replaces anything in the program or the hw-model, by path; option `set` adds to it. A path begins with `program` or `hw`.',
    { 'program.steps': 4, 'hw.lanes': 32 },
  ),
  default: key(
    strictObject({
      precision: key(precision, 'One of `precisions`. If absent, the first.', 'mp16-8').optional(),
      seed: key(seed, 'One of `seeds`. If absent, the first.', 1).optional(),
    }).default({}),
    'The cell that `run` runs unless options choose another.',
    { precision: 'mp16-8', seed: 1 },
  ),
};

/** The schema of `experiments/*.yaml`. Each chip that has a host adds a section under its own name. */
export function experimentSchema(chips: readonly Chip[]) {
  // The names of sections are unknown to the type system; `loadExperiment` looks them up at run time.
  const sections: Readonly<Record<never, z.ZodType>> = Object.fromEntries(
    chips.flatMap(({ name, host }) =>
      host === undefined ? [] : [[name, key(host.options.optional(), host.description)]],
    ),
  );
  return strictObject({ ...shape, ...sections });
}

type WrittenSpec = z.infer<ReturnType<typeof experimentSchema>>;

/** The content of an experiment file, with its default cell resolved, and groups of speakers by their numbers. */
export interface ExperimentSpec extends Omit<WrittenSpec, 'default' | 'life' | 'split'> {
  readonly default: { readonly precision: string; readonly seed: number };
  readonly life?: readonly StageSpec[] | undefined;
  readonly split?: Split | undefined;
}

/** An experiment with its default cell, before names of groups of speakers are replaced. */
export type NamingSpec = Omit<WrittenSpec, 'default'> & Pick<ExperimentSpec, 'default'>;

/** Fills in the first precision and the first seed if the default cell names none. */
export function withDefaultCell({ default: cell, ...spec }: WrittenSpec): NamingSpec {
  return {
    ...spec,
    default: {
      precision: cell.precision ?? firstOf(spec.precisions),
      seed: cell.seed ?? firstOf(spec.seeds),
    },
  };
}

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('an empty list passed the schema');
  return first;
}

/** The JSON Schema (draft 7) of `experiments/*.yaml`, for completion and validation in editors. */
export function experimentJsonSchema(chips: readonly Chip[] = bundledChips): object {
  return jsonSchemaOf(experimentSchema(chips), 'Plasticore experiment');
}
