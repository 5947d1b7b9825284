import type { ProgramView } from './image.ts';
import type { Action, EventLists, PlainAction } from './lists.ts';

/** The actions of a list in order, including those in groups. */
export function plainActions(actions: readonly Action[]): PlainAction[] {
  return actions.flatMap((action) => (action.does === 'group' ? plainActions(action.actions) : [action]));
}

/** The kernels that a list runs, by index, in order. */
export function kernelsIn(actions: readonly Action[]): number[] {
  return plainActions(actions).flatMap((action) => (action.does === 'run' ? [action.kernel] : []));
}

/** All lists of an image. */
export function allLists({ sample, tick, named, ...served }: EventLists): (readonly Action[])[] {
  return [sample, tick, ...spikeLists(served), ...named.map(({ actions }) => actions)];
}

/** The sizes of the batches after which actions run (`everySample`), in ascending order. */
export function batchSizes(lists: readonly (readonly Action[])[]): number[] {
  const sizes = lists.flat().flatMap((action): number[] => {
    if (action.does !== 'group') return [];
    const { everySample } = action.condition;
    return [...(everySample === undefined ? [] : [everySample]), ...batchSizes([action.actions])];
  });
  return [...new Set(sizes)].sort((one, other) => one - other);
}

/**
 * The lists that spikes trigger: by population those of this step, then those of the step before, then those whose
 * delays end. The FIFO identifies a list by its position.
 */
export function spikeLists({
  spike,
  previousSpike,
  delayed,
}: Pick<EventLists, 'spike' | 'previousSpike' | 'delayed'>): (readonly Action[])[] {
  return [...spike, ...previousSpike, ...delayed.flatMap(({ lists }) => lists.map(({ actions }) => actions))];
}

/** The spikes that trigger each list of {@link spikeLists}, in the same order. */
export function servedSpikes({
  populations,
  events: { delayed },
}: Pick<ProgramView, 'populations' | 'events'>): ServedSpikes[] {
  const kinds = (['emitted', 'previous'] as const).flatMap((spikes) =>
    populations.map((_, population): ServedSpikes => ({ population, spikes })),
  );
  return [
    ...kinds,
    ...delayed.flatMap(({ population, lists }) =>
      lists.map(({ delay }): ServedSpikes => ({ population, spikes: delay })),
    ),
  ];
}

/** Spikes that are served alike: those of this step, those of the step before, or those with a delay, in steps. */
export type SpikeKind = 'emitted' | 'previous' | number;

interface ServedSpikes {
  readonly population: number;
  readonly spikes: SpikeKind;
}
