import type { MeshPacket, RancInput } from 'plasticore/chips';

const never = Number.POSITIVE_INFINITY;

/** Words that a host offers one after the other, from a cycle on. A later burst waits behind an earlier one. */
interface Burst {
  readonly cycle: number;
  readonly words: readonly MeshPacket[];
}

/**
 * RANC's stream front end: a sink that stores the words of a host, and a fetcher that writes them into the input FIFO.
 * It has the faults of the RTL: the first word of a burst at full rate is sent twice, and two bursts between two ticks
 * send old words again.
 */
export class StreamFrontEnd implements RancInput {
  /** Cycles in which words were accepted. */
  readonly accepted: number[] = [];
  /** The first cycle in which a flag reads 1. */
  readErrorFrom = never;
  writeErrorFrom = never;
  next: number;
  readonly #bursts: readonly Burst[];
  readonly #size: number;
  /** Count and address wrap at the bits of the largest index. */
  readonly #wrap: number;
  readonly #words: MeshPacket[] = [];
  // The next word of the host.
  #burst = 0;
  #word = 0;
  // Registers of the sink.
  #isReceiving = false;
  #isDone = false;
  #index = 0;
  #count = 0;
  // Registers of the fetcher.
  #isReading = false;
  #isValid = false;
  #address = 0;

  constructor(size: number, bursts: readonly Burst[]) {
    this.#size = size;
    this.#wrap = 2 ** Math.ceil(Math.log2(size));
    this.#bursts = bursts;
    this.next = bursts[0]?.cycle ?? never;
  }

  step(cycle: number, isTick: boolean, isFull: boolean): MeshPacket | undefined {
    const packet = this.#isValid ? this.#words[this.#address] : undefined;
    const burst = this.#bursts[this.#burst];
    const offered = burst !== undefined && burst.cycle <= cycle ? burst.words[this.#word] : undefined;
    const isLast = offered !== undefined && this.#word === (burst?.words.length ?? 0) - 1;
    const accepts = offered !== undefined && this.#isReceiving;
    this.#fetch(cycle, isTick, isFull, accepts);
    this.#receive(cycle, isTick, offered, accepts, isLast);
    if (accepts) {
      this.accepted.push(cycle);
      this.#word = isLast ? 0 : this.#word + 1;
      if (isLast) this.#burst += 1;
    }
    this.next = this.#isActive(cycle) ? cycle + 1 : (this.#bursts[this.#burst]?.cycle ?? never);
    return packet;
  }

  #fetch(cycle: number, isTick: boolean, isFull: boolean, accepts: boolean): void {
    if (!this.#isReading) {
      if (isTick) return;
      this.#isValid = accepts;
      this.#isReading = accepts;
      if (accepts) this.#address = 0;
      return;
    }
    // Unsigned at 32 bits: without words, every address is below the last one.
    const isBelow = this.#address < (this.#count - 1) >>> 0;
    if (isTick) this.readErrorFrom = Math.min(this.readErrorFrom, cycle + 1);
    if (!isTick && isBelow) {
      if (!isFull) this.#address = (this.#address + 1) % this.#wrap;
      this.#isValid = !isFull;
      return;
    }
    this.#isValid = false;
    this.#isReading = false;
    this.#address = 0;
  }

  #receive(
    cycle: number,
    isTick: boolean,
    offered: MeshPacket | undefined,
    accepts: boolean,
    isLast: boolean,
  ): void {
    if (isTick && this.#isReceiving) this.writeErrorFrom = Math.min(this.writeErrorFrom, cycle + 1);
    const isReceiving = this.#isReceiving ? !this.#isDone : offered !== undefined;
    const isFull = this.#index === this.#size - 1;
    if (accepts && offered !== undefined) {
      this.#words[this.#index] = offered;
      this.#index += 1;
      this.#count = (this.#count + 1) % this.#wrap;
      this.#isDone = false;
    } else if (isTick) this.#count = 0;
    if (isFull || isLast) {
      this.#isDone = true;
      this.#index = 0;
    }
    this.#isReceiving = isReceiving;
  }

  #isActive(cycle: number): boolean {
    const { cycle: from = never } = this.#bursts[this.#burst] ?? {};
    return this.#isReading || this.#isValid || this.#isReceiving || from <= cycle;
  }
}
