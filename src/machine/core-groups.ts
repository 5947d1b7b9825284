import type { Core, FastCore, JointCore } from '../engine/index.ts';
import { type CoreEvent, neuronMask, type SpreadImage } from '../image/index.ts';
import { at } from '../text/index.ts';
import { CoreGroup, type Job, type JobPart, jobsOf } from './core-group.ts';
import type { Reach } from './spike-ways.ts';
import { planSpread } from './spread.ts';
import type { StepClock } from './step-clock.ts';
import { type Desk, type GroupWork, makeDesk, sharedBytes, takeFault } from './team.ts';
import type { Crew } from './threads/crew.ts';

const noSpikes = new Uint32Array();

/** The origin of a population's spikes. */
export interface Sender {
  /** The index of each neuron's core; undefined if groups count no packets, and for the input, sent by the host. */
  readonly homes: Uint16Array | undefined;
  /** The same, where spikes can be lost on their way, whoever counts packets. */
  readonly losesFrom: Uint16Array | undefined;
  /** Packets that a spike takes to another core. */
  readonly packets: number;
}

/** Other threads that run cores of a system. */
export interface Team {
  readonly crew: Crew<GroupWork>;
  /** The cores, all of them shared. */
  readonly cores: readonly FastCore[];
}

/** The cores of a machine, which do jobs side by side: in one group, or in one for each thread of a crew. */
export class CoreGroups {
  readonly #jobs: readonly Job[];
  readonly #byEvents: ReadonlyMap<readonly CoreEvent[], number>;
  /** The groups as the present thread runs them; each has neighbouring cores. */
  readonly #groups: readonly CoreGroup[];
  readonly #team: (Team & { readonly desk: Desk }) | undefined;
  /** By job: whether the threads do it sooner together. */
  readonly #worth: readonly Worth[];
  /** By core: the number of spikes that it emitted in the latest job, or took of shared ones. */
  readonly counts: Int32Array;

  /**
   * @param senders by population: the origin of its spikes
   * @param clock counts the packets of shared spikes; undefined if packets do not matter
   * @param joint by job: the joint core that does it, if one does
   * @param team by default the present thread runs the cores alone
   */
  constructor(
    system: SpreadImage,
    cores: readonly Core[],
    reach: Reach,
    senders: readonly Sender[],
    clock: StepClock | undefined,
    joint: readonly (JointCore | undefined)[],
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
    const parts = groups.map(({ first, end }) =>
      jobs.map((job) => partOf(job, first, end, system, reach, senders)),
    );
    // The present thread counts packets directly for the clock, whichever group it runs.
    const traffic = clock && {
      counts: clock.packets.counts,
      cores: cores.length,
      sent: clock.watch?.sent.bind(clock.watch),
    };
    this.#groups = parts.map((own) => new CoreGroup(cores, own, this.counts, traffic, joint));
    if (team === undefined) return;
    const neurons = system.populations.reduce((sum, { size }) => sum + size, 0);
    const desk = makeDesk(neurons, team.crew.threads);
    this.#team = { ...team, desk };
    team.crew.join((thread) => {
      const { first, end } = at(groups, thread);
      const own = team.cores
        .slice(first, end)
        .map((core, place) => ({ index: first + place, core: core.shared }));
      const traffic = clock && { counts: clock.packets.share(), cores: cores.length };
      return { is: 'cores', cores: own, parts: at(parts, thread), counts: this.counts, traffic, desk };
    });
  }

  /** The job that runs these events; undefined if they are not run side by side. */
  jobOf(on: readonly CoreEvent[]): number | undefined {
    return this.#byEvents.get(on);
  }

  eventsOf(job: number): readonly CoreEvent[] {
    return at(this.#jobs, job).on;
  }

  /** @param drawn decides which of the spikes are lost, if any can be */
  run(job: number, spikes: ArrayLike<number> = noSpikes, drawn = 0): void {
    const list = spikes instanceof Uint32Array ? spikes : Uint32Array.from(spikes);
    const team = this.#team;
    if (team === undefined || list.length > team.desk.spikes.length) {
      this.#runAlone(job, list, drawn);
      return;
    }
    const worth = at(this.#worth, job);
    if (worth.begin()) this.#share(team, job, list, drawn);
    else this.#runAlone(job, list, drawn);
    worth.end();
  }

  #runAlone(job: number, spikes: Uint32Array, drawn: number): void {
    for (const group of this.#groups) group.run(job, spikes, spikes.length, drawn);
  }

  /** Runs a job on all threads. If several cores fail, the first core's fault counts, as on one thread. */
  #share(
    { crew, cores, desk }: Team & { readonly desk: Desk },
    job: number,
    spikes: Uint32Array,
    drawn: number,
  ): void {
    desk.spikes.set(spikes);
    desk.count[0] = spikes.length;
    desk.drawn[0] = drawn;
    let failure: { readonly of: unknown } | undefined;
    crew.run(job, 1, () => {
      try {
        this.#groups[0]?.run(job, desk.spikes, spikes.length, drawn);
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
function shares({ cores }: SpreadImage, threads: number): { readonly first: number; readonly end: number }[] {
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

/** The part of a job for the cores from `first` to before `end`. */
function partOf(
  { on: all, spikes, population, isThere }: Job,
  first: number,
  end: number,
  { populations, cores, lostPackets }: SpreadImage,
  reach: Reach,
  senders: readonly Sender[],
): JobPart {
  const on = all.filter(({ core }) => core >= first && core < end);
  const events = on.map(({ core, event }) => ({ core, event }));
  if (spikes !== 'reaching') return { on: events, spikes, packets: 0 };
  const from = at(populations, population);
  const acts = on.map((own) => reach.actsOf(own));
  const { homes, losesFrom, packets } = at(senders, population);
  const losses = lostPackets &&
    losesFrom && {
      homes: losesFrom,
      cores: on.map(({ core }) => core),
      numbers: on.map(({ core }) => at(cores, core).number),
      below: lostPackets.rate * 2 ** 32,
    };
  const plan = planSpread(acts, from.size, {
    mask: neuronMask(from),
    homes: isThere ? undefined : homes,
    losses,
  });
  return { on: events, spikes: plan, packets };
}

/** Runs of each kind that a trial takes, in turns. */
const tries = 4;
/** Runs between two trials: at least, after a trial that changed the choice, and at most. */
const [leastRest, mostRest] = [64, 2 ** 14];

/**
 * Finds out whether a job is faster on all threads than on one. Now and then it tries both in turns, and the times
 * decide. The results of the job are the same.
 */
export class Worth {
  readonly #now: () => number;
  #isWorth = true;
  /** Runs before the next trial, and between this one and the next. */
  #left = 0;
  #rest = leastRest / 2;
  /** Of the current trial: runs so far, the start of the present one, and the time of each kind. */
  #runs = 0;
  #start = 0;
  #alone = 0;
  #together = 0;

  /** @param now a time, in any unit */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether the threads do the next run together; {@link Worth.end} follows it. */
  begin(): boolean {
    if (this.#left > 0) return this.#isWorth;
    this.#start = this.#now();
    return this.#runs % 2 === 1;
  }

  end(): void {
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    const time = this.#now() - this.#start;
    if (this.#runs % 2 === 1) this.#together += time;
    else this.#alone += time;
    this.#runs += 1;
    if (this.#runs === 2 * tries) this.#conclude();
  }

  #conclude(): void {
    const isWorth = this.#together < this.#alone;
    this.#rest = isWorth === this.#isWorth ? Math.min(2 * this.#rest, mostRest) : leastRest;
    this.#isWorth = isWorth;
    this.#left = this.#rest;
    this.#runs = 0;
    this.#alone = 0;
    this.#together = 0;
  }
}
