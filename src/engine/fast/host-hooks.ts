import type { Image } from '../../image/index.ts';
import type { Probe } from '../probe.ts';
import type { AddressEvent } from '../state.ts';
import type { HookName } from './emit/events/hooks.ts';

/** The functions that a module's code calls for a probe. */
export function hostHooks(image: Image, probe: Probe) {
  const populations = image.populations.length;
  /** An event is known by what it triggers: previous spikes of a population trigger a list of their own. */
  const eventOf = (trigger: number): [number, AddressEvent['spikes']] =>
    trigger < populations ? [trigger, 'emitted'] : [trigger - populations, 'previous'];
  return {
    began: (work: number, neuron: number) => probe.began?.(work, neuron),
    ended: (work: number) => probe.ended?.(work),
    spiked: (population: number, neuron: number) => probe.spiked?.(population, neuron),
    pushed: (trigger: number, neuron: number) => {
      const [population, spikes] = eventOf(trigger);
      probe.pushed?.(population, neuron, spikes);
    },
    popped: (trigger: number, neuron: number) => {
      const [population, spikes] = eventOf(trigger);
      probe.popped?.(population, neuron, spikes);
    },
    dropped: (population: number, neuron: number) => probe.dropped?.(population, neuron),
  } satisfies Record<HookName, unknown>;
}
