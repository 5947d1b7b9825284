import * as z from 'zod';
import type { NumericArray } from '../data/index.ts';
import { byName, choice, found, key, strictObject, text, wanted, whole } from '../text/index.ts';
import { programLimits } from './limits.ts';
import { connectSchema, perAxisSchema } from './schema-connect.ts';
import { formula, isNumericArray } from './schema-values.ts';

/** The contents of a field before the first sample: drawn at random, or from an array. */
const initial = strictObject({
  uniform: key(
    z.union([formula, z.tuple([formula, formula])], {
      error: (issue) =>
        `expected an amplitude or [least, greatest], numbers or formulas, found ${found(issue.input)}`,
    }),
    'Whole numbers drawn at random, all equally likely: within ± an amplitude, or from a least to a greatest value. The draws depend on the seed, the field and the item alone, so they are the same on every core and at every precision.',
    100,
    [20, 60],
    'round(1966 / 2 ** (16 - shadowBits))',
  ).optional(),
  file: key(
    text('the path of a .npz or .npy file'),
    'A .npz or .npy file that holds the values, by its path relative to this file; or the name of a bundled one. Its array has the shape of what it fills: pre x post for a dense projection; one row after the other for a sparse one; rows x columns x inputs x outputs for a convolution (the first two are those of its window); the size or the shape of a population for a field of its neurons.',
    'weights.npz',
  ).optional(),
  array: key(
    text('the name of an array'),
    'The name of the array within a .npz file. May be absent if the file holds only one.',
    'hidden',
  ).optional(),
  values: key(
    z.union([z.array(z.number()), z.custom<NumericArray>(isNumericArray)], {
      error: (issue) => `expected a list of numbers, found ${found(issue.input)}`,
    }),
    'The values themselves, one for each item, rows one after the other. Code may give a typed array.',
    [3, -4, 0, 7],
  ).optional(),
  shape: key(
    z.array(whole('a length', 1)),
    'The shape of `values`, so that a transposed array is noticed. If absent, only their number is checked.',
    [784, 256],
  ).optional(),
  scale: key(
    formula,
    'The factor by which the numbers of `file` or `values` are multiplied. The product is rounded to the nearest integer (a half up) where the field holds integers. Integers may go without a scale and are then taken as they are; floats need one.',
    '2 ** (shadowBits - 2)',
  ).optional(),
}).superRefine((spec, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const sources = (['uniform', 'file', 'values'] as const).filter((name) => spec[name] !== undefined);
  if (sources.length !== 1)
    refuse(
      `expected one of uniform, file, values, found ${sources.length === 0 ? 'none' : sources.join(' and ')}`,
    );
  if (spec.array !== undefined && spec.file === undefined) refuse("'array' goes with 'file'");
  if (spec.shape !== undefined && spec.values === undefined) refuse("'shape' goes with 'values'");
  if (spec.scale !== undefined && spec.uniform !== undefined) refuse("'scale' goes with 'file' or 'values'");
});

const field = strictObject({
  kind: key(
    choice(['real', 'integer', 'flag']).default('real'),
    'The meaning of the numbers. `real`: potentials, traces, signals; they are floats on a float32 core. `integer`: counters and codes, which stay integers on every core. `flag`: 0 or 1, in one bit.',
  ),
  bits: key(
    formula,
    "Width in bits, at most that of the core's datapath (one less if the field is unsigned). A field has either `bits` or `accumulator`; a flag has neither. Ignored for `real` fields on a float32 core.",
    8,
    'weightBits + 4',
  ).optional(),
  accumulator: key(
    formula,
    'Least width in bits of a field that gathers sums. The field gets the narrowest accumulator width that the core offers and that is at least this wide.',
    'max(weightBits, 8) + 8',
  ).optional(),
  positions: key(
    formula,
    'How many numbers each neuron keeps in this field, 2 to 4096: its history, or what will arrive in later steps. Microcode takes one of them by its position, from 0 on, or sums up some. They lie position by position, in rows as long as the population. `clear` clears them all. Only for fields of populations, without `record` and `initial`. If absent, one number, without a position.',
    64,
    'steps + settle',
  ).optional(),
  signed: key(z.boolean().default(true), 'Whether the field holds negative numbers (two’s complement).'),
  initial: key(
    initial,
    'The contents of the items before the first sample. If absent, they are zero.',
    { uniform: [20, 60] },
    { file: 'thresholds.npz', array: 'hidden' },
  ).optional(),
  overflow: key(
    choice(['saturate', 'saturate-symmetric', 'wrap']).default('saturate'),
    'How a store treats a value that does not fit. `saturate` stores the nearest value that does: -128..127 at 8 bits. `saturate-symmetric` does so within ±(2^(bits - 1) - 1), -127..127 at 8 bits, so that negating never overflows. `wrap` keeps the low bits.',
  ),
  record: key(
    z.string(),
    'The record that the field belongs to. The fields of one population or projection that name the same record share words, item by item, so that one access reads all fields of an item.',
    'state',
  ).optional(),
  perWord: key(
    z.boolean(),
    'Whether all items in a word of the record share one value of this field. It is kept once per word, behind the items; kernels only read it.',
    true,
  ).optional(),
  at: key(
    whole('a bit', 0),
    'First bit of the field within an item of its record, counted from 0. If absent, the field follows the one declared before it.',
    4,
  ).optional(),
  bank: key(
    text('the name of a bank'),
    "The bank that holds the field, by its name in the hw-model. If absent, the hw-model's `placement` decides: `state` for fields of populations, `shadow` for fields of projections.",
    'state',
  ).optional(),
});

const fields = byName(field);

const shape = z.tuple([whole('rows', 1), whole('columns', 1), whole('channels', 1)], {
  error: (issue) => `expected a shape [rows, columns, channels], found ${found(issue.input)}`,
});

export const population = strictObject({
  size: key(
    whole('a number of neurons', 1, programLimits.neurons),
    'Number of neurons. A population has either `size` or `shape`.',
    256,
  ).optional(),
  shape: key(
    shape,
    'Rows, columns and channels of a population that is a picture, which convolutions and pooling need. Neuron (row, column, channel) has the number (row x columns + column) x channels + channel.',
    [28, 28, 1],
  ).optional(),
  neurons: key(
    text('a type of neurons'),
    'The type of its neurons as NIR names it, such as `IF` or `LIF`, which `import` writes: an hw-model may take some types alone. Microcode says what the neurons do.',
    'LIF',
  ).optional(),
  payload: key(
    strictObject({
      kind: key(
        choice(['real', 'integer']).default('real'),
        'The meaning of the value, as in a field. `real`: a potential, a signal; on a float32 core only for the input, whose whole numbers kernels then take as floats. `integer`: a count or a code.',
      ),
      bits: key(formula, 'Width in bits. A value that does not fit is saturated.', 8),
      signed: key(z.boolean().default(true), 'Whether the value may be negative (two’s complement).'),
    }),
    'The value that each of its spikes carries: `emit r, value` sends it, `ev.value` takes it in kernels over the row or the neuron of the spike. If absent, spikes carry none. Its bits share the 24 bits of an address with the number of the neuron.',
    { bits: 8, signed: false },
  ).optional(),
  delays: key(
    z
      .array(formula, { error: (issue) => `expected a list of steps, found ${found(issue.input)}` })
      .min(1, 'expected at least one number of steps, 0'),
    'For the input: each of its spikes enters once for each of these delays, so many steps after it has come. They ascend, and the first is 0. `size` is the number of inputs; the population has a neuron for each delay and input, number delay x size + input, counted from 0. Spikes wait in a field `delayed`, a ring with a row for each step of the longest delay, at most 62.',
    [0, 8, 16],
  ).optional(),
  fields: key(
    fields.prefault({}),
    'Fields of its neurons by name; `self.NAME`, `pre.NAME` and `post.NAME` in microcode. Every population also has the read-only field `index`, the number of the neuron.',
    { v: { accumulator: 16 }, trace: { bits: 8, signed: false } },
  ),
})
  .refine(({ size, shape }) => (size === undefined) !== (shape === undefined), {
    error: "expected either 'size' or 'shape'",
  })
  .refine(
    ({ shape = [] }) => shape.reduce((product, length) => product * length, 1) <= programLimits.neurons,
    {
      path: ['shape'],
      error: `expected at most ${programLimits.neurons} neurons`,
    },
  )
  .refine(({ shape, delays }) => shape === undefined || delays === undefined, {
    path: ['delays'],
    error: "an input with a 'shape' has no delays",
  })
  .refine(({ size = 1, delays = [] }) => size * delays.length <= programLimits.neurons, {
    path: ['delays'],
    error: `expected at most ${programLimits.neurons} neurons`,
  })
  .transform(({ size, shape, neurons, payload, delays, fields }) => {
    const stated = size ?? (shape ?? []).reduce((product, length) => product * length, 1);
    return {
      // The neurons, of which the host supplies the first `inputs`.
      size: stated * (delays?.length ?? 1),
      shape,
      ...(neurons !== undefined && { neurons }),
      ...(payload && { payload }),
      ...(delays && { delays, inputs: stated }),
      fields,
    };
  });

export const projection = strictObject({
  from: key(text('the name of a population'), 'The pre-synaptic population.', 'input'),
  to: key(
    text('the name of a population'),
    'The post-synaptic population; it may be the same one.',
    'hidden',
  ),
  connect: key(
    connectSchema.default('dense'),
    'How neurons are connected. `dense`: every neuron of `from` with every neuron of `to`. `convolution` and `pooling` need populations with a `shape`. `sparse`: each neuron of `from` with some of `to`.',
    { convolution: { window: 5, stride: 2 } },
    { sparse: { fanOut: 100 } },
  ),
  pooled: key(
    perAxisSchema('a side of squares', 1),
    'Sides of the squares of neurons of `from` that share their weights, because a pooling was joined with the weights behind it. The mapper of a chip that pools separately has to know it. It does not change what the projection computes. `from` needs a `shape`; window, stride and padding of a convolution are multiples of it.',
    2,
    [2, 4],
  ).optional(),
  delay: key(
    z.union([formula, initial], {
      error: (issue) =>
        `expected a number of steps, a formula, or one for each synapse (uniform, file or values), found ${found(issue.input)}`,
    }),
    'Steps that a spike waits before it acts through the projection, beyond those that its list takes: 1 to 62 for all synapses, or a number from 0 to 62 for each. If absent, none. A population whose spikes wait has a field `delayed`, a flag for each neuron and each step of its longest delay; delays of single synapses are a field `delay` of theirs, or in a sparse projection an index for each delay.',
    3,
    'longestDelay - 1',
    { uniform: [0, 7] },
    { file: 'delays.npz', array: 'recurrent' },
  ).optional(),
  frozen: key(
    z.boolean({ error: wanted('true or false') }),
    '`true`: its weights never change. The rules that write them are left out, and with them the shadow weights, every field that only they used, and the memory of both; the weights are cut from the shadow weights that `initialWeights` states.',
    true,
  ).optional(),
  weights: key(
    z.literal('none', { error: (issue) => `expected none, found ${found(issue.input)}` }),
    "`none`: the projection has no weight of the precision's width; its own `fields` say what a synapse holds. For cores that leave widths to programs (precision `own`). It may have no fields either, if kernels run over it: they lead from one neuron to another, as a pointer does.",
  ).optional(),
  cut: key(
    strictObject({
      shift: key(
        formula,
        'The bits that the inference weights lack at first: they start as floor(shadow weight / 2^shift).',
        'shadowBits - weightBits',
      ),
      extraBits: key(
        formula.default(0),
        'Bits that both weights have beyond those of the precision, for a rule whose limits its widths do not hold. They are counted as all others.',
        1,
      ),
    }),
    'Kernels cut the inference weights, when and by which shift they choose: they store `syn.weight`, which the core keeps beside `syn.shadow`. If absent, the inference weight is a view of the shadow weight, rounded to nearest, by a shift that the precision fixes. Both weights saturate to all of their range, -128..127 at 8 bits.',
    { shift: 'shadowBits - weightBits' },
  ).optional(),
  countsAs: key(
    choice(['operations', 'updates', 'neither']),
    'What the items of all kernels over it count as. `operations`: synaptic operations. `updates`: updates of synapses. `neither`: those of a scheduler, for example, are neither. If absent, that follows from what a kernel reads and stores.',
    'neither',
  ).optional(),
  initialWeights: key(
    initial.default({ uniform: 0 }),
    'The weights before the first sample; the shadow weights if a rule of the program writes them.',
    { uniform: 1966 },
    { file: 'weights.npz', array: 'hidden', scale: '2 ** (shadowBits - 2)' },
  ),
  fields: key(
    fields.prefault({}),
    'Fields of its synapses beside the weight, by name; `syn.NAME` in microcode. In a convolution, all synapses of a weight share them.',
    { gradient: { bits: 16 } },
  ),
});

export type InitialSpec = z.infer<typeof initial>;
export type DelaySpec = NonNullable<z.infer<typeof projection>['delay']>;
export type FieldSpec = z.infer<typeof field>;
