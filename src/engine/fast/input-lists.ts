/** A list of neurons in the linear memory, u32 each. */
interface List {
  address: number;
  neurons: Uint32Array;
  count: number;
}

const pageBytes = 65_536;

/** The input's spikes in the linear memory: those of the latest step, and those received for the next one. */
export class InputLists {
  readonly #memory: WebAssembly.Memory;
  readonly #moved: () => void;
  #latest: List;
  #next: List;

  /**
   * @param address of two lists of `room` neurons each, one behind the other. A list that needs more moves to the end of
   * the memory, which grows: `moved` is called, since earlier views of the memory are then void.
   */
  constructor(memory: WebAssembly.Memory, address: number, room: number, moved: () => void) {
    this.#memory = memory;
    this.#moved = moved;
    const listAt = (first: number): List => ({
      address: first,
      neurons: new Uint32Array(memory.buffer, first, room),
      count: 0,
    });
    this.#latest = listAt(address);
    this.#next = listAt(address + 4 * room);
  }

  get latest(): Readonly<List> {
    return this.#latest;
  }

  neurons(of: 'latest' | 'next'): number[] {
    const { neurons, count } = of === 'latest' ? this.#latest : this.#next;
    return [...neurons.subarray(0, count)];
  }

  clear(): void {
    this.#latest.count = 0;
    this.#next.count = 0;
  }

  /** Takes the place of both lists. */
  replace(latest: readonly number[], next: readonly number[]): void {
    this.clear();
    this.add(latest, 0, latest.length, Number.POSITIVE_INFINITY);
    this.turn();
    this.add(next, 0, next.length, Number.POSITIVE_INFINITY);
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

  /** A step begins: what was received for the next step is now the latest. */
  turn(): void {
    const free = this.#latest;
    this.#latest = this.#next;
    this.#next = free;
    free.count = 0;
  }

  #grow(list: List, count: number): void {
    const kept = list.neurons.slice();
    const room = Math.max(pageBytes / 4, 2 * count);
    list.address = pageBytes * this.#memory.grow(Math.ceil((4 * room) / pageBytes));
    const { buffer } = this.#memory;
    list.neurons = new Uint32Array(buffer, list.address, room);
    list.neurons.set(kept);
    const other = list === this.#next ? this.#latest : this.#next;
    other.neurons = new Uint32Array(buffer, other.address, other.neurons.length);
    this.#moved();
  }
}
