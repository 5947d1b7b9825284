import type { SignalPlan } from './plan.ts';
import type { Accesses, Machine, MachineCore, TimelineEvent, TimelineSink } from './timeline.ts';

/** Identifiers are made of the printable characters (IEEE 1364-2005, 18.2.1). */
const firstCode = 33;
const codes = 94;

/** Units of time that a file may have, with their picoseconds. */
const timescales = [
  ['1 ns', 1000],
  ['1 ps', 1],
  ['1 fs', 0.001],
] as const;

/** The signals of a core. */
interface CoreSignals {
  readonly work: readonly string[];
  readonly router: string;
  readonly level: string;
  readonly pushes: string;
  readonly pops: string;
  readonly drops: string;
  /** By population of the program. */
  readonly neurons: ReadonlyMap<number, string>;
  readonly spikes: ReadonlyMap<number, string>;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly sent: string;
  readonly received: string;
}

/** What is kept of a core, to write what changes. */
interface CoreCounts {
  level: number;
  pushes: number;
  pops: number;
  drops: number;
  sent: number;
  received: number;
  readonly spikes: Map<number, number>;
  readonly reads: number[];
  readonly writes: number[];
  /** Pieces of work that are under way; the last one runs. */
  readonly running: number[];
}

/**
 * Writes a timeline as value change dump (IEEE 1364-2005, clause 18), for GTKWave and Surfer. A signal of a piece of work
 * is 1 while it runs, z while it waits for what has interrupted it. Counts go on from the beginning of the window, so
 * that the last value of each is the window's sum.
 *
 * @param first step of the window, which the comment names
 */
export function vcdSink(
  machine: Machine,
  { groups, items }: SignalPlan,
  write: (text: string) => void,
): TimelineSink {
  const [timescale, unitPs] = timescaleOf(machine.clockMhz);
  let signals = 0;
  const header: string[] = [];
  const declare = (type: string, bits: number, name: string): string => {
    const id = identifier(signals++);
    header.push(`$var ${type} ${bits} ${id} ${name} $end`);
    return id;
  };
  const scope = <T>(name: string, inside: () => T): T => {
    header.push(`$scope module ${name} $end`);
    const result = inside();
    header.push('$upscope $end');
    return result;
  };
  const none = '';
  const run = scope(word(machine.program), () => {
    const sample = declare('integer', 32, 'sample');
    const label = declare('integer', 32, 'label');
    const learn = declare('wire', 1, 'learn');
    const step = declare('integer', 32, 'step');
    const energy = groups.has('energy') ? declare('real', 64, 'energy_pJ') : none;
    // What the host supplies belongs to no core of many.
    const ofHost =
      groups.has('spikes') && machine.isMany ? spikeSignals(machine, hostPopulations(machine)) : undefined;
    const cores = machine.cores.map((core) =>
      machine.isMany ? scope(`core_${core.number}`, () => declareCore(core)) : declareCore(core),
    );
    const values = items.map(({ name, first, end }) =>
      Array.from({ length: end - first }, (_, item) => declare('real', 64, `${word(name)}_${first + item}`)),
    );
    return { sample, label, learn, step, energy, ofHost, cores, values };
  });

  function spikeSignals({ populations }: Machine, own: readonly number[]) {
    const names = own.map((population) => [population, word(populations[population] ?? '')] as const);
    return {
      neurons: new Map(
        names.map(([population, name]) => [population, declare('integer', 32, `${name}_neuron`)]),
      ),
      spikes: new Map(
        names.map(([population, name]) => [population, declare('integer', 64, `${name}_spikes`)]),
      ),
    };
  }

  function declareCore(core: MachineCore): CoreSignals {
    const [kernels, fifo, banks] = [groups.has('kernels'), groups.has('fifo'), groups.has('banks')];
    const isSingle = !machine.isMany;
    const counter = (name: string, isShown: boolean): string =>
      isShown ? declare('integer', 64, name) : none;
    const words = distinct(core.work.map(word));
    return {
      work: words.map((name) => (kernels ? declare('wire', 1, name) : none)),
      router: kernels && isSingle ? declare('wire', 1, 'fifo_pop') : none,
      level: fifo && isSingle ? declare('integer', 32, 'fifo_level') : none,
      pushes: counter('fifo_pushes', fifo && isSingle),
      pops: counter('fifo_pops', fifo && isSingle),
      drops: counter('fifo_drops', fifo && isSingle),
      sent: counter('packets_sent', fifo && machine.isMany),
      received: counter('packets_received', fifo && machine.isMany),
      ...(groups.has('spikes')
        ? spikeSignals(machine, core.populations)
        : { neurons: new Map(), spikes: new Map() }),
      reads: core.banks.map((bank) => counter(`${word(bank)}_reads`, banks)),
      writes: core.banks.map((bank) => counter(`${word(bank)}_writes`, banks)),
    };
  }

  write(
    [
      `$comment ${machine.program} on ${machine.hwModel}, ${machine.clockMhz} MHz: a cycle is ${1e6 / machine.clockMhz} ps $end`,
      `$timescale ${timescale} $end`,
      ...header,
      '$enddefinitions $end',
      '',
    ].join('\n'),
  );

  let now = -1;
  const at = (ps: number): void => {
    const time = Math.round(ps / unitPs);
    if (time <= now) return;
    now = time;
    write(`#${time}\n`);
  };
  const bit = (id: string, value: '0' | '1' | 'z'): void => {
    if (id !== none) write(`${value}${id}\n`);
  };
  const number = (id: string | undefined, value: number): void => {
    if (id !== undefined && id !== none) write(`b${value.toString(2)} ${id}\n`);
  };
  const real = (id: string | undefined, value: number): void => {
    if (id !== undefined && id !== none) write(`r${value} ${id}\n`);
  };

  const counts = machine.cores.map(({ banks }): CoreCounts => {
    const zeros = banks.map(() => 0);
    const once = { level: 0, pushes: 0, pops: 0, drops: 0, sent: 0, received: 0 };
    return { ...once, spikes: new Map(), reads: [...zeros], writes: [...zeros], running: [] };
  });
  const hostSpikes = new Map<number, number>();
  const last: number[][] = items.map(() => []);

  /** Every signal has a value from the beginning. */
  function begin(): void {
    at(0);
    write('$dumpvars\n');
    for (const id of [run.sample, run.label, run.step]) number(id, 0);
    bit(run.learn, '0');
    real(run.energy, 0);
    for (const id of [...(run.ofHost?.neurons.values() ?? []), ...(run.ofHost?.spikes.values() ?? [])])
      number(id, 0);
    for (const core of run.cores) {
      for (const id of [...core.work, core.router]) bit(id, '0');
      const { level, pushes, pops, drops, sent, received, neurons, spikes, reads, writes } = core;
      for (const id of [level, pushes, pops, drops, sent, received]) number(id, 0);
      for (const id of [...neurons.values(), ...spikes.values(), ...reads, ...writes]) number(id, 0);
    }
    for (const ids of run.values) for (const id of ids) real(id, 0);
    write('$end\n');
  }

  function accessed(core: number, { reads, writes }: Accesses): void {
    const [ids, kept] = [run.cores[core], counts[core]];
    if (ids === undefined || kept === undefined || !groups.has('banks')) return;
    for (const [bank, words] of reads.entries()) {
      if (words !== kept.reads[bank]) number(ids.reads[bank], words);
      kept.reads[bank] = words;
    }
    for (const [bank, words] of writes.entries()) {
      if (words !== kept.writes[bank]) number(ids.writes[bank], words);
      kept.writes[bank] = words;
    }
  }

  /** What runs now: what has begun, or what waited for it. */
  function turn(core: number, change: (running: number[]) => void): void {
    const [ids, kept] = [run.cores[core], counts[core]];
    if (ids === undefined || kept === undefined) return;
    const before = kept.running.at(-1);
    change(kept.running);
    const after = kept.running.at(-1);
    if (before === after) return;
    if (before !== undefined) bit(ids.work[before] ?? none, kept.running.includes(before) ? 'z' : '0');
    if (after !== undefined) bit(ids.work[after] ?? none, '1');
  }

  function spike(core: number | undefined, population: number, neuron: number): void {
    const of = core === undefined ? hostSpikes : counts[core]?.spikes;
    const ids = core === undefined ? run.ofHost : run.cores[core];
    const spikes = (of?.get(population) ?? 0) + 1;
    of?.set(population, spikes);
    number(ids?.neurons.get(population), neuron);
    number(ids?.spikes.get(population), spikes);
  }

  begin();
  return (event: TimelineEvent): void => {
    if (event.is === 'popped') {
      // The router is busy while it takes an event; what has stalled waits.
      const [ids, kept] = [run.cores[event.core], counts[event.core]];
      if (ids === undefined || kept === undefined) return;
      const stalled = ids.work[kept.running.at(-1) ?? -1] ?? none;
      if (event.ps > event.beganPs) {
        at(event.beganPs);
        bit(stalled, 'z');
        bit(ids.router, '1');
      }
      at(event.ps);
      if (event.ps > event.beganPs) {
        bit(ids.router, '0');
        bit(stalled, '1');
      }
      number(ids.level, --kept.level);
      number(ids.pops, ++kept.pops);
      return;
    }
    at(event.ps);
    switch (event.is) {
      case 'sample': {
        number(run.sample, event.sample);
        number(run.label, event.label);
        bit(run.learn, event.learn ? '1' : '0');
        const [ids, kept] = [run.cores[0], counts[0]];
        if (ids === undefined || kept === undefined || kept.level === event.waiting) return;
        kept.level = event.waiting;
        number(ids.level, event.waiting);
        return;
      }
      case 'step':
        number(run.step, event.step);
        return;
      case 'began':
        turn(event.core, (running) => running.push(event.work));
        return;
      case 'accessed':
        accessed(event.core, event);
        return;
      case 'ended':
        accessed(event.core, event);
        turn(event.core, (running) => running.pop());
        return;
      case 'pushed': {
        const [ids, kept] = [run.cores[event.core], counts[event.core]];
        if (ids === undefined || kept === undefined) return;
        number(ids.level, ++kept.level);
        number(ids.pushes, ++kept.pushes);
        return;
      }
      case 'dropped': {
        const [ids, kept] = [run.cores[event.core], counts[event.core]];
        if (ids !== undefined && kept !== undefined) number(ids.drops, ++kept.drops);
        return;
      }
      case 'spike':
        if (groups.has('spikes')) spike(event.core, event.population, event.neuron);
        return;
      case 'values':
        for (const [item, value] of event.values.entries()) {
          const of = last[event.place];
          if (of === undefined || of[item] === value) continue;
          of[item] = value;
          real(run.values[event.place]?.[item], value);
        }
        return;
      case 'energy':
        real(run.energy, event.totalPj);
        return;
      case 'packets': {
        const [from, to] = [counts[event.from], counts[event.to]];
        if (from === undefined || to === undefined) return;
        from.sent += event.packets;
        to.received += event.packets;
        number(run.cores[event.from]?.sent, from.sent);
        number(run.cores[event.to]?.received, to.received);
        return;
      }
      case 'barrier':
      case 'end':
        return;
    }
  };
}

/** The coarsest unit in which a cycle is a whole number; else the finest. */
function timescaleOf(clockMhz: number): readonly [string, number] {
  const cyclePs = 1e6 / clockMhz;
  return timescales.find(([, ps]) => Number.isInteger(cyclePs / ps)) ?? ['1 fs', 0.001];
}

function identifier(index: number): string {
  const code = String.fromCharCode(firstCode + (index % codes));
  return index < codes ? code : identifier(Math.floor(index / codes) - 1) + code;
}

/** Brackets and parentheses mean bits to viewers. */
function word(name: string): string {
  return name.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '') || 'unnamed';
}

function distinct(names: readonly string[]): string[] {
  return names.map((name, index) => (names.indexOf(name) < index ? `${name}_${index}` : name));
}

/** Populations whose spikes no core emits: those of the host. */
function hostPopulations({ populations, cores }: Machine): number[] {
  const emitted = new Set(cores.flatMap((core) => core.populations));
  return populations.flatMap((_, population) => (emitted.has(population) ? [] : [population]));
}
