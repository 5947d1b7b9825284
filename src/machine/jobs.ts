import { at } from '../arrays/index.ts';
import type { ChipAction, CoreEvent, ServedList, SpreadImage } from '../image/index.ts';

/** Work that cores do side by side for an action of a list: each runs one event. They exchange nothing meanwhile. */
export interface Job {
  readonly on: readonly CoreEvent[];
  /** The spikes that the event runs for: none, all, or those that act on the core. */
  readonly spikes: 'none' | 'all' | 'reaching';
  /** Their population. */
  readonly population: number;
  /** Whether the spikes are already on the core: they have travelled, and waited there. */
  readonly isThere: boolean;
}

/** All jobs of a system's lists, in their order. */
export function jobsOf({ lists, populations, events }: SpreadImage): Job[] {
  const jobs: Job[] = [];
  const known = new Set<readonly CoreEvent[]>();
  const add = (job: Job): void => {
    if (known.has(job.on) || !areDistinct(job.on)) return;
    known.add(job.on);
    jobs.push(job);
  };
  const addOf = (actions: readonly ChipAction[]): void => {
    for (const action of actions) {
      if (action.does === 'run' || action.does === 'stop-unless-any')
        add({ on: action.on, spikes: 'none', population: -1, isThere: true });
      if (action.does === 'keep') {
        const { population } = at(events.delayed, action.delayed);
        add({ on: action.on, spikes: 'all', population, isThere: true });
      }
      if (action.does === 'group') addOf(action.actions);
    }
  };
  addOf(lists.sample);
  addOf(lists.tick);
  const addServed = ({ variants }: ServedList, population: number, isThere: boolean): void => {
    for (const actions of variants) {
      const on = servedTogether(actions, at(populations, population).size);
      if (on !== undefined) add({ on, spikes: 'reaching', population, isThere });
    }
  };
  for (const served of [lists.spike, lists.previousSpike])
    for (const [population, list] of served.entries()) addServed(list, population, false);
  for (const [index, delayed] of lists.delayed.entries())
    for (const list of delayed) addServed(list, at(events.delayed, index).population, true);
  return jobs;
}

/** The only events that spikes trigger, if they emit nothing and each takes any neuron of the population. */
function servedTogether(actions: readonly ChipAction[], size: number): readonly CoreEvent[] | undefined {
  const [only] = actions;
  if (only?.does !== 'run' || actions.length !== 1 || only.emits !== undefined) return undefined;
  return only.on.every((own) => own.first === 0 && own.size === size) ? only.on : undefined;
}

/** Whether no core runs two of the events. */
function areDistinct(on: readonly CoreEvent[]): boolean {
  return new Set(on.map(({ core }) => core)).size === on.length;
}
