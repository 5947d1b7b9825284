import type { Compiled, SystemImage } from '../compiler/index.ts';
import { System } from '../cores/index.ts';
import { at, type Checkpoint, type Core, ReferenceCore } from '../engine/index.ts';
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
import { PlasticoreError } from '../text/index.ts';
import { CoreTrack } from './core-track.ts';
import type { SignalPlan } from './plan.ts';
import type { Watched } from './replay.ts';
import type { Machine, TimelineEvent, TimelineSink } from './timeline.ts';

/**
 * The names of the machine that runs a cell.
 *
 * @throws PlasticoreError `usage` for a chip with a host of its own, whose time is not that of its counts
 */
export function machineOf({
  name,
  image,
  system,
  chip,
}: Pick<Cell, 'name' | 'image' | 'system' | 'chip'>): Machine {
  if (chip !== undefined || image.core.controller !== undefined)
    throw new PlasticoreError(
      'usage',
      `a controller runs '${name}', and knows when what happens: a trace is of samples in time steps`,
      { hint: 'plasticore verify replays the recordings of chips, in formats of their own' },
    );
  const { costs } = image;
  const unitsOf = (work: Cell['image']['costs']['work']) => work.map(({ utilisation }) => utilisation);
  const single = {
    number: 0,
    work: image.work,
    banks: image.banks.map(({ name }) => name),
    units: unitsOf(costs.work),
    populations: image.populations.map((_, population) => population),
  };
  return {
    program: image.program,
    hwModel: image.core.hwModel,
    clockMhz: costs.clockMhz,
    populations: image.populations.map(({ name }) => name),
    isMany: system !== undefined,
    cores:
      system === undefined
        ? [single]
        : system.cores.map(({ number, image: own, populations }) => ({
            number,
            work: own.work,
            banks: own.banks.map(({ name }) => name),
            units: unitsOf(own.costs.work),
            populations: [
              ...new Set(
                populations.flatMap(({ population, isCopy }) =>
                  isCopy || population === image.input ? [] : [population],
                ),
              ),
            ],
          })),
  };
}

/** The energy of what a piece of work has counted, as `price` has it. */
export function energyOfWork(
  { image, system }: Compiled,
  core: number,
  { work, count }: Extract<TimelineEvent, { is: 'ended' }>,
): number {
  const own = system === undefined ? image : at(system.cores, core).image;
  const counts = noCounts(own);
  const counters: Counters = {
    ...counts,
    work: counts.work.map((none, index) => (index === work ? count : none)),
  };
  return price(counters, own.costs).energyPj.byWork[work] ?? 0;
}

/** Runs a machine, and tells when samples and steps begin. */
export type Drive<Result> = (core: Core, watched: Watched) => Promise<Result>;

/**
 * Runs a machine on the reference engine, from a checkpoint on, and tells what happens in the order of time.
 *
 * @returns what `drive` returns
 */
export function traceMachine<Result>(
  compiled: Compiled,
  plan: SignalPlan,
  checkpoint: Checkpoint,
  sink: TimelineSink,
  drive: Drive<Result>,
): Promise<Result> {
  const { image, system } = compiled;
  return system === undefined
    ? traceCore(image, plan, checkpoint, sink, drive)
    : traceSystem(system, plan, checkpoint, sink, drive);
}

async function traceCore<Result>(
  image: Image,
  plan: SignalPlan,
  checkpoint: Checkpoint,
  sink: TimelineSink,
  drive: Drive<Result>,
): Promise<Result> {
  const track = new CoreTrack({
    sink,
    core: 0,
    populations: image.populations.map((_, population) => ({ population, first: 0 })),
    tiles: plan.groups.has('banks'),
    ended: (work, neuron, ps) => {
      looks.after(work, ps);
      // Rows of single spikes are too many to price each.
      if (neuron < 0) looks.energy(ps);
    },
  });
  const core = new ReferenceCore(image, track.options);
  core.resume(checkpoint);
  const looks = new Looks(core, plan, sink);
  looks.after(undefined, 0);
  track.start(core);
  const result = await drive(core, {
    sample: (sample, label, learn, waiting) =>
      sink({ is: 'sample', ps: track.ps, sample, label, learn, waiting }),
    step: (step) => sink({ is: 'step', ps: track.ps, step }),
    stepDone: () => {
      looks.after(undefined, track.ps);
      looks.energy(track.ps);
    },
  });
  sink({ is: 'end', ps: track.ps });
  return result;
}

/** Cores work side by side: what they do in a step is put in the order of time when it has ended. */
async function traceSystem<Result>(
  system: SystemImage,
  plan: SignalPlan,
  checkpoint: Checkpoint,
  sink: TimelineSink,
  drive: Drive<Result>,
): Promise<Result> {
  const image = system.whole;
  let events: TimelineEvent[] = [];
  const keep: TimelineSink = (event) => events.push(event);
  const tracks = system.cores.map(
    ({ populations, number }, core) =>
      new CoreTrack(
        {
          // What a core has accessed so far goes on before it is written.
          sink: (event) =>
            keep('reads' in event ? { ...event, reads: [...event.reads], writes: [...event.writes] } : event),
          core,
          populations,
          tiles: plan.groups.has('banks'),
        },
        number,
      ),
  );
  let sent = new Map<
    string,
    { readonly from: number; readonly to: number; packets: number; readonly ps: number }
  >();
  let nowPs = 0;
  const machine = new System(system, {
    engine: 'reference',
    watch: {
      core: (index) => at(tracks, index).options,
      sent(from, to, packets) {
        const known = sent.get(`${from} ${to}`);
        if (known === undefined) sent.set(`${from} ${to}`, { from, to, packets, ps: at(tracks, from).ps });
        else known.packets += packets;
      },
      phase(timePs, setBy) {
        for (const { ps, ...packets } of sent.values())
          keep({ is: 'packets', ps: Math.min(ps, timePs), arrivedPs: timePs, ...packets });
        sent = new Map();
        nowPs = timePs;
        keep({ is: 'barrier', ps: timePs, setBy });
        for (const track of tracks) track.moveTo(timePs);
      },
    },
  });
  machine.resume(checkpoint);
  const looks = new Looks(machine, plan, keep);
  looks.after(undefined, 0);
  for (const [index, core] of machine.cores.entries())
    if (core instanceof ReferenceCore) at(tracks, index).start(core);
  let inputs = machine.counters().spikes[image.input] ?? 0;
  let beganPs = 0;
  const result = await drive(machine, {
    sample: (sample, label, learn) => keep({ is: 'sample', ps: nowPs, sample, label, learn, waiting: 0 }),
    step: (step) => {
      beganPs = nowPs;
      keep({ is: 'step', ps: nowPs, step });
    },
    stepDone: () => {
      const now = machine.counters().spikes[image.input] ?? 0;
      if (now > inputs)
        for (const neuron of machine.spikesOf(image.input))
          keep({ is: 'spike', ps: beganPs, core: undefined, population: image.input, neuron });
      inputs = now;
      looks.after(undefined, nowPs);
      looks.energy(nowPs);
      for (const event of events.sort((a, b) => a.ps - b.ps)) sink(event);
      events = [];
    },
  });
  sink({ is: 'end', ps: nowPs });
  return result;
}

/** Looks at a machine from time to time: the items of fields that a plan chooses, and the energy spent so far. */
class Looks {
  readonly #core: Core;
  readonly #plan: SignalPlan;
  readonly #sink: TimelineSink;
  readonly #before: Counters;
  readonly #last: (Float64Array | undefined)[] = [];
  /** By kernel: the layouts that it writes. Other pieces of work may write any. */
  readonly #stored: readonly ReadonlySet<number>[];
  /** By place in the plan: the layout that holds the field. */
  readonly #layouts: readonly (number | undefined)[];

  constructor(core: Core, plan: SignalPlan, sink: TimelineSink) {
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
