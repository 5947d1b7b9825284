import { at } from '../../arrays/index.ts';
import { type CoreImage, servedSpikes } from '../../image/index.ts';
import type { Probe } from '../probe.ts';
import type { HookName } from './emit/events/hooks.ts';

/** The functions that a module's code calls for a probe. */
export function hostHooks(image: CoreImage, probe: Probe) {
  /** An event is known by the list that it triggers. */
  const served = servedSpikes(image);
  return {
    began: (work: number, neuron: number) => probe.began?.(work, neuron),
    ended: (work: number) => probe.ended?.(work),
    spiked: (population: number, neuron: number) => probe.spiked?.(population, neuron),
    pushed: (trigger: number, neuron: number) => {
      const { population, spikes } = at(served, trigger);
      probe.pushed?.(population, neuron, spikes);
    },
    popped: (trigger: number, neuron: number) => {
      const { population, spikes } = at(served, trigger);
      probe.popped?.(population, neuron, spikes);
    },
    dropped: (population: number, neuron: number) => probe.dropped?.(population, neuron),
  } satisfies Record<HookName, unknown>;
}
