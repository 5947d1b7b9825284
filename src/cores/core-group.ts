import type { Core } from '../engine/index.ts';
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
}

/** What a group's part of the latest job has come to. */
export interface JobRecord {
  /** By core: how many spikes it has emitted, or taken where spikes are shared out. Groups share it. */
  readonly counts: Int32Array;
  /** Where spikes are shared out: how many go from each sender to each event of the part. */
  readonly packets: Uint32Array;
}

/** Is told of the spikes that a core has sent to another one. */
export type TakePackets = (sender: number, core: number, spikes: number) => void;

/** Some cores of a system, which one thread runs. */
export class CoreGroup {
  readonly #cores: readonly (RunsEvents | undefined)[];
  readonly parts: readonly JobPart[];
  /** By job: shares its spikes out, where they are. */
  readonly #spreads: readonly (Spread | undefined)[];
  readonly record: JobRecord;

  /**
   * @param cores by index; those of other groups may be undefined
   * @param parts by job
   * @param record with room for every job: see {@link packetsOf}
   */
  constructor(cores: readonly (RunsEvents | undefined)[], parts: readonly JobPart[], record: JobRecord) {
    this.#cores = cores;
    this.parts = parts;
    this.#spreads = parts.map(({ spikes }) => (typeof spikes === 'string' ? undefined : new Spread(spikes)));
    this.record = record;
  }

  /** Does its part of a job, for the first `count` of some spikes. */
  run(job: number, spikes: Uint32Array, count: number): void {
    const part = this.parts[job];
    if (part === undefined) throw new Error(`there is no job ${job}`);
    const spread = this.#spreads[job];
    const { counts } = this.record;
    if (spread !== undefined) this.#serve(part, spread, spikes, count);
    else if (part.spikes === 'all')
      for (const { core, event } of part.on) this.#cores[core]?.triggerEach(event, spikes, 0, count);
    else for (const { core, event } of part.on) counts[core] = this.#cores[core]?.trigger(event) ?? 0;
  }

  /** Spikes that a sender has sent to each core in a job, if there are any. */
  takePackets(job: number, sender: number, take: TakePackets): void {
    const { on } = this.parts[job] ?? { on: [] };
    const { packets } = this.record;
    const row = sender * on.length;
    for (let place = 0; place < on.length; place++) {
      const spikes = packets[row + place] ?? 0;
      if (spikes > 0) take(sender, on[place]?.core ?? 0, spikes);
    }
  }

  #serve({ on }: JobPart, spread: Spread, spikes: Uint32Array, count: number): void {
    const { counts, packets } = this.record;
    spread.share(spikes, count, packets);
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

/** How many numbers a record's `packets` are for a part of a job. */
export function packetsOf({ spikes }: JobPart): number {
  return typeof spikes === 'string' ? 0 : spikes.senders * spikes.events;
}
