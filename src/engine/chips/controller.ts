import type { Counters } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Engine } from '../engine.ts';

/**
 * A chip's controller of its own: what decides which named event a core runs when, takes the spikes that events emit,
 * and knows the chip's clock. What an event does to memory is the program's.
 */
export interface Controller {
  readonly engine: Engine;
  /** Clock cycles since the start. */
  readonly cycle: number;
  /** The engine's counts with those of the controller: its FIFO, and the cycles that have passed. */
  counters(): Counters;
}

/**
 * The numbers of named events and of their scalars in an engine's image, by name.
 *
 * @throws PlasticoreError `image` where the image is no program for this controller
 */
export function namesIn(engine: Engine, controller: string) {
  const { program, core, events, eventScalars } = engine.image;
  const missing = (what: string): never => {
    throw new PlasticoreError(
      'image',
      `program '${program}' cannot run under controller '${controller}': ${what}`,
    );
  };
  if (core.controller !== controller)
    missing(`hw-model '${core.hwModel}' has controller '${core.controller ?? 'none'}'`);
  const indexOf = (names: readonly { readonly name: string }[], name: string, what: string): number => {
    const index = names.findIndex((candidate) => candidate.name === name);
    return index < 0 ? missing(`it has no ${what} '${name}'`) : index;
  };
  return {
    event: (name: string) => indexOf(events.named, name, 'event'),
    scalar: (name: string) => indexOf(eventScalars, name, 'event scalar'),
  };
}
