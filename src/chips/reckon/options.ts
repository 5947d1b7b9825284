import type { z } from 'zod';
import { positive, strictObject, whole } from '../../text/index.ts';

const gain = (what: string, value: number) =>
  positive('a gain')
    .default(value)
    .describe(
      `Initial ${what} weights are drawn from a normal distribution of standard deviation gain x sqrt(2 / fan-in)`,
    );

const gains = strictObject({
  input: gain('input', 0.5),
  recurrent: gain('recurrent', 0.1),
  output: gain('output', 0.5),
});

/** `reckon:` in an experiment: how the host programs, teaches and asks ReckOn. */
export const reckonOptions = strictObject({
  alpha: whole(0x7000, 0x8fff, 'a leak of 16 bits, 15 of them fractional')
    .default(0x7fff)
    .describe(
      'Part of a membrane potential and of its traces that is left after a tick, in units of 2^-15; with 0x8000 nothing leaks',
    ),
  threshold: whole(1, 2 ** 15 - 1, 'a threshold of 16 bits')
    .default(614)
    .describe('Threshold of the recurrent neurons'),
  targetFrom: whole(1, 2 ** 20, 'a tick').describe('First tick whose answer counts and is learned'),
  initialGains: gains
    .default(gains.parse({}))
    .describe('Scale of the initial weights; a weight of 128 stands for 1'),
});

export type ReckonOptions = Readonly<z.infer<typeof reckonOptions>>;
