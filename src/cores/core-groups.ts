import type { CoreEvent, SystemImage } from '../compiler/index.ts';
import { at, type Core, type FastCore } from '../engine/index.ts';
import { neuronMask } from '../image/index.ts';
import { CoreGroup, type JobPart } from './core-group.ts';
import type { Crew } from './crew.ts';
import { type Job, jobsOf } from './jobs.ts';
import type { Reach } from './reach.ts';
import { planSpread } from './spread.ts';
import type { StepClock } from './step-clock.ts';
import { type Desk, type GroupWork, makeDesk, sharedBytes, takeFault } from './team.ts';
import { Worth } from './worth.ts';

const noSpikes = new Uint32Array();

/** Where the spikes of a population come from. */
export interface Sender {
  /** The index of each neuron's core; undefined where groups count no packets, as of the input, whose spikes the host sends. */
  readonly homes: Uint16Array | undefined;
  /** Packets that a spike takes to another core. */
  readonly packets: number;
}

/** Other threads that run cores of a system. */
export interface Team {
  readonly crew: Crew<GroupWork>;
  /** The cores, all of them shared. */
  readonly cores: readonly FastCore[];
}

/** The cores of a system at the jobs that they do side by side: in one group, or in one for each thread of a crew. */
export class CoreGroups {
  readonly #jobs: readonly Job[];
  readonly #byEvents: ReadonlyMap<readonly CoreEvent[], number>;
  /** By group, as the present thread runs them; neighbours are in one group. */
  readonly #groups: readonly CoreGroup[];
  readonly #team: (Team & { readonly desk: Desk }) | undefined;
  /** By job: whether the threads do it sooner together. */
  readonly #worth: readonly Worth[];
  /** By core: how many spikes it has emitted in the latest job, or taken where spikes are shared out. */
  readonly counts: Int32Array;

  /**
   * @param senders by population: where its spikes come from
   * @param clock counts the packets of spikes that are shared out; undefined where only what cores compute matters
   * @param team the present thread runs the cores alone if absent
   */
  constructor(
    system: SystemImage,
    cores: readonly Core[],
    reach: Reach,
    senders: readonly Sender[],
    clock: StepClock | undefined,
    team?: Team,
  ) {
    const jobs = jobsOf(system);
    this.#jobs = jobs;
    this.#worth = jobs.map(() => new Worth());
    this.#byEvents = new Map(jobs.map(({ on }, job) => [on, job]));
    const room = (bytes: number): ArrayBufferLike =>
      team === undefined ? new ArrayBuffer(bytes) : sharedBytes(bytes);
    this.counts = new Int32Array(room(4 * cores.length));
    const groups = shares(system, team?.crew.threads ?? 1);
    const { chip } = system;
    const numbers = system.cores.map(({ number }) => number);
    const parts = groups.map(({ first, end }) =>
      jobs.map((job) => partOf(job, first, end, system, reach, senders)),
    );
    // The present thread counts packets where the clock does, whichever group it runs.
    const traffic = clock && { counters: clock.counters, numbers };
    this.#groups = parts.map((own) => new CoreGroup(cores, own, this.counts, traffic));
    if (team === undefined) return;
    const neurons = system.whole.populations.reduce((sum, { size }) => sum + size, 0);
    const desk = makeDesk(neurons, team.crew.threads);
    this.#team = { ...team, desk };
    team.crew.join((thread) => {
      const { first, end } = at(groups, thread);
      const own = team.cores
        .slice(first, end)
        .map((core, place) => ({ index: first + place, core: core.shared }));
      const site = clock && chip && { mesh: chip.mesh, numbers, packets: clock.shareCounters() };
      return { is: 'cores', cores: own, parts: at(parts, thread), counts: this.counts, site, desk };
    });
  }

  /** The job that runs these events; undefined if they are not run side by side. */
  jobOf(on: readonly CoreEvent[]): number | undefined {
    return this.#byEvents.get(on);
  }

  eventsOf(job: number): readonly CoreEvent[] {
    return at(this.#jobs, job).on;
  }

  run(job: number, spikes: ArrayLike<number> = noSpikes): void {
    const list = spikes instanceof Uint32Array ? spikes : Uint32Array.from(spikes);
    const team = this.#team;
    if (team === undefined || list.length > team.desk.spikes.length) {
      this.#runAlone(job, list);
      return;
    }
    const worth = at(this.#worth, job);
    if (worth.begin()) this.#share(team, job, list);
    else this.#runAlone(job, list);
    worth.end();
  }

  #runAlone(job: number, spikes: Uint32Array): void {
    for (const group of this.#groups) group.run(job, spikes, spikes.length);
  }

  /** Runs a job on all threads. Of several cores that fail, the first one's fault counts, as on one thread. */
  #share({ crew, cores, desk }: Team & { readonly desk: Desk }, job: number, spikes: Uint32Array): void {
    desk.spikes.set(spikes);
    desk.count[0] = spikes.length;
    let failure: { readonly of: unknown } | undefined;
    crew.run(job, 1, () => {
      try {
        this.#groups[0]?.run(job, desk.spikes, spikes.length);
      } catch (error) {
        failure = { of: error };
      }
    });
    const stopped = takeFault(desk);
    if (failure !== undefined) throw failure.of;
    if (stopped !== undefined) at(cores, stopped.core).fail(stopped.fault);
  }
}

/** Neighbouring cores for each thread, with about the same memory. */
function shares({ cores }: SystemImage, threads: number): { readonly first: number; readonly end: number }[] {
  const bits = cores.map(({ image }) =>
    image.fields.reduce((sum, field) => sum + field.bits * field.count, 1),
  );
  const all = bits.reduce((sum, own) => sum + own, 0);
  let end = 0;
  let before = 0;
  return Array.from({ length: threads }, (_, thread) => {
    const first = end;
    // Up to the core whose middle lies beyond the thread's share.
    while (end < cores.length && before + at(bits, end) / 2 < (all * (thread + 1)) / threads)
      before += at(bits, end++);
    return { first, end };
  });
}

/** The part of a job that cores from `first` up to, not including, `end` do. */
function partOf(
  { on: all, spikes, population, isThere }: Job,
  first: number,
  end: number,
  { whole }: SystemImage,
  reach: Reach,
  senders: readonly Sender[],
): JobPart {
  const on = all.filter(({ core }) => core >= first && core < end);
  const events = on.map(({ core, event }) => ({ core, event }));
  if (spikes !== 'reaching') return { on: events, spikes, packets: 0 };
  const from = at(whole.populations, population);
  const acts = on.map((own) => reach.actsOf(own));
  const { homes, packets } = at(senders, population);
  const plan = planSpread(acts, from.size, { mask: neuronMask(from), homes: isThere ? undefined : homes });
  return { on: events, spikes: plan, packets };
}
