import type { z } from 'zod';
import { share, strictObject, whole } from '../../text/index.ts';

/** `odin:` in an experiment: how the host teaches digits to ODIN and asks it. */
export const odinOptions = strictObject({
  pixelThreshold: whole(0, 255, 'a pixel').default(60).describe('Pixels above it spike, the brightest first'),
  threshold: whole(1, 255, 'a threshold').default(255).describe('Threshold of the ten neurons'),
  marginPixels: whole(0, 255, 'a number of pixels')
    .default(8)
    .describe('A right answer is taught too if another neuron spikes within this many pixels after it'),
  learnedShare: share.default(0.1).describe('Share of the pixels that spike again when a digit is taught'),
  shareDecay: share.default(0.5).describe('Factor by which that share is multiplied after each epoch'),
  longestPixels: whole(1, 2 ** 16, 'a number of pixels')
    .default(300)
    .describe('If no neuron has spiked after this many pixels, there is no answer'),
});

export type OdinOptions = Readonly<z.infer<typeof odinOptions>>;
