import type { ChipModel } from '../hardware/index.ts';
import {
  type ChipAction,
  type CoreEvent,
  drawPackets,
  factsOf,
  isLost,
  type LostPackets,
  type PlacedCore,
  type SpreadImage,
} from '../image/index.ts';
import { at, wordAt } from '../text/index.ts';
import type { StepClock } from './step-clock.ts';
import type { PopulationSpikes } from './step-spikes.ts';

/** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
export function homesOf({ populations, input, placement, cores }: SpreadImage): (Uint16Array | undefined)[] {
  return populations.map(({ name, size }, population) => {
    if (population === input) return undefined;
    const homes = new Uint16Array(size);
    for (const { first, size: count, core } of placement[name] ?? [])
      homes.fill(
        cores.findIndex(({ number }) => number === core),
        first,
        first + count,
      );
    return homes;
  });
}

/** Which spikes are lost between cores: see `src/image/lost-packets.ts`. Cores are named by index. */
export class LostSpikes {
  readonly #packets: LostPackets;
  readonly #below: number;
  /** By core: its number on the chip. */
  readonly #numbers: readonly number[];
  /** By population: the core of each neuron; undefined for the input, whose spikes the host sends. */
  readonly #homes: readonly (Uint16Array | undefined)[];
  /** How many samples and steps have begun: the machine's own state. */
  draws = 0;

  constructor(
    packets: LostPackets,
    { cores }: Pick<SpreadImage, 'cores'>,
    homes: readonly (Uint16Array | undefined)[],
  ) {
    this.#packets = packets;
    this.#below = packets.rate * 2 ** 32;
    this.#numbers = cores.map(({ number }) => number);
    this.#homes = homes;
  }

  /** A sample or a step begins. */
  draw(): void {
    this.draws = (this.draws + 1) >>> 0;
  }

  /** The hash of spikes that travel together; of those that have waited for a delay, they did so when it began. */
  drawnFor(population: number, kind: PopulationSpikes['kind']): number {
    const ago = typeof kind === 'number' ? kind : 0;
    const draws = (this.draws - ago) >>> 0;
    return drawPackets(this.#packets, draws, population, kind === 'emitted' ? 'emitted' : 'previous');
  }

  /** Whether a neuron's spike does not arrive on a core. */
  isLost(drawn: number, population: number, neuron: number, core: number): boolean {
    const homes = this.#homes[population];
    if (homes === undefined || homes[neuron] === core) return false;
    return isLost(drawn, neuron, at(this.#numbers, core), this.#below);
  }
}

/**
 * The spikes that a core needs. It does not need those of a neuron without synapses on it, if they would only visit the
 * neuron's row.
 */
export class Reach {
  /** By core and event: for each neuron that the event may name, whether it does anything; undefined if all do. */
  readonly #acts: readonly (readonly (Uint8Array | undefined)[])[];

  constructor({ cores }: SpreadImage) {
    this.#acts = cores.map((part) => part.image.events.named.map((_, event) => neuronsWithRows(part, event)));
  }

  /** Whether an event does anything for a neuron of its population. */
  takes(on: CoreEvent, neuron: number): boolean {
    if (neuron < on.first || neuron >= on.first + on.size) return false;
    const acts = this.actsOf(on);
    return acts === undefined || acts[neuron - on.first] === 1;
  }

  /** For each neuron that an event may name, 1 if it does anything; undefined if it does for all. */
  actsOf({ core, event }: CoreEvent): Uint8Array | undefined {
    return at(this.#acts, core)[event];
  }
}

/** For an event that only visits rows: which of them have synapses here. Undefined if all do, and for other events. */
function neuronsWithRows({ image }: PlacedCore, event: number): Uint8Array | undefined {
  const starts: Uint32Array[] = [];
  for (const action of at(image.events.named, event).actions) {
    const kernel = action.does === 'run' ? image.kernels[action.kernel] : undefined;
    // A sum is 0 where a row has no synapses, so that this row is visited, too.
    if (kernel?.projection === undefined || kernel.domain !== 'row' || factsOf(kernel).reduces)
      return undefined;
    starts.push(at(image.projections, kernel.projection).segments.rowStart);
  }
  const [first] = starts;
  if (first === undefined) return undefined;
  const acts = Uint8Array.from({ length: first.length - 1 }, (_, row) =>
    starts.some((start) => wordAt(start, row + 1) > wordAt(start, row)) ? 1 : 0,
  );
  return acts.every((does) => does === 1) ? undefined : acts;
}

interface Ways {
  readonly system: SpreadImage;
  readonly clock: StepClock | undefined;
  /** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
  readonly homes: readonly (Uint16Array | undefined)[];
  /** Undefined where no packet is lost. */
  readonly lost: LostSpikes | undefined;
}

/** Where spikes travel, and on which cores they do not arrive. Cores are named by index. */
export class SpikeWays {
  readonly #system: SpreadImage;
  readonly #clock: StepClock | undefined;
  readonly #lost: Ways['lost'];
  readonly #reach: Reach;
  readonly #homes: Ways['homes'];
  /** By population: packets of a spike. */
  readonly packets: readonly number[];
  /** Whether a packet forks on its way to several cores. */
  readonly forks: boolean;

  constructor({ system, clock, homes, lost }: Ways, reach: Reach) {
    this.#system = system;
    this.#clock = clock;
    this.#lost = lost;
    this.#reach = reach;
    this.#homes = homes;
    this.packets = system.populations.map(({ payload }) => packetsFor(payload?.bits ?? 0, system.chip));
    this.forks = system.chip?.packet?.perDestination === 'tree';
  }

  /** The cores to which a neuron's spike travels: those that act on it; and where it forks, those on which it waits. */
  reachedBy(
    population: number,
    kind: PopulationSpikes['kind'],
    neuron: number,
    actions: readonly ChipAction[],
  ): ReadonlySet<number> {
    const takers = this.takersOf(neuron, actions);
    return this.forks && kind === 'previous' ? this.waitersOf(population, neuron, takers) : takers;
  }

  /** The cores, of some, on which a spike does not arrive; undefined where no packet is lost. */
  lostOn(
    population: number,
    neuron: number,
    cores: ReadonlySet<number>,
    drawn: number | undefined,
  ): ReadonlySet<number> | undefined {
    const lost = this.#lost;
    if (lost === undefined || drawn === undefined) return undefined;
    return new Set([...cores].filter((core) => lost.isLost(drawn, population, neuron, core)));
  }

  /** A spike travels to cores: from the host, or from the core of its neuron. Some of its packets may be lost. */
  send(population: number, neuron: number, cores: ReadonlySet<number>, drawn: number | undefined): void {
    const homes = this.#homes[population];
    const packets = at(this.packets, population);
    if (homes === undefined) for (const core of cores) this.#clock?.receive(core, 1);
    else if (this.forks) this.#clock?.sendTree(wordAt(homes, neuron), cores, packets);
    else for (const core of cores) this.#clock?.send(wordAt(homes, neuron), core, packets, 'spikes');
    const lostOn = this.lostOn(population, neuron, cores, drawn);
    if (lostOn !== undefined) this.#clock?.lose(packets * lostOn.size);
  }

  /** The cores that act on a neuron's spike. */
  takersOf(neuron: number, actions: readonly ChipAction[], takers = new Set<number>()): Set<number> {
    for (const action of actions) {
      if (action.does !== 'run') continue;
      for (const on of action.on) if (this.#reach.takes(on, neuron)) takers.add(on.core);
    }
    return takers;
  }

  /** Adds the cores on which a neuron's spike waits, since it acts there when its delays have ended. */
  waitersOf(population: number, neuron: number, takers = new Set<number>()): Set<number> {
    const index = this.delayedOf(population);
    const { lists = [] } = this.#system.events.delayed[index] ?? {};
    for (const [place, { variants }] of (this.#system.lists.delayed[index] ?? []).entries())
      this.takersOf(neuron + (lists[place]?.shift ?? 0), variants.flat(), takers);
    return takers;
  }

  /** The index of a population's delayed spikes; -1 if it has none. */
  delayedOf(population: number): number {
    return this.#system.events.delayed.findIndex((spikes) => spikes.population === population);
  }
}

/** Packets of a spike: if its value does not fit beside the address in one packet, more packets carry the rest. */
function packetsFor(bits: number, chip: ChipModel | undefined): number {
  const { bits: packet = 32, payloadBits = 0 } = chip?.packet ?? {};
  return 1 + Math.ceil(Math.max(0, bits - payloadBits) / packet);
}
