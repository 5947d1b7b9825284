import { z } from 'zod';
import type { NumericArray } from '../data/index.ts';
import { formatTag, found, strictObject } from '../text/index.ts';

/** A number or a formula over the program's parameters and the precision's widths. */
const formula = z.union([z.number(), z.string()], { error: () => 'expected a number or a formula' });

const wholeNumber = (low: number) =>
  z
    .int({ error: (issue) => `expected a whole number of at least ${low}, found ${found(issue.input)}` })
    .min(low, {
      error: (issue) => `expected a whole number of at least ${low}, found ${found(issue.input)}`,
    });

const text = (what: string) =>
  z.string({ error: (issue) => `expected ${what}, found ${found(issue.input)}` });

/** A parameter: a number, a formula, or a schedule by epoch. */
export const parameterSchema = z.union(
  [
    formula,
    strictObject({
      value: formula,
      /** Added to the value from an epoch (counted from 0) on, cumulatively. */
      add: z.record(z.string().regex(/^\d+$/), formula).default({}),
    }),
  ],
  { error: () => 'expected a number, a formula, or {value: ..., add: {EPOCH: ...}}' },
);

/** What a field holds before the first sample: drawn at random, or from an array. */
const initial = strictObject({
  /** A range that values are drawn from, all alike: ± an amplitude, or from a least to a greatest value. */
  uniform: z
    .union([formula, z.tuple([formula, formula])], {
      error: (issue) =>
        `expected an amplitude or [least, greatest], numbers or formulas, found ${found(issue.input)}`,
    })
    .optional(),
  file: text('the path of a .npz or .npy file').optional(),
  array: text('the name of an array').optional(),
  values: z
    .union([z.array(z.number()), z.custom<NumericArray>(isNumericArray)], {
      error: (issue) => `expected a list of numbers, found ${found(issue.input)}`,
    })
    .optional(),
  shape: z.array(wholeNumber(1)).optional(),
  scale: formula.optional(),
}).superRefine((spec, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const sources = (['uniform', 'file', 'values'] as const).filter((key) => spec[key] !== undefined);
  if (sources.length !== 1)
    refuse(
      `expected one of uniform, file, values, found ${sources.length === 0 ? 'none' : sources.join(' and ')}`,
    );
  if (spec.array !== undefined && spec.file === undefined) refuse("'array' goes with 'file'");
  if (spec.shape !== undefined && spec.values === undefined) refuse("'shape' goes with 'values'");
  if (spec.scale !== undefined && spec.uniform !== undefined) refuse("'scale' goes with 'file' or 'values'");
});

function isNumericArray(value: unknown): boolean {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

const field = strictObject({
  kind: z
    .enum(['real', 'integer', 'flag'], {
      error: (issue) => `expected real, integer or flag, found ${found(issue.input)}`,
    })
    .default('real'),
  /** Width in bits; a flag has one. */
  bits: formula.optional(),
  /** Instead of bits: the least width of an accumulator; the core gives the narrowest that it offers. */
  accumulator: formula.optional(),
  signed: z.boolean().default(true),
  /** What its items hold before the first sample; without it zero. */
  initial: initial.optional(),
  overflow: z
    .enum(['saturate', 'saturate-symmetric', 'wrap'], {
      error: (issue) => `expected saturate, saturate-symmetric or wrap, found ${found(issue.input)}`,
    })
    .default('saturate'),
  /** Fields of one population that name the same record share its word. */
  record: z.string().optional(),
  /** Whether the items of a word of its record have one value together, which is kept once; such a field is not stored into. */
  perWord: z.boolean().optional(),
  /** First bit within the record's item; without it the field follows the one declared before it. */
  at: wholeNumber(0).optional(),
  /** The bank that holds it, by its name in the hw-model, where it is not the one that the hw-model's placement gives. */
  bank: text('the name of a bank').optional(),
});

/** Rows, columns and channels of a population that is a picture; its neurons count channels first, then columns. */
const shape = z.tuple([wholeNumber(1), wholeNumber(1), wholeNumber(1)], {
  error: (issue) => `expected a shape [rows, columns, channels], found ${found(issue.input)}`,
});

const population = strictObject({
  /** Neurons; a shape says it as well. */
  size: wholeNumber(1).optional(),
  shape: shape.optional(),
  fields: z.record(z.string(), field).default({}),
})
  .refine(({ size, shape }) => (size === undefined) !== (shape === undefined), {
    error: "expected either 'size' or 'shape'",
  })
  .transform(({ size, shape, fields }) => ({
    size: size ?? (shape ?? []).reduce((product, length) => product * length, 1),
    shape,
    fields,
  }));

/** A window that slides over a picture: its side (or rows and columns), its stride, and rows and columns of nothing around the picture. */
const window = {
  window: z.union([wholeNumber(1), z.tuple([wholeNumber(1), wholeNumber(1)])], {
    error: (issue) => `expected a window's side, or [rows, columns], found ${found(issue.input)}`,
  }),
  stride: wholeNumber(1).default(1),
  padding: wholeNumber(0).default(0),
};

const connect = z.union(
  [
    z.literal('dense'),
    strictObject({ convolution: strictObject(window) }),
    strictObject({ pooling: strictObject(window) }),
  ],
  {
    error: (issue) =>
      `expected dense, {convolution: {window, stride, padding}} or {pooling: {window, stride, padding}}, found ${found(issue.input)}`,
  },
);

const projection = strictObject({
  from: text('the name of a population'),
  to: text('the name of a population'),
  connect: connect.default('dense'),
  /** `none`: it has no weight of the precision's widths, and its own fields say what a synapse holds. */
  weights: z.literal('none', { error: (issue) => `expected none, found ${found(issue.input)}` }).optional(),
  /** Initial weights (shadow weights, where a rule writes them). */
  initialWeights: initial.default({ uniform: 0 }),
  /** Fields of each synapse beside its weight. */
  fields: z.record(z.string(), field).default({}),
});

const condition = {
  when: z
    .enum(['learning'], { error: (issue) => `expected learning, found ${found(issue.input)}` })
    .optional(),
  from: formula.optional(),
  every: formula.optional(),
  last: formula.optional(),
};

/** One entry of a list: exactly one of `run`, `deliver`, `clear`, `stopUnlessAny`, `hold`, `do`, with its options. */
export interface ActionSpec {
  run?: string | undefined;
  over?: string | undefined;
  only?: 'row' | 'neuron' | 'synapse' | undefined;
  rows?: number | string | undefined;
  columns?: number | string | undefined;
  order?: 'columns' | undefined;
  with?: Record<string, number | string> | undefined;
  deliver?: string | undefined;
  spikes?: 'previous' | undefined;
  clear?: string[] | undefined;
  stopUnlessAny?: string | undefined;
  hold?: string[] | undefined;
  after?: number | string | undefined;
  period?: number | string | undefined;
  do?: ActionSpec[] | undefined;
  when?: 'learning' | undefined;
  from?: number | string | undefined;
  every?: number | string | undefined;
  last?: number | string | undefined;
}

const actionKinds = ['run', 'deliver', 'clear', 'stopUnlessAny', 'hold', 'do'] as const;

const action: z.ZodType<ActionSpec, ActionSpec> = z.lazy(() =>
  strictObject({
    run: text('the name of a kernel').optional(),
    over: text('the name of a population or projection').optional(),
    /** Less than the kernel's domain: the one neuron, row or synapse that the event names. */
    only: z
      .enum(['row', 'neuron', 'synapse'], {
        error: (issue) => `expected row, neuron or synapse, found ${found(issue.input)}`,
      })
      .optional(),
    /** Only so many of the pre-synaptic neurons, or of the neurons that are its columns: the first. */
    rows: formula.optional(),
    columns: formula.optional(),
    /** `columns`: tile by tile of the columns, all rows; without it row after row, all tiles. */
    order: z
      .literal('columns', { error: (issue) => `expected columns, found ${found(issue.input)}` })
      .optional(),
    with: z.record(z.string(), formula).optional(),
    deliver: text('the name of a population').optional(),
    spikes: z
      .enum(['previous'], { error: (issue) => `expected previous, found ${found(issue.input)}` })
      .optional(),
    clear: z.array(text('a field, population.field')).optional(),
    stopUnlessAny: text('a field, population.field').optional(),
    /** Fields whose items from `after` on take the value of the item `period` before: as a latch into which nothing more is read. */
    hold: z.array(text('a field, population.field')).optional(),
    after: formula.optional(),
    period: formula.optional(),
    do: z.array(action).optional(),
    ...condition,
  }).superRefine((spec, context) => {
    const given = actionKinds.filter((kind) => spec[kind] !== undefined);
    if (given.length !== 1) {
      const found = given.length === 0 ? 'none' : given.join(' and ');
      context.addIssue({
        code: 'custom',
        message: `expected one of ${actionKinds.join(', ')}, found ${found}`,
      });
    }
    if ((spec.run === undefined) !== (spec.over === undefined)) {
      context.addIssue({
        code: 'custom',
        message: "'run: KERNEL' and 'over: POPULATION or PROJECTION' go together",
      });
    }
    if (spec.spikes !== undefined && spec.deliver === undefined) {
      context.addIssue({ code: 'custom', message: "'spikes' goes with 'deliver'" });
    }
    for (const key of ['after', 'period'] as const) {
      if ((spec[key] === undefined) !== (spec.hold === undefined))
        context.addIssue({ code: 'custom', message: "'hold', 'after' and 'period' go together" });
    }
    for (const key of ['with', 'only', 'rows', 'columns', 'order'] as const) {
      if (spec[key] !== undefined && spec.run === undefined)
        context.addIssue({ code: 'custom', message: `'${key}' goes with 'run'` });
    }
  }),
);

/** A value that comes with named events: `ev.NAME` in microcode. */
const eventScalar = strictObject({
  kind: z
    .enum(['integer', 'flag'], {
      error: (issue) => `expected integer or flag, found ${found(issue.input)}`,
    })
    .default('integer'),
  /** Width in bits; a flag has one. */
  bits: formula.optional(),
  signed: z.boolean().default(false),
});

/** A part of the microcode: a file, or the text itself. */
const part = z.union([z.string(), strictObject({ text: z.string() })], {
  error: (issue) => `expected a file name or {text: MICROCODE}, found ${found(issue.input)}`,
});

const namedParts = z.record(z.string(), part, {
  error: ({ input }) =>
    Array.isArray(input)
      ? `expected named parts, found a list of ${input.length}; write {${named(input)}}`
      : `expected files by the name of the part, found ${found(input)}`,
});

/** The mapping to write in place of a list of files: each part named after its file. */
function named(files: readonly unknown[]): string {
  return files.map((file) => `${/([^/\\]*?)(\.uc)?$/.exec(String(file))?.[1]}: ${file}`).join(', ');
}

const list = z.array(action, { error: () => 'expected a list of actions' });

/** The schema of `programs/*.yaml`. */
export const programSchema = strictObject({
  format: formatTag('program', 1),
  name: text('a name'),
  description: z.string().default(''),
  /** Time steps of a sample: the most that one may have. */
  steps: wholeNumber(1).default(1),
  parameters: z.record(z.string(), parameterSchema).default({}),
  populations: z.record(z.string(), population),
  /** The population whose spikes the encoder supplies. A program that runs on named events alone may have none. */
  input: text('the name of a population').optional(),
  projections: z.record(z.string(), projection).default({}),
  microcode: namedParts,
  events: strictObject({
    sample: list.default([]),
    tick: list.default([]),
    /** For a population, what each of its spikes triggers in the step in which it is emitted. */
    spike: z.record(z.string(), list).default({}),
    /** For a population, what each neuron that spiked triggers in the next step. */
    previousSpike: z.record(z.string(), list).default({}),
    /** Values that come with named events, beside the neuron and the post-synaptic neuron that each names. */
    scalars: z.record(z.string(), eventScalar).default({}),
    /** Named events, and what each triggers: the controller of a core that has its own decides when. */
    on: z.record(z.string(), list).default({}),
  }),
  /** The field whose largest item, when a sample ends, is the answer: population.field. */
  readout: text('a field, population.field').optional(),
}).superRefine(({ events, input, readout }, context) => {
  if (Object.keys(events.on).length > 0) return;
  // Without named events a program runs on samples.
  for (const [key, value, what] of [
    ['input', input, 'the name of a population'],
    ['readout', readout, 'a field, population.field'],
  ] as const) {
    if (value !== undefined) continue;
    context.addIssue({ code: 'custom', path: [key], message: `expected ${what}, found nothing` });
  }
});

export type ProgramSpec = z.infer<typeof programSchema>;
/** A program as code describes it: the keys of its YAML file, without the format. */
export type ProgramDescription = Omit<z.input<typeof programSchema>, 'format'>;
export type InitialSpec = z.infer<typeof initial>;
export type FieldSpec = z.infer<typeof field>;
export type EventScalarSpec = z.infer<typeof eventScalar>;
export type ConnectSpec = z.infer<typeof connect>;
export type ParameterSpec = z.infer<typeof parameterSchema>;

/** The JSON Schema of `programs/*.yaml`, for editors. */
export function programJsonSchema(): object {
  return z.toJSONSchema(programSchema, { io: 'input', unrepresentable: 'any' });
}
