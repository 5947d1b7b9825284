import { ReferenceCore } from '../engine/index.ts';
import type { Cell } from '../experiment/index.ts';
import {
  type Counters,
  countsSince,
  type Image,
  loadedField,
  noCounts,
  price,
  storesOf,
} from '../image/index.ts';
import type { Machine, MachineWatch } from '../machine/index.ts';
import { hasEnergies } from '../report/index.ts';
import { at, command, PlasticoreError } from '../text/index.ts';
import { CoreTrack } from './core-track.ts';
import type { SignalNames, TimelineEvent, TimelineSink } from './estimate.ts';
import type { SignalPlan } from './plan.ts';
import type { WindowSubject } from './replay.ts';

/**
 * The names of the machine that runs a cell.
 *
 * @throws PlasticoreError `usage` for a chip whose controller is code, which tells nobody what it does
 */
export function namesOf({ name, image, chip }: Pick<Cell, 'name' | 'image' | 'chip'>): SignalNames {
  const { controller, controllerData } = image.core;
  if ((chip === undefined) !== (controllerData === undefined) || (controllerData === undefined && controller))
    throw new PlasticoreError(
      'usage',
      `a controller runs '${name}', and knows when what happens: a trace is of time steps, or of a controller as data`,
      { hint: `${command('verify')} replays the recordings of chips, in formats of their own` },
    );
  const { chip: network } = image;
  const isSupplied = (population: number): boolean => network !== undefined && population === image.input;
  return {
    program: image.program,
    hwModel: image.core.hwModel,
    clockMhz: image.costs.clockMhz,
    populations: image.populations.map(({ name }) => name),
    cores: image.cores.map(({ number, image: own, populations }) => ({
      number: network && number,
      ...(controllerData !== undefined
        ? { takes: 'inputs' as const, queues: Object.keys(controllerData.queues ?? {}) }
        : network === undefined
          ? { takes: 'events' as const, queues: ['fifo'] }
          : { takes: 'packets' as const, queues: [] }),
      work: own.work,
      banks: own.banks.map(({ name }) => name),
      units: own.costs.work.map(({ utilisation }) => utilisation),
      populations: [
        ...new Set(
          populations.flatMap(({ population, isCopy }) =>
            isCopy || isSupplied(population) ? [] : [population],
          ),
        ),
      ],
    })),
  };
}

/** The energy of what a piece of work has counted, as `price` has it; undefined where nobody knows it. */
export function energyOfWork(
  { cores }: Image,
  core: number,
  { work, count }: Extract<TimelineEvent, { is: 'ended' }>,
): number | undefined {
  const { image } = at(cores, core);
  const counts = noCounts(image);
  const counters: Counters = {
    ...counts,
    work: counts.work.map((none, index) => (index === work ? count : none)),
  };
  return hasEnergies(image.costs) ? price(counters, image.costs).energyPj.byWork[work] : undefined;
}

/**
 * Tells in the order of time what a machine does on the reference engine. Cores work side by side: what they do in a
 * step is put in order when it has ended.
 */
export class Tracer implements WindowSubject {
  /** The options with which the machine is created. */
  readonly watch: MachineWatch;
  readonly #plan: SignalPlan;
  readonly #sink: TimelineSink;
  readonly #input: number;
  /** Whether spikes from outside reach the cores as packets, so that no core emits them. */
  readonly #isInputOutside: boolean;
  readonly #tracks: readonly CoreTrack[];
  #events: TimelineEvent[] = [];
  #followed: { readonly machine: Machine; readonly looks: Looks; inputs: number } | undefined;
  #beganPs = 0;

  constructor(image: Image, plan: SignalPlan, sink: TimelineSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#input = image.input;
    this.#isInputOutside = image.chip !== undefined;
    const tell = (event: TimelineEvent): void => {
      this.#events.push(event);
    };
    const told = {
      // Accesses of a core so far are finished before they are written.
      sink: (event: TimelineEvent) =>
        tell('reads' in event ? { ...event, reads: [...event.reads], writes: [...event.writes] } : event),
      tiles: plan.groups.has('banks'),
    };
    this.#tracks = image.cores.map(
      ({ populations, work: wholes }, core) =>
        new CoreTrack({
          ...told,
          core,
          populations,
          ended: (work, neuron, ps) => this.#ended(wholes[work], neuron, ps),
        }),
    );
    this.watch = { core: (index) => at(this.#tracks, index).options, network: this.#packets(tell) };
  }

  /** Begins to tell, from the machine's present state on. */
  start(machine: Machine): void {
    const looks = new Looks(machine, this.#plan, (event) => this.#events.push(event));
    this.#followed = { machine, looks, inputs: this.#inputsOf(machine) };
    looks.after(undefined, 0);
    for (const [index, core] of machine.cores.entries())
      if (core instanceof ReferenceCore) at(this.#tracks, index).start(core);
  }

  sample(sample: number, label: number, learn: boolean, waiting: number): void {
    this.#events.push({ is: 'sample', ps: this.#ps, sample, label, learn });
    for (const core of this.#tracks.keys())
      this.#events.push({ is: 'waiting', ps: this.#ps, core, queue: 0, events: waiting });
  }

  step(step: number): void {
    this.#beganPs = this.#ps;
    this.#events.push({ is: 'step', ps: this.#beganPs, step });
  }

  stepDone(): void {
    const followed = this.#followed;
    if (followed === undefined) return;
    const { machine, looks, inputs } = followed;
    if (this.#isInputOutside) {
      const now = this.#inputsOf(machine);
      const received = now > inputs ? machine.spikesOf(this.#input) : [];
      followed.inputs = now;
      for (const neuron of received)
        this.#events.push({
          is: 'spike',
          ps: this.#beganPs,
          core: undefined,
          population: this.#input,
          neuron,
        });
    }
    looks.after(undefined, this.#ps);
    looks.energy(this.#ps);
    for (const event of this.#events.sort((a, b) => a.ps - b.ps)) this.#sink(event);
    this.#events = [];
  }

  end(): void {
    this.#sink({ is: 'end', ps: this.#ps });
  }

  /** Between steps, all cores stand at one moment. */
  get #ps(): number {
    return at(this.#tracks, 0).ps;
  }

  #inputsOf(machine: Machine): number {
    return this.#isInputOutside ? at(machine.counters().spikes, this.#input) : 0;
  }

  #ended(work: number | undefined, neuron: number, ps: number): void {
    this.#followed?.looks.after(work, ps);
    // Rows of single spikes are too many to price each.
    if (neuron < 0) this.#followed?.looks.energy(ps);
  }

  /** Tells of packets when the phase in which they travel has ended. */
  #packets(tell: TimelineSink): NonNullable<MachineWatch['network']> {
    const sent = new Map<string, { from: number; to: number; packets: number; ps: number }>();
    return {
      sent: (from, to, packets) => {
        const known = sent.get(`${from} ${to}`);
        if (known === undefined)
          sent.set(`${from} ${to}`, { from, to, packets, ps: at(this.#tracks, from).ps });
        else known.packets += packets;
      },
      phase: (timePs, setBy) => {
        for (const { ps, ...packets } of sent.values())
          tell({ is: 'packets', ps: Math.min(ps, timePs), arrivedPs: timePs, ...packets });
        sent.clear();
        tell({ is: 'barrier', ps: timePs, setBy });
        for (const track of this.#tracks) track.moveTo(timePs);
      },
    };
  }
}

/** Looks at a machine from time to time: the items of fields that a plan chooses, and the energy spent so far. */
export class Looks {
  readonly #core: Pick<Machine, 'image' | 'read' | 'counters'>;
  readonly #plan: SignalPlan;
  readonly #sink: TimelineSink;
  readonly #before: Counters;
  readonly #last: (Float64Array | undefined)[] = [];
  /** By kernel: the layouts that it writes. Other pieces of work may write any. */
  readonly #stored: readonly ReadonlySet<number>[];
  /** By place in the plan: the layout that holds the field. */
  readonly #layouts: readonly (number | undefined)[];

  constructor(core: Pick<Machine, 'image' | 'read' | 'counters'>, plan: SignalPlan, sink: TimelineSink) {
    const { image } = core;
    this.#core = core;
    this.#plan = plan;
    this.#sink = sink;
    this.#before = core.counters();
    this.#stored = image.kernels.map(
      (kernel) => new Set(storesOf(kernel, image).map(({ layout }) => layout)),
    );
    this.#layouts = plan.items.map(({ field }) => loadedField(image.fields, field).layout);
  }

  /** Tells what a piece of work has changed, or anything if it is not known what has run. */
  after(work: number | undefined, ps: number): void {
    const stored = work === undefined ? undefined : this.#stored[work];
    for (const [place, { field, first, end }] of this.#plan.items.entries()) {
      if (stored !== undefined && !stored.has(this.#layouts[place] ?? -1)) continue;
      const values = this.#core.read(field).slice(first, end);
      const last = this.#last[place];
      if (last?.every((value, item) => value === values[item])) continue;
      this.#last[place] = values;
      this.#sink({ is: 'values', ps, place, values });
    }
  }

  energy(ps: number): void {
    if (!this.#plan.groups.has('energy')) return;
    const { energyPj } = price(countsSince(this.#before, this.#core.counters()), this.#core.image.costs);
    this.#sink({ is: 'energy', ps, byUnit: energyPj.byUnit, totalPj: energyPj.total });
  }
}
