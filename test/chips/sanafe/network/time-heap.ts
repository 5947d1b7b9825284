import { numberAt } from 'plasticore/chips';
/**
 * Numbers with a time each; the earliest comes out first. No number is in it twice. Equal times come out in the order
 * of a binary heap that compares times alone, on which `std::priority_queue` of C++ and `heapq` of Python agree: the
 * last entry takes the place of the removed one, sinks to a leaf, always past the earlier child (if equal, the right
 * one), and then rises past all later ones. This order decides which core sends first, and so changes the time of a
 * step.
 */
export class TimeHeap {
  /** Time by number. */
  readonly #time: Float64Array;
  readonly #heap: Int32Array;
  size = 0;

  /** @param numbers the numbers are below this */
  constructor(numbers: number) {
    this.#time = new Float64Array(numbers);
    this.#heap = new Int32Array(numbers);
  }

  clear(): void {
    this.size = 0;
  }

  /** The earliest time; Infinity if the heap is empty. */
  get earliest(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#timeAt(0);
  }

  push(number: number, time: number): void {
    this.#time[number] = time;
    this.#rise(this.size++, number, time);
  }

  /** Takes out the number with the earliest time; -1 if there is none. */
  pop(): number {
    if (this.size === 0) return -1;
    const top = this.#heap[0] ?? -1;
    const moved = this.#heap[--this.size] ?? -1;
    if (this.size === 0) return top;
    let hole = 0;
    for (let child = 1; child < this.size; child = 2 * hole + 1) {
      const right = child + 1;
      if (right < this.size && this.#timeAt(right) <= this.#timeAt(child)) child = right;
      this.#heap[hole] = this.#heap[child] ?? -1;
      hole = child;
    }
    this.#rise(hole, moved, numberAt(this.#time, moved));
    return top;
  }

  #timeAt(place: number): number {
    return numberAt(this.#time, numberAt(this.#heap, place));
  }

  #rise(from: number, number: number, time: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#timeAt(parent) <= time) break;
      this.#heap[hole] = this.#heap[parent] ?? -1;
      hole = parent;
    }
    this.#heap[hole] = number;
  }
}
