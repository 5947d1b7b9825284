import type * as z from 'zod';
import { key, list, strictObject, whole } from '../api.ts';

/** Features of a sample, and the core whose axons they are. */
const window = strictObject({
  x: key(whole('a column of the mesh', 0, 2 ** 15), 'Column of the core.', 1),
  y: key(whole('a row of the mesh', 0, 2 ** 15), 'Row of the core.', 0),
  first: key(
    whole('the number of a feature', 0),
    'The feature, counted from 0, that is axon 0 of the core. Those that follow it are the other axons, as far as there are features.',
    82,
  ),
});

/** `ranc:` in an experiment: how the host presents samples to RANC, and reads answers from what leaves the chip. */
export const rancOptions = strictObject({
  threshold: key(
    whole('a feature', 0, 255).default(127),
    'Features above it are sent, as one packet to each core in whose window they are.',
    127,
  ),
  windows: key(
    list(window, 'windows').min(1, { error: 'expected at least one window' }),
    'The cores that samples are sent to, and which features of a sample they see.',
    [
      { x: 0, y: 0, first: 0 },
      { x: 1, y: 0, first: 82 },
    ],
  ),
  ticks: key(whole('a number of ticks', 1, 2 ** 16), 'Ticks of a sample.', 3),
  answerTick: key(
    whole('a tick', 0, 2 ** 16),
    'The tick of a sample, counted from 0, from which on packets that leave the chip are counted for the answer.',
    2,
  ),
  classes: key(
    whole('a number of classes', 1, 2 ** 16).default(10),
    'A packet that leaves the chip speaks for class axon mod `classes`. The first class of those that most packets speak for is the answer.',
    10,
  ),
  tickCycles: key(whole('a number of cycles', 1, 2 ** 30), 'Cycles from one tick to the next.', 18_100),
  inputFifoDepth: key(
    whole('the depth of the input FIFO', 1, 2 ** 16).default(512),
    'Packets that the FIFO in front of the chip holds.',
    512,
  ),
});

export type RancOptions = z.infer<typeof rancOptions>;
