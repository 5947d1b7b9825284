import type { Events } from '../sets/dataset.ts';
import type { EventEncoder } from './event-encoder.ts';

/** A delta modulator: values in time steps become events where they change. */
export interface DeltaEncoding {
  readonly delta: DeltaModulator;
}

/** The modulator of a channel. Its values are features, 0..255. */
interface DeltaModulator {
  /** How far a value has to be from the level that the modulator holds. */
  readonly threshold: number;
  /** By how much an event moves this level towards the value; by default, by the threshold. */
  readonly step?: number | undefined;
  /** Steps after an event in which the channel has no other. */
  readonly refractory: number;
}

/** Inputs of so many channels: first those of rising values, then those of falling ones. */
export const modulatedInputs = (channels: number): number => 2 * channels;

/**
 * Creates a delta modulator for samples of values. Each channel begins with its first value as its level, which is told
 * by nothing, and has at most one event in a step.
 */
export function createDeltaEncoder(
  channels: number,
  stepsOfSample: number,
  { threshold, step = threshold, refractory }: DeltaModulator,
): EventEncoder {
  const inputs = modulatedInputs(channels);
  const offsets = new Uint32Array(stepsOfSample + 1);
  const indices = new Uint16Array(stepsOfSample * inputs);
  const features = new Uint8Array(channels);
  const levels = new Int32Array(channels);
  const readyFrom = new Uint32Array(channels);
  return {
    encode({ times, units, values }: Events, _context, steps) {
      const count = Math.min(steps, stepsOfSample);
      let [next, spikes] = [0, 0];
      for (let now = 0; now < count; now++) {
        // A value of 0 is no spike of the set.
        features.fill(0);
        for (; next < times.length && times[next] === now; next++)
          features[units[next] ?? 0] = values?.[next] ?? 0;
        if (now === 0) {
          levels.set(features);
          readyFrom.fill(0);
        }
        for (const [direction, first] of [
          [1, 0],
          [-1, channels],
        ] as const)
          for (let channel = 0; channel < channels; channel++) {
            const level = levels[channel] ?? 0;
            const isReady = now >= (readyFrom[channel] ?? 0);
            if (!isReady || direction * ((features[channel] ?? 0) - level) < threshold) continue;
            indices[spikes++] = first + channel;
            levels[channel] = level + direction * step;
            readyFrom[channel] = now + 1 + refractory;
          }
        offsets[now + 1] = spikes;
      }
      return { steps: count, offsets: offsets.subarray(0, count + 1), indices };
    },
  };
}
