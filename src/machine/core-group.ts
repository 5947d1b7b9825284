import type { Core, JointCore } from '../engine/index.ts';
import type { ChipAction, CoreEvent, ServedList, SpreadImage } from '../image/index.ts';
import { at, wordAt } from '../text/index.ts';
import { countLost, countPackets } from './phase-packets.ts';
import { SpikeShares, type SpreadPlan } from './spread.ts';

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

/** Runs the named events of a core. */
export type RunsEvents = Pick<Core, 'trigger' | 'triggerEach'>;

/** A group's part of a job: its cores run one event each, side by side. Plain data that passes between threads. */
export interface JobPart {
  readonly on: readonly { readonly core: number; readonly event: number }[];
  /** The spikes that an event runs for: none, all, or its share of a common list. */
  readonly spikes: 'none' | 'all' | SpreadPlan;
  /** Packets that a spike takes to another core. */
  readonly packets: number;
}

/** The place where a group counts the packets of shared spikes. */
export interface GroupTraffic {
  /** See {@link PhasePackets}. */
  readonly counts: Float64Array;
  /** All cores of the system. */
  readonly cores: number;
  /** Called for packets. */
  readonly sent?: ((from: number, to: number, packets: number) => void) | undefined;
}

/** Some cores of a system, which one thread runs. */
export class CoreGroup {
  readonly #cores: readonly (RunsEvents | undefined)[];
  readonly parts: readonly JobPart[];
  /** By job: distributes its spikes to the cores. */
  readonly #spreads: readonly (SpikeShares | undefined)[];
  readonly #counts: Int32Array;
  readonly #traffic: GroupTraffic | undefined;
  readonly #joint: readonly (JointCore | undefined)[];

  /**
   * @param cores by index; those of other groups may be undefined
   * @param parts by job
   * @param counts by core: set to the number of spikes that it emits in a job, or takes of shared ones
   * @param traffic undefined if packets do not matter
   * @param joint by job: the joint core that serves all spikes, if there is one
   */
  constructor(
    cores: readonly (RunsEvents | undefined)[],
    parts: readonly JobPart[],
    counts: Int32Array,
    traffic: GroupTraffic | undefined,
    joint: readonly (JointCore | undefined)[] = [],
  ) {
    this.#cores = cores;
    this.parts = parts;
    this.#spreads = parts.map(({ spikes }, job) =>
      typeof spikes === 'string' ? undefined : new SpikeShares(spikes, joint[job] === undefined),
    );
    this.#counts = counts;
    this.#traffic = traffic;
    this.#joint = joint;
  }

  /** Does its part of a job, for the first `count` of some spikes. @param drawn decides which of them are lost */
  run(job: number, spikes: Uint32Array, count: number, drawn: number): void {
    const part = this.parts[job];
    if (part === undefined) throw new Error(`there is no job ${job}`);
    const spread = this.#spreads[job];
    const counts = this.#counts;
    if (spread !== undefined) this.#serve(part, spread, { spikes, count, drawn }, this.#joint[job]);
    else if (part.spikes === 'all')
      for (const { core, event } of part.on) this.#cores[core]?.triggerEach(event, spikes, 0, count);
    else for (const { core, event } of part.on) counts[core] = this.#cores[core]?.trigger(event) ?? 0;
  }

  #serve(
    { on, packets }: JobPart,
    spread: SpikeShares,
    {
      spikes,
      count,
      drawn,
    }: { readonly spikes: Uint32Array; readonly count: number; readonly drawn: number },
    joint: JointCore | undefined,
  ): void {
    const counts = this.#counts;
    const traffic = this.#traffic;
    spread.share(spikes, count, drawn, (sender, event, sent, lost) => {
      const core = on[event]?.core ?? 0;
      // Nothing is sent from a core to itself.
      if (traffic === undefined || core === sender) return;
      countPackets(traffic.counts, sender * traffic.cores + core, packets * sent);
      if (lost > 0) countLost(traffic.counts, packets * lost);
      traffic.sent?.(sender, core, packets * sent);
    });
    joint?.run(spikes, count);
    const { starts, ends } = spread;
    for (let place = 0; place < on.length; place++) {
      const own = on[place];
      if (own === undefined) continue;
      const start = wordAt(starts, place);
      const end = wordAt(ends, place);
      counts[own.core] = end - start;
      if (end === start) continue;
      if (joint !== undefined) joint.countRuns(place, end - start);
      else this.#cores[own.core]?.triggerEach(own.event, spread.listOf(place), start, end);
    }
  }
}
