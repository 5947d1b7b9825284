import * as z from 'zod';
import {
  byName,
  choice,
  formatKey,
  found,
  key,
  layeredJsonSchema,
  plainName,
  recordOf,
  strictObject,
  text,
  whole,
} from '../text/index.ts';
import { programLimits } from './limits.ts';
import { population, projection } from './schema-fields.ts';
import { listSchema } from './schema-lists.ts';
import { fieldName, formula } from './schema-values.ts';

export type { ConnectSpec } from './schema-connect.ts';
export type { DelaySpec, FieldSpec, InitialSpec } from './schema-fields.ts';
export type { ActionSpec } from './schema-lists.ts';

const populations = byName(population).refine((all) => Object.keys(all).length <= programLimits.populations, {
  error: `expected at most ${programLimits.populations} populations`,
});

/** A parameter: a number, a formula, or a schedule by epoch. */
export const parameterSchema = z.union(
  [
    formula,
    strictObject({
      value: key(formula, 'The value from epoch 0 on.', 8),
      add: key(
        recordOf(z.string().regex(/^\d+$/), formula).prefault({}),
        'Numbers to add to the value, each from an epoch on, counted from 0. The additions accumulate.',
        { 3: 1, 5: 1 },
      ),
    }),
  ],
  { error: () => 'expected a number, a formula, or {value: ..., add: {EPOCH: ...}}' },
);

/** A value that comes with named events: `ev.NAME` in microcode. */
const eventScalar = strictObject({
  kind: key(
    choice(['integer', 'flag']).default('integer'),
    'The type of the value. `integer`: a whole number. `flag`: 0 or 1, in one bit.',
  ),
  bits: key(formula, 'Width in bits. A flag has none to state.', 8).optional(),
  signed: key(z.boolean().default(false), 'Whether the value may be negative (two’s complement).'),
});

const part = z.union(
  [
    z.string(),
    strictObject({
      text: key(
        z.string(),
        'The microcode itself.',
        'kernel leak over neurons\n  ld r0, self.v\n  sra r0, r0, 1\n  st r0, self.v\nend\n',
      ),
    }),
  ],
  { error: (issue) => `expected a file name or {text: MICROCODE}, found ${found(issue.input)}` },
);

const namedParts = byName(part, (input) =>
  Array.isArray(input)
    ? `expected named parts, found a list of ${input.length}; write {${named(input)}}`
    : `expected files by the name of the part, found ${found(input)}`,
);

/** Suggests the mapping to write instead of a list of files, each part named after its file. */
function named(files: readonly unknown[]): string {
  return files.map((file) => `${/([^/\\]*?)(\.uc)?$/.exec(String(file))?.[1]}: ${file}`).join(', ');
}

const events = strictObject({
  sample: key(listSchema.default([]), 'Actions at the start of each sample.', [{ clear: ['hidden.v'] }]),
  tick: key(listSchema.default([]), 'Actions in each time step, in order.', [
    { deliver: 'input' },
    { run: 'fire', over: 'hidden' },
  ]),
  spike: key(
    recordOf(z.string(), listSchema).prefault({}),
    'By population: the actions that each of its spikes triggers when it leaves the FIFO, in the step in which it was emitted.',
    { input: [{ run: 'integrate', over: 'inputToHidden' }] },
  ),
  previousSpike: key(
    recordOf(z.string(), listSchema).prefault({}),
    'By population: the actions that a neuron which spiked in one step triggers in the next, when `deliver` with `spikes: previous` asks for it. This is how recurrent projections deliver their spikes; the core keeps one bit per neuron for it. Not for the input.',
    { hidden: [{ run: 'integrate', over: 'recurrent' }] },
  ),
  scalars: key(
    byName(eventScalar).prefault({}),
    'Values that come with named events, by name; `ev.NAME` in microcode. Every named event has `ev.neuron` and `ev.post` as well: the neurons that it names.',
    { elapsed: { bits: 8 } },
  ),
  on: key(
    byName(listSchema).prefault({}),
    'By name: the actions of an event that the controller of a chip triggers. A program for such a chip has no other lists.',
    { timeReference: [{ run: 'leak', over: 'neurons' }] },
  ),
});

/** Which neurons of a population, first and last, are on which core. */
export const slices = recordOf(
  z
    .string()
    .regex(/^\d+(-\d+)?$/, { error: 'expected neurons as FIRST-LAST, such as 0-127' })
    .refine((range) => isAscending(range), {
      error: 'expected the first neuron before the last, such as 0-127',
    }),
  whole('a core', 0, programLimits.cores - 1),
  {
    error: (issue) =>
      issue.code === 'invalid_key'
        ? issue.issues[0]?.message
        : `expected cores by neurons, {0-127: 0, 128-255: 1}, found ${found(issue.input)}`,
  },
);

function isAscending(range: string): boolean {
  const [first = 0, last = first] = range.split('-').map(Number);
  return first <= last;
}

/** Where neurons are on a chip of many cores. */
const placement = strictObject({
  cores: key(
    whole('a number of cores', 1, programLimits.cores),
    'The number of cores over which populations are spread. If absent, the fewest that hold the program.',
    4,
  ).optional(),
  slices: key(
    recordOf(z.string(), slices).prefault({}),
    'By population: which of its neurons, first and last, are on which core, counted from 0. Populations that are not named are spread.',
    { hidden: { '0-127': 0, '128-255': 1 } },
  ),
});

/** The schema of `programs/*.yaml`. */
export const programSchema = strictObject({
  format: formatKey('program'),
  extends: key(
    text('the name or path of a program'),
    'The program that this one changes: a bundled one by name, or a path from this file. Mappings are merged key by key, lists and single values are replaced, and null removes an entry.',
    'mnist-snn',
  ).optional(),
  name: key(plainName('a name'), 'Name of the program in images and reports.', 'mnist-snn'),
  description: key(
    z.string().default(''),
    'A description of the program, for people.',
    'A network that learns MNIST.',
  ),
  steps: key(
    whole('a number of steps', 1, programLimits.steps).default(1),
    'Time steps of a sample; the most that a sample may have.',
    8,
  ),
  settle: key(
    whole('a number of steps', 0, programLimits.steps - 1).default(0),
    'Time steps that follow those of a sample, without input, before its answer is read, so that spikes that are still on their way arrive.',
    2,
  ),
  replay: key(
    fieldName,
    'While the core learns, each sample is presented twice: once more from its first step on, if an item of this field is not zero when the sample has ended (on a float32 core: at least 1 in magnitude). The list `sample` begins each presentation. `pass` of an action says in which of them it runs. If absent, once.',
    'output.signal',
  ).optional(),
  parameters: key(
    byName(parameterSchema).prefault({}),
    'Named numbers for formulas in this file and for #NAME in microcode: a number, a formula over other parameters and over `weightBits` and `shadowBits` of the precision and the program’s `steps`, or a schedule by epoch (only for #NAME). Formulas have + - * / % **, comparisons, a ? b : c, min, max, abs, floor, ceil, round, log2. Experiments set parameters, also by precision.',
    { gain: 0, threshold: '2 ** (weightBits - 1 + gain)', rate: { value: 8, add: { 3: 1, 5: 1 } } },
  ),
  populations: key(populations, 'Populations of neurons by name.', {
    input: { size: 784 },
    hidden: { size: 256, fields: { v: { accumulator: 16 } } },
  }),
  input: key(
    text('the name of a population'),
    'The population whose spikes the encoder supplies. Only a program of named events (`events.on`) may have none.',
    'input',
  ).optional(),
  inputAxes: key(
    choice(['rows columns channels', 'channels rows columns']).default('rows columns channels'),
    'The order in which samples hold an input with a `shape`. `rows columns channels`: as its neurons are numbered. `channels rows columns`: one picture for each channel, as most frameworks have them; they are renumbered when they are presented.',
    'channels rows columns',
  ),
  projections: key(
    byName(projection).prefault({}),
    'Projections by name: synapses from one population to another.',
    { inputToHidden: { from: 'input', to: 'hidden', initialWeights: { uniform: 100 } } },
  ),
  microcode: key(
    namedParts,
    'The parts of the microcode by name: a file, by its path relative to this one or by the name of a bundled rule, or {text: ...}. `set` replaces a part by its name. All parts share one name space of kernels.',
    { neuron: 'rules/lif.uc', update: 'rules/learn.uc' },
  ),
  events: key(events, 'Lists of actions for each kind of event.', {
    tick: [{ deliver: 'input' }],
  }),
  placement: key(
    placement.default({ slices: {} }),
    'The cores on which the neurons are, for an hw-model with `chip`. What the program does never depends on it, but for random numbers drawn while it runs.',
    { cores: 4 },
  ),
  readout: key(
    fieldName,
    'The field whose largest item, when a sample ends, is the answer. Only a program of named events (`events.on`) may have none.',
    'output.v',
  ).optional(),
  regression: key(
    strictObject({
      bits: key(
        formula,
        'Width of the numbers, unsigned, 1 to 16: `host.label` holds one for each sample; it is a float on a float32 core.',
        12,
      ),
      unit: key(
        formula.default(1),
        'The number in the readout that stands for 1 in the answer.',
        16,
        'target',
      ),
    }),
    'For a program that answers with a number, not with a class: samples ask for numbers of so many bits, and the answer is the `readout`, which has one item, in units of so much.',
    { bits: 12, unit: 16 },
  ).optional(),
}).superRefine(({ events: { on }, input, inputAxes, populations, readout, settle, steps }, context) => {
  if (steps + settle > programLimits.steps)
    context.addIssue({
      code: 'custom',
      path: ['settle'],
      message: `expected at most ${programLimits.steps} steps with those of 'steps', found ${steps + settle}`,
    });
  if (inputAxes !== 'rows columns channels' && populations[input ?? '']?.shape === undefined)
    context.addIssue({
      code: 'custom',
      path: ['inputAxes'],
      message: `expected an input with a shape [rows, columns, channels], found '${input ?? 'none'}' without one`,
    });
  if (Object.keys(on).length > 0) return;
  // A program without named events runs on samples.
  for (const [name, value, what] of [
    ['input', input, 'the name of a population'],
    ['readout', readout, 'a field, population.field'],
  ] as const) {
    if (value !== undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: `expected ${what}, found nothing` });
  }
});

export type ProgramSpec = z.infer<typeof programSchema>;
/** A program described in code: the keys of its YAML file, without the format. */
export type ProgramDescription = Omit<z.input<typeof programSchema>, 'format'>;
export type ParameterSpec = z.infer<typeof parameterSchema>;

/** The JSON Schema of `programs/*.yaml`, for editors. */
export function programJsonSchema(): z.core.JSONSchema.BaseSchema {
  return layeredJsonSchema(programSchema, 'Plasticore program');
}
