import type { Action, CoreImage } from '../../image/index.ts';

/** The image of a core that only tests: its lists without the groups that learn. */
export function withoutLearning(image: CoreImage): CoreImage {
  const { events } = image;
  const lists = (all: readonly (readonly Action[])[]): Action[][] => all.map(testing);
  return {
    ...image,
    events: {
      ...events,
      sample: testing(events.sample),
      tick: testing(events.tick),
      spike: lists(events.spike),
      previousSpike: lists(events.previousSpike),
      delayed: events.delayed.map((delayed) => ({
        ...delayed,
        lists: delayed.lists.map((list) => ({ ...list, actions: testing(list.actions) })),
      })),
      named: events.named.map((event) => ({ ...event, actions: testing(event.actions) })),
    },
  };
}

function testing(actions: readonly Action[]): Action[] {
  return actions.flatMap((action): Action[] => {
    if (action.does !== 'group') return [action];
    return action.condition.learning ? [] : [{ ...action, actions: testing(action.actions) }];
  });
}
