import type * as z from 'zod';
import { key, strictObject, whole } from '../api.ts';
import { axons } from './contents.ts';

/** `truenorth:` in an experiment. */
export const truenorthOptions = strictObject({
  ticks: key(whole('a number of ticks', 1, 2 ** 20).default(100), 'Ticks of a sample that are counted.', 100),
  settle: key(
    whole('a number of ticks', 0, 2 ** 20).default(50),
    'Ticks before them that are not counted, until activity is steady.',
    50,
  ),
  synapses: key(
    whole('a number of synapses', 0, axons).default(128),
    'Connections of each axon, and of each neuron.',
    128,
  ),
  leak: key(
    whole('a leak', -256, 255).default(5),
    'The number added to each potential in each tick. leak / threshold is the rate of a neuron, in spikes a tick.',
    5,
  ),
  threshold: key(whole('a threshold', 1, 255).default(250), 'Potential from which a neuron spikes.', 250),
  weight: key(
    whole('a weight', 1, 255).default(10),
    'The greatest weight; half of the axon types excite with weights from 1 to this, the others inhibit.',
    10,
  ),
});
export type TrueNorthOptions = z.infer<typeof truenorthOptions>;
