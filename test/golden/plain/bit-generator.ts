/**
 * An unfolded linear-feedback register (../specification.md, section 2.6): a sequence of bits with
 * `y[n] = y[n - a] xor y[n - b]`. Each advance consumes `perAdvance` of them.
 */
export class BitGenerator {
  readonly #a: number;
  readonly #b: number;
  readonly #perAdvance: number;
  /** y[n0 - b] to y[n0 + perAdvance - 1]: what the recurrence looks back on, then the current word. */
  readonly #bits: Uint8Array;

  /** @param start the bits that the seed gives: y[-b + i] or y[i], i from 0, for b different values of i */
  constructor(given: { a: number; b: number; perAdvance: number; start: ReadonlyMap<number, number> }) {
    this.#a = given.a;
    this.#b = given.b;
    this.#perAdvance = given.perAdvance;
    this.#bits = new Uint8Array(given.b + given.perAdvance);
    for (const [n, bit] of given.start) this.#bits[given.b + n] = bit;
    this.#generate(Math.max(...given.start.keys()) + 1);
  }

  /** Bits `from` to `from + width - 1` of the current word, the first of them least. */
  word(from: number, width: number): number {
    let value = 0;
    for (let i = from + width - 1; i >= from; i--) value = 2 * value + (this.#bits[this.#b + i] ?? 0);
    return value;
  }

  advance(): void {
    this.#bits.copyWithin(0, this.#perAdvance);
    this.#generate(0);
  }

  /** Bits from y[n0 + n] to the end of the current word. */
  #generate(n: number): void {
    const bits = this.#bits;
    for (let i = this.#b + n; i < bits.length; i++) {
      bits[i] = (bits[i - this.#a] ?? 0) ^ (bits[i - this.#b] ?? 0);
    }
  }
}
