import { loadReckon, type ReckonStimulus, reckonController } from '../../../src/chips/kit.ts';
import { goldenText } from '../../support/golden.ts';
import type { Counted, FullRate } from '../counted.ts';
import { reckon } from './model.ts';

const size = 256;

/** All 256 inputs at every tick, onto 256 neurons that never spike: almost one operation per cycle. */
export function reckonAtFullRate(ticks: number): Counted {
  const given = JSON.parse(goldenText('reckon-infer128')) as ReckonStimulus;
  const pairs = Array.from({ length: size / 2 }, () => 0);
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  const stimulus: ReckonStimulus = {
    ...given,
    config: { ...given.config, num_inp: size, num_rec: size },
    alpha: pairs.map(() => 0x7000),
    thr: pairs.map(() => 32767),
    w_inp: rows,
    w_rec: rows,
    w_out: rows.map(() => []),
    samples: [],
  };
  const engine = reckon('fast', stimulus.config);
  loadReckon(stimulus, engine);
  const controller = reckonController(stimulus, engine);
  engine.resetCounters();
  const all = rows.map((_row, input) => input);
  const inputs = Array.from({ length: ticks }, () => all);
  controller.run({ label: 0, targetFrom: ticks, learns: false, inputs });
  return { counters: controller.counters(), image: engine.image };
}

export const fullRate: FullRate = { publishedPj: 5.3, count: () => reckonAtFullRate(200) };
