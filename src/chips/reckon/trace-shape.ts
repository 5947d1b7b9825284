import type * as z from 'zod';
import { checkLength, found } from '../../text/index.ts';
import type { ReckonTrace } from './trace-parts.ts';

/** Weights in a word: the columns of a matrix are padded to a multiple of it. */
const group = 16;

type Matrix = ReckonTrace['w_inp'];
type ByTick = readonly (readonly number[] | null)[];
type State = ReckonTrace['expected']['final_state'];
type Path = readonly (string | number)[];

const stateNames = ['u', 'trace_inp', 'trace_rec', 'trace_out'] as const;

/** Checks that the parts of a recording of ReckOn fit together. Each part that does not is an issue at its path. */
export function checkReckonShape(trace: ReckonTrace, context: z.core.$RefinementCtx): void {
  const { num_inp: NI, num_rec: NR, num_out: NO } = trace.config;
  const NN = Math.max(NI, NR);
  const pairs = Math.ceil(Math.max(NN, NO) / 2);
  const columns = group * Math.ceil(NR / group);
  const { samples, expected } = trace;

  length(['alpha'], trace.alpha, pairs, 'one for each pair of neurons');
  length(['thr'], trace.thr, pairs, 'one for each pair of neurons');
  matrix(['w_inp'], trace.w_inp, NI, columns);
  matrix(['w_rec'], trace.w_rec, NR, columns);
  matrix(['w_out'], trace.w_out, NR, NO);
  for (const [index, { label, inputs }] of samples.entries()) {
    const path = ['samples', index];
    below([...path, 'label'], label, NO, 'a label');
    if (inputs.length < 2) issue([...path, 'inputs'], `expected at least 2 ticks, found ${inputs.length}`);
    for (const [tick, items] of inputs.entries()) {
      allBelow([...path, 'inputs', tick], items, NI, 'an input');
      distinct([...path, 'inputs', tick], items);
    }
  }

  length(['expected', 'samples'], expected.samples, samples.length, 'one for each sample');
  for (const [index, sample] of expected.samples.entries()) {
    const path = ['expected', 'samples', index];
    const ticks = samples[index]?.inputs.length ?? 0;
    byTick([...path, 'spikes'], sample.spikes, ticks);
    byTick([...path, 'out'], sample.out, ticks);
    for (const [tick, spikes] of sample.spikes.entries()) {
      allBelow([...path, 'spikes', tick], spikes ?? [], NN, 'a neuron');
    }
    for (const [tick, out] of sample.out.entries()) {
      if (out !== null) length([...path, 'out', tick], out, NO, 'one for each output');
    }
    length([...path, 'cycles'], sample.cycles, ticks - 1, 'one for each tick but the last');
    length([...path, 'sram'], sample.sram, ticks - 1, 'one for each tick but the last');
    length([...path, 'winner_counts'], sample.winner_counts, NO, 'one for each output');
    below([...path, 'winner'], sample.winner, NO, 'an output');
  }
  const firstTicks = samples[0]?.inputs.length ?? 0;
  for (const [index, state] of expected.state_after_step.entries()) {
    const path = ['expected', 'state_after_step', index];
    // One entry for each of the first ticks of the first sample: none twice, none left out.
    equal([...path, 'sample'], state.sample, 0);
    equal([...path, 'tick'], state.tick, index + 1);
    below([...path, 'tick'], state.tick, firstTicks, 'a tick');
    states(path, state);
  }
  states(['expected', 'final_state'], expected.final_state);
  matrix(['expected', 'final_w_inp'], expected.final_w_inp, NI, columns);
  matrix(['expected', 'final_w_rec'], expected.final_w_rec, NR, columns);
  matrix(['expected', 'final_w_out'], expected.final_w_out, NR, NO);

  function issue(path: Path, message: string): void {
    context.addIssue({ code: 'custom', path: [...path], message });
  }

  function length(path: Path, items: readonly unknown[], expectedLength: number, why: string): void {
    checkLength(context, path, items, expectedLength, why);
  }

  function equal(path: Path, value: number, wanted: number): void {
    if (value !== wanted) issue(path, `expected ${wanted}, found ${value}`);
  }

  function below(path: Path, value: number, limit: number, what: string): void {
    if (value >= limit) issue(path, `expected ${what} below ${limit}, found ${value}`);
  }

  function allBelow(path: Path, values: readonly number[], limit: number, what: string): void {
    for (const [at, value] of values.entries()) below([...path, at], value, limit, what);
  }

  function distinct(path: Path, values: readonly number[]): void {
    const again = values.findIndex((value, at) => values.indexOf(value) < at);
    if (again >= 0) issue([...path, again], `expected each input once, found ${values[again]} again`);
  }

  function matrix(path: Path, rows: Matrix | null, height: number, width: number): void {
    if (rows === null) return;
    length(path, rows, height, 'one row for each pre');
    for (const [pre, row] of rows.entries()) length([...path, pre], row, width, 'weights of a row');
  }

  function byTick(path: Path, values: ByTick, ticks: number): void {
    length(path, values, ticks, 'one for each tick');
    for (const [tick, items] of values.entries()) {
      if (tick === 0 && items !== null) issue([...path, tick], 'expected null: tick 0 has no STEP');
      if (tick > 0 && items === null) issue([...path, tick], `expected a list, found ${found(items)}`);
    }
  }

  function states(path: Path, state: State): void {
    for (const name of stateNames) length([...path, name], state[name], NN, 'one for each index');
  }
}
