import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createEventEncoder,
  defaultEventEncoding,
  type EventEncoding,
  type Events,
  type SpikeTrain,
} from '../../../src/data/index.ts';
import { hash32, noEpoch, streams } from '../../../src/random/index.ts';

const context = { seed: 1, epoch: 0, sample: 0 };
const encoding = (changes: Partial<EventEncoding> = {}): EventEncoding => ({
  ...defaultEventEncoding,
  ...changes,
});

/** Events as pairs [milliseconds, unit]. */
function events(...pairs: readonly (readonly [ms: number, unit: number])[]): Events {
  return {
    times: Float32Array.from(pairs, ([ms]) => ms / 1000),
    units: Uint16Array.from(pairs, ([, unit]) => unit),
  };
}

function byStep({ steps, offsets, indices }: SpikeTrain): number[][] {
  expect(offsets[0]).toBe(0);
  return Array.from({ length: steps }, (_, step) => [...indices.subarray(offsets[step], offsets[step + 1])]);
}

const encode = (sample: Events, steps: number, changes: Partial<EventEncoding> = {}, channels = 700) =>
  byStep(createEventEncoder(channels, encoding(changes)).encode(sample, context, steps));

describe('bins', () => {
  test('a spike at t falls into bin floor(t / width); a channel spikes once a bin; inputs ascend', () => {
    const sample = events([0, 9], [9.9, 3], [9.9, 9], [10, 9], [35, 699], [35, 0]);
    expect(encode(sample, 100)).toEqual([[3, 9], [9], [], [0, 699]]);
    expect(encode(sample, 100, { bins: { ms: 5 } })).toEqual([[9], [3, 9], [9], [], [], [], [], [0, 699]]);
  });

  test('frames cut each recording into steps of equal duration, from its first spike to its last', () => {
    // 40 to 80 ms: four frames of 10 ms, each with its beginning; the end belongs to the last one.
    const sample = events([40, 1], [49, 2], [50, 3], [60, 4], [69, 5], [79, 6], [80, 7]);
    const changes = { bins: { frames: 4 } };
    expect(encode(sample, 4, changes)).toEqual([[1, 2], [3], [4, 5], [6, 7]]);
    // Twice as long, and later.
    const slower = events([90, 1], [108, 2], [111, 3], [131, 4], [148, 5], [168, 6], [170, 7]);
    expect(encode(slower, 4, changes)).toEqual([[1, 2], [3], [4, 5], [6, 7]]);
    expect(encode(events([3, 1], [3, 2]), 4, changes)).toEqual([[1, 2]]);
    expect(encode(events(), 4, changes)).toEqual([[]]);
  });

  test('frames with counts of four neighbouring channels', () => {
    const sample = events([0, 0], [10, 3], [10, 4], [20, 1], [99, 3], [100, 699]);
    const changes = { bins: { frames: 2 }, counts: true, groupChannels: 4 };
    const train = createEventEncoder(700, encoding(changes)).encode(sample, context, 2);
    expect(byStep(train)).toEqual([
      [0, 1],
      [0, 174],
    ]);
    expect(Array.from(train.values ?? []).slice(0, 4)).toEqual([3, 1, 1, 1]);
  });

  test('multiples of the width begin a bin, although float32 holds them only approximately', () => {
    // 0.03 in float32 is 0.029999999329…
    for (let step = 0; step < 140; step++) {
      expect(encode(events([10 * step, 1]), 140)).toHaveLength(step + 1);
    }
  });

  test('a sample ends with its last spike, at the latest with the last step, and has one step at least', () => {
    const sample = events([5, 1], [25, 2], [990, 3]);
    expect(encode(sample, 200)).toHaveLength(100);
    expect(encode(sample, 3)).toEqual([[1], [], [2]]);
    expect(encode(sample, 50)).toEqual([[1], [], [2]]);
    expect(encode(events(), 50)).toEqual([[]]);
    const whole = { stopAfterLastSpike: false };
    expect(encode(sample, 5, whole)).toEqual([[1], [], [2], [], []]);
    expect(encode(events(), 2, whole)).toEqual([[], []]);
  });

  test('neighbouring channels share an input', () => {
    const sample = events([0, 0], [0, 3], [0, 4], [0, 8], [0, 9]);
    expect(encode(sample, 1, { groupChannels: 4 }, 10)).toEqual([[0, 1, 2]]);
    expect(encode(sample, 1, { groupChannels: 10 }, 10)).toEqual([[0]]);
  });

  test.each([255, 256, 300])('of %i spikes in a bin, an input carries 255', (spikes) => {
    const sample = events(...Array.from({ length: spikes }, () => [3, 1] as const));
    const { values } = createEventEncoder(4, encoding({ counts: true })).encode(sample, context, 1);
    expect(values?.[0]).toBe(255);
  });

  test('a range of channels: input 0 has the first, and all other channels are silent', () => {
    const sample = events([0, 1], [0, 2], [0, 4], [0, 5], [10, 7], [10, 8], [20, 9]);
    const range = { channels: { first: 2, last: 7 } };
    // The last spike is of a channel outside, and the sample ends before it.
    expect(encode(sample, 9, range, 10)).toEqual([[0, 2, 3], [5]]);
    expect(encode(sample, 9, { ...range, groupChannels: 4 }, 10)).toEqual([[0], [1]]);
    expect(encode(events([0, 0], [30, 9]), 9, range, 10)).toEqual([[]]);
  });

  test('equals its definition, regardless of earlier samples', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 600 }), fc.nat(69));
    const encoders = new Map<number, ReturnType<typeof createEventEncoder>>();
    fc.assert(
      fc.property(
        fc.array(pair),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 70 }),
        (pairs, group, steps) => {
          const sorted = pairs.toSorted(([a], [b]) => a - b);
          const encoder = encoders.get(group) ?? createEventEncoder(70, encoding({ groupChannels: group }));
          encoders.set(group, encoder);
          const kept = sorted.filter(([ms]) => Math.floor(ms / 10) < steps);
          const last = Math.max(0, ...kept.map(([ms]) => Math.floor(ms / 10)));
          const expected = Array.from({ length: last + 1 }, (_, step) => {
            const inputs = kept
              .filter(([ms]) => Math.floor(ms / 10) === step)
              .map(([, unit]) => Math.floor(unit / group));
            return [...new Set(inputs)].sort((a, b) => a - b);
          });
          expect(byStep(encoder.encode(events(...sorted), context, steps))).toEqual(expected);
        },
      ),
    );
  });
});

describe('counts', () => {
  /** Input and count of each spike, step by step. */
  const counted = (train: SpikeTrain): (readonly [input: number, count: number | undefined])[][] => {
    const { steps, offsets, indices, values } = train;
    return Array.from({ length: steps }, (_, step) =>
      [...indices.subarray(offsets[step], offsets[step + 1])].map(
        (input, at) => [input, values?.[(offsets[step] ?? 0) + at]] as const,
      ),
    );
  };
  const counting = { counts: true, groupChannels: 10, channels: { first: 20, last: 49 } };

  test('an input carries the number of spikes of its channels in the bin', () => {
    const sample = events([0, 19], [1, 20], [2, 29], [9, 20], [9, 40], [10, 20], [10, 50], [30, 49]);
    const train = createEventEncoder(60, encoding(counting)).encode(sample, context, 9);
    const expected = [
      [
        [0, 3],
        [2, 1],
      ],
      [[0, 1]],
      [],
      [[2, 1]],
    ];
    expect(counted(train)).toEqual(expected);
    expect(train.valuesAre).toBe('counts');
  });

  test('up to 255, and nothing is left of a sample in the next', () => {
    const encoder = createEventEncoder(60, encoding(counting));
    const many = events(...Array.from({ length: 300 }, () => [5, 30] as const));
    expect(counted(encoder.encode(many, context, 9))).toEqual([[[1, 255]]]);
    expect(counted(encoder.encode(events([5, 30], [15, 30]), context, 9))).toEqual([[[1, 1]], [[1, 1]]]);
  });

  test('equal a count over all spikes, for any range and group', () => {
    const pair = fc.tuple(fc.nat(299), fc.nat(69));
    fc.assert(
      fc.property(
        fc.array(pair, { maxLength: 400 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(30),
        fc.integer({ min: 31, max: 69 }),
        fc.integer({ min: 1, max: 70 }),
        (pairs, group, first, last, steps) => {
          const sorted = pairs.toSorted(([a], [b]) => a - b);
          const changes = { bins: { ms: 5 }, counts: true, groupChannels: group, channels: { first, last } };
          const train = createEventEncoder(70, encoding(changes)).encode(events(...sorted), context, steps);
          const kept = sorted
            .map(([ms, unit]) => ({ step: Math.floor(ms / 5), unit }))
            .filter(({ step, unit }) => step < steps && unit >= first && unit <= last)
            .map(({ step, unit }) => ({ step, input: Math.floor((unit - first) / group) }));
          const end = Math.max(0, ...kept.map(({ step }) => step));
          const expected = Array.from({ length: end + 1 }, (_, step) => {
            const inputs = kept.filter((spike) => spike.step === step).map(({ input }) => input);
            const distinct = [...new Set(inputs)].sort((a, b) => a - b);
            return distinct.map((input) => [input, inputs.filter((other) => other === input).length]);
          });
          expect(counted(train)).toEqual(expected);
        },
      ),
    );
  });
});

describe('jitter', () => {
  const jitter = { jitterChannels: 4 };
  /** The shift after its definition: uniform in -4..4 by a hash of seed, epoch and sample. */
  const shiftOf = (seed: number, epoch: number, sample: number) =>
    Math.floor((hash32(seed, streams.jitter, epoch, sample) / 2 ** 32) * 9) - 4;

  test('shifts all channels of a sample alike, by the hash of seed, epoch and sample', () => {
    const encoder = createEventEncoder(700, encoding(jitter));
    for (const [seed, epoch, sample] of [
      [1, 0, 0],
      [1, 0, 1],
      [1, 1, 0],
      [2, 0, 0],
      [9, 30, 2699],
    ] as const) {
      const shift = shiftOf(seed, epoch, sample);
      const train = encoder.encode(events([0, 100], [0, 200], [10, 300]), { seed, epoch, sample }, 10);
      expect(byStep(train)).toEqual([[100 + shift, 200 + shift], [300 + shift]]);
    }
  });

  test('takes every shift in ± its width about equally often', () => {
    const encoder = createEventEncoder(700, encoding(jitter));
    const counts = new Array<number>(9).fill(0);
    for (let sample = 0; sample < 9000; sample++) {
      const { indices } = encoder.encode(events([0, 100]), { ...context, sample }, 1);
      const shift = (indices[0] ?? 0) - 96;
      counts[shift] = (counts[shift] ?? 0) + 1;
    }
    // Binomial(9000, 1/9): mean 1000, standard deviation 30.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test('drops spikes shifted beyond the channels, and shifts before it groups', () => {
    const sample =
      Array.from({ length: 50 }, (_, index) => index).find((index) => shiftOf(1, 0, index) === 3) ?? -1;
    const at = { ...context, sample };
    const all = events(...Array.from({ length: 10 }, (_, unit) => [0, unit] as const), [15, 8]);
    const train = (changes: Partial<EventEncoding>) =>
      byStep(createEventEncoder(10, encoding({ ...jitter, ...changes })).encode(all, at, 9));
    // The last spike is gone, and its step with it.
    expect(train({})).toEqual([[3, 4, 5, 6, 7, 8, 9]]);
    expect(train({ groupChannels: 4 })).toEqual([[0, 1, 2]]);
    expect(train({ groupChannels: 3 })).toEqual([[1, 2, 3]]);
  });

  test('shifts before it takes a range of the channels', () => {
    const sample =
      Array.from({ length: 50 }, (_, index) => index).find((index) => shiftOf(1, 0, index) === 3) ?? -1;
    const encoder = createEventEncoder(10, encoding({ ...jitter, channels: { first: 4, last: 7 } }));
    const train = encoder.encode(events([0, 0], [0, 1], [0, 4], [0, 5], [0, 9]), { ...context, sample }, 9);
    expect(byStep(train)).toEqual([[0, 3]]);
  });

  test('does not shift while testing', () => {
    const encoder = createEventEncoder(700, encoding(jitter));
    for (let sample = 0; sample < 20; sample++) {
      const train = encoder.encode(events([0, 100]), { seed: 1, epoch: noEpoch, sample }, 1);
      expect(byStep(train)).toEqual([[100]]);
    }
  });
});
