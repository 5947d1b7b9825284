import { reckonStimulus, reckonTrace } from '../../golden/plain/reckon-trace.ts';
import type { Counted, FullRate } from '../counted.ts';
import { chipAfter, recorded } from '../replayed.ts';
import { reckonImage } from './model.ts';

const size = 256;

/** All 256 inputs at every tick, onto 256 neurons that never spike: almost one operation per cycle. */
export function reckonAtFullRate(ticks: number): Counted {
  const given = reckonStimulus(recorded('reckon-infer128'));
  const pairs = Array.from({ length: size / 2 }, () => 0);
  const all = Array.from({ length: size }, (_, input) => input);
  const trace = reckonTrace({
    ...given,
    config: { ...given.config, num_inp: size, num_rec: size },
    alpha: pairs.map(() => 0x7000),
    thr: pairs.map(() => 32767),
    w_inp: [],
    w_rec: [],
    w_out: [],
    samples: [{ label: 0, target_from: ticks, train: 0, inputs: Array.from({ length: ticks }, () => all) }],
    expected: {
      samples: [],
      state_after_step: [],
      final_state: { u: [], trace_inp: [], trace_rec: [], trace_out: [] },
      final_w_inp: null,
      final_w_rec: null,
      final_w_out: null,
    },
  });
  // The inputs of the last tick are not used.
  const inputs = trace.inputs.filter(
    ([name], place) => name !== 'input' || place < trace.inputs.length - size - 1,
  );
  return { counters: chipAfter(trace, 'fast', inputs).counters(), image: reckonImage(trace) };
}

export const fullRate: FullRate = { publishedPj: 5.3, count: () => reckonAtFullRate(200) };
