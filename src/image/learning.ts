import { allLists } from './actions.ts';
import type { ProgramView } from './image.ts';
import type { Action, EventLists } from './lists.ts';

/** Kernels of a program, by index: those that run while the core infers, and all others, which wait for learning. */
export interface KernelsByPhase {
  readonly inference: ReadonlySet<number>;
  readonly learning: ReadonlySet<number>;
}

export function kernelsByPhase(events: EventLists): KernelsByPhase {
  const inference = new Set<number>();
  const learning = new Set<number>();
  const visit = (actions: readonly Action[], isLearning: boolean): void => {
    for (const action of actions) {
      if (action.does === 'group') visit(action.actions, isLearning || action.condition.learning);
      else if (action.does === 'run') (isLearning ? learning : inference).add(action.kernel);
    }
  };
  for (const list of allLists(events)) visit(list, false);
  for (const kernel of inference) learning.delete(kernel);
  return { inference, learning };
}

/** Whether anything changes while the core learns: weights, or other fields that depend on learning. */
export function canLearn({ core, fields, events }: Pick<ProgramView, 'core' | 'fields' | 'events'>): boolean {
  return (
    core.controller !== undefined ||
    fields.some(({ view }) => view !== undefined) ||
    kernelsByPhase(events).learning.size > 0
  );
}
