import { drawJitter, noEpoch } from '../../random/index.ts';
import type { Events } from '../sets/dataset.ts';
import type { EncodingContext, SpikeTrain } from './spike-train.ts';

/** How events become input spikes, with every option present. */
export interface EventEncoding {
  /** A spike at t seconds belongs to step floor(1000 t / ms). */
  readonly bins: { readonly ms: number };
  /** Number of neighbouring channels that share an input; the last input may have fewer. */
  readonly groupChannels: number;
  /**
   * While training, all channels of a sample are shifted by the same random number, at most this many up or down;
   * spikes shifted off the cochlea are dropped.
   */
  readonly jitterChannels: number;
  /** Whether a sample ends with the step of its last spike; otherwise it has all steps of the program. */
  readonly stopAfterLastSpike: boolean;
}

/** The defaults of an event encoding. */
export const defaultEventEncoding: EventEncoding = {
  bins: { ms: 10 },
  groupChannels: 1,
  jitterChannels: 0,
  stopAfterLastSpike: true,
};

/** Number of inputs when `channels` channels are grouped. */
export function groupedInputs(channels: number, { groupChannels }: EventEncoding): number {
  return Math.ceil(channels / groupChannels);
}

/** Turns a sample's events into input spikes, outside the core. */
export interface EventEncoder {
  /**
   * Encodes one sample into 1 to `steps` time steps; later spikes are cut off. An input spikes at most once per step.
   *
   * @returns buffers of the encoder, valid until its next call
   */
  encode(events: Events, context: EncodingContext, steps: number): SpikeTrain;
}

/** Creates an encoder of events with its own buffers. */
export function createEventEncoder(channels: number, encoding: EventEncoding): EventEncoder {
  const { bins, groupChannels, jitterChannels, stopAfterLastSpike } = encoding;
  const inputs = groupedInputs(channels, encoding);
  // In float32, a multiple of the width is only approximate; the factor keeps it from falling into the bin before.
  const perSecond = (1000 / bins.ms) * (1 + 2 ** -23);
  /** Whether an input spikes at a step: one bit each, in rows of steps. The order of events does not matter. */
  const words = Math.ceil(inputs / 32);
  let isActive = new Uint32Array(0);
  let offsets = new Uint32Array(1);
  let indices = new Uint16Array(0);

  /** Marks the spikes; returns one more than the last step with a spike. */
  const mark = ({ times, units }: Events, shift: number, steps: number): number => {
    let end = 0;
    for (let spike = 0; spike < times.length; spike++) {
      const step = Math.floor((times[spike] ?? 0) * perSecond);
      if (step >= steps) break;
      const channel = (units[spike] ?? 0) + shift;
      if (channel < 0 || channel >= channels) continue;
      const input = Math.floor(channel / groupChannels);
      const word = step * words + (input >>> 5);
      isActive[word] = (isActive[word] ?? 0) | (1 << (input & 31));
      end = step + 1;
    }
    return end;
  };

  return {
    encode(events, { seed, epoch, sample }, steps) {
      if (isActive.length < steps * words) {
        isActive = new Uint32Array(steps * words);
        offsets = new Uint32Array(steps + 1);
        indices = new Uint16Array(steps * inputs);
      } else isActive.fill(0);
      const shift = epoch === noEpoch ? 0 : drawJitter(jitterChannels, seed, epoch, sample);
      const end = mark(events, shift, steps);
      const used = stopAfterLastSpike ? Math.max(1, end) : steps;
      let spikes = 0;
      for (let step = 0; step < used; step++) {
        for (let word = 0; word < words; word++) {
          let bits = isActive[step * words + word] ?? 0;
          while (bits !== 0) {
            const bit = 31 - Math.clz32(bits & -bits);
            indices[spikes++] = 32 * word + bit;
            bits &= bits - 1;
          }
        }
        offsets[step + 1] = spikes;
      }
      return { steps: used, offsets, indices };
    },
  };
}
