import type { Generator } from '../../hardware/index.ts';
import { bitsFrom } from '../../random/index.ts';
import { at } from '../at.ts';

/** A generator that the hw-model declares: the bits of its current advance, made one by one after its recurrence. */
export class DeclaredGenerator {
  readonly lanes: number;
  readonly #spec: Generator;
  #state = 0;
  #bits: Uint8Array | undefined;

  constructor(spec: Generator) {
    this.#spec = spec;
    this.lanes = spec.lanes;
  }

  /** The `far` bits that precede the current word, the earliest in bit 0. */
  get state(): number {
    return this.#state;
  }

  set state(state: number) {
    this.#state = state;
    this.#bits = undefined;
  }

  /** The word of a lane of the group. A word of 32 bits may be negative. */
  word(lane: number): number {
    const { wordBits, words, bitsPerAdvance } = this.#spec;
    this.#bits ??= bitsFrom(this.#spec, this.#state, bitsPerAdvance);
    const first = wordBits * (lane % words);
    let word = 0;
    for (let i = 0; i < wordBits; i++) word |= at(this.#bits, first + i) << i;
    return word;
  }

  advance(): void {
    const { far, bitsPerAdvance } = this.#spec;
    const bits = this.#bits ?? bitsFrom(this.#spec, this.#state, bitsPerAdvance);
    // The state's bits, and those of the advance behind them: the last of both.
    let state = 0;
    for (let i = 0; i < far; i++) {
      const place = bitsPerAdvance - far + i;
      const bit = place >= 0 ? at(bits, place) : (this.#state >>> (far + place)) & 1;
      state = (state | (bit << i)) >>> 0;
    }
    this.state = state;
  }
}
