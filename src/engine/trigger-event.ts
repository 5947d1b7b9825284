import { PlasticoreError, suggest } from '../text/index.ts';
import type { Core } from './core.ts';
import { neuronOf } from './spike-address.ts';

/**
 * Triggers a named event, by name: `triggerEvent(core, 'virtual', {neuron: 3, weight: 7})`. Omitted scalars keep their
 * values.
 *
 * @returns the neurons that spiked, in order
 * @throws PlasticoreError `usage` for an event or scalar that the image does not have, or a value outside its range
 */
export function triggerEvent(
  core: Core,
  name: string,
  scalars: Readonly<Record<string, number>> = {},
): number[] {
  const { events, eventScalars } = core.image;
  const index = events.named.findIndex((event) => event.name === name);
  if (index < 0) {
    const names = events.named.map((event) => event.name);
    throw new PlasticoreError('usage', `there is no event '${name}'`, { hint: suggest(name, names) });
  }
  for (const [scalar, value] of Object.entries(scalars)) {
    const at = eventScalars.findIndex((candidate) => candidate.name === scalar);
    const range = eventScalars[at];
    if (range === undefined) {
      const names = eventScalars.map((candidate) => candidate.name);
      throw new PlasticoreError('usage', `events have no scalar '${scalar}'`, {
        hint: suggest(scalar, names),
      });
    }
    if (!Number.isInteger(value) || value < range.low || value > range.high)
      throw new PlasticoreError('usage', `${scalar}: expected ${range.low} to ${range.high}, found ${value}`);
    core.event[at] = value;
  }
  const count = core.trigger(index);
  return Array.from(core.emitted.subarray(0, count), neuronOf);
}
