import type { Action, EventLists } from './image.ts';

/** An action other than a group. */
export type PlainAction = Exclude<Action, { does: 'group' }>;

/** The actions of a list in order, including those in groups. */
export function plainActions(actions: readonly Action[]): PlainAction[] {
  return actions.flatMap((action) => (action.does === 'group' ? plainActions(action.actions) : [action]));
}

/** The kernels that a list runs, by index, in order. */
export function kernelsIn(actions: readonly Action[]): number[] {
  return plainActions(actions).flatMap((action) => (action.does === 'run' ? [action.kernel] : []));
}

/** All lists of an image. */
export function allLists({ sample, tick, spike, previousSpike, named }: EventLists): (readonly Action[])[] {
  return [sample, tick, ...spike, ...previousSpike, ...named.map(({ actions }) => actions)];
}
