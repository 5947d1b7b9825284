import { at } from '../arrays/index.ts';
import type { ChipAction, SpreadImage } from '../image/index.ts';
import { packetsFor } from './packets.ts';
import type { Reach } from './reach.ts';
import type { RunnerParts } from './runner-parts.ts';
import type { StepClock } from './step-clock.ts';
import type { Spikes } from './step-spikes.ts';

/** Where spikes travel, and on which cores they do not arrive. Cores are named by index. */
export class SpikeWays {
  readonly #system: SpreadImage;
  readonly #clock: StepClock | undefined;
  readonly #lost: RunnerParts['lost'];
  readonly #reach: Reach;
  readonly #homes: RunnerParts['homes'];
  /** By population: packets of a spike. */
  readonly packets: readonly number[];
  /** Whether a packet forks on its way to several cores. */
  readonly forks: boolean;

  constructor({ system, clock, homes, lost }: RunnerParts, reach: Reach) {
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
    kind: Spikes['kind'],
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
    else if (this.forks) this.#clock?.sendTree(homes[neuron] ?? 0, cores, packets);
    else for (const core of cores) this.#clock?.send(homes[neuron] ?? 0, core, packets, 'spikes');
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
