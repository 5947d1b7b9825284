import { z } from 'zod';
import { chips as bundledChips, type Chip } from '../../chips/index.ts';
import {
  defaultEventEncoding,
  defaultValidationFraction,
  encoderNames,
  namedEncoding,
} from '../../data/index.ts';
import { parsePrecision } from '../../hardware/index.ts';
import { parameterSchema } from '../../program/index.ts';
import { formatTag, found, share, strictObject, suggest, text, whole } from '../../text/index.ts';
import { taskSection } from './schema-task.ts';

const precision = text("a precision such as 'mp16-8', or fp32").refine(
  (name) => name === 'fp32' || name === 'own' || parsePrecision(name) !== undefined,
  {
    error: ({ input }) =>
      `'${input}' is not a precision: expected mpS-W (S-bit shadow, W-bit inference weights), fp32, or own for programs that choose their own widths`,
  },
);

const seed = whole(0, 2 ** 32 - 1, 'a seed of 32 bits');

const encoderName = z.enum(encoderNames).transform(namedEncoding);

const bins = strictObject({
  ms: z
    .number({ error: ({ input }) => `expected the width of a bin in ms, found ${found(input)}` })
    .positive({ error: ({ input }) => `expected a width above 0 ms, found ${found(input)}` })
    .default(defaultEventEncoding.bins.ms)
    .describe('Width of a time step in ms: a spike at t ms belongs to step floor(t / ms)'),
});

const eventEncoder = strictObject({
  bins: bins.describe('An input spikes once in each bin in which one of its channels does'),
  groupChannels: whole(1, 2 ** 16, 'a number of channels')
    .default(defaultEventEncoding.groupChannels)
    .describe('So many neighbouring channels share an input'),
  jitterChannels: whole(0, 2 ** 16, 'a number of channels')
    .default(defaultEventEncoding.jitterChannels)
    .describe(
      'While training, all channels of a sample are shifted by the same random number of channels, at most so many up or down; spikes shifted out are dropped',
    ),
  stopAfterLastSpike: z
    .boolean({ error: ({ input }) => `expected true or false, found ${found(input)}` })
    .default(defaultEventEncoding.stopAfterLastSpike)
    .describe('Whether a sample ends with the step of its last spike, or has all steps of the program'),
});

const encoder = z.union([encoderName, eventEncoder], {
  error: ({ input }) =>
    typeof input === 'string'
      ? `unknown encoder '${input}'; ${suggest(input, encoderNames)}`
      : `expected ${encoderNames.join(', ')} or {bins: {ms: 10}, groupChannels: ..., jitterChannels: ...}, found ${found(input)}`,
});

const speakers = z.union(
  [z.array(whole(0, 2 ** 16 - 1, 'the number of a speaker')).min(1), z.literal('file')],
  {
    error: ({ input }) =>
      `expected a list of speakers such as [4, 5], or file for those that the data list, found ${found(input)}`,
  },
);

const parameters = z.record(z.string(), parameterSchema, {
  error: ({ input }) => `expected parameters by name, found ${found(input)}`,
});

/** The keys of an experiment, apart from those that host a chip. */
const shape = {
  format: formatTag('experiment', 1),
  name: text('a name'),
  description: z.string().default('').describe('What it shows'),
  program: text('the name or path of a program').describe(
    'A bundled program by name, or a path from this file',
  ),
  hw: text('the name or path of an hw-model').describe(
    'A bundled hw-model by name, or a path from this file; precision fp32 runs on its baseline',
  ),
  precisions: z
    .array(precision, { error: ({ input }) => `expected a list of precisions, found ${found(input)}` })
    .min(1, { error: 'expected at least one precision' })
    .describe(
      'mpS-W: S-bit shadow weights, W-bit inference weights; fp32; own: the widths that the program itself chooses',
    ),
  seeds: z
    .array(seed, { error: ({ input }) => `expected a list of seeds, found ${found(input)}` })
    .min(1, { error: 'expected at least one seed' }),
  data: text('the path of a data set')
    .optional()
    .describe(
      'A directory of IDX files, a .npz file, an HDF5 file in the layout of SHD or a directory with two of them, from this file; without it the samples of the task, or the embedded digits',
    ),
  task: taskSection
    .optional()
    .describe('A task whose samples are generated, instead of a data set; the option data replaces it'),
  split: strictObject({
    holdOut: strictObject({
      speakers: speakers.describe(
        'Whose samples are the test set; file: those listed in extra/held_out_speakers',
      ),
    }).describe('What is tested on, of all files together'),
  })
    .optional()
    .describe('How training and test set are split; without it as the files are'),
  encoder: encoder
    .default('bernoulli')
    .describe(
      'How samples become input spikes. Features: bernoulli or phase. Spikes with their times: bins (of 10 ms), or bins with options',
    ),
  epochs: whole(0, 2 ** 31, 'a number of epochs').describe('Passes over the training set; 0 only tests'),
  limit: whole(1, Number.MAX_SAFE_INTEGER, 'a number of samples')
    .optional()
    .describe('At most so many samples, of training and of testing, stratified'),
  validation: strictObject({
    fraction: share.describe('Share of the training set'),
  })
    .default({ fraction: defaultValidationFraction })
    .describe(
      'What the option validate holds out of the training set, to score it instead of the test set while parameters are chosen',
    ),
  sweep: z
    .record(
      z.string(),
      z
        .array(z.unknown(), { error: ({ input }) => `expected a list of values, found ${found(input)}` })
        .min(1, { error: 'expected at least one value' }),
      { error: ({ input }) => `expected lists of values by path, found ${found(input)}` },
    )
    .default({})
    .describe(
      'What `sweep` varies beside precisions and seeds, every value with every other, as its option vary does: {program.parameters.gain: [0, 2], hw.lanes: [8, 16]}',
    ),
  parameters: parameters.default({}).describe("Values for the program's parameters at every precision"),
  precisionParameters: z
    .record(z.string(), parameters)
    .default({})
    .meta({
      description:
        "Values for the program's parameters at one precision, by the precision's name: widths that differ want other thresholds and rates. They take precedence over `parameters`, and `set` takes precedence over them.",
      examples: [{ 'mp8-4': { gain: 2, hiddenRate: 6 } }],
    }),
  set: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      'Replaces anything in the program or hw-model, as the option set does: {program.steps: 4, hw.lanes: 32}',
    ),
  default: strictObject({
    precision: precision.optional().describe('One of `precisions`; the first if absent'),
    seed: seed.optional().describe('One of `seeds`; the first if absent'),
  })
    .default({})
    .describe('The cell that `run` runs unless told otherwise'),
};

/** The schema of `experiments/*.yaml`: each chip adds a section under its name. */
export function experimentSchema(chips: readonly Chip[]) {
  // Their names are not known to the type: `loadExperiment` finds them in what it has read.
  const sections: Readonly<Record<never, z.ZodType>> = Object.fromEntries(
    chips.map(({ name, options, description }) => [name, options.optional().describe(description)]),
  );
  return strictObject({ ...shape, ...sections });
}

type WrittenSpec = z.infer<ReturnType<typeof experimentSchema>>;

/** What an experiment's file says, with its default cell worked out. */
export interface ExperimentSpec extends Omit<WrittenSpec, 'default'> {
  readonly default: { readonly precision: string; readonly seed: number };
}

/** The same with the first precision and the first seed where the default cell names none. */
export function withDefaultCell({ default: cell, ...spec }: WrittenSpec): ExperimentSpec {
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

/** The JSON Schema (draft 7) of `experiments/*.yaml`, by which editors complete and check them. */
export function experimentJsonSchema(chips: readonly Chip[] = bundledChips): object {
  return {
    title: 'Plasticore experiment',
    ...z.toJSONSchema(experimentSchema(chips), { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
  };
}
