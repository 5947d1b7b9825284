import { numberAt, wordAt } from '../api.ts';
import { never } from './core.ts';

/** A packet: where it goes, relative to where it is, and the delay in ticks less one that it waits there. */
export interface RancPacket {
  readonly dx: number;
  readonly dy: number;
  readonly axon: number;
  readonly offset: number;
}

/** Where a chip's packets come from. */
export interface RancInput {
  /** The next cycle in which it has something to do; infinite if it waits for a tick, or has nothing more. */
  readonly next: number;
  /**
   * Does what is due at a rising edge.
   *
   * @param isTick whether the tick line is 1
   * @param isFull whether the input FIFO is full
   * @returns the packet that is to be written into the input FIFO, if any
   */
  step(cycle: number, isTick: boolean, isFull: boolean): RancPacket | undefined;
}

/** A packet with the rising edge at which it is to be written. */
export interface TimedPacket extends RancPacket {
  readonly cycle: number;
}

/** Packets at given cycles, in ascending order. */
export class PacketList implements RancInput {
  readonly #packets: readonly TimedPacket[];
  #at = 0;

  constructor(packets: readonly TimedPacket[]) {
    this.#packets = packets;
  }

  get next(): number {
    return this.#packets[this.#at]?.cycle ?? never;
  }

  step(cycle: number): RancPacket | undefined {
    if (this.next !== cycle) return undefined;
    this.#at += 1;
    return this.#packets[this.#at - 1];
  }
}

/** A list of numbers that is emptied by `count = 0` and keeps its memory. */
export class NumberList {
  count = 0;
  #values = new Int32Array(16);

  at(index: number): number {
    return numberAt(this.#values, index);
  }

  push(value: number): void {
    if (this.count === this.#values.length) {
      const more = new Int32Array(2 * this.count);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.count] = value;
    this.count += 1;
  }
}

/** The packets on their way, each known by a number, so that a hop allocates nothing. */
export class Packets {
  dx = new Int16Array(64);
  dy = new Int16Array(64);
  axon = new Uint16Array(64);
  offset = new Uint16Array(64);
  #free = Int32Array.from({ length: 64 }, (_, number) => number);
  #freeCount = 64;

  add(dx: number, dy: number, axon: number, offset: number): number {
    if (this.#freeCount === 0) this.#grow();
    this.#freeCount -= 1;
    const number = numberAt(this.#free, this.#freeCount);
    this.dx[number] = dx;
    this.dy[number] = dy;
    this.axon[number] = axon;
    this.offset[number] = offset;
    return number;
  }

  at(number: number): RancPacket {
    return {
      dx: wordAt(this.dx, number),
      dy: wordAt(this.dy, number),
      axon: wordAt(this.axon, number),
      offset: wordAt(this.offset, number),
    };
  }

  remove(number: number): void {
    this.#free[this.#freeCount] = number;
    this.#freeCount += 1;
  }

  #grow(): void {
    const before = this.dx.length;
    const grown = <Values extends Int16Array | Uint16Array>(values: Values, more: Values): Values => {
      more.set(values);
      return more;
    };
    this.dx = grown(this.dx, new Int16Array(2 * before));
    this.dy = grown(this.dy, new Int16Array(2 * before));
    this.axon = grown(this.axon, new Uint16Array(2 * before));
    this.offset = grown(this.offset, new Uint16Array(2 * before));
    this.#free = new Int32Array(2 * before);
    for (let number = before; number < 2 * before; number++) this.#free[number - before] = number;
    this.#freeCount = before;
  }
}
