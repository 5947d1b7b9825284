import { describe, expect, test } from 'vitest';
import { recorded } from '../../chips/replayed.ts';
import { firstDifference } from '../../support/difference.ts';
import { goldenNames } from '../../support/golden.ts';
import {
  plainReckon,
  type ReckonConfig,
  type ReckonSampleExpected,
  type ReckonStimulus,
  reckonPairs,
  reckonRegisters,
} from './reckon.ts';
import { reckonStimulus, reckonTrace } from './reckon-trace.ts';

describe('the plain model of ReckOn', () => {
  test.each(goldenNames.reckon)('reproduces %s', (name) => {
    const trace = recorded(name);
    const stimulus = reckonStimulus(trace);
    const found = reckonTrace({ ...stimulus, expected: plainReckon(stimulus) });
    expect(firstDifference(trace, found)).toBeUndefined();
  });
});

describe('what no golden trace exercises, by hand', () => {
  /** Input 0 makes one neuron spike at tick 1; EPROP at tick 2 alone. Nothing leaks, and every update triggers. */
  const oneSpike = (neuron: number, config: Partial<ReckonConfig>, wOut: Readonly<Record<number, number>>) =>
    stimulusOf(
      { num_inp: 2, num_rec: 16, num_out: 1, learn_sig_scale: 5, lr_p_wrec: 15, ...config },
      { wInp: (pre, post) => (pre === 0 && post === neuron ? 10 : 0), wRec: () => 3, wOut },
      [[0], [], [], []],
    );

  test('the recurrent diagonal becomes zero where an update is triggered', () => {
    // o = 100, e = 2048 - (100 + 2048) / 2 = 974, L = 974 x 100 x 32 >> 12 = 760, prob = 760 x 8 x 31 = 188480, and
    // shifted by 15 that is beyond every random word. L = -761 for post 1.
    const { final_w_rec, samples } = plainReckon(
      oneSpike(0, { do_eprop: 2, h_4: 31, h_3: 31, h_2: 31, h_1: 31, h_0: 31 }, { 0: 100, 1: -100 }),
    );
    expect(final_w_rec?.[0]).toEqual([0, 2, ...Array.from({ length: 14 }, () => 3)]);
    expect(final_w_rec?.slice(1).flat()).toEqual(Array.from({ length: 15 * 16 }, () => 3));
    // 3 + (16 + 1) + (32 + 2 x 16) + 16; Phase A and B read 8 pairs each, B 16 rows, of which it writes one.
    expect(samples[0]?.cycles[2]).toEqual([100, 16, 64, 16, 0, 0]);
    expect(samples[0]?.sram[2]).toEqual([24, 8, 0, 0, 16, 1, 16, 0]);
  });

  test('phantom columns take the regularisation of the last pair', () => {
    // tr = 8 of neuron 17 is 5 above f0: 5 << 15 is taken from the column of every odd post from 17 on, in each row.
    const { final_w_rec } = plainReckon(
      oneSpike(
        17,
        { num_rec: 18, do_eprop: 2, regul_mode: 2, regul_w: 2, regul_f0: 3, regul_k_rec_p: 15 },
        {},
      ),
    );
    const row = Array.from({ length: 32 }, (_, post) => (post >= 17 && post % 2 === 1 ? 2 : 3));
    expect(final_w_rec?.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => row));
    expect(final_w_rec?.[17]).toEqual(row.map((weight, post) => (post === 17 ? 0 : weight)));
  });

  test('multiplicative regularisation takes from what strengthens, not from what weakens', () => {
    // Neuron 0 spikes at ticks 1 and 2, so g = 16 at tick 3, and 16 - (16 >> k) = 0 for k = 0. Else the update of
    // |prob| = 721 x 8 x 31 (e = 924), or 879 x 8 x 31 (e = 1124), shifted by 15, is beyond every random word.
    const inputWeight = (regul_k_mul: number, wOut: number) =>
      plainReckon(
        stimulusOf(
          {
            num_inp: 2,
            num_rec: 16,
            num_out: 1,
            learn_sig_scale: 5,
            lr_p_winp: 15,
            do_eprop: 3,
            h_4: 31,
            regul_mode: 1,
            regul_w: 1,
            regul_k_mul,
          },
          {
            wInp: (pre, post) => (pre === 0 && post === 0 ? 10 : 0),
            wRec: (pre, post) => (pre === 0 && post === 0 ? 10 : 0),
            wOut: { 0: wOut },
          },
          [[0], [], [], [], []],
          3,
        ),
      ).final_w_inp?.[0]?.[0];
    expect(inputWeight(5, 100)).toBe(11);
    expect(inputWeight(0, 100)).toBe(undefined);
    expect(inputWeight(0, -100)).toBe(9);
  });

  test('an input beyond the recurrent neurons takes two cycles for its trace', () => {
    const silent = { wInp: () => 0, wRec: () => 0, wOut: {} };
    const cyclesOf = (do_eprop: number) =>
      firstSample(
        plainReckon(stimulusOf({ num_inp: 18, num_rec: 16, num_out: 1, do_eprop }, silent, [[3, 17], [], []]))
          .samples,
      ).cycles[0];
    expect(cyclesOf(1)).toEqual([3 + 18 + 2 * 16 + 2, 0, 0, 18, 32, 2]);
    expect(cyclesOf(2)).toEqual([3 + 18 + 2 * 16, 0, 0, 18, 32, 0]);
  });

  test('learning the output weights alone takes two cycles a neuron', () => {
    // e = 2048 - 1074 of output 0, its trace is 2: prob = 974 x 2, shifted by 15 above 2^25; the word is of 28 bits.
    const { samples } = plainReckon(oneSpike(0, { do_eprop: 4, lr_p_wout: 0 }, { 0: 100 }));
    expect(firstSample(samples).cycles[2]).toEqual([3 + 17 + 32 + 16, 16, 32, 16, 0, 0]);
    expect(firstSample(samples).sram[2]).toEqual([16, 8, 0, 0, 0, 0, 16, 1]);
  });

  test('the first of equal outputs wins', () => {
    const silent = { wInp: () => 0, wRec: () => 0, wOut: {} };
    const { samples } = plainReckon(
      stimulusOf({ num_inp: 2, num_rec: 16, num_out: 3 }, silent, [[], [], []]),
    );
    expect(firstSample(samples)).toMatchObject({ winner: 0, winner_counts: [1, 0, 0] });
  });
});

function firstSample(samples: readonly ReckonSampleExpected[]): ReckonSampleExpected {
  const [sample] = samples;
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

/** One training sample with label 0; threshold 10, no leakage, no rounding. */
function stimulusOf(
  given: Partial<ReckonConfig>,
  weights: {
    readonly wInp: (pre: number, post: number) => number;
    readonly wRec: (pre: number, post: number) => number;
    readonly wOut: Readonly<Record<number, number>>;
  },
  inputs: readonly (readonly number[])[],
  targetFrom = 2,
): ReckonStimulus {
  const zeros = Object.fromEntries(reckonRegisters.map((name) => [name, 0])) as Record<
    keyof ReckonConfig,
    number
  >;
  const config = { ...zeros, kappa: 0x80, seed_inp: 1, seed_rec: 1, seed_out: 1, ...given };
  const { num_inp, num_rec, num_out } = config;
  const columns = 16 * Math.ceil(num_rec / 16);
  const matrix = (rows: number, width: number, value: (pre: number, post: number) => number) =>
    Array.from({ length: rows }, (_, pre) => Array.from({ length: width }, (_, post) => value(pre, post)));
  const pairs = Array.from({ length: reckonPairs(config) });
  return {
    name: 'by hand',
    description: 'a small network',
    config,
    alpha: pairs.map(() => 0x8000),
    thr: pairs.map(() => 10),
    w_inp: matrix(num_inp, columns, weights.wInp),
    w_rec: matrix(num_rec, columns, weights.wRec),
    w_out: matrix(num_rec, num_out, (pre) => weights.wOut[pre] ?? 0),
    samples: [{ label: 0, target_from: targetFrom, train: 1, inputs }],
  };
}
