import type { ActionSpec, ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';
import { delivers } from './replay.ts';

/** Lets some actions of a program run in the first steps of a sample alone. */
export function withEnds(dice: Dice, events: ProgramSpec['events']): ProgramSpec['events'] {
  const inLists = (lists: Readonly<Record<string, readonly ActionSpec[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, ending(dice, list)]));
  return {
    ...events,
    sample: ending(dice, events.sample),
    tick: ending(dice, events.tick),
    spike: inLists(events.spike),
    previousSpike: inLists(events.previousSpike),
  };
}

/** Deliveries stay as they are: where spikes wait for delays, each step has them. */
function ending(dice: Dice, list: readonly ActionSpec[]): ActionSpec[] {
  return list.map((action) => {
    const inner = action.do === undefined ? action : { ...action, do: ending(dice, action.do) };
    if (delivers(action) || !dice.chance(0.3)) return inner;
    return { ...inner, until: Number(action.from ?? 0) + dice.whole(1, 2) };
  });
}
