import type * as z from 'zod';
import { Part } from '../api.ts';
import type { ReckonTrace } from './trace-parts.ts';

/** Weights in a word: the columns of a matrix are padded to a multiple of it. */
const group = 16;

type Config = ReckonTrace['config'];
type Expectation = ReckonTrace['expected'];

/** Checks that the parts of a recording of ReckOn fit together. Each part that does not is an issue at its path. */
export function checkReckonShape(trace: ReckonTrace, context: z.core.$RefinementCtx): void {
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
