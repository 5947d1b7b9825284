import * as z from 'zod';
import { flag, list, strictObject, text, whole, wholes } from '../api.ts';

export const reckonFormat = 'reckon-golden/1';

/** Neurons of the core, and inputs; outputs. */
const most = { neurons: 256, outputs: 16 } as const;

const unused = (what: string) => whole(`0, for ${what} is not covered by this format`, 0, 0);
const bits = (width: number) => whole(`a number of ${width} bits`, 0, 2 ** width - 1);
const signed16 = whole('a signed number of 16 bits', -(2 ** 15), 2 ** 15 - 1);
const even = (what: string) =>
  whole(what, 2, most.neurons).refine((value) => value % 2 === 0, {
    error: ({ input }) => `expected ${what} (an even number), found ${input}`,
  });

const config = strictObject({
  num_inp: even('a number of inputs'),
  num_rec: even('a number of recurrent neurons'),
  num_out: whole('a number of outputs', 1, most.outputs),
  rst_mode: flag('0 to reset by subtraction, 1 to zero'),
  do_eprop: bits(3),
  local_tick: flag('whether ticks are made on the chip'),
  error_halt: flag('whether an error halts the chip'),
  fp_loc_winp: bits(3),
  fp_loc_wrec: bits(3),
  fp_loc_wout: bits(3),
  fp_loc_tinp: bits(4),
  fp_loc_trec: bits(4),
  fp_loc_tout: bits(4),
  learn_sig_scale: bits(4),
  regul_mode: bits(3),
  regul_w: bits(2),
  en_stoch_round: flag('whether rounding is stochastic'),
  timing_mode: flag('a mode'),
  regression: unused('regression'),
  single_label: flag('whether a sample has one label'),
  no_out_act: flag('whether outputs have no activation'),
  send_per_timestep: flag('whether outputs are sent each tick'),
  send_label_only: flag('whether only the label is sent'),
  noise_en: unused('membrane noise'),
  force_traces: flag('whether all traces are kept'),
  kappa: bits(8),
  thr_h_0: signed16,
  thr_h_1: signed16,
  thr_h_2: signed16,
  thr_h_3: signed16,
  h_0: bits(5),
  h_1: bits(5),
  h_2: bits(5),
  h_3: bits(5),
  h_4: bits(5),
  lr_r_winp: bits(5),
  lr_p_winp: bits(5),
  lr_r_wrec: bits(5),
  lr_p_wrec: bits(5),
  lr_r_wout: bits(5),
  lr_p_wout: bits(5),
  seed_inp: bits(25),
  seed_rec: bits(25),
  seed_out: bits(22),
  seed_strnd_neur: bits(30),
  seed_strnd_oneur: bits(15),
  seed_strnd_tinp: bits(30),
  seed_strnd_trec: bits(30),
  seed_strnd_tout: bits(30),
  seed_noise_neur: whole('a seed', 0),
  regul_f0: bits(12),
  regul_k_inp_r: bits(5),
  regul_k_inp_p: bits(5),
  regul_k_rec_r: bits(5),
  regul_k_rec_p: bits(5),
  regul_k_mul: bits(5),
  noise_str: bits(4),
});

const matrix = list(list(whole('a weight of 8 bits', -128, 127), 'weights of a row'), 'rows of weights');

const state = {
  u: list(signed16, 'membrane potentials'),
  trace_inp: list(bits(12), 'traces of inputs'),
  trace_rec: list(bits(12), 'traces of neurons'),
  trace_out: list(bits(10), 'traces for the outputs'),
};

const sampleExpected = strictObject({
  spikes: list(
    list(whole('a neuron', 0, most.neurons - 1), 'neurons').nullable(),
    'by tick, the neurons that spike',
  ),
  out: list(list(signed16, 'potentials of the outputs').nullable(), 'by tick, the outputs'),
  cycles: list(wholes('[latency, STEP, EPROP, CNT, EVT, SUPP]', 6), 'by tick, cycles'),
  sram: list(wholes('reads and writes of neurons, winp, wrec and wout', 8), 'by tick, accesses'),
  winner: whole('an output', 0, most.outputs - 1),
  winner_counts: list(whole('a number of ticks', 0), 'by output, ticks won'),
});

/** The parts of a recording. Times are in ticks, cycles in clock periods. */
export const reckonParts = strictObject({
  format: z.literal(reckonFormat),
  name: text('a name'),
  description: text('a description'),
  generator_seed: whole('a seed', 0),
  config,
  alpha: list(whole('a leak of 16 bits', 0x7000, 0x8fff), 'one for each pair of neurons'),
  thr: list(signed16, 'one for each pair of neurons'),
  w_inp: matrix,
  w_rec: matrix,
  w_out: matrix,
  samples: list(
    strictObject({
      label: whole('a label', 0, most.outputs - 1),
      target_from: whole('a tick', 0),
      train: flag('whether it is learned'),
      inputs: list(list(whole('an input', 0, most.neurons - 1), 'inputs'), 'by tick, inputs'),
    }),
    'samples',
  ),
  expected: strictObject({
    samples: list(sampleExpected, 'one for each sample'),
    state_after_step: list(
      strictObject({ sample: whole('a sample', 0), tick: whole('a tick', 1), ...state }),
      'states after STEP',
    ),
    final_state: strictObject(state),
    final_w_inp: matrix.nullable(),
    final_w_rec: matrix.nullable(),
    final_w_out: matrix.nullable(),
  }),
});

export type ReckonTrace = z.infer<typeof reckonParts>;
