import type { SignalNames, TimelineEvent, TimelineSink } from './estimate.ts';
import type { SignalPlan } from './plan.ts';

/** Tracks of the whole machine; those of cores follow, in a process each. */
const machineProcess = 1;
const stepsTrack = 1;
const kernelsTrack = 1;
const fifoTrack = 2;
const packetsTrack = 3;
const spikesTrack = 4;
const firstUnitTrack = 5;

type Ended = Extract<TimelineEvent, { is: 'ended' }>;

/** Something of the run that goes on until the next of its kind. */
interface Span {
  readonly title: string;
  readonly ps: number;
  readonly args: object;
}

/**
 * Writes a timeline as trace events in JSON, for ui.perfetto.dev and chrome://tracing. Times are microseconds. Every
 * slice of a piece of work has what it counted itself, without what interrupted it, in its arguments: their sums are
 * the window's counters.
 *
 * Format: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export class PerfettoWriter {
  readonly #names: SignalNames;
  readonly #plan: SignalPlan;
  readonly #energyOf: (core: number, event: Ended) => number | undefined;
  readonly #write: (text: string) => void;
  /** By core: the track of each unit. */
  readonly #unitTracks: readonly ReadonlyMap<string, number>[];
  /** By core and queue: the events in it. */
  readonly #levels: number[][];
  #isFirst = true;
  #flows = 0;
  #sample: Span | undefined;
  #step: Span | undefined;

  /** @param energyOf the energy of what a piece of work of a core has counted, if anybody knows it */
  constructor(
    names: SignalNames,
    plan: SignalPlan,
    energyOf: (core: number, event: Ended) => number | undefined,
    write: (text: string) => void,
  ) {
    this.#names = names;
    this.#plan = plan;
    this.#energyOf = energyOf;
    this.#write = write;
    this.#levels = names.cores.map(({ queues }) => queues.map(() => 0));
    write('{"displayTimeUnit":"ns","traceEvents":[\n');
    this.#name('process_name', machineProcess, 0, `${names.program} on ${names.hwModel}`);
    this.#name('thread_name', machineProcess, stepsTrack, 'steps');
    this.#unitTracks = names.cores.map((_, core) => this.#declare(core));
  }

  /** Names the tracks of a core. */
  #declare(core: number): ReadonlyMap<string, number> {
    const { number, takes = 'events', units } = this.#names.cores[core] ?? { units: [] };
    const { groups } = this.#plan;
    const pid = processOf(core);
    const track = (tid: number, title: string) => this.#name('thread_name', pid, tid, title);
    this.#name('process_name', pid, 0, number === undefined ? 'core' : `core ${number}`);
    if (takes !== 'inputs') track(kernelsTrack, 'kernels');
    if (groups.has('fifo') && takes !== 'packets') track(fifoTrack, takes === 'events' ? 'FIFO' : 'queues');
    if (groups.has('fifo') && takes === 'packets') track(packetsTrack, 'packets');
    if (groups.has('spikes')) track(spikesTrack, 'spikes');
    const all = [...new Set(units.flatMap((unit) => Object.keys(unit)))];
    const tracks = all.map((unit, index) => [unit, firstUnitTrack + index] as const);
    if (groups.has('units')) for (const [unit, tid] of tracks) track(tid, unit);
    return new Map(tracks);
  }

  readonly take: TimelineSink = (event: TimelineEvent): void => {
    const { ps } = event;
    switch (event.is) {
      case 'sample': {
        const { sample, label, learn } = event;
        this.#endSample(ps);
        this.#sample = { title: `sample ${sample}`, ps, args: { label, learn } };
        return;
      }
      case 'step':
        this.#endStep(ps);
        this.#step = { title: `${event.name ?? 'step'} ${event.step}`, ps, args: { step: event.step } };
        return;
      case 'waiting':
        (this.#levels[event.core] ?? [])[event.queue] = event.events;
        return;
      case 'queued':
        this.#queued(event);
        return;
      case 'ended':
        this.#ended(event);
        return;
      case 'pushed':
        this.#levelChanged(event.core, 0, 1, ps);
        return;
      case 'popped':
        if (this.#plan.groups.has('fifo'))
          this.#slice(processOf(event.core), fifoTrack, this.#spikeOf(event), event.beganPs, ps, {});
        this.#levelChanged(event.core, 0, -1, ps);
        return;
      case 'dropped':
        if (this.#plan.groups.has('fifo'))
          this.#instant(processOf(event.core), fifoTrack, `dropped ${this.#spikeOf(event)}`, ps);
        return;
      case 'spike':
        if (this.#plan.groups.has('spikes'))
          this.#instant(processOf(event.core), spikesTrack, this.#spikeOf(event), ps);
        return;
      case 'values': {
        const of = this.#plan.items[event.place];
        if (of === undefined) return;
        const values = [...event.values].map((value, item) => [of.first + item, value]);
        this.#counter(of.name, machineProcess, ps, Object.fromEntries(values));
        return;
      }
      case 'energy':
        this.#counter('energy, pJ', machineProcess, ps, event.byUnit);
        return;
      case 'packets':
        if (this.#plan.groups.has('fifo')) this.#packets(event);
        return;
      case 'barrier':
        this.#instant(machineProcess, stepsTrack, `barrier, set by ${event.setBy}`, ps, 'g');
        return;
      case 'end':
        this.#endSample(ps);
        this.#write('\n]}\n');
        return;
      case 'began':
      case 'accessed':
        return;
    }
  };

  #ended(event: Ended): void {
    const { core, work, neuron, beganPs, ownPs, count, ps } = event;
    const { work: names = [], banks = [], units = [] } = this.#names.cores[core] ?? {};
    const { groups } = this.#plan;
    const [pid, title] = [processOf(core), names[work] ?? ''];
    const byBank = (words: readonly number[]) =>
      Object.fromEntries(words.flatMap((each, bank) => (each === 0 ? [] : [[banks[bank] ?? '', each]])));
    const { reads, writes, ...own } = count;
    if (groups.has('kernels'))
      this.#slice(pid, kernelsTrack, title, beganPs, ps, {
        ...(neuron >= 0 && { neuron }),
        ownNs: ownPs / 1000,
        ...own,
        reads: byBank(reads),
        writes: byBank(writes),
        energyPj: this.#energyOf(core, event),
      });
    if (!groups.has('units') || count.tiles === 0) return;
    for (const [unit, share] of Object.entries(units[work] ?? {})) {
      const tid = this.#unitTracks[core]?.get(unit);
      if (tid !== undefined && share > 0) this.#slice(pid, tid, title, beganPs, ps, { busy: share });
    }
  }

  #packets({ from, to, packets, ps, arrivedPs }: Extract<TimelineEvent, { is: 'packets' }>): void {
    const [source, destination] = [from, to].map((core) => this.#names.cores[core]?.number);
    const [pidFrom, pidTo] = [processOf(from), processOf(to)];
    this.#slice(pidFrom, packetsTrack, `to core ${destination}`, ps, arrivedPs, { packets });
    this.#slice(pidTo, packetsTrack, `from core ${source}`, arrivedPs, arrivedPs, { packets });
    const flow = { cat: 'packets', name: 'packets', id: this.#flows++, tid: packetsTrack };
    this.#put({ ...flow, ph: 's', pid: pidFrom, ts: microseconds(ps) });
    this.#put({ ...flow, ph: 'f', bp: 'e', pid: pidTo, ts: microseconds(arrivedPs) });
  }

  #spikeOf({ population, neuron }: { readonly population: number; readonly neuron: number }): string {
    return `${this.#names.populations[population]} ${neuron}`;
  }

  #queued({ core, queue, change, ps }: Extract<TimelineEvent, { is: 'queued' }>): void {
    if (change !== 0) this.#levelChanged(core, queue, change, ps);
    else if (this.#plan.groups.has('fifo'))
      this.#instant(processOf(core), fifoTrack, `dropped from ${this.#names.cores[core]?.queues[queue]}`, ps);
  }

  #levelChanged(core: number, queue: number, by: number, ps: number): void {
    const { takes, queues = [] } = this.#names.cores[core] ?? {};
    const levels = this.#levels[core] ?? [];
    const events = (levels[queue] ?? 0) + by;
    levels[queue] = events;
    if (!this.#plan.groups.has('fifo')) return;
    this.#counter(takes === 'inputs' ? (queues[queue] ?? '') : 'FIFO', processOf(core), ps, { events });
  }

  #endStep(ps: number): void {
    this.#endSpan(this.#step, ps);
    this.#step = undefined;
  }

  #endSample(ps: number): void {
    this.#endStep(ps);
    this.#endSpan(this.#sample, ps);
    this.#sample = undefined;
  }

  #endSpan(span: Span | undefined, ps: number): void {
    if (span !== undefined) this.#slice(machineProcess, stepsTrack, span.title, span.ps, ps, span.args);
  }

  #name(kind: 'process_name' | 'thread_name', pid: number, tid: number, text: string): void {
    this.#put({ ph: 'M', name: kind, pid, tid, args: { name: text } });
  }

  #slice(pid: number, tid: number, name: string, from: number, to: number, args: object): void {
    this.#put({ ph: 'X', name, pid, tid, ts: microseconds(from), dur: microseconds(to - from), args });
  }

  /** @param s `t` of a track, `g` of all */
  #instant(pid: number, tid: number, name: string, ps: number, s: 't' | 'g' = 't'): void {
    this.#put({ ph: 'i', s, name, pid, tid, ts: microseconds(ps) });
  }

  #counter(name: string, pid: number, ps: number, args: object): void {
    this.#put({ ph: 'C', name, pid, ts: microseconds(ps), args });
  }

  #put(event: Readonly<Record<string, unknown>>): void {
    this.#write(`${this.#isFirst ? '' : ',\n'}${JSON.stringify(event)}`);
    this.#isFirst = false;
  }
}

function processOf(core: number | undefined): number {
  return core === undefined ? machineProcess : 2 + core;
}

function microseconds(ps: number): number {
  return ps / 1e6;
}
