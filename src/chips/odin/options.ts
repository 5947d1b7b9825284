import type * as z from 'zod';
import { key, share, strictObject, whole } from '../api.ts';
import { odinNetworkOptions } from './network/options.ts';

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
