import {
  addCounts,
  type Controller,
  type Core,
  type Counters,
  fieldNamed,
  namesIn,
  neuronOf,
  PlasticoreError,
  sizeNamed,
} from '../api.ts';
import type { AxonAddress, LoihiRoutes } from './network.ts';

/** The work of one core. */
export interface LoihiCoreCounts {
  /** Synaptic events that were due. */
  readonly synapticEvents: number;
  /** Updates of compartments. */
  readonly updates: number;
  readonly spikes: number;
}

/** Steps that the controller looks ahead: the longest delay is 63, and a step follows it. */
const slots = 64;

/** Spikes on their way, by the step in which they are due: an axon, and the delay of the synapses that take part. */
type Due = { readonly axon: number; readonly delay: number }[][];

/**
 * Loihi's steps, and its spikes until they are due. A spike of step t is part of step t + 1 + d over synapses of delay
 * d. In each step all cores take the events that are due, then update their compartments.
 *
 * A cycle is a nanosecond of published operations; the cores wait for the slowest. Barriers and the mesh take no time
 * here.
 */
export class LoihiController implements Controller {
  readonly cores: readonly Core[];
  readonly #routes: LoihiRoutes;
  readonly #units: readonly Unit[];
  #spikes: readonly (readonly number[])[];
  #step = 0;
  #cycle = 0;
  #countedFrom = 0;

  /**
   * @param cores with weights and delays in their memory already
   * @throws PlasticoreError `image` if a core's image is not Loihi's, `usage` for routes to axons that no core has
   */
  constructor(cores: readonly Core[], routes: LoihiRoutes) {
    this.cores = cores;
    this.#routes = routes;
    this.#units = cores.map((core) => new Unit(core));
    this.#spikes = cores.map(() => []);
    for (const { core, axon } of [...routes.inputs, ...routes.compartments.flat()].flat()) {
      const axons = this.#units[core]?.axons ?? 0;
      if (axon < axons) continue;
      throw new PlasticoreError(
        'usage',
        `expected a route to one of ${axons} axons of core ${core}, found ${axon}`,
      );
    }
  }

  /** The next step, from 0. */
  get stepIndex(): number {
    return this.#step;
  }

  get cycle(): number {
    return this.#cycle;
  }

  /** By core, the compartments that spiked in the latest step, ascending. */
  get spikes(): readonly (readonly number[])[] {
    return this.#spikes;
  }

  /**
   * Runs a step.
   *
   * @param inputs those whose synapses without delay are part of this step; synapses of delay d are part of step d from
   * here
   * @throws PlasticoreError `data` for an input that has no route
   */
  step(inputs: readonly number[]): void {
    const now = this.#step;
    for (const input of inputs) {
      const targets = this.#routes.inputs[input];
      if (targets === undefined) {
        const count = this.#routes.inputs.length;
        throw new PlasticoreError('data', `expected an input below ${count}, found ${input}`);
      }
      this.#send(targets, now);
    }
    let longest = 0;
    this.#spikes = this.#units.map((unit) => {
      const before = unit.core.busyCycles();
      const spikes = unit.step(now);
      longest = Math.max(longest, unit.core.busyCycles() - before);
      return spikes;
    });
    for (const [core, spikes] of this.#spikes.entries()) {
      for (const compartment of spikes)
        this.#send(this.#routes.compartments[core]?.[compartment] ?? [], now + 1);
    }
    this.#cycle += longest;
    this.#step = now + 1;
  }

  /** The work of a core since the counters were reset. */
  countsOf(core: number): LoihiCoreCounts | undefined {
    return this.#units[core]?.counts;
  }

  counters(): Counters {
    const [first, ...others] = this.cores.map((core) => core.counters());
    if (first === undefined) throw new Error('a chip without cores');
    return { ...others.reduce(addCounts, first), cycles: this.#cycle - this.#countedFrom };
  }

  resetCounters(): void {
    for (const unit of this.#units) unit.resetCounts();
    this.#countedFrom = this.#cycle;
  }

  #send(targets: readonly AxonAddress[], from: number): void {
    for (const { core, axon } of targets) this.#units[core]?.receive(axon, from);
  }
}

/** A core, with the spikes that are on their way to it. */
class Unit {
  readonly core: Core;
  readonly axons: number;
  counts: LoihiCoreCounts = { synapticEvents: 0, updates: 0, spikes: 0 };
  readonly #compartments: number;
  /** By axon and delay, the compartments of the synapses. */
  readonly #targets: readonly ReadonlyMap<number, readonly number[]>[];
  readonly #due: Due = Array.from({ length: slots }, () => []);

  // Indices of the image's events and scalars.
  readonly #deliver: number;
  readonly #update: number;
  readonly #axon: number;
  readonly #post: number;

  constructor(core: Core) {
    const names = namesIn(core, 'loihi');
    this.core = core;
    this.#deliver = names.event('deliver');
    this.#update = names.event('update');
    this.#axon = names.scalar('neuron');
    this.#post = names.scalar('post');
    this.axons = sizeNamed(core.image, 'axons');
    this.#compartments = sizeNamed(core.image, 'compartments');
    this.#targets = this.#synapses();
  }

  /** A spike arrives at an axon; its synapses without delay are due in step `from`. */
  receive(axon: number, from: number): void {
    for (const delay of this.#targets[axon]?.keys() ?? []) {
      this.#due[(from + delay) % slots]?.push({ axon, delay });
    }
  }

  /** Takes what is due in a step and updates the compartments. Returns those that spike. */
  step(now: number): number[] {
    const due = this.#due[now % slots]?.splice(0) ?? [];
    let synapticEvents = 0;
    for (const { axon, delay } of due) {
      const compartments = this.#targets[axon]?.get(delay) ?? [];
      this.core.event[this.#axon] = axon;
      for (const compartment of compartments) {
        this.core.event[this.#post] = compartment;
        this.core.trigger(this.#deliver);
      }
      synapticEvents += compartments.length;
    }
    const count = this.core.trigger(this.#update);
    const spikes = Array.from(this.core.emitted.subarray(0, count), neuronOf);
    this.counts = {
      synapticEvents: this.counts.synapticEvents + synapticEvents,
      updates: this.counts.updates + this.#compartments,
      spikes: this.counts.spikes + count,
    };
    return spikes;
  }

  resetCounts(): void {
    this.core.resetCounters();
    this.counts = { synapticEvents: 0, updates: 0, spikes: 0 };
  }

  #synapses(): ReadonlyMap<number, readonly number[]>[] {
    const read = (name: string): Float64Array => this.core.read(fieldNamed(this.core.image, name));
    const delays = read('synapses.delay');
    const targets = Array.from({ length: this.axons }, () => new Map<number, number[]>());
    for (const [at, weight] of read('synapses.weight').entries()) {
      if (weight === 0) continue;
      const axon = targets[Math.floor(at / this.#compartments)];
      const delay = delays[at] ?? 0;
      const compartments = axon?.get(delay) ?? [];
      compartments.push(at % this.#compartments);
      axon?.set(delay, compartments);
    }
    return targets;
  }
}
