import * as z from 'zod';
import type { NumericArray } from '../data/index.ts';
import { found, key, strictObject, text, wanted, whole } from '../text/index.ts';
import { isNumericArray } from './schema-values.ts';

/** One number for both axes of a picture, or one for its rows and one for its columns. */
export const perAxisSchema = (what: string, least: number) =>
  z.union([whole(what, least), z.tuple([whole(what, least), whole(what, least)])], {
    error: (issue) => `expected ${what}, or [rows, columns], found ${found(issue.input)}`,
  });

const window = {
  window: key(
    perAxisSchema("a window's side", 1),
    'Size of the window that slides over the picture: its side, or its rows and columns.',
    5,
    [3, 5],
  ),
  stride: key(
    perAxisSchema('a stride', 1).default(1),
    'Rows, and columns, from one place of the window to the next: one number for both, or one for each.',
    2,
    [2, 1],
  ),
  padding: key(
    perAxisSchema('a padding', 0).default(0),
    'Rows and columns of silent neurons around the picture: one number for both, or one for each. Along an axis the window has floor((length + 2 x padding - window) / stride) + 1 places.',
    1,
    [0, 2],
  ),
};

/** Numbers of neurons or of synapses. */
const indices = strictObject({
  file: key(
    text('the path of a .npz or .npy file'),
    'A .npz or .npy file that holds them, by its path relative to this file.',
    'graph.npz',
  ).optional(),
  array: key(
    text('the name of an array'),
    'The name of the array within a .npz file. May be absent if the file holds only one.',
    'indices',
  ).optional(),
  values: key(
    z.union([z.array(z.number()), z.custom<NumericArray>(isNumericArray)], {
      error: (issue) => `expected a list of numbers, found ${found(issue.input)}`,
    }),
    'The numbers themselves. Code may give a typed array.',
    [0, 2, 3],
  ).optional(),
}).superRefine(({ file, array, values }, context) => {
  if ((file === undefined) === (values === undefined))
    context.addIssue({ code: 'custom', message: "expected either 'file' or 'values'" });
  if (array !== undefined && file === undefined)
    context.addIssue({ code: 'custom', message: "'array' goes with 'file'" });
});

const sparse = strictObject({
  fanOut: key(
    whole('a number of targets', 1),
    'How many neurons of `to` each neuron of `from` leads to: drawn at random, each at most once.',
    100,
  ).optional(),
  probability: key(
    z
      .number({ error: wanted('a probability') })
      .min(0, { error: wanted('a probability of at least 0') })
      .max(1, { error: wanted('a probability of at most 1') }),
    'The probability that a neuron of `from` leads to a neuron of `to`, each pair by itself.',
    0.01,
  ).optional(),
  block: key(
    whole('a number of neighbours', 1).default(1),
    'How many neighbouring neurons of `to` are drawn together; the first is a multiple of it. One index serves them all.',
    8,
  ),
  equalFanIn: key(
    z.boolean().default(false),
    'With `fanOut`: whether all neurons of `to` have equally many synapses as well, as far as their number allows.',
    true,
  ),
  seed: key(
    whole('a seed of 32 bits', 0, 2 ** 32 - 1).default(0),
    'Seed of the draws. The seed of a run does not change them.',
    1,
  ),
  starts: key(
    indices,
    'With `targets`: for each neuron of `from`, the position of its first target in `targets`, and their number at the end. `indptr` in SciPy.',
    { file: 'graph.npz', array: 'indptr' },
  ).optional(),
  targets: key(
    indices,
    'The targets themselves, one neuron of `from` after the other; those of one ascend, and may repeat. `indices` in SciPy.',
    { file: 'graph.npz', array: 'indices' },
  ).optional(),
}).superRefine((spec, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const sources = (['fanOut', 'probability', 'targets'] as const).filter((name) => spec[name] !== undefined);
  if (sources.length !== 1)
    refuse(
      `expected one of fanOut, probability, targets, found ${sources.length === 0 ? 'none' : sources.join(' and ')}`,
    );
  if ((spec.starts === undefined) !== (spec.targets === undefined))
    refuse("'starts' and 'targets' go together");
  if (spec.targets !== undefined && spec.block !== 1) refuse("'block' goes with 'fanOut' or 'probability'");
  if (spec.equalFanIn && spec.fanOut === undefined) refuse("'equalFanIn' goes with 'fanOut'");
  if (spec.fanOut !== undefined && spec.fanOut % spec.block !== 0)
    refuse(`expected a fanOut of whole blocks of ${spec.block}, found ${spec.fanOut}`);
});

/** How the neurons of a projection are connected. */
export const connectSchema = z.union(
  [
    z.literal('dense'),
    strictObject({
      convolution: key(
        strictObject(window),
        'Each place of the window is a neuron of each output channel; all places share the weights.',
        { window: 5, stride: 2 },
      ),
    }),
    strictObject({
      pooling: key(
        strictObject(window),
        'Each place of the window is a neuron of the same channel, which takes the spikes of the window. There are no weights.',
        { window: 2, stride: 2 },
      ),
    }),
    strictObject({
      sparse: key(
        sparse,
        'Each neuron of `from` leads to some of `to`: drawn at random, or listed. The index of each target is in memory beside the weights.',
        { fanOut: 100 },
        { probability: 0.01, seed: 1 },
        { starts: { file: 'graph.npz', array: 'indptr' }, targets: { file: 'graph.npz', array: 'indices' } },
      ),
    }),
  ],
  {
    error: (issue) =>
      `expected dense, {convolution: {window, stride, padding}}, {pooling: {window, stride, padding}} or {sparse: {fanOut, ...}}, found ${found(issue.input)}`,
  },
);

export type ConnectSpec = z.infer<typeof connectSchema>;
