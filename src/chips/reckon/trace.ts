import * as z from 'zod';
import { flag, list, Part, strictObject, text, whole, wholes } from '../api.ts';

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
const reckonParts = strictObject({
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

/** Weights in a word: the columns of a matrix are padded to a multiple of it. */
const group = 16;

type Config = ReckonTrace['config'];
type Expectation = ReckonTrace['expected'];

/** Checks that the parts of a recording of ReckOn fit together. Each part that does not is an issue at its path. */
function checkReckonShape(trace: ReckonTrace, context: z.core.$RefinementCtx): void {
  const part = new Part(trace, context);
  const { config, samples } = trace;
  const { num_inp: inputs, num_out: outputs } = config;
  const pairs = Math.ceil(Math.max(indicesOf(config), outputs) / 2);
  for (const list of part.each('alpha', 'thr')) list.length(pairs, 'one for each pair of neurons');
  checkMatrices(part.each('w_inp', 'w_rec', 'w_out'), config);
  for (const sample of part.at('samples').items()) {
    sample.at('label').below(outputs, 'a label');
    const ticks = sample.at('inputs');
    if (ticks.value.length < 2) ticks.issue(`expected at least 2 ticks, found ${ticks.value.length}`);
    for (const items of ticks.items()) {
      items.allBelow(inputs, 'an input');
      items.distinct('input');
    }
  }
  const expected = part.at('expected');
  expected.at('samples').length(samples.length, 'one for each sample');
  for (const [index, sample] of expected.at('samples').items().entries())
    checkSample(sample, samples[index]?.inputs.length ?? 0, config);
  const firstTicks = samples[0]?.inputs.length ?? 0;
  for (const [index, state] of expected.at('state_after_step').items().entries()) {
    const { sample, tick } = state.value;
    // One entry for each of the first ticks of the first sample: none twice, none left out.
    state.at('sample').expect(sample === 0, '0');
    state.at('tick').expect(tick === index + 1, String(index + 1));
    state.at('tick').below(firstTicks, 'a tick');
    checkState(state, config);
  }
  checkState(expected.at('final_state'), config);
  checkMatrices(expected.each('final_w_inp', 'final_w_rec', 'final_w_out'), config);
}

/** Inputs and neurons share their indices. */
const indicesOf = ({ num_inp, num_rec }: Config): number => Math.max(num_inp, num_rec);

/** The weights of inputs, of recurrent synapses and of outputs. */
function checkMatrices(matrices: readonly Part<ReckonTrace['w_inp'] | null>[], config: Config): void {
  const { num_inp, num_rec, num_out } = config;
  const columns = group * Math.ceil(num_rec / group);
  for (const [at, [height, width]] of [
    [num_inp, columns],
    [num_rec, columns],
    [num_rec, num_out],
  ].entries()) {
    const rows = matrices[at]?.present();
    rows?.length(height ?? 0, 'one row for each pre');
    for (const row of rows?.items() ?? []) row.length(width ?? 0, 'weights of a row');
  }
}

function checkSample(sample: Part<Expectation['samples'][number]>, ticks: number, config: Config): void {
  const { num_out: outputs } = config;
  for (const byTick of sample.each('spikes', 'out')) {
    byTick.length(ticks, 'one for each tick');
    for (const [tick, items] of byTick.items().entries()) {
      if (tick === 0 && items.value !== null) items.issue('expected null: tick 0 has no STEP');
      if (tick > 0) items.expect(items.value !== null, 'a list');
    }
  }
  for (const spikes of sample.at('spikes').items()) spikes.present()?.allBelow(indicesOf(config), 'a neuron');
  for (const out of sample.at('out').items()) out.present()?.length(outputs, 'one for each output');
  for (const list of sample.each('cycles', 'sram')) list.length(ticks - 1, 'one for each tick but the last');
  sample.at('winner_counts').length(outputs, 'one for each output');
  sample.at('winner').below(outputs, 'an output');
}

function checkState(state: Part<Expectation['final_state']>, config: Config): void {
  for (const list of state.each('u', 'trace_inp', 'trace_rec', 'trace_out'))
    list.length(indicesOf(config), 'one for each index');
}

/** ReckOn's recordings: the schema of `reckon-golden/1`. Times are in ticks, cycles in clock periods. */
export const reckonSchema = reckonParts.superRefine(checkReckonShape);
