import { Dice } from '../../engine/random/dice.ts';
import {
  plainReckon,
  type ReckonConfig,
  type ReckonSample,
  type ReckonStimulus,
  type ReckonTrace,
  reckonPairs,
} from '../plain/reckon.ts';

/**
 * A random configuration of ReckOn and random samples for it, with what the plain
 * model says that the chip does. It covers what the specification names: phantom columns (with regularisation), the
 * recurrent diagonal, more inputs than neurons and fewer, each value of do_eprop, 1 to 16 outputs, both resets,
 * stochastic rounding on and off, alpha 0x8000 and kappa 0x80 (which keep what they multiply), all positions of the
 * point and shifts of the learning rate, several samples.
 *
 * It stays within what the specification determines: even NI and NR, at least 16 cycles of STEP, alpha and kappa that
 * do not grow what they multiply, no noise, no regression, no regularisation outside target ticks, thresholds above 0
 * for indices that are no recurrent neurons, and no forced trace of an input that lies beyond the pass.
 */
export function randomReckon(seed: number): ReckonTrace {
  const stimulus = drawStimulus(seed);
  return { ...stimulus, expected: plainReckon(stimulus) };
}

function drawStimulus(seed: number): ReckonStimulus {
  const dice = new Dice(seed);
  const config = drawConfig(dice);
  const { num_inp: NI, num_rec: NR, num_out: NO } = config;
  const pairs = Array.from({ length: reckonPairs(config) }, (_, pair) => pair);
  const padded = 16 * Math.ceil(NR / 16);
  const reach = dice.pick([20, 60, 127]);
  const weights = (rows: number, columns: number) =>
    Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () =>
        dice.chance(0.02) ? dice.pick([-128, 127]) : dice.whole(-reach, reach),
      ),
    );
  // A threshold in reach of a few weights.
  const threshold = reach * 2 ** Math.max(config.fp_loc_winp, config.fp_loc_wrec);
  const keepsAll = dice.pick([0, 0.2, 1]);
  return {
    name: `reckon-random-${seed}`,
    description: `a random stimulus, from seed ${seed}`,
    config,
    alpha: pairs.map(() => (dice.chance(keepsAll) ? 0x8000 : dice.whole(0x7000, 0x7fff))),
    thr: pairs.map((pair) => {
      if (2 * pair < NR && dice.chance(0.05)) return dice.pick([0, 32767]);
      return dice.whole(1, Math.min(32767, 2 * threshold));
    }),
    w_inp: weights(NI, padded),
    w_rec: weights(NR, padded),
    w_out: weights(NR, NO),
    samples: Array.from({ length: dice.whole(1, 4) }, () => drawSample(dice, NI, NO)),
  };
}

function drawSample(dice: Dice, NI: number, NO: number): ReckonSample {
  const ticks = dice.whole(2, 20);
  const rate = dice.pick([0.05, 0.2, 0.6]);
  return {
    label: dice.whole(0, NO - 1),
    target_from: dice.pick([0, dice.whole(0, ticks)]),
    train: Number(dice.chance(0.8)),
    inputs: Array.from({ length: ticks }, () =>
      Array.from({ length: NI }, (_, input) => input).filter(() => dice.chance(rate)),
    ),
  };
}

function drawConfig(dice: Dice): ReckonConfig {
  const even = (low: number, high: number) => 2 * dice.whole(low / 2, high / 2);
  const num_out = dice.whole(1, 16);
  const isSmall = dice.chance(0.3);
  // STEP takes at least the 16 cycles of the outputs.
  const [num_inp, num_rec] = dice.pick([
    [even(2, 40), even(16, isSmall ? 30 : 48)],
    [even(16, 48), even(2, isSmall ? 16 : 40)],
  ]);
  const do_eprop = dice.pick([dice.whole(0, 7), 3, 7]);
  const flag = (probability: number) => Number(dice.chance(probability));
  const seed = (bits: number) => (dice.chance(0.03) ? 0 : dice.whole(1, 2 ** bits - 1));
  const no_out_act = flag(0.1);
  const rate = () => dice.pick([dice.whole(0, 15), dice.whole(8, 15), 15]);
  const slowing = () => dice.pick([0, dice.whole(0, 15)]);
  const slope = () => dice.pick([0, 1, dice.whole(0, 7), dice.whole(0, 31)]);
  const levels = Array.from({ length: 4 }, () => dice.whole(-2000, 4000));
  if (dice.chance(0.8)) levels.sort((left, right) => left - right);
  const [thr_h_0 = 0, thr_h_1 = 0, thr_h_2 = 0, thr_h_3 = 0] = levels;
  return {
    num_inp,
    num_rec,
    num_out,
    rst_mode: flag(0.5),
    do_eprop,
    fp_loc_winp: dice.whole(0, 7),
    fp_loc_wrec: dice.whole(0, 7),
    fp_loc_wout: dice.whole(0, 7),
    fp_loc_tinp: dice.whole(0, 7),
    fp_loc_trec: dice.whole(0, 7),
    fp_loc_tout: dice.whole(0, 7),
    // Within 32 bits, of whose overflow the text says nothing.
    learn_sig_scale: dice.whole(0, no_out_act === 1 ? 4 : 9),
    regul_mode: dice.pick([0, 1, 2, 3, 2, 3, 4, 5]),
    regul_w: dice.pick([dice.whole(0, 3), 3]),
    en_stoch_round: flag(0.5),
    no_out_act,
    // The trace of an input beyond the pass is set where do_eprop bit 0 is: of forced traces the text says nothing.
    force_traces: num_inp <= num_rec || do_eprop % 2 === 1 ? flag(0.2) : 0,
    kappa: dice.pick([0x80, dice.whole(0x60, 0x7f)]),
    // Signed, as they are compared.
    thr_h_0,
    thr_h_1,
    thr_h_2,
    thr_h_3,
    h_0: slope(),
    h_1: slope(),
    h_2: slope(),
    h_3: slope(),
    h_4: slope(),
    lr_r_winp: slowing(),
    lr_p_winp: rate(),
    lr_r_wrec: slowing(),
    lr_p_wrec: rate(),
    lr_r_wout: slowing(),
    lr_p_wout: rate(),
    seed_inp: seed(25),
    seed_rec: seed(25),
    seed_out: seed(22),
    seed_strnd_neur: seed(30),
    seed_strnd_oneur: seed(15),
    seed_strnd_tinp: seed(30),
    seed_strnd_trec: seed(30),
    seed_strnd_tout: seed(30),
    regul_f0: dice.pick([0, dice.whole(0, 20), dice.whole(0, 400)]),
    regul_k_inp_r: slowing(),
    regul_k_inp_p: dice.whole(0, 15),
    regul_k_rec_r: slowing(),
    regul_k_rec_p: dice.whole(0, 15),
    regul_k_mul: dice.whole(0, 7),
  };
}
