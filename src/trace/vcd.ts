import type { Accesses, CoreNames, SignalNames, TimelineEvent, TimelineSink } from './estimate.ts';
import type { SignalPlan } from './plan.ts';
import { type Level, type Signal, signalName, VcdFile } from './vcd-file.ts';

/**
 * Writes a timeline as value change dump, for GTKWave and Surfer. A signal of a piece of work is 1 while it runs, z
 * while it waits for what has interrupted it. Counts go on from the beginning of the window, so that the last value of
 * each is the window's sum.
 */
export class VcdWriter {
  readonly #file: VcdFile;
  readonly #run: Readonly<Record<'sample' | 'label' | 'step', Signal<number>>>;
  readonly #learn: Signal<Level>;
  readonly #energy: Signal<number> | undefined;
  /** Spikes of populations that no core emits: the host supplies them. */
  readonly #host: VcdSpikes;
  readonly #cores: readonly VcdCore[];
  /** By place in the plan, then by item. */
  readonly #values: readonly (readonly Count[])[];

  constructor(names: SignalNames, { groups, items }: SignalPlan, write: (text: string) => void) {
    const { program, hwModel, clockMhz, populations, cores } = names;
    const file = new VcdFile(
      `${program} on ${hwModel}, ${clockMhz} MHz: a cycle is ${1e6 / clockMhz} ps`,
      clockMhz,
      write,
    );
    const emitted = new Set(cores.flatMap((core) => core.populations));
    const ofHost = [...populations.keys()].filter((population) => !emitted.has(population));
    this.#file = file;
    const run = file.scope(program, () => {
      const sample = file.integer('sample', 32);
      const label = file.integer('label', 32);
      const learn = file.wire('learn');
      const step = file.integer('step', 32);
      return {
        own: { sample, label, step },
        learn,
        energy: groups.has('energy') ? file.real('energy_pJ') : undefined,
        host: new VcdSpikes(file, populations, groups.has('spikes') ? ofHost : []),
        cores: cores.map((core) =>
          core.number === undefined
            ? new VcdCore(file, core, populations, groups)
            : file.scope(`core_${core.number}`, () => new VcdCore(file, core, populations, groups)),
        ),
        values: items.map(({ name, first, end }) =>
          Array.from(
            { length: end - first },
            (_, item) => new Count(file.real(`${signalName(name)}_${first + item}`)),
          ),
        ),
      };
    });
    this.#run = run.own;
    this.#learn = run.learn;
    this.#energy = run.energy;
    this.#host = run.host;
    this.#cores = run.cores;
    this.#values = run.values;
    file.begin();
  }

  readonly take: TimelineSink = (event: TimelineEvent): void => {
    // While an event was popped, what has stalled waited.
    if (event.is !== 'popped') this.#file.at(event.ps);
    switch (event.is) {
      case 'sample':
        this.#run.sample.set(event.sample);
        this.#run.label.set(event.label);
        this.#learn.set(event.learn ? '1' : '0');
        return;
      case 'step':
        this.#run.step.set(event.step);
        return;
      case 'waiting':
        this.#cores[event.core]?.queues[event.queue]?.level.set(event.events);
        return;
      case 'began':
        this.#cores[event.core]?.turn((running) => running.push(event.work));
        return;
      case 'accessed':
        this.#cores[event.core]?.accessed(event);
        return;
      case 'ended':
        this.#cores[event.core]?.accessed(event);
        this.#cores[event.core]?.turn((running) => running.pop());
        return;
      case 'pushed':
        this.#cores[event.core]?.queued(0, 1);
        return;
      case 'dropped':
        this.#cores[event.core]?.queued(0, 0);
        return;
      case 'queued':
        this.#cores[event.core]?.queued(event.queue, event.change);
        return;
      case 'popped':
        this.#cores[event.core]?.popped(event.beganPs, event.ps);
        return;
      case 'spike':
        (event.core === undefined ? this.#host : this.#cores[event.core]?.spikes)?.spiked(
          event.population,
          event.neuron,
        );
        return;
      case 'values':
        for (const [item, value] of event.values.entries()) this.#values[event.place]?.[item]?.set(value);
        return;
      case 'energy':
        this.#energy?.set(event.totalPj);
        return;
      case 'packets':
        this.#cores[event.from]?.packets?.sent.add(event.packets);
        this.#cores[event.to]?.packets?.received.add(event.packets);
        return;
      case 'barrier':
      case 'end':
        return;
    }
  };
}

/** A number that is written when it changes. */
class Count {
  readonly #signal: Signal<number>;
  #value: number | undefined;

  constructor(signal: Signal<number>, value?: number) {
    this.#signal = signal;
    this.#value = value;
  }

  set(value: number): void {
    if (value !== this.#value) this.#signal.set(value);
    this.#value = value;
  }

  add(more: number): void {
    this.set((this.#value ?? 0) + more);
  }
}

/** The spikes of some populations: the last neuron of each, and their number. */
class VcdSpikes {
  /** By population. */
  readonly #neurons: ReadonlyMap<number, Signal<number>>;
  readonly #spikes: ReadonlyMap<number, Count>;

  constructor(file: VcdFile, names: readonly string[], populations: readonly number[]) {
    const own = populations.map((population) => [population, signalName(names[population] ?? '')] as const);
    this.#neurons = new Map(
      own.map(([population, name]) => [population, file.integer(`${name}_neuron`, 32)]),
    );
    this.#spikes = new Map(
      own.map(([population, name]) => [population, new Count(file.integer(`${name}_spikes`), 0)]),
    );
  }

  spiked(population: number, neuron: number): void {
    this.#neurons.get(population)?.set(neuron);
    this.#spikes.get(population)?.add(1);
  }
}

/** The signals of a core, as far as it has what they show and the plan has their group. */
class VcdCore {
  readonly queues: readonly Readonly<Record<'level' | 'pushes' | 'pops' | 'drops', Count>>[];
  readonly packets: Readonly<Record<'sent' | 'received', Count>> | undefined;
  readonly spikes: VcdSpikes;
  readonly #file: VcdFile;
  readonly #work: readonly Signal<Level>[];
  /** The router takes an event from the FIFO. */
  readonly #router: Signal<Level> | undefined;
  readonly #reads: readonly Count[];
  readonly #writes: readonly Count[];
  /** Pieces of work that are under way; the last one runs. */
  readonly #running: number[] = [];

  constructor(
    file: VcdFile,
    { work, banks, populations, takes, queues }: CoreNames,
    names: readonly string[],
    groups: SignalPlan['groups'],
  ) {
    const count = (name: string, bits?: number) => new Count(file.integer(name, bits), 0);
    this.#file = file;
    this.#work = groups.has('kernels') ? distinct(work.map(signalName)).map((name) => file.wire(name)) : [];
    this.#router = groups.has('kernels') && takes === 'events' ? file.wire('fifo_pop') : undefined;
    this.queues = (groups.has('fifo') ? distinct(queues.map(signalName)) : []).map((queue) => ({
      level: count(`${queue}_level`, 32),
      pushes: count(`${queue}_pushes`),
      pops: count(`${queue}_pops`),
      drops: count(`${queue}_drops`),
    }));
    this.packets =
      groups.has('fifo') && takes === 'packets'
        ? { sent: count('packets_sent'), received: count('packets_received') }
        : undefined;
    this.spikes = new VcdSpikes(file, names, groups.has('spikes') ? populations : []);
    const shown = groups.has('banks') ? banks.map(signalName) : [];
    this.#reads = shown.map((bank) => count(`${bank}_reads`));
    this.#writes = shown.map((bank) => count(`${bank}_writes`));
  }

  /** Words of the core in the window, by bank. */
  accessed({ reads, writes }: Accesses): void {
    for (const [bank, words] of reads.entries()) this.#reads[bank]?.set(words);
    for (const [bank, words] of writes.entries()) this.#writes[bank]?.set(words);
  }

  /** The work that runs now: the latest that has begun, or one that waited for it. */
  turn(change: (running: number[]) => void): void {
    const before = this.#running.at(-1);
    change(this.#running);
    const after = this.#running.at(-1);
    if (before === after) return;
    if (before !== undefined) this.#work[before]?.set(this.#running.includes(before) ? 'z' : '0');
    if (after !== undefined) this.#work[after]?.set('1');
  }

  /** Entries come (above 0) or go (below); one has found no room (0). */
  queued(index: number, change: number): void {
    const queue = this.queues[index];
    queue?.level.add(change);
    if (change > 0) queue?.pushes.add(change);
    else if (change < 0) queue?.pops.add(-change);
    else queue?.drops.add(1);
  }

  /** The router is busy while it takes an event; what has stalled waits. */
  popped(beganPs: number, ps: number): void {
    const stalled = this.#work[this.#running.at(-1) ?? -1];
    if (ps > beganPs) {
      this.#file.at(beganPs);
      stalled?.set('z');
      this.#router?.set('1');
    }
    this.#file.at(ps);
    if (ps > beganPs) {
      this.#router?.set('0');
      stalled?.set('1');
    }
    this.queued(0, -1);
  }
}

function distinct(names: readonly string[]): string[] {
  return names.map((name, index) => (names.indexOf(name) < index ? `${name}_${index}` : name));
}
