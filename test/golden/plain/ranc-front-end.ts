import type { RancAxis, Word } from './ranc-format.ts';

/** RANC's stream front end, register by register (../ranc.md, section 6). */
export class PlainFrontEnd {
  readonly accepted: number[] = [];
  readErrorFrom = Number.POSITIVE_INFINITY;
  writeErrorFrom = Number.POSITIVE_INFINITY;
  readonly #max: number;
  readonly #mask: number;
  readonly #waiting: { readonly from: number; readonly word: Word; readonly isLast: boolean }[];
  readonly #stored = new Map<number, Word>();
  #sink: 'idle' | 'receiving' = 'idle';
  #fetch: 'reset' | 'idle' | 'reading' = 'reset';
  #done = false;
  #index = 0;
  #count = 0;
  #address = 0;
  #valid = false;

  constructor({ max_packets, bursts }: RancAxis) {
    this.#max = max_packets;
    this.#mask = 2 ** (max_packets - 1).toString(2).length - 1;
    this.#waiting = bursts.flatMap(([from, words]) =>
      words.map((word, at) => ({ from, word, isLast: at === words.length - 1 })),
    );
  }

  /** A rising edge. Returns the word that is written into the input FIFO. */
  rise(cycle: number, isTick: boolean, isFull: boolean): Word | undefined {
    const [sink, fetch, done, index, count, address, valid] = [
      this.#sink,
      this.#fetch,
      this.#done,
      this.#index,
      this.#count,
      this.#address,
      this.#valid,
    ];
    const output = valid ? this.#stored.get(address) : undefined;
    const [first] = this.#waiting;
    const offered = first !== undefined && first.from <= cycle ? first : undefined;
    const isAccepted = offered !== undefined && sink === 'receiving' && index <= this.#max - 1;

    if (sink === 'idle' && offered !== undefined) this.#sink = 'receiving';
    if (sink === 'receiving' && done) this.#sink = 'idle';
    if (isTick) {
      this.#count = 0;
      if (sink === 'receiving') this.writeErrorFrom = Math.min(this.writeErrorFrom, cycle + 1);
    }
    if (isAccepted) {
      this.#stored.set(index, offered.word);
      this.#index = index + 1;
      this.#count = (count + 1) & this.#mask;
      this.#done = false;
      this.accepted.push(cycle);
      this.#waiting.shift();
    }
    if (index === this.#max - 1 || offered?.isLast === true) {
      this.#done = true;
      this.#index = 0;
    }

    if (fetch === 'reset') this.#fetch = 'idle';
    else if (fetch === 'idle') {
      if (!isTick && isAccepted) [this.#address, this.#valid, this.#fetch] = [0, true, 'reading'];
      else if (!isTick) this.#valid = false;
    } else if (isTick) {
      [this.#address, this.#valid, this.#fetch] = [0, false, 'idle'];
      this.readErrorFrom = Math.min(this.readErrorFrom, cycle + 1);
    } else if (count === 0 || address < count - 1) {
      if (isFull) this.#valid = false;
      else       [this.#address, this.#valid] = [(address + 1) & this.#mask, true];
    } else [this.#address, this.#valid, this.#fetch] = [0, false, 'idle'];
    return output;
  }
}
