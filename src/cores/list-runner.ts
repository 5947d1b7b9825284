import type { CoreEvent, ServedList, SystemAction, SystemImage } from '../compiler/index.ts';
import { at, type Core, neuronOf, populationOf } from '../engine/index.ts';
import type { Condition, Image, Tally } from '../image/index.ts';
import { eventScalars } from '../isa/index.ts';
import type { Exchange } from './exchange.ts';
import { Reach } from './reach.ts';
import type { StepClock } from './step-clock.ts';
import type { Spikes, StepSpikes } from './step-spikes.ts';

const neuronScalar = eventScalars.indexOf('neuron');

/** The step that is running, and its sample. */
export interface Moment {
  readonly step: number;
  readonly steps: number;
  readonly learn: boolean;
}

/** What a system is made of. */
export interface Machinery {
  readonly system: SystemImage;
  readonly cores: readonly Core[];
  readonly spikes: StepSpikes;
  readonly exchange: Exchange;
  readonly clock: StepClock | undefined;
  readonly counts: Tally;
}

/** Executes the lists of a program over all cores of a system. */
export class ListRunner {
  readonly #system: SystemImage;
  readonly #image: Image;
  readonly #cores: readonly Core[];
  readonly #spikes: StepSpikes;
  readonly #exchange: Exchange;
  readonly #clock: StepClock | undefined;
  readonly #counts: Tally;
  readonly #reach: Reach;
  /** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
  readonly #homes: readonly (Uint16Array | undefined)[];
  #moment: Moment = { step: 0, steps: 0, learn: false };

  constructor({ system, cores, spikes, exchange, clock, counts }: Machinery) {
    this.#system = system;
    this.#image = system.whole;
    this.#cores = cores;
    this.#spikes = spikes;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#counts = counts;
    this.#reach = new Reach(system);
    this.#homes = this.#image.populations.map(({ name, size }, population) => {
      if (population === this.#image.input) return undefined;
      const homes = new Uint16Array(size);
      for (const { first, size: count, core } of system.placement[name] ?? [])
        homes.fill(
          system.cores.findIndex(({ number }) => number === core),
          first,
          first + count,
        );
      return homes;
    });
  }

  /** Executes a list at a moment; what its last actions take ends with a barrier. */
  run(actions: readonly SystemAction[], moment: Moment): void {
    this.#moment = moment;
    this.#execute(actions, undefined);
    this.#clock?.work();
    this.#clock?.endPhase();
  }

  /**
   * A failed test ends a list.
   *
   * @param neuron the neuron whose spike triggered it; undefined if none did
   */
  #execute(actions: readonly SystemAction[], neuron: number | undefined): void {
    for (const action of actions) {
      switch (action.does) {
        case 'run':
          this.#trigger(action.on, action.emits, neuron);
          break;
        case 'deliver':
          this.#deliver(action.population, action.spikes);
          break;
        case 'send':
          this.#exchange.send(action.field, action.to);
          break;
        case 'empty':
          this.#exchange.empty(action.sums);
          break;
        case 'sum':
          this.#exchange.sum(action.field, action.sums);
          break;
        case 'stop-unless-any':
          for (const { core, event } of action.on) at(this.#cores, core).trigger(event);
          if (!this.#exchange.isAnySet(action.field)) return;
          break;
        case 'group':
          if (this.#holds(action.condition)) this.#execute(action.actions, neuron);
          break;
      }
    }
  }

  /** Triggers events, each on its core, and takes what they emit in the order of the neurons. */
  #trigger(on: readonly CoreEvent[], emits: number | undefined, neuron: number | undefined): void {
    const emitted: number[] = [];
    let emitting = 0;
    for (const own of on) {
      const { core: index, event, first } = own;
      const core = at(this.#cores, index);
      if (neuron !== undefined) {
        if (!this.#reach.takes(own, neuron)) continue;
        core.event[neuronScalar] = neuron - first;
      }
      const count = core.trigger(event);
      if (count === 0) continue;
      emitting += 1;
      const { populations } = at(this.#system.cores, index);
      const { emitted: addresses } = core;
      for (let place = 0; place < count; place++) {
        const address = addresses[place] ?? 0;
        emitted.push(neuronOf(address) + at(populations, populationOf(address)).first);
      }
    }
    if (emits === undefined || emitted.length === 0) return;
    const neurons = Uint32Array.from(emitted);
    if (emitting > 1) neurons.sort();
    this.#countSpikes(emits, neurons.length);
    this.#spikes.emit(emits, neurons);
  }

  /** Spikes travel to all cores that have something to do for them, until none waits. */
  #deliver(population: number, kind: Spikes['kind']): void {
    this.#spikes.wait(population, kind);
    if (kind === 'emitted' && population === this.#image.input)
      this.#countSpikes(population, this.#spikes.received.length);
    this.#clock?.work();
    for (let spikes = this.#spikes.next(); spikes !== undefined; spikes = this.#spikes.next())
      this.#serve(spikes);
    if (this.#system.chip?.delivery === 'phases') this.#clock?.endPhase();
  }

  #serve({ population, kind, neurons }: Spikes): void {
    const { spike, previousSpike } = this.#system.lists;
    const actions = this.#variantOf(at(kind === 'previous' ? previousSpike : spike, population));
    const [only] = actions;
    const homes = this.#homes[population];
    const { size } = at(this.#image.populations, population);
    if (only?.does === 'run' && actions.length === 1 && isAlike(only, size)) {
      // On each core at once: what they trigger emits nothing, and is the same for all.
      for (const on of only.on) {
        const { core, event } = on;
        const reaching = this.#reach.among(on, neurons);
        this.#arrive(homes, reaching, core);
        at(this.#cores, core).triggerEach(event, reaching);
      }
      return;
    }
    for (let place = 0; place < neurons.length; place++) {
      const neuron = neurons[place] ?? 0;
      for (const core of this.#takersOf(neuron, actions)) this.#arrive(homes, [neuron], core);
      this.#execute(actions, neuron);
    }
  }

  /** Spikes reach a core: from the host, or from the cores of their neurons. */
  #arrive(homes: Uint16Array | undefined, neurons: ArrayLike<number>, core: number): void {
    const { length } = neurons;
    this.#counts.pushes += length;
    this.#counts.pops += length;
    const clock = this.#clock;
    if (clock === undefined) return;
    clock.arrive(core, length);
    if (homes === undefined) clock.receive(core, length);
    else {
      // Neighbours of one core together.
      for (let place = 0, first = 0; place < length; place++) {
        const home = homes[neurons[place] ?? 0] ?? 0;
        if (place + 1 < length && homes[neurons[place + 1] ?? 0] === home) continue;
        clock.send(home, core, place + 1 - first, 'spikes');
        first = place + 1;
      }
    }
  }

  /** The cores that act on a neuron's spike. */
  #takersOf(neuron: number, actions: readonly SystemAction[]): Set<number> {
    const takers = new Set<number>();
    for (const action of actions) {
      if (action.does !== 'run') continue;
      for (const on of action.on) if (this.#reach.takes(on, neuron)) takers.add(on.core);
    }
    return takers;
  }

  #variantOf({ conditions, variants }: ServedList): readonly SystemAction[] {
    let holds = 0;
    for (const [bit, condition] of conditions.entries()) if (this.#holds(condition)) holds |= 1 << bit;
    return at(variants, holds);
  }

  #holds({ learning, from, every, last }: Condition): boolean {
    const { step, steps, learn } = this.#moment;
    const isLast = last === 0 || step >= steps - last;
    return (learn || !learning) && step >= from && (step - from) % every === 0 && isLast;
  }

  #countSpikes(population: number, more: number): void {
    this.#counts.spikes[population] = (this.#counts.spikes[population] ?? 0) + more;
  }
}

/** Whether every neuron of a population has one event on each core that acts on its spikes, and none emits. */
function isAlike({ on, emits }: Extract<SystemAction, { does: 'run' }>, size: number): boolean {
  return (
    emits === undefined &&
    on.every(
      ({ core, first, size: most }, place) => first === 0 && most === size && on[place - 1]?.core !== core,
    )
  );
}
