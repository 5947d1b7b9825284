import type { ActionSpec, ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';

/**
 * Presents samples of a program again where a field is set, and lets some actions run in one of the two passes alone.
 */
export function withReplay(dice: Dice, spec: ProgramSpec): ProgramSpec {
  const fields = Object.entries(spec.populations).flatMap(([owner, population]) =>
    Object.keys(population.fields).map((name) => `${owner}.${name}`),
  );
  const { events } = spec;
  const inLists = (lists: Readonly<Record<string, readonly ActionSpec[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, inPasses(dice, list)]));
  return {
    ...spec,
    replay: dice.pick(fields),
    events: {
      ...events,
      sample: inPasses(dice, events.sample),
      tick: inPasses(dice, events.tick),
      spike: inLists(events.spike),
      previousSpike: inLists(events.previousSpike),
    },
  };
}

/** Deliveries stay as they are: where spikes wait for delays, each step has them. */
function inPasses(dice: Dice, list: readonly ActionSpec[]): ActionSpec[] {
  return list.map((action) => {
    const inner = action.do === undefined ? action : { ...action, do: inPasses(dice, action.do) };
    if (delivers(action) || !dice.chance(0.3)) return inner;
    return { ...inner, pass: dice.pick(['first', 'replay'] as const) };
  });
}

/** Whether an action delivers spikes, or one within it does. */
export const delivers = (action: ActionSpec): boolean =>
  action.deliver !== undefined || (action.do ?? []).some(delivers);
