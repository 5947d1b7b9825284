import { combine, hash32, streams } from '../../random/index.ts';
import type { EncodingContext } from './spike-train.ts';

/** Neighbouring channels, by their numbers in the data; both ends are among them. */
export interface ChannelRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Random changes of a sample in training: another speaker, another microphone. Each has one draw for the whole sample,
 * and the equaliser one more for each spike. What is absent changes nothing.
 *
 * With u uniform in -1..1, and another u in each place:
 *
 *     time'    = time * (1 + stretchTime * u)
 *     channel' = centre + (channel - centre) * (1 + by * u) + shiftChannels * u
 *     gain     = 2 ^ (doublings * u) at each knot, and linear between two
 *
 * Of each spike there are then `gain` on average: floor(gain + v), with v uniform in 0..1 for each spike.
 */
export interface Augmentation {
  /** The largest share by which times become longer or shorter; below 1. */
  readonly stretchTime?: number | undefined;
  readonly scaleChannels?: ChannelScaling | undefined;
  /** The largest distance by which all channels move, up or down. Not rounded. */
  readonly shiftChannels?: number | undefined;
  readonly equalise?: Equaliser | undefined;
}

/** Distances from a channel grow or shrink. */
export interface ChannelScaling {
  /** The largest share by which they do; below 1. */
  readonly by: number;
  /** The channel that stays where it is. */
  readonly centre: number;
}

/** Neighbouring channels become louder or quieter together. */
export interface Equaliser {
  /** The largest gain as a power of 2, and the smallest as one below 1. */
  readonly doublings: number;
  /** Number of gains, at equal distances: from the first channel to the end of the last. At least 2. */
  readonly knots: number;
}

/** The draws for one sample. */
export interface AugmentationDraw {
  /** By how much times are multiplied. */
  readonly pace: number;
  /** Where a channel moves to, unrounded. It may be beyond all channels. */
  place(channel: number): number;
  /** The average number of spikes for each at a place within the channels. */
  gainAt(place: number): number;
  /** How many spikes there are for one, the `spike`th of the sample, at this gain. */
  copies(gain: number, spike: number): number;
}

/** The last part of the hash of a draw: its kind. The draws of knots follow each other. */
const draws = { time: 0, scale: 1, shift: 2, firstKnot: 3 } as const;

const twoTo32 = 2 ** 32;

/**
 * Draws the changes of a sample. A draw for the sample is `2 hash32(seed, streams.augmentation, epoch, sample, 0, kind)
 * / 2^32
 * - 1`, with kind 0 for time, 1 for scaling, 2 for the shift and 3 + k for knot k; that of a spike is
 * `hash32(seed, streams.augmentation, epoch, sample, 1, spike) / 2^32`. So one change does not depend on the others.
 *
 * @param range the channels over which the knots lie
 */
export function drawAugmentation(
  { stretchTime = 0, scaleChannels, shiftChannels = 0, equalise }: Augmentation,
  range: ChannelRange,
  { seed, epoch, sample }: EncodingContext,
): AugmentationDraw {
  const ofSample = hash32(seed, streams.augmentation, epoch, sample, 0);
  const ofSpikes = hash32(seed, streams.augmentation, epoch, sample, 1);
  const uniform = (kind: number): number => (2 * combine(ofSample, kind)) / twoTo32 - 1;
  const { by, centre } = scaleChannels ?? { by: 0, centre: 0 };
  const scale = 1 + by * uniform(draws.scale);
  const shift = shiftChannels * uniform(draws.shift);
  const { doublings, knots } = equalise ?? { doublings: 0, knots: 2 };
  const gains = Float64Array.from({ length: knots }, (_, knot) =>
    ofSixteen(2 ** (doublings * uniform(draws.firstKnot + knot))),
  );
  const perChannel = (knots - 1) / (range.last + 1 - range.first);
  return {
    pace: 1 + stretchTime * uniform(draws.time),
    place: (channel) => centre + (channel - centre) * scale + shift,
    gainAt(place) {
      const at = (place - range.first) * perChannel;
      const knot = Math.min(knots - 2, Math.floor(at));
      const [low, high] = [gains[knot] ?? 1, gains[knot + 1] ?? 1];
      return low + (at - knot) * (high - low);
    },
    copies: (gain, spike) => Math.floor(gain + combine(ofSpikes, spike) / twoTo32),
  };
}

/** Sixteen binary places: what the last places of a power are is not the same on every computer. */
function ofSixteen(value: number): number {
  return Math.round(value * 2 ** 16) / 2 ** 16;
}
