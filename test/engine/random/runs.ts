import type { ActionSpec } from '../../../src/program/index.ts';

/** The actions of a list that run kernels, those in groups as well. */
export function runsIn(actions: readonly ActionSpec[]): ActionSpec[] {
  return actions.flatMap((action) => {
    if (action.do !== undefined) return runsIn(action.do);
    return action.run === undefined ? [] : [action];
  });
}
