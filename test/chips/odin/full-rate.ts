import { loadOdin, OdinController, type OdinStimulus } from '../../../src/chips/kit.ts';
import { goldenText } from '../../support/golden.ts';
import type { Counted, FullRate } from '../counted.ts';
import { odin, odinImage } from './model.ts';

/** Back-to-back spikes of neuron 0 onto neurons that never spike: one operation every two cycles. */
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

export const fullRate: FullRate = { publishedPj: 12.7, count: () => odinAtFullRate(2000) };
