/** A value in a register: the cycles of its tile from the first to the last in which it may be read. */
interface Life {
  readonly name: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Registers that rotate: what a word calls register r is, for the k-th tile, the physical register (r + k) modulo their
 * number. So a value may live for longer than an interval, though each tile has one of its own.
 */
export class RotatingRegisters {
  readonly #count: number;
  readonly #interval: number;
  readonly #lives: Life[] = [];

  constructor(count: number, interval: number) {
    this.#count = count;
    this.#interval = interval;
  }

  /** A name that is free, for every tile, from its first cycle to its last. */
  take(first: number, last: number): number | 'none' {
    for (let name = 0; name < this.#count; name++) {
      const life = { name, first, last };
      if (
        last - first < this.#count * this.#interval &&
        this.#lives.every((other) => !this.#meet(life, other))
      ) {
        this.#lives.push(life);
        return name;
      }
    }
    return 'none';
  }

  /** Whether two values are ever in one physical register together: of tiles whose numbers differ as their names do. */
  #meet(a: Life, b: Life): boolean {
    const apart = (a.name - b.name + this.#count) % this.#count;
    const reach = Math.ceil((Math.max(a.last, b.last) + 1) / this.#interval / this.#count) + 1;
    for (let turn = -reach; turn <= reach; turn++) {
      const shift = (apart + turn * this.#count) * this.#interval;
      if (a.first <= b.last + shift && b.first + shift <= a.last) return true;
    }
    return false;
  }
}
