import type * as z from 'zod';
import { key, positive, strictObject, whole } from '../api.ts';
import { reckonNetworkOptions } from './network/options.ts';

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
