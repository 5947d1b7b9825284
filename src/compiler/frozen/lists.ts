import type { ActionSpec, Program } from '../../program/index.ts';
import type { Path } from '../../text/index.ts';

/** An action of a program, a member of a group included. */
export interface ListedAction {
  readonly action: ActionSpec;
  readonly path: Path;
  /** Whether it runs only while the core learns. */
  readonly isLearning: boolean;
}

/** The lists of a program, each with its path. */
export function listsOf({ spec }: Pick<Program, 'spec'>): { list: readonly ActionSpec[]; path: Path }[] {
  const { sample, tick, spike, previousSpike, on } = spec.events;
  const named = Object.entries({ spike, previousSpike, on }).flatMap(([kind, lists]) =>
    Object.entries(lists).map(([name, list]) => ({ list, path: ['events', kind, name] })),
  );
  return [{ list: sample, path: ['events', 'sample'] }, { list: tick, path: ['events', 'tick'] }, ...named];
}

/** Whether an action is a group. */
export const isGroup = ({ run, do: inner }: ActionSpec): boolean => run === undefined && inner !== undefined;

/** All actions of a program but groups, in text order. */
export function actionsOf(program: Pick<Program, 'spec'>): ListedAction[] {
  const within = (list: readonly ActionSpec[], path: Path, learning: boolean): ListedAction[] =>
    list.flatMap((action, index) => {
      const isLearning = learning || action.when === 'learning' || action.pass === 'replay';
      const here = [...path, index];
      return isGroup(action)
        ? within(action.do ?? [], [...here, 'do'], isLearning)
        : [{ action, path: here, isLearning }];
    });
  return listsOf(program).flatMap(({ list, path }) => within(list, path, false));
}
