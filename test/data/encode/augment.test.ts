import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Augmentation,
  createEventEncoder,
  defaultEventEncoding,
  type EventEncoding,
  type Events,
  type SpikeTrain,
} from '../../../src/data/index.ts';
import { hash32, noEpoch, streams } from '../../../src/random/index.ts';

const channels = 700;
const range = { first: 200, last: 699 };

/** Events as pairs [milliseconds, unit], in the order of time. */
function events(...pairs: readonly (readonly [ms: number, unit: number])[]): Events {
  return {
    times: Float32Array.from(pairs, ([ms]) => ms / 1000),
    units: Uint16Array.from(pairs, ([, unit]) => unit),
  };
}

const encoderOf = (augment: Augmentation, changes: Partial<EventEncoding> = {}) =>
  createEventEncoder(channels, { ...defaultEventEncoding, counts: true, ...changes, augment });

/** [step, input, count] of each spike. */
function spikesOf({ steps, offsets, indices, values }: SpikeTrain): number[][] {
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: (offsets[step + 1] ?? 0) - (offsets[step] ?? 0) }, (__, at) => {
      const place = (offsets[step] ?? 0) + at;
      return [step, indices[place] ?? -1, values?.[place] ?? -1];
    }),
  ).flat();
}

/** The draw of a sample for time (0), scaling (1), the shift (2), or knot k (3 + k). */
const drawOf = (kind: number, sample: number, epoch = 0, seed = 1) =>
  (hash32(seed, streams.augmentation, epoch, sample, 0, kind) / 2 ** 32) * 2 - 1;

/** A sample whose draws are all near the given values. */
function sampleWith(wanted: Readonly<Record<number, number>>, within = 0.02): number {
  for (let sample = 0; sample < 1_000_000; sample++) {
    const isNear = Object.entries(wanted).every(
      ([kind, value]) => Math.abs(drawOf(Number(kind), sample) - value) < within,
    );
    if (isNear) return sample;
  }
  throw new Error('no such sample');
}

const at = (sample: number) => ({ seed: 1, epoch: 0, sample });

describe('by hand', () => {
  test('time is stretched before it is put into bins', () => {
    // u = 0.5 +- 0.02 at a stretch of 0.2: times x 1.1 +- 0.004. 95 ms -> 104.5, 105 -> 115.5, 195 -> 214.5 +- 0.8.
    const stretched = encoderOf({ stretchTime: 0.2 }).encode(
      events([0, 5], [95, 6], [105, 7], [195, 8]),
      at(sampleWith({ 0: 0.5 })),
      100,
    );
    expect(spikesOf(stretched)).toEqual([
      [0, 5, 1],
      [10, 6, 1],
      [11, 7, 1],
      [21, 8, 1],
    ]);
    expect(stretched.steps).toBe(22);
    // u = -0.5: times x 0.9.  95 -> 85.5, 105 -> 94.5, 1050 -> 945: within a sample of 100 steps.
    const shorter = encoderOf({ stretchTime: 0.2 }).encode(
      events([95, 6], [105, 7], [1050, 8]),
      at(sampleWith({ 0: -0.5 })),
      100,
    );
    expect(spikesOf(shorter)).toEqual([
      [8, 6, 1],
      [9, 7, 1],
      [94, 8, 1],
    ]);
  });

  test('channels spread around the centre and move, before they are grouped', () => {
    // u1 = 0.5, u2 = -0.25, each within 0.005: 550 + (c - 550) x 1.1 - 5. From 250: 215; from 550: 545; from 695:
    // 704.5. From 236: 199.6, below the range. 360 -> 336, 459 -> 444.9. All within 0.1 for u2, 0.001 (c - 550) for u1.
    const encoder = encoderOf(
      { scaleChannels: { by: 0.2, centre: 550 }, shiftChannels: 20 },
      { channels: range, groupChannels: 10 },
    );
    const sample = sampleWith({ 1: 0.5, 2: -0.25 }, 0.005);
    const sent = encoder.encode(
      events(...[236, 250, 360, 459, 550, 695].map((unit) => [0, unit] as const)),
      at(sample),
      9,
    );
    expect(spikesOf(sent)).toEqual([
      [0, 1, 1], // 215
      [0, 13, 1], // 336
      [0, 24, 1], // 444.9
      [0, 34, 1], // 545
    ]);
  });

  test('the gain of a knot is a power of 2, and linear between two knots', () => {
    // Two knots, at channels 0 and 100, with gains 2^(2 x 0.5) = 2 and 2^(2 x -0.5) = 0.5: 1.25 in the middle.
    const encoder = encoderOf(
      { equalise: { doublings: 2, knots: 2 } },
      { channels: { first: 0, last: 99 }, groupChannels: 1 },
    );
    const sample = sampleWith({ 3: 0.5, 4: -0.5 }, 0.005);
    const often = 4000;
    for (const [channel, gain] of [
      [0, 2],
      [50, 1.25],
      [99, 0.515],
    ] as const) {
      const pairs = Array.from(
        { length: often },
        (_, index) => [10 * Math.floor(index / 100), channel] as const,
      );
      const counts = spikesOf(encoder.encode(events(...pairs), at(sample), 100)).map(
        ([, , count = 0]) => count,
      );
      const mean = counts.reduce((sum, count) => sum + count, 0) / often;
      // A spike becomes floor(gain) or one more: a standard deviation of at most 0.5, of the mean at most 0.008. Draws
      // within 0.005 are gains within 0.7 %.
      expect(Math.abs(mean - gain)).toBeLessThan(0.04);
    }
  });

  test('a gain of 1 keeps every spike, and the cap of the count comes after', () => {
    const encoder = encoderOf({ equalise: { doublings: 0, knots: 7 } }, { channels: range });
    const pairs = Array.from({ length: 300 }, () => [3, 200] as const);
    expect(spikesOf(encoder.encode(events(...pairs), at(0), 9))).toEqual([[0, 0, 255]]);
    expect(spikesOf(encoder.encode(events([3, 699], [13, 200]), at(0), 9))).toEqual([
      [0, 499, 1],
      [1, 0, 1],
    ]);
  });
});

describe('draws', () => {
  const shipped: Augmentation = {
    stretchTime: 0.1,
    scaleChannels: { by: 0.05, centre: 550 },
    shiftChannels: 6,
    equalise: { doublings: 0.3, knots: 7 },
  };
  const sample = events(
    ...Array.from({ length: 400 }, (_, index) => [index, (index * 7919) % channels] as const),
  );
  const sent = (context: { seed: number; epoch: number; sample: number }, augment: Augmentation = shipped) =>
    spikesOf(encoderOf(augment, { bins: { ms: 5 }, channels: range }).encode(sample, context, 154));

  test('differ by seed, epoch and sample, and are the same again', () => {
    const first = { seed: 1, epoch: 0, sample: 0 };
    expect(sent(first)).toEqual(sent(first));
    for (const other of [
      { ...first, seed: 2 },
      { ...first, epoch: 1 },
      { ...first, sample: 1 },
    ])
      expect(sent(other)).not.toEqual(sent(first));
  });

  test('do not depend on what was encoded before', () => {
    const encoder = encoderOf(shipped, { channels: range });
    const contexts = Array.from({ length: 12 }, (_, index) => ({ seed: 1, epoch: index % 3, sample: index }));
    const inTurn = contexts.map((context) => spikesOf(encoder.encode(sample, context, 100)));
    const alone = contexts
      .toReversed()
      .map((context) => spikesOf(encoderOf(shipped, { channels: range }).encode(sample, context, 100)));
    expect(alone.toReversed()).toEqual(inTurn);
  });

  test('are made in training only', () => {
    const plain = createEventEncoder(channels, {
      ...defaultEventEncoding,
      bins: { ms: 5 },
      channels: range,
      counts: true,
    });
    const tested = { seed: 1, epoch: noEpoch, sample: 3 };
    expect(sent(tested)).toEqual(spikesOf(plain.encode(sample, tested, 154)));
    expect(sent({ ...tested, epoch: 0 }, {})).toEqual(sent(tested));
  });

  test('of one change do not depend on the others', () => {
    const context = { seed: 1, epoch: 4, sample: 9 };
    const { stretchTime, ...others } = shipped;
    const none: Augmentation = {
      ...shipped,
      stretchTime: 0,
      scaleChannels: { by: 0, centre: 1 },
      shiftChannels: 0,
    };
    expect(sent(context, { ...shipped, stretchTime: 0 })).toEqual(sent(context, others));
    expect(sent(context, { ...none, equalise: { doublings: 0, knots: 2 }, stretchTime: 0.1 })).toEqual(
      sent(context, { stretchTime: 0.1 }),
    );
  });

  test('are uniform: as often in each tenth of their range, and right to its ends', () => {
    const encoder = encoderOf({ shiftChannels: 50 }, { groupChannels: 10 });
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index++) {
      // 300 - 50 .. 300 + 50: inputs 25 to 34.
      const [[, input = 0] = []] = spikesOf(encoder.encode(events([0, 300]), at(index), 1));
      counts[input - 25] = (counts[input - 25] ?? 0) + 1;
    }
    expect(counts).toHaveLength(10);
    // Binomial(10 000, 1/10): mean 1000, standard deviation 30.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

test('equals a second computation, spike by spike, after the formulas', () => {
  const amounts = fc.record({
    stretchTime: fc.double({ min: 0, max: 0.5, noNaN: true }),
    by: fc.double({ min: 0, max: 0.5, noNaN: true }),
    centre: fc.integer({ min: 0, max: 699 }),
    shiftChannels: fc.double({ min: 0, max: 40, noNaN: true }),
    doublings: fc.double({ min: 0, max: 2, noNaN: true }),
    knots: fc.integer({ min: 2, max: 9 }),
  });
  const context = fc.record({ seed: fc.nat(), epoch: fc.nat(100), sample: fc.nat(3000) });
  const pair = fc.tuple(fc.nat(600), fc.nat(699));
  fc.assert(
    fc.property(
      amounts,
      context,
      fc.array(pair, { maxLength: 200 }),
      (amount, { seed, epoch, sample }, pairs) => {
        const { stretchTime, by, centre, shiftChannels, doublings, knots } = amount;
        const sorted = pairs.toSorted(([a], [b]) => a - b);
        const sent = encoderOf(
          {
            stretchTime,
            scaleChannels: { by, centre },
            shiftChannels,
            equalise: { doublings, knots },
          },
          { bins: { ms: 5 }, channels: range, groupChannels: 10 },
        ).encode(events(...sorted), { seed, epoch, sample }, 100);

        const u = (kind: number) => drawOf(kind, sample, epoch, seed);
        const expected = new Map<string, number>();
        let end = 0;
        sorted.forEach(([ms, unit], spike) => {
          const seconds = Math.fround(ms / 1000) * (1 + stretchTime * u(0));
          // Whole milliseconds that float32 holds a little too low still begin their bin.
          const step = Math.floor((seconds * (1 + 2 ** -23)) / 0.005);
          const moved = centre + (unit - centre) * (1 + by * u(1)) + shiftChannels * u(2);
          if (moved < 200 || moved >= 700 || step >= 100) return;
          const position = ((moved - 200) / 500) * (knots - 1);
          const below = Math.floor(position);
          const gain = (knot: number) => Math.round(2 ** (doublings * u(3 + knot)) * 65536) / 65536;
          const share = position - below;
          const expectation = gain(below) * (1 - share) + (share === 0 ? 0 : gain(below + 1) * share);
          const v = hash32(seed, streams.augmentation, epoch, sample, 1, spike) / 2 ** 32;
          const copies = Math.floor(expectation + v);
          if (copies === 0) return;
          const key = `${step} ${Math.floor((moved - 200) / 10)}`;
          expected.set(key, (expected.get(key) ?? 0) + copies);
          end = Math.max(end, step);
        });
        expect(new Map(spikesOf(sent).map(([step, input, count]) => [`${step} ${input}`, count]))).toEqual(
          expected,
        );
        expect(sent.steps).toBe(end + 1);
      },
    ),
  );
});
