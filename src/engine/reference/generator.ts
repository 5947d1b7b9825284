import type { Generator } from '../../hardware/index.ts';
import { bitsFrom } from '../../random/index.ts';
import { at } from '../../text/index.ts';

/** A generator of the hw-model. It computes the bits of its current advance one by one from the recurrence. */
export class DeclaredGenerator {
  readonly lanes: number;
  readonly #spec: Generator;
  #state = 0;
  #bits: Uint8Array | undefined;

  constructor(spec: Generator) {
    this.#spec = spec;
    this.lanes = spec.lanes;
  }

  /** The `far` bits preceding the current word, oldest bit first. */
  get state(): number {
    return this.#state;
  }

  set state(state: number) {
    this.#state = state;
    this.#bits = undefined;
  }

  /** The word of a lane in the group. A 32-bit word may be negative. */
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
    // The last `far` bits of the state followed by the advance.
    let state = 0;
    for (let i = 0; i < far; i++) {
      const place = bitsPerAdvance - far + i;
      const bit = place >= 0 ? at(bits, place) : (this.#state >>> (far + place)) & 1;
      state = (state | (bit << i)) >>> 0;
    }
    this.state = state;
  }
}

/** The tile that a kernel visits: consecutive columns, column c in lane c mod `lanes`. */
export interface Tile {
  /** Lanes `from` up to, not including, `to` hold items. */
  from: number;
  to: number;
  /** Position of lane 0's neuron in its population: the post-synaptic neuron, in a row. */
  column: number;
  /** Number of the synapse in lane 0; may be negative if lane 0 holds no item. */
  synapse: number;
  /** The pre-synaptic neuron of the row. */
  pre: number;
  /** The value that the spike carries which runs the kernel. */
  value: number;
  /** For each lane, whether its item is active. */
  readonly active: Uint8Array;
}
