import type { LinearMap } from './linear.ts';

/** Weights that are whole numbers times a scale: one of all of them, or one for each channel of the targets. */
export interface IntegerScales {
  readonly are: 'the integers' | 'per tensor' | 'per channel';
  /** For each target neuron. */
  readonly scales: Float64Array;
}

/** How far from a whole number a product of floats of 32 bits may be. */
const tolerance = 1e-4;

/**
 * Finds the scales of weights that were trained as integers of so many bits; undefined if they are none.
 *
 * @param size the number of target neurons
 */
export function integerScalesOf(map: LinearMap, size: number, bits: number): IntegerScales | undefined {
  const { weights, channelOf, channels, neuronsPerChannel } = channelsOf(map, size);
  const all = (scale: number) => new Float64Array(size).fill(scale);
  const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  if (weights.every((weight) => Number.isInteger(weight) && weight >= low && weight <= high))
    return { are: 'the integers', scales: all(1) };
  const common = scaleOf(weights, low, high);
  if (common !== undefined) return { are: 'per tensor', scales: all(common) };
  const byChannel = Array.from({ length: channels }, (): number[] => []);
  for (const [at, weight] of weights.entries()) byChannel[channelOf(at)]?.push(weight);
  const scales = all(1);
  for (const [channel, own] of byChannel.entries()) {
    const scale = scaleOf(Float64Array.from(own), low, high);
    if (scale === undefined) return undefined;
    scales.fill(scale, channel * neuronsPerChannel, (channel + 1) * neuronsPerChannel);
  }
  return { are: 'per channel', scales };
}

/** The largest scale of which all weights are whole multiples in a range. */
function scaleOf(weights: Float64Array, low: number, high: number): number | undefined {
  const most = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0);
  if (most === 0) return 1;
  for (let whole = 1; whole <= -low; whole++) {
    const scale = most / whole;
    const fits = weights.every((weight) => {
      const rounded = Math.round(weight / scale);
      return Math.abs(weight / scale - rounded) <= tolerance && rounded >= low && rounded <= high;
    });
    if (fits) return scale;
  }
  return undefined;
}

function channelsOf(map: LinearMap, size: number) {
  if (map.sliding !== undefined) {
    const { weights, to } = map.sliding;
    const each = weights.length / to[0];
    return {
      weights,
      channels: to[0],
      channelOf: (at: number) => Math.floor(at / each),
      neuronsPerChannel: to[1] * to[2],
    };
  }
  const { weights, targets } = map.rows();
  return { weights, channels: size, channelOf: (at: number) => targets[at] ?? 0, neuronsPerChannel: 1 };
}
