import { numberAt } from '../arrays/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** Bits of a number that is held, and whether it is in two's complement. */
export interface Width {
  readonly bits: number;
  readonly signed?: boolean | undefined;
}

/** The core in which a visit takes place. */
export interface Now {
  core: number;
}

/** @param where the place in the controller, for errors */
export function fault(where: string, message: string, hint?: string): PlasticoreError {
  return new PlasticoreError('run', `controller: ${where}: ${message}`, { hint });
}

/** A whole number, or an error. */
export function whole(value: number, where: string): number {
  // There is one zero.
  if (Number.isSafeInteger(value)) return value + 0;
  throw fault(where, `expected a whole number, found ${value}`);
}

/** Wraps whole numbers to a width. */
export function fitTo({ bits, signed = false }: Width): (value: number) => number {
  const span = 2 ** bits;
  const top = signed ? span / 2 : span;
  return (value) => {
    const low = value - Math.floor(value / span) * span;
    return low >= top ? low - span : low;
  };
}

/** Numbers of one width, for each core or for all of them. */
export class Numbers {
  readonly #values: Float64Array;
  readonly #perCore: number;
  readonly #now: Now;
  readonly #fit: (value: number) => number;

  /** @param size how many of them a core has */
  constructor(now: Now, cores: number, size: number, width: Width, isShared = false) {
    this.#now = now;
    this.#perCore = isShared ? 0 : size;
    this.#values = new Float64Array(isShared ? size : size * cores);
    this.#fit = fitTo(width);
  }

  get(index: number): number {
    return numberAt(this.#values, this.#now.core * this.#perCore + index);
  }

  /** Stores a whole number, wrapped to the width. */
  set(index: number, value: number): void {
    this.#values[this.#now.core * this.#perCore + index] = this.#fit(value);
  }

  fill(value: number): void {
    this.#values.fill(this.#fit(value));
  }

  /** Those of the present core. */
  all(): number[] {
    const size = this.#perCore === 0 ? this.#values.length : this.#perCore;
    const from = this.#now.core * this.#perCore;
    return [...this.#values.subarray(from, from + size)];
  }
}

/** Entries by their address. */
export class Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Numbers>;

  constructor(
    now: Now,
    cores: number,
    rows: number,
    entry: Readonly<Record<string, Width>>,
    isShared = false,
  ) {
    this.rows = rows;
    this.columns = new Map(
      Object.entries(entry).map(([name, width]) => [name, new Numbers(now, cores, rows, width, isShared)]),
    );
  }

  /** @param where the place in the controller, for an address outside */
  address(index: number, where: string): number {
    if (Number.isInteger(index) && index >= 0 && index < this.rows) return index;
    throw fault(where, `expected an address from 0 to ${this.rows - 1}, found ${index}`);
  }
}

/** Queues of entries, one for each slot. */
export class Queue {
  readonly depth: number;
  readonly slots: number;
  readonly #columns: ReadonlyMap<string, Numbers>;
  readonly #heads: Numbers;
  readonly #lengths: Numbers;

  constructor(
    now: Now,
    cores: number,
    {
      depth,
      slots = 1,
      entry,
      shared,
    }: {
      readonly depth: number;
      readonly slots?: number | undefined;
      readonly entry: Readonly<Record<string, Width>>;
      readonly shared?: boolean | undefined;
    },
  ) {
    const numbers = (size: number, width: Width): Numbers => new Numbers(now, cores, size, width, shared);
    this.depth = depth;
    this.slots = slots;
    this.#columns = new Map(
      Object.entries(entry).map(([name, width]) => [name, numbers(depth * slots, width)]),
    );
    this.#heads = numbers(slots, { bits: 32 });
    this.#lengths = numbers(slots, { bits: 32 });
  }

  /** @param where the place in the controller, for a slot that is not there */
  slot(slot: number, where: string): number {
    if (Number.isInteger(slot) && slot >= 0 && slot < this.slots) return slot;
    throw fault(where, `expected a slot from 0 to ${this.slots - 1}, found ${slot}`);
  }

  length(slot: number): number {
    return this.#lengths.get(slot);
  }

  get fields(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /** The numbers of a field, of all slots: see {@link place}. */
  column(name: string): Numbers | undefined {
    return this.#columns.get(name);
  }

  /** Where the entry at a position from the head is in its columns. */
  place(slot: number, position: number, where: string): number {
    if (position < this.length(slot))
      return slot * this.depth + ((this.#heads.get(slot) + position) % this.depth);
    throw fault(where, `there is no entry ${position}: the queue holds ${this.length(slot)}`);
  }

  /** Appends an entry of zeros. Returns its place; -1 if there is no room. */
  push(slot: number): number {
    const length = this.length(slot);
    if (length === this.depth) return -1;
    this.#lengths.set(slot, length + 1);
    const place = this.place(slot, length, '');
    for (const column of this.#columns.values()) column.set(place, 0);
    return place;
  }

  /** Removes entries from the head on. */
  remove(slot: number, count: number): void {
    this.#heads.set(slot, (this.#heads.get(slot) + count) % this.depth);
    this.#lengths.set(slot, this.length(slot) - count);
  }
}
