import type * as z from 'zod';
import { key, list, strictObject, whole } from '../../api.ts';

const index = whole('an index', 0, 255);

/** `network:` in the section `reckon` of an experiment: how a network in its memories is presented with samples. */
export const reckonNetworkOptions = strictObject({
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
