import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEncoder, featureEncoderNames, type SpikeTrain } from '../../../src/data/index.ts';
import { hash32, streams } from '../../../src/random/index.ts';
import { expectError } from '../../support/errors.ts';

const context = { seed: 1, epoch: 0, sample: 0 };

/** A copy of a spike train as a list of inputs per step. */
function byStep({ steps, offsets, indices }: SpikeTrain): number[][] {
  expect(offsets[0]).toBe(0);
  return Array.from({ length: steps }, (_, step) => [...indices.subarray(offsets[step], offsets[step + 1])]);
}

/** The steps at which the one input of a one-feature sample spikes. */
function phaseSteps(pixel: number, steps: number): number[] {
  const train = byStep(createEncoder('phase').encode(Uint8Array.of(pixel), context, steps));
  return train.flatMap((inputs, step) => (inputs.length > 0 ? [step] : []));
}

describe('phase', () => {
  test('spikes when the accumulator, from 128, reaches 256', () => {
    expect(phaseSteps(0, 8)).toEqual([]);
    expect(phaseSteps(64, 8)).toEqual([1, 5]); // 192 256! 64 128 192 256! 64 128
    expect(phaseSteps(128, 8)).toEqual([0, 2, 4, 6]); // 256! 128 256! 128 …
    expect(phaseSteps(200, 8)).toEqual([0, 1, 3, 4, 5, 7]); // 328! 272! 216 416! 360! 304! 248 448!
    expect(phaseSteps(15, 8)).toEqual([]); // 128 + 8 x 15 = 248
    expect(phaseSteps(16, 8)).toEqual([7]); // 128 + 8 x 16 = 256
  });

  test('255 misses only the step at which its remainder has run out', () => {
    // After k spikes 128 - k is left; at step 128 nothing is left and 255 stays below 256.
    const all = Array.from({ length: 256 }, (_, step) => step);
    expect(phaseSteps(255, 256)).toEqual(all.filter((step) => step !== 128));
  });

  test('starts each sample afresh', () => {
    const encoder = createEncoder('phase');
    const values = Uint8Array.of(200, 0, 64);
    const expected = [[0], [0, 2], [], [0]];
    expect(byStep(encoder.encode(values, context, 4))).toEqual(expected);
    expect(byStep(encoder.encode(values, { ...context, sample: 1 }, 4))).toEqual(expected);
  });
});

describe('bernoulli', () => {
  test('equals its definition: the top byte of hash(seed, epoch, sample, step, input) is below the feature', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const encoder = createEncoder('bernoulli');
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.record({ seed: word, epoch: word, sample: fc.nat(60_000) }),
        fc.nat(9),
        (values, { seed, epoch, sample }, steps) => {
          const expected = Array.from({ length: steps }, (_, step) =>
            [...values.keys()].filter((input) => {
              const top = Math.floor(hash32(seed, streams.input, epoch, sample, step, input) / 2 ** 24);
              return top < (values[input] ?? 0);
            }),
          );
          expect(byStep(encoder.encode(values, { seed, epoch, sample }, steps))).toEqual(expected);
        },
      ),
    );
  });

  test('spikes feature / 256 of the time: never for 0, nearly always for 255', () => {
    const steps = 4;
    const samples = 2500;
    const draws = steps * samples;
    const pixels = [0, 1, 64, 128, 200, 255];
    const counts = pixels.map(() => 0);
    const encoder = createEncoder('bernoulli');
    for (let sample = 0; sample < samples; sample++) {
      const { offsets, indices } = encoder.encode(Uint8Array.from(pixels), { ...context, sample }, steps);
      for (const input of indices.subarray(0, offsets[steps])) counts[input] = (counts[input] ?? 0) + 1;
    }
    pixels.forEach((pixel, input) => {
      const [low, high] = binomialBounds(draws, pixel / 256, 1e-6);
      expect(counts[input]).toBeGreaterThanOrEqual(low);
      expect(counts[input]).toBeLessThanOrEqual(high);
    });
  });

  test('a sample has the same spikes whatever other samples are there', () => {
    const values = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 256);
    const alone = byStep(createEncoder('bernoulli').encode(values, { ...context, sample: 5 }, 8));
    const encoder = createEncoder('bernoulli');
    encoder.encode(
      values.map((value) => 255 - value),
      { ...context, sample: 4 },
      8,
    );
    expect(byStep(encoder.encode(values, { ...context, sample: 5 }, 8))).toEqual(alone);
    expect(byStep(encoder.encode(values, { ...context, sample: 6 }, 8))).not.toEqual(alone);
    expect(byStep(encoder.encode(values, { ...context, sample: 5, epoch: 1 }, 8))).not.toEqual(alone);
  });
});

describe('bernoulli255', () => {
  test('equals its definition: the top 24 bits of the hash, of 2^24, are below feature / 255', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const encoder = createEncoder('bernoulli255');
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.record({ seed: word, epoch: word, sample: fc.nat(60_000) }),
        (values, { seed, epoch, sample }) => {
          const expected = Array.from({ length: 5 }, (_, step) =>
            [...values.keys()].filter((input) => {
              const top = Math.floor(hash32(seed, streams.input, epoch, sample, step, input) / 2 ** 8);
              return 255 * top < (values[input] ?? 0) * 2 ** 24;
            }),
          );
          expect(byStep(encoder.encode(values, { seed, epoch, sample }, 5))).toEqual(expected);
        },
      ),
    );
  });

  test('255 spikes in every step, 0 in none', () => {
    const train = createEncoder('bernoulli255').encode(Uint8Array.of(0, 255, 0, 255), context, 500);
    expect(byStep(train)).toEqual(Array.from({ length: 500 }, () => [1, 3]));
  });
});

describe('graded', () => {
  test('each feature above 0 makes one spike, in the first step, which carries it', () => {
    const train = createEncoder('graded').encode(Uint8Array.of(0, 7, 0, 255, 1), context, 3);
    expect(byStep(train)).toEqual([[1, 3, 4], [], []]);
    expect([...(train.values ?? []).slice(0, 3)]).toEqual([7, 255, 1]);
  });
});

describe('constant', () => {
  test('each feature above 0 makes one spike in every step, which carries it', () => {
    const encoder = createEncoder('constant');
    const train = encoder.encode(Uint8Array.of(0, 7, 0, 255, 1), context, 2);
    expect(byStep(train)).toEqual([
      [1, 3, 4],
      [1, 3, 4],
    ]);
    expect([...(train.values ?? []).slice(0, 6)]).toEqual([7, 255, 1, 7, 255, 1]);
    const next = encoder.encode(Uint8Array.of(3, 0, 0, 0, 0), context, 2);
    expect(byStep(next)).toEqual([[0], [0]]);
    expect([...(next.values ?? []).slice(0, 2)]).toEqual([3, 3]);
  });
});

describe('every encoder', () => {
  test.each(featureEncoderNames)(
    '%s reuses its buffers, and makes larger ones when a sample needs them',
    (name) => {
      const encoder = createEncoder(name);
      const full = new Uint8Array(784).fill(255);
      const first = encoder.encode(full, context, 8);
      const second = encoder.encode(new Uint8Array(784), context, 8);
      expect(second).toBe(first);
      expect([...second.offsets]).toEqual(new Array(9).fill(0));
      const larger = encoder.encode(new Uint8Array(70_000).fill(128), context, 3);
      expect(larger.steps).toBe(3);
      expect(larger.indices.subarray(0, larger.offsets[1]).at(-1)).toBeGreaterThan(65_535);
    },
  );

  test('an unknown name gets the nearest known one', () => {
    expectError(
      () => createEncoder('bernouli'),
      'invalid-value',
      "unknown encoder 'bernouli'",
      "'bernoulli'",
    );
    const place = { file: 'e.yaml', line: 3, column: 7 };
    expectError(
      () => createEncoder('toString', place),
      'invalid-value',
      'e.yaml:3:7',
      'known: bernoulli, bernoulli255, constant, graded, phase',
    );
  });
});

/** The range outside which Binomial(n, p) falls with a probability of at most `tail` on each side, summed exactly. */
function binomialBounds(n: number, p: number, tail: number): [number, number] {
  if (p === 0) return [0, 0];
  let logTerm = n * Math.log1p(-p);
  let cumulative = 0;
  let low = 0;
  for (let k = 0; k <= n; k++) {
    cumulative += Math.exp(logTerm);
    if (cumulative <= tail) low = k;
    if (cumulative >= 1 - tail) return [low, k];
    logTerm += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return [low, n];
}
