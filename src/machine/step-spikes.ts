import { neuronOf, populationOf, spikeAddress } from '../engine/index.ts';
import { type Image, neuronMask, type PopulationPart, type SpikeKind } from '../image/index.ts';
import { numberAt, wordAt } from '../text/index.ts';

/** Spikes of one population, in order. */
export interface PopulationSpikes {
  readonly population: number;
  readonly kind: SpikeKind;
  /** Each with the value of its spike, if it has one. */
  readonly neurons: ArrayLike<number>;
}

const none: ArrayLike<number> = new Uint32Array();

/** The spikes of a step: emitted, waiting to be delivered, and those of the step before. */
export class SpikesOfStep {
  /** By population: the neuron bits of a spike. */
  readonly #masks: readonly number[];
  readonly #input: number;
  #emitted: PopulationSpikes[] = [];
  #waiting: PopulationSpikes[] = [];
  /** By population, ascending, each neuron once. */
  #previous: ArrayLike<number>[];
  /** The input's spikes of this step. */
  received: ArrayLike<number> = none;

  constructor({ populations, input }: Image) {
    this.#masks = populations.map(neuronMask);
    this.#input = input;
    this.#previous = this.#masks.map(() => none);
  }

  /** Starts a sample: no neuron has spiked. */
  clear(): void {
    this.#emitted = [];
    this.#waiting = [];
    this.#previous = this.#masks.map(() => none);
    this.received = none;
  }

  /** Starts a step: the spikes of the last one are now previous. */
  turn(received: ArrayLike<number>): void {
    for (let population = 0; population < this.#masks.length; population++)
      this.#previous[population] = ascending(this.#emittedBy(population), numberAt(this.#masks, population));
    this.#emitted = [];
    this.received = received;
  }

  emit(population: number, neurons: Uint32Array): void {
    const spikes = { population, kind: 'emitted', neurons } as const;
    this.#emitted.push(spikes);
    this.#waiting.push(spikes);
  }

  /** Queues the input's spikes, or those that a population emitted in the step before. */
  wait(population: number, kind: 'emitted' | 'previous'): void {
    if (kind === 'emitted' && population !== this.#input) return;
    this.serve({
      population,
      kind,
      neurons: kind === 'previous' ? this.previous(population) : this.received,
    });
  }

  /** Queues spikes. */
  serve(spikes: PopulationSpikes): void {
    if (spikes.neurons.length > 0) this.#waiting.push(spikes);
  }

  /** The neurons of a population that spiked in the step before: ascending, each once. */
  previous(population: number): ArrayLike<number> {
    return this.#previous[population] ?? none;
  }

  /** The first spikes in the queue; undefined if it is empty. */
  next(): PopulationSpikes | undefined {
    return this.#waiting.shift();
  }

  /** The number of spikes emitted in this step. */
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

  /** The neurons that have spiked in this step; of the input, those whose spikes it has received. */
  spikesOf(population: number): ArrayLike<number> {
    const spikes = population === this.#input ? this.received : this.#emittedBy(population);
    const mask = numberAt(this.#masks, population);
    return mask === 2 ** 24 - 1 ? spikes : Uint32Array.from(spikes, (spike) => spike & mask);
  }

  /** The queue, spike by spike. */
  get waiting(): { population: number; neuron: number; spikes: SpikeKind }[] {
    return this.#waiting.flatMap(({ population, kind, neurons }) =>
      Array.from(neurons, (neuron) => ({ population, neuron, spikes: kind })),
    );
  }

  /** Replaces the emitted and the queued spikes. */
  replace(
    emitted: readonly PopulationSpikes[],
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
    let own = none;
    for (const spikes of this.#emitted)
      if (spikes.population === population)
        own = own.length === 0 ? spikes.neurons : [...Array.from(own), ...Array.from(spikes.neurons)];
    return own;
  }
}

/** The same spikes in ascending order of their neurons, the last one of each. @param mask the bits that are a neuron */
export function ascending(spikes: ArrayLike<number>, mask: number): ArrayLike<number> {
  let before = -1;
  for (let place = 0; place < spikes.length; place++) {
    const neuron = (spikes[place] ?? 0) & mask;
    if (neuron > before) {
      before = neuron;
      continue;
    }
    const last = new Map(Array.from(spikes, (spike) => [spike & mask, spike]));
    return Uint32Array.from([...last].sort(([a], [b]) => a - b).map(([, spike]) => spike));
  }
  return spikes;
}

/** Whether spikes are in the order of their neurons. @param mask the bits that are a neuron */
export function isAscending(spikes: Uint32Array, mask: number): boolean {
  let before = 0;
  for (let place = 0; place < spikes.length; place++) {
    const neuron = wordAt(spikes, place) & mask;
    if (neuron < before) return false;
    before = neuron;
  }
  return true;
}

/** Spikes that a chunk of memory holds: reserving a chunk for each list would take longer than filling it. */
const leastRoom = 2 ** 14;

/** The spikes that cores emit, gathered into lists of neurons of the whole program. */
export class EmittedList {
  #room = new Uint32Array(leastRoom);
  /** Start and end of the current list. */
  #start = 0;
  #end = 0;

  /**
   * Appends spikes of a core.
   *
   * @param addresses of which the first `count` are valid
   * @param populations what the core's populations are
   */
  add(addresses: Uint32Array, count: number, populations: readonly PopulationPart[]): void {
    if (this.#end + count > this.#room.length) this.#move(count);
    const room = this.#room;
    let end = this.#end;
    // They are mostly of one population.
    let population = -1;
    let first = 0;
    for (let place = 0; place < count; place++) {
      const address = wordAt(addresses, place);
      if (populationOf(address) !== population) {
        population = populationOf(address);
        first = populations[population]?.first ?? 0;
      }
      room[end++] = neuronOf(address) + first;
    }
    this.#end = end;
  }

  /** Ends the list. It stays as it is. */
  take(): Uint32Array {
    const list = this.#room.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return list;
  }

  /** Continues in a larger chunk. */
  #move(more: number): void {
    const begun = this.#room.subarray(this.#start, this.#end);
    this.#room = new Uint32Array(Math.max(leastRoom, 2 * (begun.length + more)));
    this.#room.set(begun);
    this.#start = 0;
    this.#end = begun.length;
  }
}
