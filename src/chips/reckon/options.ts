import type * as z from 'zod';
import { key, list, positive, strictObject, whole } from '../api.ts';

const index = whole('an index', 0, 255);

/** `network:` in the section `reckon` of an experiment: how a network in its memories is presented with samples. */
const reckonNetworkOptions = strictObject({
  inputs: key(
    whole('a number of inputs', 1, 256),
    'Inputs that samples have. Others of the chip are constant.',
    70,
  ),
  alpha: key(
    list(whole('a leak of 16 bits', 0x7000, 0x8fff), 'leaks'),
    'The part of a potential that is left after a tick, in units of 2^-15, of each pair of neurons.',
    [30310, 30310],
  ),
  threshold: key(
    list(whole('a threshold of 16 bits', 1, 2 ** 15 - 1), 'thresholds'),
    'Firing threshold of each pair of neurons.',
    [614, 614],
  ),
  constant: key(
    list(
      strictObject({
        input: key(index, 'The input.', 70),
        from: key(whole('a tick', 0), 'The first tick in which it is active.', 0),
      }),
      'constant inputs',
    ),
    'Inputs that are active in each tick, from one on, so that neurons gain potential without input.',
    [{ input: 70, from: 0 }],
  ),
  settle: key(
    whole('a number of ticks', 2, 2 ** 16),
    'Ticks behind the steps of a sample, until the outputs have counted the last spikes of the layer that answers.',
    3,
  ),
});

export type ReckonNetworkOptions = Readonly<z.infer<typeof reckonNetworkOptions>>;

const gain = (what: string, value: number) =>
  key(
    positive('a gain').default(value),
    `Gain of the initial ${what} weights, which are drawn from a normal distribution of standard deviation gain x sqrt(2 / fan-in).`,
    value,
  );

const gains = strictObject({
  input: gain('input', 0.5),
  recurrent: gain('recurrent', 0.1),
  output: gain('output', 0.5),
});

/** `reckon:` in an experiment: how the host programs, teaches and asks ReckOn, or presents a network with samples. */
export const reckonOptions = strictObject({
  alpha: key(
    whole('a leak of 16 bits, 15 of them fractional', 0x7000, 0x8fff).default(0x7fff),
    'The part of a membrane potential and of its traces that is left after a tick, in units of 2^-15. With 0x8000 nothing leaks.',
    0x7fef,
  ),
  threshold: key(
    whole('a threshold of 16 bits', 1, 2 ** 15 - 1).default(614),
    'Firing threshold of the recurrent neurons.',
    614,
  ),
  targetFrom: key(whole('a tick', 1, 2 ** 20), 'The first tick whose answer counts and is learned.', 2100),
  initialGains: key(
    gains.default(gains.parse({})),
    'Scale of the initial weights; a weight of 128 stands for 1.',
    { input: 0.5, recurrent: 0.1 },
  ),
  network: key(
    reckonNetworkOptions.optional(),
    'A network in the arrays of the program, as `import` makes it, and how it is presented with samples. Nothing is taught then, and the other keys mean nothing.',
    { inputs: 70, alpha: [30310], threshold: [614], constant: [], settle: 3 },
  ),
});

export type ReckonOptions = Readonly<z.infer<typeof reckonOptions>>;
