import * as z from 'zod';
import { key, strictObject, text, whole } from '../../text/index.ts';

const array = text('the name of an array');

const part = strictObject({
  file: key(
    text('the name of a file'),
    'The file, by its path from the folder of `data`. If absent, `data` itself.',
    'test.h5',
  ).optional(),
  features: key(
    array,
    'Features: samples x channels, or samples x rows x columns. Integers in 0..255, or floats in 0..1, or numbers of `range`.',
    'x_test',
  ).optional(),
  spikes: key(
    array,
    'Spikes in time steps, samples x steps x channels: 0, 1, or how many. More axes of channels are joined. They take `encoder: steps`.',
    'test/events',
  ).optional(),
  values: key(
    array,
    'Values in time steps, samples x steps x channels: numbers as for `features`. Each that is not the lowest is a spike that carries it, for an input with a `payload`. They take `encoder: steps`.',
    'test/frames',
  ).optional(),
  times: key(
    array,
    'Times of spikes: a row for each sample (HDF5), or those of all samples one after the other. They take `encoder: bins`.',
    'spikes/times',
  ).optional(),
  units: key(
    array,
    'Channels of the spikes of `times`, from 0, in the same order.',
    'spikes/units',
  ).optional(),
  offsets: key(
    array,
    'Where all samples share one list: the position of the first spike of each sample, and the end.',
    'spikes/offsets',
  ).optional(),
  labels: key(
    z.union([z.literal('none'), array]),
    'Labels from 0, one for each sample, or samples x steps: each step of `spikes` or `values` is then a sample of its own, of one step, and stays in the order of its recording. `none`, or absent, if there are none: a run then predicts, and reports no accuracy.',
    'labels',
    'none',
  ).optional(),
}).superRefine(({ features, spikes, values, times, units, offsets }, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const given = Object.entries({ features, spikes, values, times }).flatMap(([name, array]) =>
    array === undefined ? [] : [name],
  );
  if (given.length !== 1)
    refuse(
      `expected one of features, spikes, values, times, found ${given.length === 0 ? 'none' : given.join(' and ')}`,
    );
  if ((times === undefined) !== (units === undefined)) refuse("'times' and 'units' go together");
  if (offsets !== undefined && times === undefined) refuse("'offsets' goes with 'times' and 'units'");
});

const samples = part.transform(({ labels, ...arrays }) => ({
  ...arrays,
  ...(labels !== undefined && labels !== 'none' && { labels }),
}));

/** Which arrays of HDF5 or `.npz` files hold the samples of an experiment. */
export const arraysSection = strictObject({
  train: key(samples, 'The samples to learn from. Without a test set, a fixed fifth of them is held out.', {
    spikes: 'train/x',
    labels: 'train/y',
  }).optional(),
  test: key(samples, 'The samples to test on. A file of these alone takes `epochs: 0`.', {
    spikes: 'test/x',
    labels: 'test/y',
  }).optional(),
  channels: key(
    whole('a number of channels', 1, 2 ** 16),
    'Channels of spikes with their times. If absent, one more than the largest that occurs.',
    128,
  ).optional(),
  seconds: key(
    z.number().positive(),
    'Seconds that 1 stands for in `times`: 0.001 for ms, 0.000001 for µs. If absent, 1.',
    0.001,
  ).optional(),
  range: key(
    z.tuple([z.number(), z.number()]),
    'The numbers of `features` and `values` that become 0 and 255; others lie between. If absent, 0 and 255 for integers, 0 and 1 for floats.',
    [-0.42, 2.82],
  ).optional(),
}).superRefine(({ train, test, range }, context) => {
  if (range !== undefined && range[0] >= range[1])
    context.addIssue({
      code: 'custom',
      path: ['range'],
      message: `expected a lower and a higher number, found ${range.join(' and ')}`,
    });
  if (train === undefined && test === undefined)
    context.addIssue({ code: 'custom', message: "expected 'train', 'test' or both" });
});
