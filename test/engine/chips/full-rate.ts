import { OdinController } from '../../../src/engine/index.ts';
import type { Counters, Image } from '../../../src/image/index.ts';
import {
  loadOdin,
  loadReckon,
  type OdinStimulus,
  type ReckonStimulus,
  reckonController,
} from '../../../src/trace/index.ts';
import { goldenText } from '../../support/golden.ts';
import { odin, odinImage } from './odin.ts';
import { reckon } from './reckon.ts';

/*
 * Both papers publish the energy of a synaptic operation as the power of the whole chip over the most operations that it
 * can do in a second: these inputs keep a chip at that rate.
 */

/** What was counted, and the image by whose costs it is priced. */
export interface Counted {
  readonly counters: Counters;
  readonly image: Image;
}

const size = 256;

/** Back to back spikes of neuron 0 on neurons that never spike: one operation in two cycles. */
export function odinAtFullRate(events: number): Counted {
  const stimulus = JSON.parse(goldenText('odin-lif256')) as OdinStimulus;
  const zeros = stimulus.neurons.core.map(() => 0);
  const core = odin('fast');
  const neurons = { ...stimulus.neurons, core: zeros, thr: zeros.map(() => 255), disable: zeros };
  loadOdin({ ...stimulus, neurons, synapses: stimulus.synapses.map((row) => '0'.repeat(row.length)) }, core);
  core.resetCounters();
  const controller = new OdinController(core, {
    openLoop: true,
    updateUnmappedSynapses: false,
    propagateUnmappedSynapses: true,
    learnAtSynapseEvents: false,
  });
  for (let event = 0; event < events; event++) controller.send(7, false);
  controller.drain();
  return { counters: controller.counters(), image: odinImage };
}

/** All 256 inputs at each tick, on 256 neurons that never spike: nearly one operation a cycle. */
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
