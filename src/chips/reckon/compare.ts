import { type Divergence, type FirstDifference, firstDifference, type Verdict } from '../api.ts';
import type { ReckonExpected } from './record.ts';
import type { ReckonTrace } from './trace.ts';

/** Whether what was found is all that a trace states. */
export function reckonVerdict(trace: ReckonTrace, found: ReckonExpected): Verdict {
  const divergence = reckonDivergence(trace, found);
  return divergence === undefined
    ? { agrees: true, summary: summaryOf(trace) }
    : { agrees: false, divergence };
}

function summaryOf({ expected }: ReckonTrace): string {
  const ticks = expected.samples.reduce((sum, { spikes }) => sum + spikes.length, 0);
  const spikes = expected.samples.flatMap((sample) => sample.spikes.map((list) => list?.length ?? 0));
  const fired = spikes.reduce((sum, count) => sum + count, 0);
  return `${expected.samples.length} samples of ${ticks} ticks in all, ${fired} spikes, outputs, cycles and memory accesses of each tick, states of ${expected.state_after_step.length} ticks, winners, weights`;
}

const phases = ['latency', 'STEP', 'EPROP', 'CNT', 'EVT', 'SUPP'];
const accesses = ['neuron', 'input weight', 'recurrent weight', 'output weight'].flatMap((memory) => [
  `${memory} words read`,
  `${memory} words written`,
]);
const stateNames = ['u', 'trace_inp', 'trace_rec', 'trace_out'] as const;

/**
 * The first difference in time between a recording and the expectations of a trace. Within a tick, spikes come first,
 * then outputs, states, cycles and accesses.
 */
function reckonDivergence(trace: ReckonTrace, found: ReckonExpected): Divergence | undefined {
  for (const [index, want] of trace.expected.samples.entries()) {
    const have = found.samples[index];
    const ticks = trace.samples[index]?.inputs.length ?? 0;
    for (let tick = 0; tick < ticks; tick++) {
      const divergence = tickDivergence(trace, found, index, tick);
      if (divergence !== undefined) return divergence;
    }
    const when = `sample ${index}, at its end`;
    const counts = firstDifference(want.winner_counts, have?.winner_counts ?? []);
    if (counts !== undefined) return item(when, `ticks won by output ${counts.at}`, counts);
    if (want.winner !== have?.winner) return item(when, 'winner', { want: want.winner, have: have?.winner });
  }
  return endDivergence(trace, found);
}

function tickDivergence(
  trace: ReckonTrace,
  found: ReckonExpected,
  index: number,
  tick: number,
): Divergence | undefined {
  const want = trace.expected.samples[index];
  const have = found.samples[index];
  const { label, train, inputs = [] } = trace.samples[index] ?? {};
  const active = inputs[tick] ?? [];
  const when = `sample ${index} (label ${label}, ${train === 1 ? 'training' : 'testing'}), tick ${tick}`;
  const context = [`its inputs: ${active.length === 0 ? 'none' : active.join(' ')}`];
  const spikes = firstDifference(want?.spikes[tick] ?? [], have?.spikes[tick] ?? []);
  if (spikes !== undefined) {
    const name = (neuron: unknown): string =>
      neuron === undefined ? 'no further spike' : `neuron ${neuron}`;
    return {
      when,
      what: `spike ${spikes.at} of STEP`,
      expected: name(spikes.want),
      found: name(spikes.have),
      context,
    };
  }
  const out = firstDifference(want?.out[tick] ?? [], have?.out[tick] ?? []);
  if (out !== undefined) return { ...item(when, `potential of output ${out.at}`, out), context };
  const state = trace.expected.state_after_step.find((s) => s.sample === index && s.tick === tick);
  if (state !== undefined) {
    const other = found.state_after_step.find((s) => s.sample === index && s.tick === tick);
    for (const name of stateNames) {
      const difference = firstDifference(state[name], other?.[name] ?? []);
      if (difference !== undefined)
        return { ...item(when, `${name} of ${difference.at} after STEP`, difference), context };
    }
  }
  const cycles = firstDifference(want?.cycles[tick] ?? [], have?.cycles[tick] ?? []);
  if (cycles !== undefined) return { ...item(when, `cycles of ${phases[cycles.at]}`, cycles), context };
  const words = firstDifference(want?.sram[tick] ?? [], have?.sram[tick] ?? []);
  if (words !== undefined) return { ...item(when, accesses[words.at] ?? '', words), context };
  return undefined;
}

function endDivergence(
  { expected, w_inp, w_rec, w_out }: ReckonTrace,
  found: ReckonExpected,
): Divergence | undefined {
  const when = 'at the end';
  for (const name of stateNames) {
    const difference = firstDifference(expected.final_state[name], found.final_state[name]);
    if (difference !== undefined) return item(when, `${name} of ${difference.at}`, difference);
  }
  for (const [name, before, wanted, had] of [
    ['input weight', w_inp, expected.final_w_inp, found.final_w_inp],
    ['recurrent weight', w_rec, expected.final_w_rec, found.final_w_rec],
    ['output weight', w_out, expected.final_w_out, found.final_w_out],
  ] as const) {
    for (const [pre, weights] of before.entries()) {
      const difference = firstDifference(wanted?.[pre] ?? weights, had?.[pre] ?? weights);
      if (difference === undefined) continue;
      const context = [`it was ${weights[difference.at]} at the start`];
      return { ...item(when, `${name} from ${pre} to ${difference.at}`, difference), context };
    }
  }
  return undefined;
}

function item(when: string, what: string, { want, have }: Omit<FirstDifference<number>, 'at'>): Divergence {
  const words = (value: number | undefined): string => (value === undefined ? 'nothing' : String(value));
  return { when, what, expected: words(want), found: words(have), context: [] };
}
