import { drawJitter, noEpoch } from '../../random/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Events } from '../sets/dataset.ts';
import { type Augmentation, type AugmentationDraw, type ChannelRange, drawAugmentation } from './augment.ts';
import type { EncodingContext, SpikeTrain } from './spike-train.ts';

/** How events become input spikes. The options that are not always there change nothing where they are absent. */
export interface EventEncoding {
  readonly bins: Bins;
  /** The channels whose spikes are used, in ascending order; by default, all. */
  readonly channels?: ChannelRange | undefined;
  /** Number of neighbouring channels that share an input; the last input may have fewer. */
  readonly groupChannels: number;
  /**
   * Of a camera: squares of pixels that share an input, for each polarity. In place of groups and of a choice of
   * channels.
   */
  readonly pool?: Pooling | undefined;
  /**
   * Whether a spike of an input carries the number of spikes in its bin, up to {@link mostCounted}. Otherwise it
   * carries nothing.
   */
  readonly counts?: boolean | undefined;
  /**
   * While training, all channels of a sample are shifted by the same random number, at most this many up or down;
   * spikes shifted off the cochlea are dropped.
   */
  readonly jitterChannels: number;
  /** Further random changes while training, after that shift. */
  readonly augment?: Augmentation | undefined;
  /** Whether a sample ends with the step of its last spike; otherwise it has all steps of the program. */
  readonly stopAfterLastSpike: boolean;
}

/**
 * The steps of spikes. With `ms`, a spike at t seconds belongs to step floor(1000 t / ms). With `frames`, each
 * recording is cut into so many steps of equal duration, from its first spike to its last, which belongs to the last.
 */
type Bins = { readonly ms: number } | { readonly frames: number };

/** Pixels of a camera, and the side of the squares that are joined; squares at the edges may have fewer. */
interface Pooling {
  readonly rows: number;
  readonly columns: number;
  readonly by: number;
}

/** The largest number of spikes that a spike carries. */
export const mostCounted = 255;

/** The defaults of an event encoding. */
export const defaultEventEncoding = {
  bins: { ms: 10 },
  groupChannels: 1,
  jitterChannels: 0,
  stopAfterLastSpike: true,
} satisfies EventEncoding;

const allOf = (channels: number): ChannelRange => ({ first: 0, last: channels - 1 });

/** Number of inputs into which so many channels are encoded. */
export function groupedInputs(
  channels: number,
  { channels: used, groupChannels, pool }: EventEncoding,
): number {
  if (pool !== undefined) return planesOf(channels, pool) * squaresOf(pool);
  const { first, last } = used ?? allOf(channels);
  return Math.ceil((last - first + 1) / groupChannels);
}

/**
 * Pictures of so many pixels that channels make: one for each polarity.
 *
 * @throws PlasticoreError `data` if they are of other sizes
 */
function planesOf(channels: number, { rows, columns }: Pooling): number {
  const planes = channels / (rows * columns);
  if (Number.isInteger(planes)) return planes;
  throw new PlasticoreError(
    'data',
    `${channels} channels found, which are no pictures of ${rows} x ${columns} pixels`,
    { hint: 'pool: {rows, columns, by} states the sides of the camera' },
  );
}

function squaresOf({ rows, columns, by }: Pooling): number {
  return Math.ceil(rows / by) * Math.ceil(columns / by);
}

/** The input of a channel, (polarity x rows + y) x columns + x. */
function pooled(channel: number, pool: Pooling): number {
  const { rows, columns, by } = pool;
  const [x, line] = [channel % columns, Math.floor(channel / columns)];
  const [y, plane] = [line % rows, Math.floor(line / rows)];
  const across = Math.ceil(columns / by);
  return plane * squaresOf(pool) + Math.floor(y / by) * across + Math.floor(x / by);
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

/** The step of a time in a recording. @param pace by which times are multiplied: it does not change a share of them */
function stepsIn(times: Float32Array, bins: Bins, pace: number): (time: number) => number {
  if ('ms' in bins) {
    // In float32, a multiple of the width is only approximate; the factor keeps it from falling into the bin before.
    const perTime = (1000 / bins.ms) * (1 + 2 ** -23) * pace;
    return (time) => Math.floor(time * perTime);
  }
  const { frames } = bins;
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const duration = last - first;
  return (time) =>
    duration === 0 ? 0 : Math.min(frames - 1, Math.floor(((time - first) * frames) / duration));
}

/** Creates an encoder of events with its own buffers. `channels` are those of the data. */
export function createEventEncoder(channels: number, encoding: EventEncoding): EventEncoder {
  const { bins, groupChannels, pool, counts = false, jitterChannels, augment, stopAfterLastSpike } = encoding;
  const range = encoding.channels ?? allOf(channels);
  const inputs = groupedInputs(channels, encoding);
  /** Whether an input spikes at a step: one bit each, in rows of steps. The order of events does not matter. */
  const words = Math.ceil(inputs / 32);
  let isActive = new Uint32Array(0);
  /** How many spikes it has there; all zero between calls. */
  let counted = new Uint8ClampedArray(0);
  let offsets = new Uint32Array(1);
  let indices = new Uint16Array(0);
  let values = new Uint8Array(0);
  /** For each channel, the input of its spikes in this sample, or -1; and how many spikes become of each on average. */
  const inputOf = new Int32Array(channels);
  const gainOf = new Float64Array(channels);

  /** Draws what is random in a sample; tells where its channels are, and returns what concerns its spikes. */
  const prepare = (context: EncodingContext): AugmentationDraw | undefined => {
    const { seed, epoch, sample, augment: isWanted = true } = context;
    const isChanged = isWanted && epoch !== noEpoch;
    const shift = isChanged ? drawJitter(jitterChannels, seed, epoch, sample) : 0;
    const drawn = isChanged && augment !== undefined ? drawAugmentation(augment, range, context) : undefined;
    for (let channel = 0; channel < channels; channel++) {
      if (pool !== undefined) {
        inputOf[channel] = pooled(channel, pool);
        continue;
      }
      const place = drawn?.place(channel + shift) ?? channel + shift;
      const isUsed = place >= range.first && place < range.last + 1;
      inputOf[channel] = isUsed ? Math.floor((place - range.first) / groupChannels) : -1;
      if (isUsed && drawn !== undefined) gainOf[channel] = drawn.gainAt(place);
    }
    return drawn;
  };

  /** Marks the spikes; returns one more than the last step with a spike. */
  const mark = ({ times, units }: Events, drawn: AugmentationDraw | undefined, steps: number): number => {
    const stepOf = stepsIn(times, bins, drawn?.pace ?? 1);
    let end = 0;
    for (let spike = 0; spike < times.length; spike++) {
      const step = stepOf(times[spike] ?? 0);
      if (step >= steps) break;
      const channel = units[spike] ?? 0;
      const input = inputOf[channel] ?? -1;
      if (input < 0) continue;
      const copies = drawn?.copies(gainOf[channel] ?? 1, spike) ?? 1;
      if (copies === 0) continue;
      const word = step * words + (input >>> 5);
      isActive[word] = (isActive[word] ?? 0) | (1 << (input & 31));
      if (counts) {
        const at = step * inputs + input;
        counted[at] = (counted[at] ?? 0) + copies;
      }
      end = step + 1;
    }
    return end;
  };

  return {
    encode(events, context, steps) {
      if (isActive.length < steps * words) {
        isActive = new Uint32Array(steps * words);
        offsets = new Uint32Array(steps + 1);
        indices = new Uint16Array(steps * inputs);
        if (counts) {
          counted = new Uint8ClampedArray(steps * inputs);
          values = new Uint8Array(steps * inputs);
        }
      } else isActive.fill(0);
      const end = mark(events, prepare(context), steps);
      const used = stopAfterLastSpike ? Math.max(1, end) : steps;
      let spikes = 0;
      for (let step = 0; step < used; step++) {
        for (let word = 0; word < words; word++) {
          let bits = isActive[step * words + word] ?? 0;
          while (bits !== 0) {
            const input = 32 * word + 31 - Math.clz32(bits & -bits);
            if (counts) {
              const at = step * inputs + input;
              values[spikes] = counted[at] ?? 0;
              counted[at] = 0;
            }
            indices[spikes++] = input;
            bits &= bits - 1;
          }
        }
        offsets[step + 1] = spikes;
      }
      return { steps: used, offsets, indices, ...(counts && { values, valuesAre: 'counts' }) };
    },
  };
}

/** Creates an encoder of spikes that are in time steps already: each comes in its own, with what it carries. */
export function createStepEncoder(stepsOfSample: number): EventEncoder {
  const offsets = new Uint32Array(stepsOfSample + 1);
  return {
    encode({ times, units, values }: Events) {
      offsets.fill(0);
      for (const step of times) offsets[step + 1] = (offsets[step + 1] ?? 0) + 1;
      for (let step = 0; step < stepsOfSample; step++)
        offsets[step + 1] = (offsets[step + 1] ?? 0) + (offsets[step] ?? 0);
      return { steps: stepsOfSample, offsets, indices: units, ...(values && { values }) };
    },
  };
}
