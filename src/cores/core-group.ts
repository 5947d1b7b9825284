import type { Core } from '../engine/index.ts';
import type { TrafficCounters } from '../system/index.ts';
import { Spread, type SpreadPlan } from './spread.ts';

/** Whatever runs the named events of a core. */
export type RunsEvents = Pick<Core, 'trigger' | 'triggerEach'>;

/**
 * A group's part of a job: what its cores do side by side, each of them running one event. It is plain data, which passes
 * between threads.
 */
export interface JobPart {
  readonly on: readonly { readonly core: number; readonly event: number }[];
  /** The spikes that an event is run for: none, all, or those that it takes of what is shared out. */
  readonly spikes: 'none' | 'all' | SpreadPlan;
  /** Packets that a spike takes to another core. */
  readonly packets: number;
}

/** Where a group counts the packets of spikes that it shares out. */
export interface GroupTraffic {
  readonly counters: TrafficCounters;
  /** By core: its number on the chip, by which packets are counted. */
  readonly numbers: readonly number[];
}

/** Some cores of a system, which one thread runs. */
export class CoreGroup {
  readonly #cores: readonly (RunsEvents | undefined)[];
  readonly parts: readonly JobPart[];
  /** By job: shares its spikes out, where they are. */
  readonly #spreads: readonly (Spread | undefined)[];
  readonly #counts: Int32Array;
  readonly #traffic: GroupTraffic | undefined;

  /**
   * @param cores by index; those of other groups may be undefined
   * @param parts by job
   * @param counts by core: set to how many spikes it emits in a job, or takes where spikes are shared out
   * @param traffic undefined where only what cores compute matters
   */
  constructor(
    cores: readonly (RunsEvents | undefined)[],
    parts: readonly JobPart[],
    counts: Int32Array,
    traffic: GroupTraffic | undefined,
  ) {
    this.#cores = cores;
    this.parts = parts;
    this.#spreads = parts.map(({ spikes }) => (typeof spikes === 'string' ? undefined : new Spread(spikes)));
    this.#counts = counts;
    this.#traffic = traffic;
  }

  /** Does its part of a job, for the first `count` of some spikes. */
  run(job: number, spikes: Uint32Array, count: number): void {
    const part = this.parts[job];
    if (part === undefined) throw new Error(`there is no job ${job}`);
    const spread = this.#spreads[job];
    const counts = this.#counts;
    if (spread !== undefined) this.#serve(part, spread, spikes, count);
    else if (part.spikes === 'all')
      for (const { core, event } of part.on) this.#cores[core]?.triggerEach(event, spikes, 0, count);
    else for (const { core, event } of part.on) counts[core] = this.#cores[core]?.trigger(event) ?? 0;
  }

  #serve({ on, packets }: JobPart, spread: Spread, spikes: Uint32Array, count: number): void {
    const counts = this.#counts;
    const { counters, numbers = [] } = this.#traffic ?? {};
    spread.share(spikes, count, (sender, event, sent) => {
      const core = on[event]?.core ?? 0;
      // Nothing is sent from a core to itself.
      if (core !== sender) counters?.count(numbers[sender] ?? 0, numbers[core] ?? 0, 0, packets * sent);
    });
    const { starts, ends } = spread;
    for (let place = 0; place < on.length; place++) {
      const own = on[place];
      if (own === undefined) continue;
      const start = starts[place] ?? 0;
      const end = ends[place] ?? 0;
      counts[own.core] = end - start;
      if (end > start) this.#cores[own.core]?.triggerEach(own.event, spread.listOf(place), start, end);
    }
  }
}
