import type { SpikeTrain } from '../../data/index.ts';
import { type CoreImage, isSpikeOf, neuronMask, type Population, suppliedTo } from '../../image/index.ts';
import { addAt, at, wordAt } from '../../text/index.ts';
import { copyWords } from '../state.ts';
import { clearedWords } from './emit/events/sample.ts';
import type { LinearMemory } from './linear-memory.ts';

/** A list of spikes in the linear memory, u32 each: the neuron, and above it the value of the spike, if any. */
interface List {
  address: number;
  /** Neurons that it has room for. */
  room: number;
  neurons: Uint32Array;
  count: number;
}

/** Neurons that a list has room for once it has moved: a page of memory. */
const leastRoom = 2 ** 14;

/** Bytes of a core's lists before any of them grows: two with room for every input, and the offsets of all steps. */
export function bytesOfInput(image: CoreImage): number {
  return 4 * (2 * inputsOf(image) + image.steps + 1);
}

function inputsOf({ populations, input }: CoreImage): number {
  const population = populations[input];
  return population === undefined ? 0 : suppliedTo(population);
}

/**
 * The input's spikes in the linear memory: those of the latest step, those received for the next one, and those of a
 * whole sample where they are known beforehand.
 */
export class InputLists {
  readonly #memory: LinearMemory;
  readonly #input: Population;
  readonly #mask: number;
  #received: List;
  #next: List;
  readonly #sample: List;
  /** Where each step's spikes begin in the sample's list, and where the last one's end; all 0 where none are known. */
  readonly offsetsAddress: number;
  #offsets: Uint32Array;
  /** The latest step's spikes: in one of the lists, from `from` on. */
  #latest: List;
  #from = 0;
  #count = 0;

  /** @param address of {@link bytesOfInput} free bytes; a list that needs more moves to the end of the memory */
  constructor(image: CoreImage, memory: LinearMemory, address: number) {
    this.#memory = memory;
    const inputs = inputsOf(image);
    this.#input = { ...(image.populations[image.input] ?? { name: '' }), size: inputs };
    this.#mask = neuronMask(this.#input);
    const listAt = (first: number, length: number): List => ({
      address: first,
      room: length,
      neurons: new Uint32Array(memory.buffer, first, length),
      count: 0,
    });
    this.#received = listAt(address, inputs);
    this.#next = listAt(address + 4 * inputs, inputs);
    this.#sample = listAt(address, 0);
    this.#latest = this.#received;
    this.offsetsAddress = address + 8 * inputs;
    this.#offsets = new Uint32Array(memory.buffer, this.offsetsAddress, image.steps + 1);
    memory.space.onMove(() => this.#renew(image.steps));
  }

  /** The memory has moved. */
  #renew(steps: number): void {
    const { buffer } = this.#memory;
    for (const list of [this.#received, this.#next, this.#sample])
      list.neurons = new Uint32Array(buffer, list.address, list.room);
    this.#offsets = new Uint32Array(buffer, this.offsetsAddress, steps + 1);
  }

  /** Address and number of the latest step's spikes. */
  get address(): number {
    return this.#latest.address + 4 * this.#from;
  }

  get count(): number {
    return this.#count;
  }

  /** The neurons of the latest step. */
  get latestNeurons(): number[] {
    return Array.from(this.latestSpikes, (spike) => spike & this.#mask);
  }

  /** The spikes of the latest step. */
  get latestSpikes(): Uint32Array {
    return this.#latest.neurons.subarray(this.#from, this.#from + this.#count);
  }

  /** The spikes received for the next step. */
  get nextSpikes(): Uint32Array {
    return this.#next.neurons.subarray(0, this.#next.count);
  }

  get hasReceived(): boolean {
    return this.#next.count > 0;
  }

  /** The spikes of the whole sample. */
  get sample(): Readonly<List> {
    return this.#sample;
  }

  /** Adds 1 for each spike of the latest step to the count of its neuron. */
  countLatest(counts: Float64Array | undefined): void {
    if (counts === undefined) return;
    const { neurons } = this.#latest;
    const end = this.#from + this.#count;
    for (let place = this.#from; place < end; place++) {
      const neuron = wordAt(neurons, place) & this.#mask;
      addAt(counts, neuron, 1);
    }
  }

  /** A sample begins: no step has run, nothing has been received. */
  clear(): void {
    this.#next.count = 0;
    this.#setLatest(this.#received, 0, 0);
  }

  /** Takes the place of the latest step's spikes and of those received. */
  replace(latest: readonly number[], next: readonly number[]): void {
    this.clear();
    this.add(latest, 0, latest.length);
    this.#turnToNext();
    this.add(next, 0, next.length);
  }

  /** Copies the spikes of a whole sample, with room behind them for the code that checks them. */
  load({ indices, offsets, steps }: SpikeTrain): void {
    const list = this.#sample;
    const count = at(offsets, steps);
    list.count = 0;
    if (count + clearedWords > list.neurons.length) this.#grow(list, count + clearedWords);
    list.neurons.set(count === indices.length ? indices : indices.subarray(0, count));
    list.count = count;
    for (let step = 0; step <= steps; step++) this.#offsets[step] = at(offsets, step);
  }

  /** The sample's spikes are not known beforehand. */
  loadNone(): void {
    this.#sample.count = 0;
    this.#offsets.fill(0);
  }

  /**
   * Appends neurons for the next step, those from index `from` up to, not including, `to`.
   *
   * @returns the first that is no spike of the input; then nothing is appended. undefined if all are
   */
  add(neurons: ArrayLike<number>, from: number, to: number): number | undefined {
    const list = this.#next;
    const count = list.count + to - from;
    if (count > list.neurons.length) this.#grow(list, count);
    const places = list.neurons;
    const shift = list.count - from;
    const input = this.#input;
    // Most inputs take no values, and a look at each part of a spike takes as long as to copy it.
    const isPlain = input.payload === undefined;
    const { size } = input;
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      if (isPlain ? neuron >>> 0 !== neuron || neuron >= size : !isSpikeOf(input, neuron)) return neuron;
      places[index + shift] = neuron;
    }
    list.count = count;
    return undefined;
  }

  /** Copies neurons into the linear memory, behind those received, and returns their address. */
  place(neurons: ArrayLike<number>, from: number, to: number): number {
    const list = this.#next;
    const { count } = list;
    if (count + to - from > list.neurons.length) this.#grow(list, count + to - from);
    copyWords(neurons, from, to, list.neurons, count);
    return list.address + 4 * count;
  }

  /** A step begins: its spikes are those that the sample has for it, then those that were received. */
  turn(step: number): void {
    const from = wordAt(this.#offsets, step);
    const to = wordAt(this.#offsets, step + 1);
    if (this.#next.count === 0) {
      this.#setLatest(this.#sample, from, to - from);
      return;
    }
    if (to > from) {
      // Copies, since a list that grows voids every view.
      const known = this.#sample.neurons.slice(from, to);
      const received = this.nextSpikes.slice();
      this.#next.count = 0;
      this.add(known, 0, known.length);
      this.add(received, 0, received.length);
    }
    this.#turnToNext();
  }

  /** Spikes received for the next step become those of the latest step. */
  #turnToNext(): void {
    const free = this.#received;
    this.#received = this.#next;
    this.#next = free;
    this.#setLatest(this.#received, 0, this.#received.count);
    free.count = 0;
  }

  #setLatest(list: List, from: number, count: number): void {
    this.#latest = list;
    this.#from = from;
    this.#count = count;
  }

  #grow(list: List, count: number): void {
    const kept = list.neurons.slice(0, list.count);
    list.room = Math.max(leastRoom, 2 * count);
    list.address = this.#memory.space.take(4 * list.room);
    list.neurons = new Uint32Array(this.#memory.buffer, list.address, list.room);
    list.neurons.set(kept);
  }
}
