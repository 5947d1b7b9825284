import type { Core, JointCore } from '../engine/index.ts';
import {
  type ChipAction,
  type CoreEvent,
  holds,
  type Moment,
  neuronMask,
  type ServedList,
  type SpreadImage,
  type Tally,
} from '../image/index.ts';
import { eventScalars } from '../isa/index.ts';
import { addAt, at, numberAt } from '../text/index.ts';
import { CoreGroups, type Team } from './core-groups.ts';
import type { Exchange, WaitingOnCores } from './parts.ts';
import { type LostSpikes, Reach, SpikeWays } from './spike-ways.ts';
import type { StepClock } from './step-clock.ts';
import {
  ascending,
  EmittedList,
  isAscending,
  type PopulationSpikes,
  type SpikesOfStep,
} from './step-spikes.ts';

/** The parts of a machine of many cores. */
interface RunnerParts {
  readonly system: SpreadImage;
  readonly cores: readonly Core[];
  readonly spikes: SpikesOfStep;
  readonly waiting: WaitingOnCores;
  readonly exchange: Exchange;
  readonly clock: StepClock | undefined;
  readonly counts: Tally;
  /** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
  readonly homes: readonly (Uint16Array | undefined)[];
  /** Undefined where no packet is lost. */
  readonly lost: LostSpikes | undefined;
  /** Other threads that run cores; the present one alone if absent. */
  readonly team: Team | undefined;
  /** By job: the joint core that does it on one thread; undefined where the cores do it one after the other. */
  readonly joint: readonly (JointCore | undefined)[];
}

const neuronScalar = eventScalars.indexOf('neuron');

/** Executes the lists of a program over all cores of a machine. */
export class ListRunner {
  readonly #parts: RunnerParts;
  readonly #reach: Reach;
  readonly #groups: CoreGroups;
  readonly #emitted = new EmittedList();
  /** See {@link ListRunner.#inOrder}. */
  readonly #ordered = new Map<readonly CoreEvent[], readonly CoreEvent[]>();
  readonly #ways: SpikeWays;
  /** By population: the neuron bits of a spike. */
  readonly #masks: readonly number[];
  /** Whether cores have run since the clock last learnt of their work. */
  #hasRun = false;
  #moment: Moment = { step: 0, steps: 0, learn: false, interval: 0 };

  constructor(parts: RunnerParts) {
    const { system, cores, clock, homes, lost, team, joint } = parts;
    this.#parts = parts;
    this.#reach = new Reach(system);
    this.#masks = system.populations.map(neuronMask);
    this.#ways = new SpikeWays(parts, this.#reach);
    const senders = homes.map((own, population) => ({
      homes: this.#ways.forks ? undefined : own,
      losesFrom: lost && own,
      packets: at(this.#ways.packets, population),
    }));
    this.#groups = new CoreGroups(system, cores, this.#reach, senders, clock, joint, team);
  }

  /** Executes a list at a moment; a barrier follows its last actions. */
  run(actions: readonly ChipAction[], moment: Moment): void {
    this.#moment = moment;
    this.#execute(actions, undefined);
    this.#work();
    this.#parts.clock?.endPhase();
  }

  /**
   * A failed test ends a list.
   *
   * @param spike the trigger; undefined if there is none
   */
  #execute(actions: readonly ChipAction[], spike: OneSpike | undefined): void {
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
          this.#parts.exchange.send(action.field, action.to);
          break;
        case 'empty':
          this.#parts.exchange.empty(action.sums);
          break;
        case 'sum':
          this.#parts.exchange.sum(action.field, action.sums);
          break;
        case 'stop-unless-any':
          this.#trigger(action.on, undefined, undefined);
          if (!this.#parts.exchange.isAnySet(action.field)) return;
          break;
        case 'group':
          if (holds(action.condition, this.#moment)) this.#execute(action.actions, spike);
          break;
      }
    }
  }

  #work(): void {
    if (this.#hasRun) this.#parts.clock?.work();
    this.#hasRun = false;
  }

  /** Triggers events, each on its core, and collects their spikes in the order of the neurons. */
  #trigger(on: readonly CoreEvent[], emits: number | undefined, spike: OneSpike | undefined): void {
    const job = spike === undefined ? this.#groups.jobOf(on) : undefined;
    this.#hasRun = true;
    if (job !== undefined) this.#groups.run(job);
    let emitting = 0;
    for (const own of emits === undefined ? on : this.#inOrder(on, emits)) {
      const core = at(this.#parts.cores, own.core);
      const count =
        job === undefined ? this.#triggerOn(own, core, spike) : numberAt(this.#groups.counts, own.core);
      if (count === 0) continue;
      emitting += 1;
      this.#emitted.add(core.emitted, count, at(this.#parts.system.cores, own.core).populations);
    }
    const neurons = this.#emitted.take();
    if (emits === undefined || neurons.length === 0) return;
    const mask = at(this.#masks, emits);
    if (emitting > 1 && !isAscending(neurons, mask)) neurons.sort((a, b) => (a & mask) - (b & mask));
    this.#countSpikes(emits, neurons.length);
    this.#parts.spikes.emit(emits, neurons);
  }

  /** Events in the order of their cores' neurons, so that their spikes need no sorting. */
  #inOrder(on: readonly CoreEvent[], emits: number): readonly CoreEvent[] {
    const known = this.#ordered.get(on);
    if (known !== undefined) return known;
    const firstOn = ({ core }: CoreEvent): number =>
      at(this.#parts.system.cores, core).populations.find((own) => own.population === emits && !own.isCopy)
        ?.first ?? 0;
    const ordered = [...on].sort((a, b) => firstOn(a) - firstOn(b));
    this.#ordered.set(on, ordered);
    return ordered;
  }

  /** Triggers one event, unless it does nothing for the spike. Returns how many spikes the core emits. */
  #triggerOn(on: CoreEvent, core: Core, spike: OneSpike | undefined): number {
    if (spike !== undefined) {
      if (!this.#reach.takes(on, spike.neuron) || spike.lostOn?.has(on.core) === true) return 0;
      // The neuron is in the lower bits, and counts from the first of the slice there.
      core.event[neuronScalar] = spike.address - on.first;
    }
    return core.trigger(on.event);
  }

  /** Spikes travel to all cores that have something to do for them, until none waits. */
  #deliver(population: number, kind: 'emitted' | 'previous'): void {
    this.#parts.spikes.wait(population, kind);
    if (kind === 'emitted' && population === this.#parts.system.input)
      this.#countSpikes(population, this.#parts.spikes.received.length);
    this.#work();
    for (let spikes = this.#parts.spikes.next(); spikes !== undefined; spikes = this.#parts.spikes.next())
      this.#serve(spikes);
    if (kind === 'previous' || population === this.#parts.system.input) this.#sendWaiting(population, kind);
    if (this.#parts.system.chip?.delivery === 'phases') this.#parts.clock?.endPhase();
  }

  /** Spikes whose delays have ended act on the cores on which they have waited. */
  #deliverDelayed(delayed: number): void {
    const { population, lists } = at(this.#parts.system.events.delayed, delayed);
    for (const { delay, shift = 0 } of lists) {
      const kept = this.#parts.waiting.due(delayed, delay, this.#moment.step);
      const neurons = shift === 0 ? kept : Uint32Array.from(kept, (spike) => spike + shift);
      this.#parts.spikes.serve({ population, kind: delay, neurons });
      for (let spikes = this.#parts.spikes.next(); spikes !== undefined; spikes = this.#parts.spikes.next())
        this.#serve(spikes);
    }
  }

  /** Spikes of a step wait on the cores to which they have travelled. */
  #keep({ delayed, from, on }: Extract<ChipAction, { does: 'keep' }>): void {
    const { population } = at(this.#parts.system.events.delayed, delayed);
    const neurons = this.#keptOf(population, from);
    this.#hasRun = true;
    const job = this.#groups.jobOf(on);
    if (job !== undefined) this.#groups.run(job, neurons);
    else for (const { core, event } of on) at(this.#parts.cores, core).triggerEach(event, neurons);
    this.#parts.waiting.keep(delayed, this.#moment.step, neurons);
  }

  #keptOf(population: number, from: 'received' | 'previous'): ArrayLike<number> {
    return from === 'previous'
      ? this.#parts.spikes.previous(population)
      : ascending(this.#parts.spikes.received, at(this.#masks, this.#parts.system.input));
  }

  /** Sends spikes to the cores on which they will wait, unless they have travelled there to act without delay. */
  #sendWaiting(population: number, kind: 'emitted' | 'previous'): void {
    if (this.#parts.system.events.delayed.length === 0 || this.#ways.delayedOf(population) < 0) return;
    if (this.#parts.clock === undefined) return;
    const now = this.#variantOf(this.#listOf(population, kind));
    // A packet that forks has taken a spike there if it also acts at once.
    if (this.#ways.forks && kind === 'previous' && now.length > 0) return;
    const neurons = this.#keptOf(population, kind === 'emitted' ? 'received' : 'previous');
    const drawn = this.#parts.lost?.drawnFor(population, kind);
    for (let place = 0; place < neurons.length; place++) {
      const neuron = (neurons[place] ?? 0) & at(this.#masks, population);
      const others = this.#ways.waitersOf(population, neuron);
      for (const core of this.#ways.takersOf(neuron, now)) others.delete(core);
      this.#ways.send(population, neuron, others, drawn);
    }
  }

  /** The list that spikes of a kind trigger. */
  #listOf(population: number, kind: PopulationSpikes['kind']): ServedList {
    const { spike, previousSpike, delayed } = this.#parts.system.lists;
    if (typeof kind !== 'number') return at(kind === 'previous' ? previousSpike : spike, population);
    const index = this.#ways.delayedOf(population);
    const { lists } = at(this.#parts.system.events.delayed, index);
    return at(
      at(delayed, index),
      lists.findIndex(({ delay }) => delay === kind),
    );
  }

  #serve({ population, kind, neurons }: PopulationSpikes): void {
    const actions = this.#variantOf(this.#listOf(population, kind));
    if (actions.length === 0) return;
    this.#hasRun = true;
    // A spike that has waited is on the core already.
    const travels = typeof kind !== 'number';
    const drawn = this.#parts.lost?.drawnFor(population, kind);
    const [only] = actions;
    const job = only?.does === 'run' && actions.length === 1 ? this.#groups.jobOf(only.on) : undefined;
    if (job !== undefined) {
      // These actions emit nothing, and are the same for all neurons.
      this.#groups.run(job, neurons, drawn);
      this.#takeShared(population, job, travels);
      if (travels && this.#ways.forks) this.#sendEach({ population, kind, neurons }, actions, drawn);
      return;
    }
    const mask = at(this.#masks, population);
    for (let place = 0; place < neurons.length; place++) {
      const address = neurons[place] ?? 0;
      const neuron = address & mask;
      const takers = this.#ways.takersOf(neuron, actions);
      if (travels)
        this.#ways.send(population, neuron, this.#ways.reachedBy(population, kind, neuron, actions), drawn);
      const lostOn = this.#ways.lostOn(population, neuron, takers, drawn);
      for (const core of takers) if (lostOn?.has(core) !== true) this.#take(1, core);
      this.#execute(actions, { neuron, address, lostOn });
    }
  }

  /** Spikes that a job has shared out go through the FIFOs of the cores; their packets have been counted. */
  #takeShared(population: number, job: number, travels: boolean): void {
    const isFromHost = this.#parts.homes[population] === undefined;
    for (const { core } of this.#groups.eventsOf(job)) {
      const spikes = numberAt(this.#groups.counts, core);
      this.#take(spikes, core);
      if (travels && isFromHost) this.#parts.clock?.receive(core, spikes);
    }
  }

  /** Spikes go through the FIFO of a core. */
  #take(spikes: number, core: number): void {
    this.#parts.counts.pushes += spikes;
    this.#parts.counts.pops += spikes;
    this.#parts.clock?.arrive(core, spikes);
  }

  /** Spikes travel, each in a packet that forks. */
  #sendEach(
    { population, kind, neurons: spikes }: PopulationSpikes,
    actions: readonly ChipAction[],
    drawn: number | undefined,
  ): void {
    if (this.#parts.homes[population] === undefined) return;
    const mask = at(this.#masks, population);
    for (let place = 0; place < spikes.length; place++) {
      const neuron = (spikes[place] ?? 0) & mask;
      this.#ways.send(population, neuron, this.#ways.reachedBy(population, kind, neuron, actions), drawn);
    }
  }

  #variantOf({ conditions, variants }: ServedList): readonly ChipAction[] {
    let variant = 0;
    for (let bit = 0; bit < conditions.length; bit++)
      if (holds(at(conditions, bit), this.#moment)) variant |= 1 << bit;
    return at(variants, variant);
  }

  #countSpikes(population: number, more: number): void {
    addAt(this.#parts.counts.spikes, population, more);
  }
}

/** A spike: its neuron, and the number that names it with the value that it carries. */
interface OneSpike {
  readonly neuron: number;
  readonly address: number;
  /** The cores on which it does not arrive; undefined where no packet is lost. */
  readonly lostOn: ReadonlySet<number> | undefined;
}
