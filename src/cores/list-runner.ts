import type { CoreEvent, ServedList, SystemAction, SystemImage } from '../compiler/index.ts';
import { at, type Core, neuronOf, populationOf } from '../engine/index.ts';
import type { ChipModel } from '../hardware/index.ts';
import { type Condition, type Image, neuronMask, type Tally } from '../image/index.ts';
import { eventScalars } from '../isa/index.ts';
import type { Exchange } from './exchange.ts';
import { Reach } from './reach.ts';
import type { StepClock } from './step-clock.ts';
import { ascending, type Spikes, type StepSpikes } from './step-spikes.ts';
import type { WaitingSpikes } from './waiting-spikes.ts';

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
  readonly waiting: WaitingSpikes;
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
  readonly #waiting: WaitingSpikes;
  readonly #exchange: Exchange;
  readonly #clock: StepClock | undefined;
  readonly #counts: Tally;
  readonly #reach: Reach;
  /** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
  readonly #homes: readonly (Uint16Array | undefined)[];
  /** Room for the neurons that a trigger makes spike. */
  readonly #emitted: number[] = [];
  /** By population: the bits of a spike that are its neuron, and the packets that a spike takes. */
  readonly #masks: readonly number[];
  readonly #packets: readonly number[];
  #moment: Moment = { step: 0, steps: 0, learn: false };

  constructor({ system, cores, spikes, waiting, exchange, clock, counts }: Machinery) {
    this.#system = system;
    this.#image = system.whole;
    this.#cores = cores;
    this.#spikes = spikes;
    this.#waiting = waiting;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#counts = counts;
    this.#reach = new Reach(system);
    this.#masks = this.#image.populations.map(neuronMask);
    this.#packets = this.#image.populations.map(({ payload }) => packetsFor(payload?.bits ?? 0, system.chip));
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
   * @param spike the one that triggered it; undefined if none did
   */
  #execute(actions: readonly SystemAction[], spike: OneSpike | undefined): void {
    for (const action of actions) {
      switch (action.does) {
        case 'run':
          this.#trigger(action.on, action.emits, spike);
          break;
        case 'deliver':
          this.#deliver(action.population, action.spikes);
          break;
        case 'deliver-delayed':
          this.#deliverDelayed(action.delayed);
          break;
        case 'keep':
          this.#keep(action);
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
          if (this.#holds(action.condition)) this.#execute(action.actions, spike);
          break;
      }
    }
  }

  /** Triggers events, each on its core, and takes what they emit in the order of the neurons. */
  #trigger(on: readonly CoreEvent[], emits: number | undefined, spike: OneSpike | undefined): void {
    const emitted = this.#emitted;
    emitted.length = 0;
    let emitting = 0;
    for (const own of on) {
      const { core: index, event, first } = own;
      const core = at(this.#cores, index);
      if (spike !== undefined) {
        if (!this.#reach.takes(own, spike.neuron)) continue;
        // The neuron is in the lower bits, and counts from the first of the slice there.
        core.event[neuronScalar] = spike.address - first;
      }
      const count = core.trigger(event);
      if (count === 0) continue;
      emitting += 1;
      const { populations } = at(this.#system.cores, index);
      const { emitted: addresses } = core;
      // They are mostly of one population.
      let population = -1;
      let base = 0;
      for (let place = 0; place < count; place++) {
        const address = addresses[place] ?? 0;
        if (populationOf(address) !== population) {
          population = populationOf(address);
          base = at(populations, population).first;
        }
        emitted.push(neuronOf(address) + base);
      }
    }
    if (emits === undefined || emitted.length === 0) return;
    const mask = at(this.#masks, emits);
    const neurons = new Uint32Array(emitted);
    if (emitting > 1 && !isAscending(neurons, mask)) neurons.sort((a, b) => (a & mask) - (b & mask));
    this.#countSpikes(emits, neurons.length);
    this.#spikes.emit(emits, neurons);
  }

  /** Spikes travel to all cores that have something to do for them, until none waits. */
  #deliver(population: number, kind: 'emitted' | 'previous'): void {
    this.#spikes.wait(population, kind);
    if (kind === 'emitted' && population === this.#image.input)
      this.#countSpikes(population, this.#spikes.received.length);
    this.#clock?.work();
    for (let spikes = this.#spikes.next(); spikes !== undefined; spikes = this.#spikes.next())
      this.#serve(spikes);
    if (kind === 'previous' || population === this.#image.input) this.#sendWaiting(population, kind);
    if (this.#system.chip?.delivery === 'phases') this.#clock?.endPhase();
  }

  /** Spikes whose delays have ended act on the cores on which they have waited. */
  #deliverDelayed(delayed: number): void {
    const { population, lists } = at(this.#image.events.delayed, delayed);
    for (const { delay } of lists) {
      const neurons = this.#waiting.due(delayed, delay, this.#moment.step);
      this.#spikes.serve({ population, kind: delay, neurons });
      for (let spikes = this.#spikes.next(); spikes !== undefined; spikes = this.#spikes.next())
        this.#serve(spikes);
    }
  }

  /** Spikes of a step wait on the cores to which they have travelled. */
  #keep({ delayed, from, on }: Extract<SystemAction, { does: 'keep' }>): void {
    const { population } = at(this.#image.events.delayed, delayed);
    const neurons = this.#keptOf(population, from);
    for (const { core, event } of on) at(this.#cores, core).triggerEach(event, neurons);
    this.#waiting.keep(delayed, this.#moment.step, neurons);
  }

  #keptOf(population: number, from: 'received' | 'previous'): ArrayLike<number> {
    return from === 'previous'
      ? this.#spikes.previous(population)
      : ascending(this.#spikes.received, 2 ** 24 - 1);
  }

  /** Spikes travel to the cores on which they will wait, unless what they did without delay has taken them there. */
  #sendWaiting(population: number, kind: 'emitted' | 'previous'): void {
    const index = this.#delayedOf(population);
    if (index < 0 || this.#clock === undefined) return;
    const now = this.#variantOf(this.#listOf(population, kind));
    const later = at(this.#system.lists.delayed, index).flatMap(({ variants }) => variants.flat());
    const neurons = this.#keptOf(population, kind === 'emitted' ? 'received' : 'previous');
    for (let place = 0; place < neurons.length; place++) {
      const spike = neurons[place] ?? 0;
      const neuron = spike & at(this.#masks, population);
      const there = this.#takersOf(neuron, now);
      for (const core of this.#takersOf(neuron, later))
        if (!there.has(core)) this.#send(population, [spike], core);
    }
  }

  #delayedOf(population: number): number {
    return this.#image.events.delayed.findIndex((spikes) => spikes.population === population);
  }

  /** The list that spikes of a kind trigger. */
  #listOf(population: number, kind: Spikes['kind']): ServedList {
    const { spike, previousSpike, delayed } = this.#system.lists;
    if (typeof kind !== 'number') return at(kind === 'previous' ? previousSpike : spike, population);
    const index = this.#delayedOf(population);
    const { lists } = at(this.#image.events.delayed, index);
    return at(
      at(delayed, index),
      lists.findIndex(({ delay }) => delay === kind),
    );
  }

  #serve({ population, kind, neurons }: Spikes): void {
    const actions = this.#variantOf(this.#listOf(population, kind));
    if (actions.length === 0) return;
    const [only] = actions;
    // A spike that has waited is where it acts.
    const arrive = (reaching: ArrayLike<number>, core: number): void => {
      if (typeof kind !== 'number') this.#send(population, reaching, core);
      this.#take(reaching.length, core);
    };
    const { size } = at(this.#image.populations, population);
    const mask = at(this.#masks, population);
    if (only?.does === 'run' && actions.length === 1 && isAlike(only, size)) {
      // On each core at once: what they trigger emits nothing, and is the same for all.
      const shares = this.#reach.among(only.on, size, neurons, mask);
      for (const [index, { core, event }] of only.on.entries()) {
        const reaching = at(shares, index);
        if (reaching.length === 0) continue;
        arrive(reaching, core);
        at(this.#cores, core).triggerEach(event, reaching);
      }
      return;
    }
    for (let place = 0; place < neurons.length; place++) {
      const address = neurons[place] ?? 0;
      const neuron = address & mask;
      for (const core of this.#takersOf(neuron, actions)) arrive([address], core);
      this.#execute(actions, { neuron, address });
    }
  }

  /** Spikes go through the FIFO of a core. */
  #take(spikes: number, core: number): void {
    this.#counts.pushes += spikes;
    this.#counts.pops += spikes;
    this.#clock?.arrive(core, spikes);
  }

  /** Spikes travel to a core: from the host, or from the cores of their neurons. */
  #send(population: number, neurons: ArrayLike<number>, core: number): void {
    const { length } = neurons;
    const clock = this.#clock;
    if (clock === undefined || length === 0) return;
    const homes = this.#homes[population];
    if (homes === undefined) clock.receive(core, length);
    else {
      // Neighbours of one core together.
      const mask = at(this.#masks, population);
      const packets = at(this.#packets, population);
      let first = 0;
      let home = homes[(neurons[0] ?? 0) & mask] ?? 0;
      for (let place = 1; place <= length; place++) {
        const next = place < length ? (homes[(neurons[place] ?? 0) & mask] ?? 0) : -1;
        if (next === home) continue;
        clock.send(home, core, packets * (place - first), 'spikes');
        first = place;
        home = next;
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

function isAscending(spikes: Uint32Array, mask: number): boolean {
  for (let place = 1; place < spikes.length; place++)
    if (((spikes[place] ?? 0) & mask) < ((spikes[place - 1] ?? 0) & mask)) return false;
  return true;
}

/** A spike: its neuron, and the number that names it with the value that it carries. */
interface OneSpike {
  readonly neuron: number;
  readonly address: number;
}

/** Packets of a spike: a value beyond what a packet carries beside the address takes others, of values alone. */
function packetsFor(bits: number, chip: ChipModel | undefined): number {
  const { bits: packet = 32, payloadBits = 0 } = chip?.packet ?? {};
  return 1 + Math.ceil(Math.max(0, bits - payloadBits) / packet);
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
