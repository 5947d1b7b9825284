import { spikeAddress } from '../engine/index.ts';
import type { SpikeKind } from '../image/index.ts';

/** Spikes of one population, in order. */
export interface Spikes {
  readonly population: number;
  readonly kind: SpikeKind;
  readonly neurons: ArrayLike<number>;
}

const none: ArrayLike<number> = new Uint32Array();

/** The spikes of a step: emitted, waiting to be delivered, and those of the step before. */
export class StepSpikes {
  readonly #populations: number;
  readonly #input: number;
  #emitted: Spikes[] = [];
  #waiting: Spikes[] = [];
  /** By population, ascending, each neuron once. */
  #previous: ArrayLike<number>[];
  /** The input's spikes of this step. */
  received: ArrayLike<number> = none;

  constructor(populations: number, input: number) {
    this.#populations = populations;
    this.#input = input;
    this.#previous = new Array<ArrayLike<number>>(populations).fill(none);
  }

  /** A sample begins: no neuron has spiked. */
  clear(): void {
    this.#emitted = [];
    this.#waiting = [];
    this.#previous = new Array<ArrayLike<number>>(this.#populations).fill(none);
    this.received = none;
  }

  /** A step begins: what the last one emitted is now previous. */
  turn(received: ArrayLike<number>): void {
    for (let population = 0; population < this.#populations; population++)
      this.#previous[population] = ascending(this.#emittedBy(population));
    this.#emitted = [];
    this.received = received;
  }

  emit(population: number, neurons: Uint32Array): void {
    const spikes = { population, kind: 'emitted', neurons } as const;
    this.#emitted.push(spikes);
    this.#waiting.push(spikes);
  }

  /** Lets the input's spikes wait to be served, or those that a population emitted in the step before. */
  wait(population: number, kind: 'emitted' | 'previous'): void {
    if (kind === 'emitted' && population !== this.#input) return;
    this.serve({
      population,
      kind,
      neurons: kind === 'previous' ? this.previous(population) : this.received,
    });
  }

  /** Lets spikes wait to be served. */
  serve(spikes: Spikes): void {
    if (spikes.neurons.length > 0) this.#waiting.push(spikes);
  }

  /** The neurons of a population that spiked in the step before: ascending, each once. */
  previous(population: number): ArrayLike<number> {
    return this.#previous[population] ?? none;
  }

  /** The spikes that have waited longest; undefined if none waits. */
  next(): Spikes | undefined {
    return this.#waiting.shift();
  }

  /** How many have been emitted in this step. */
  get count(): number {
    return this.#emitted.reduce((sum, { neurons }) => sum + neurons.length, 0);
  }

  /** Their addresses. */
  get addresses(): Uint32Array {
    return Uint32Array.from(
      this.#emitted.flatMap(({ population, neurons }) =>
        Array.from(neurons, (neuron) => spikeAddress(population, neuron)),
      ),
    );
  }

  /** What a population has emitted in this step; for the input, what it has received. */
  spikesOf(population: number): ArrayLike<number> {
    return population === this.#input ? this.received : this.#emittedBy(population);
  }

  /** What waits, spike by spike. */
  get waiting(): { population: number; neuron: number; spikes: SpikeKind }[] {
    return this.#waiting.flatMap(({ population, kind, neurons }) =>
      Array.from(neurons, (neuron) => ({ population, neuron, spikes: kind })),
    );
  }

  /** Takes the place of what was emitted and waits. */
  replace(
    emitted: readonly Spikes[],
    waiting: readonly {
      readonly population: number;
      readonly neuron: number;
      readonly spikes: SpikeKind;
    }[],
    received: readonly number[],
  ): void {
    this.clear();
    this.#emitted = [...emitted];
    this.#waiting = waiting.map(({ population, neuron, spikes }) => ({
      population,
      kind: spikes,
      neurons: [neuron],
    }));
    this.received = received;
  }

  #emittedBy(population: number): ArrayLike<number> {
    const own = this.#emitted.filter((spikes) => spikes.population === population);
    const [only, ...others] = own;
    if (only === undefined) return none;
    return others.length === 0 ? only.neurons : own.flatMap(({ neurons }) => Array.from(neurons));
  }
}

/** The same neurons in ascending order, each once. */
export function ascending(neurons: ArrayLike<number>): ArrayLike<number> {
  for (let at = 1; at < neurons.length; at++)
    if ((neurons[at] ?? 0) <= (neurons[at - 1] ?? 0))
      return Uint32Array.from(new Set(Array.from(neurons))).sort();
  return neurons;
}
