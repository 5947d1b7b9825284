import type { CoreEvent, SystemImage } from '../compiler/index.ts';
import { at, type Core } from '../engine/index.ts';
import { neuronMask } from '../image/index.ts';
import { CoreGroup, type JobPart, packetsOf } from './core-group.ts';
import { type Job, jobsOf } from './jobs.ts';
import type { Reach } from './reach.ts';
import { planSpread } from './spread.ts';

const noSpikes = new Uint32Array();

/** The cores of a system at the jobs that they do side by side. */
export class CoreGroups {
  readonly #jobs: readonly Job[];
  readonly #byEvents: ReadonlyMap<readonly CoreEvent[], number>;
  readonly #parts: readonly JobPart[];
  readonly #group: CoreGroup;
  /** By core: how many spikes it has emitted in the latest job, or taken where spikes are shared out. */
  readonly counts: Int32Array;

  /** @param homes by population: the index of each neuron's core; undefined for the input, whose spikes the host sends */
  constructor(
    system: SystemImage,
    cores: readonly Core[],
    reach: Reach,
    homes: readonly (Uint16Array | undefined)[],
  ) {
    this.#jobs = jobsOf(system);
    this.#byEvents = new Map(this.#jobs.map(({ on }, job) => [on, job]));
    this.counts = new Int32Array(cores.length);
    this.#parts = this.#jobs.map((job) => partOf(job, system, reach, homes));
    const packets = new Uint32Array(Math.max(0, ...this.#parts.map(packetsOf)));
    this.#group = new CoreGroup(cores, this.#parts, { counts: this.counts, packets });
  }

  /** The job that runs these events; undefined if they are not run side by side. */
  jobOf(on: readonly CoreEvent[]): number | undefined {
    return this.#byEvents.get(on);
  }

  run(job: number, spikes: ArrayLike<number> = noSpikes): void {
    this.#group.run(job, spikes instanceof Uint32Array ? spikes : Uint32Array.from(spikes), spikes.length);
  }

  /** Takes the spikes that have been shared out in a job: from each sender to each core, if there are any. */
  takePackets(job: number, take: (sender: number, core: number, spikes: number) => void): void {
    const { packets } = this.#group.record;
    const part = at(this.#parts, job);
    const { on } = part;
    const end = packetsOf(part);
    for (let place = 0; place < end; place++) {
      const sent = packets[place] ?? 0;
      if (sent === 0) continue;
      const sender = Math.floor(place / on.length);
      take(sender, on[place - sender * on.length]?.core ?? 0, sent);
    }
  }
}

function partOf(
  { on, spikes, population }: Job,
  { whole, cores }: SystemImage,
  reach: Reach,
  homes: readonly (Uint16Array | undefined)[],
): JobPart {
  const events = on.map(({ core, event }) => ({ core, event }));
  if (spikes !== 'reaching') return { on: events, spikes };
  const from = at(whole.populations, population);
  const acts = on.map((own) => reach.actsOf(own));
  const sent = homes[population];
  const senders = sent === undefined ? 1 : cores.length;
  return {
    on: events,
    spikes: planSpread(acts, from.size, { mask: neuronMask(from), homes: sent, senders }),
  };
}
