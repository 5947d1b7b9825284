import type * as z from 'zod';
import { key, list, share, strictObject, truth, whole } from '../api.ts';

const neuron = whole('a neuron', 0, 255);
const repeated = (what: string) =>
  strictObject({
    row: key(neuron, 'The row.', 7),
    times: key(whole(what, 1, 256), 'How often it is sent.', 1),
  });

/** `network:` in the section `odin` of an experiment: how a network in ODIN's memories is presented with samples. */
const odinNetworkOptions = strictObject({
  inputs: key(
    list(list(neuron, 'rows'), 'the rows of each input'),
    'The rows of synapses that a spike of each input is sent to, in this order.',
    [[0, 1], [2]],
  ),
  answers: key(list(neuron, 'neurons'), 'The neurons that answer, one for each class.', [4, 5]),
  closedLoop: key(truth, 'Whether spikes of neurons enter the scheduler, and so reach the neurons behind.'),
  leaks: key(truth, 'Whether each step begins with a time reference, in which all neurons leak.'),
  constant: key(
    repeated('a number of spikes').optional(),
    'The row that is sent in each step for what neurons gain by themselves, and how often.',
    { row: 7, times: 1 },
  ),
  rest: key(
    repeated('a number of spikes'),
    'The row that inhibits all neurons, and how often it is sent before each sample, until all are at rest.',
    { row: 6, times: 37 },
  ),
  level: key(
    whole('a number of events', 0, 36),
    'How many virtual events of weight 7 raise a neuron from 0 to where it rests: before each sample, and after each of its spikes.',
    4,
  ),
});

export type OdinNetworkOptions = Readonly<z.infer<typeof odinNetworkOptions>>;

/** `odin:` in an experiment: how the host teaches digits to ODIN and asks it, or presents a network with samples. */
export const odinOptions = strictObject({
  pixelThreshold: key(
    whole('a pixel', 0, 255).default(60),
    'Pixels brighter than this spike, the brightest first.',
    90,
  ),
  threshold: key(whole('a threshold', 1, 255).default(255), 'Firing threshold of the ten neurons.', 255),
  marginPixels: key(
    whole('a number of pixels', 0, 255).default(8),
    'A right answer is taught too if another neuron spikes within this many pixels after it.',
    16,
  ),
  learnedShare: key(share.default(0.1), 'Share of the pixels that spike again when a digit is taught.', 0.2),
  shareDecay: key(share.default(0.5), 'Factor that multiplies that share after each epoch.', 0.7),
  longestPixels: key(
    whole('a number of pixels', 1, 2 ** 16).default(300),
    'If no neuron has spiked after this many pixels, there is no answer.',
    300,
  ),
  network: key(
    odinNetworkOptions.optional(),
    'A network in the arrays of the program, as `import` makes it, and how it is presented with samples. Nothing is taught then, and the other keys mean nothing.',
    {
      inputs: [[2]],
      answers: [0, 1],
      closedLoop: false,
      leaks: true,
      rest: { row: 3, times: 6 },
      level: 0,
    },
  ),
});

export type OdinOptions = Readonly<z.infer<typeof odinOptions>>;
