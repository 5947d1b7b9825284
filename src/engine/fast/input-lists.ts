import type { SpikeTrain } from '../../data/index.ts';

/** A list of neurons in the linear memory, u32 each. */
interface List {
  address: number;
  neurons: Uint32Array;
  count: number;
}

const pageBytes = 65_536;

/**
 * The input's spikes in the linear memory: those of the latest step, those received for the next one, and those of a whole
 * sample where they are known beforehand.
 */
export class InputLists {
  readonly #memory: WebAssembly.Memory;
  readonly #moved: () => void;
  #received: List;
  #next: List;
  readonly #sample: List;
  /** The latest step's spikes: in one of the lists, from `from` on. */
  #latest: List;
  #from = 0;
  /** Where the offsets of the sample's steps begin in its list. */
  #offsets = 0;
  #count = 0;

  /**
   * @param address of two lists of `room` neurons each, one behind the other. A list that needs more moves to the end of
   * the memory, which grows: `moved` is called, since earlier views of the memory are then void.
   */
  constructor(memory: WebAssembly.Memory, address: number, room: number, moved: () => void) {
    this.#memory = memory;
    this.#moved = moved;
    const listAt = (first: number, length: number): List => ({
      address: first,
      neurons: new Uint32Array(memory.buffer, first, length),
      count: 0,
    });
    this.#received = listAt(address, room);
    this.#next = listAt(address + 4 * room, room);
    this.#sample = listAt(address, 0);
    this.#latest = this.#received;
  }

  /** Address and number of the latest step's spikes. */
  get address(): number {
    return this.#latest.address + 4 * this.#from;
  }

  get count(): number {
    return this.#count;
  }

  /** The neurons of the latest step. */
  get latestNeurons(): Uint32Array {
    return this.#latest.neurons.subarray(this.#from, this.#from + this.#count);
  }

  /** The neurons received for the next step. */
  get nextNeurons(): Uint32Array {
    return this.#next.neurons.subarray(0, this.#next.count);
  }

  /** Where the sample's spikes and the offsets of its steps are; undefined where others were received as well. */
  get whole(): { readonly neurons: number; readonly offsets: number } | undefined {
    const { address } = this.#sample;
    return this.#next.count > 0 ? undefined : { neurons: address, offsets: address + 4 * this.#offsets };
  }

  clear(): void {
    this.#next.count = 0;
    this.#setLatest(this.#received, 0, 0);
  }

  /** Takes the place of the latest step's spikes and of those received. */
  replace(latest: readonly number[], next: readonly number[]): void {
    this.clear();
    this.add(latest, 0, latest.length, Number.POSITIVE_INFINITY);
    this.turn(undefined, 0);
    this.add(next, 0, next.length, Number.POSITIVE_INFINITY);
  }

  /**
   * Copies the spikes of a sample, zeros behind them up to a whole vector, and then the offsets of its steps.
   *
   * @returns where they begin and, in whole vectors, where they end
   */
  load({ indices, offsets, steps }: SpikeTrain): { readonly first: number; readonly end: number } {
    const list = this.#sample;
    const count = offsets[steps] ?? 0;
    const padded = 4 * Math.ceil(count / 4);
    list.count = 0;
    const room = padded + steps + 1;
    if (room > list.neurons.length) this.#grow(list, room);
    list.neurons.set(count === indices.length ? indices : indices.subarray(0, count));
    list.neurons.fill(0, count, padded);
    list.neurons.set(offsets.length === steps + 1 ? offsets : offsets.subarray(0, steps + 1), padded);
    this.#offsets = padded;
    return { first: list.address, end: list.address + 4 * padded };
  }

  /**
   * Appends neurons for the next step, those from index `from` up to, not including, `to`.
   *
   * @returns the first that is no whole number below `size`; then nothing is appended. undefined if all are
   */
  add(neurons: ArrayLike<number>, from: number, to: number, size: number): number | undefined {
    const list = this.#next;
    const count = list.count + to - from;
    if (count > list.neurons.length) this.#grow(list, count);
    const places = list.neurons;
    const shift = list.count - from;
    for (let index = from; index < to; index++) {
      const neuron = neurons[index] ?? Number.NaN;
      if (neuron >>> 0 !== neuron || neuron >= size) return neuron;
      places[index + shift] = neuron;
    }
    list.count = count;
    return undefined;
  }

  /** A step begins: its spikes are those that the sample has for it, then those that were received. */
  turn(train: SpikeTrain | undefined, step: number): void {
    const from = train?.offsets[step] ?? 0;
    const to = train?.offsets[step + 1] ?? 0;
    if (this.#next.count === 0) {
      this.#setLatest(this.#sample, from, to - from);
      return;
    }
    if (to > from) {
      const received = [...this.nextNeurons];
      this.#next.count = 0;
      this.add(this.#sample.neurons, from, to, Number.POSITIVE_INFINITY);
      this.add(received, 0, received.length, Number.POSITIVE_INFINITY);
    }
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
    const room = Math.max(pageBytes / 4, 2 * count);
    const lists = [this.#received, this.#next, this.#sample];
    // Once the memory has grown, its earlier views have no length.
    const lengths = lists.map((other) => (other === list ? room : other.neurons.length));
    list.address = pageBytes * this.#memory.grow(Math.ceil((4 * room) / pageBytes));
    for (const [index, other] of lists.entries())
      other.neurons = new Uint32Array(this.#memory.buffer, other.address, lengths[index]);
    list.neurons.set(kept);
    this.#moved();
  }
}
