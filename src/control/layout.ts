import { attempt, evaluate, type Formula, PlasticoreError } from '../text/index.ts';
import type { ControllerShape, EntryShape } from './schema.ts';

/** Bits of a number that is held, and whether it is in two's complement. */
export interface Width {
  readonly bits: number;
  readonly signed?: boolean | undefined;
}

/** Numbers of one width in the linear memory, for each core or for all of them: i32 where that holds them, else f64. */
export interface Cells extends Width {
  readonly type: 'i32' | 'f64';
  readonly address: number;
  /** How many of them a core has. */
  readonly size: number;
  readonly isShared: boolean;
  readonly low: number;
  readonly high: number;
}

export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Cells>;
}

/** Queues of entries, one for each slot: rings, each with the place of its head and its length. */
export interface Queue {
  /** Its place among all queues. */
  readonly index: number;
  readonly depth: number;
  readonly slots: number;
  readonly columns: ReadonlyMap<string, Cells>;
  readonly heads: Cells;
  readonly lengths: Cells;
}

/** The most that all queues and tables of a controller hold: fields of entries. */
const mostHeld = 2 ** 24;

/** Where the state of a controller lies: its registers, queues and tables, its clock and what it counts. */
export class StateLayout {
  readonly cores: number;
  readonly constants: ReadonlyMap<string, number>;
  readonly registers: ReadonlyMap<string, Cells>;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly tables: ReadonlyMap<string, Table>;
  /** Records in their order, each with its columns. */
  readonly records: ReadonlyMap<string, readonly string[]>;
  /** Doubles: the clock, entries that have come, gone and found no room. */
  readonly clock: number;
  readonly pushes: number;
  readonly pops: number;
  readonly drops: number;
  /** Words: for each record whether it is made; whether an event has run since fields were last read. */
  readonly heard: number;
  readonly hasRun: number;
  /** Whether somebody watches inputs and queues. */
  readonly isWatched: number;
  /** Doubles: the row of a record. */
  readonly row: number;
  #end: number;

  /**
   * @param base the address from which on it lies, a multiple of 8
   * @throws SizeFault for a size that cannot be
   */
  constructor(shape: ControllerShape, base = 0) {
    const { constants = {}, registers = {}, queues = {}, tables = {}, records = {} } = shape;
    this.#end = base;
    this.constants = new Map(Object.entries(constants));
    this.cores = this.#size(shape.cores ?? 1, 'cores', 2 ** 12);
    let held = 0;
    const counted = (path: string, entries: number, fields: object, isShared = false): void => {
      held += entries * Object.keys(fields).length * (isShared ? 1 : this.cores);
      if (held > mostHeld) throw new SizeFault(path, `queues and tables hold at most ${mostHeld} numbers`);
    };
    this.clock = this.#take(8);
    this.pushes = this.#take(8);
    this.pops = this.#take(8);
    this.drops = this.#take(8);
    this.heard = this.words(Object.keys(records).length);
    this.hasRun = this.#take(4);
    this.isWatched = this.#take(4);
    this.row = this.#take(8 * Math.max(0, ...Object.values(records).map((columns) => columns.length)));
    this.records = new Map(Object.entries(records));
    this.registers = mapOf(registers, ({ shared, ...width }) => this.#cells(1, width, shared));
    this.queues = mapOf(queues, ({ entry, depth, slots = 1, shared }, name) => {
      counted(`queues.${name}`, depth * slots, entry, shared);
      const columns = mapOf(widthsOf(entry), (width) => this.#cells(depth * slots, width, shared));
      const [heads, lengths] = [depth - 1, depth].map((high) => ({
        ...this.#cells(slots, { bits: 31 }, shared),
        high,
      }));
      if (heads === undefined || lengths === undefined) throw new Error('a queue has heads and lengths');
      return { index: Object.keys(queues).indexOf(name), depth, slots, columns, heads, lengths };
    });
    this.tables = mapOf(tables, ({ rows, entry, shared }, name) => {
      const size = this.#size(rows, `tables.${name}.rows`, mostHeld);
      counted(`tables.${name}`, size, entry, shared);
      return { rows: size, columns: mapOf(widthsOf(entry), (width) => this.#cells(size, width, shared)) };
    });
  }

  /** Names that a formula gives a meaning by itself. */
  static readonly builtIn: readonly string[] = ['clock', 'core', 'cores'];
  /** Those, and some that have a meaning where an event runs. */
  static readonly taken: readonly string[] = [...StateLayout.builtIn, 'took', 'spike', 'value'];

  /** Names of one kind may not be those of another. */
  get names(): readonly string[] {
    return [this.constants, this.registers, this.queues, this.tables].flatMap((kind) => [...kind.keys()]);
  }

  /** The address behind it. */
  get end(): number {
    return this.#end;
  }

  /** Takes words behind it. */
  words(count: number): number {
    return this.#take(4 * count);
  }

  /** A register, or a column of a table: `lfsr`, `routes.weight`. */
  cells(name: string): Cells | undefined {
    const [first = '', column] = name.split('.');
    return column === undefined ? this.registers.get(first) : this.tables.get(first)?.columns.get(column);
  }

  #take(bytes: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + bytes) / 8) * 8;
    return address;
  }

  #cells(size: number, { bits, signed = false }: Width, isShared = false): Cells {
    const type = bits <= (signed ? 32 : 31) ? 'i32' : 'f64';
    const address = this.#take(size * bytesPerCell({ type }) * (isShared ? 1 : this.cores));
    return { type, address, size, isShared, bits, signed, ...rangeOf({ bits, signed }) };
  }

  #size(formula: Formula, path: string, most: number): number {
    const constants = Object.fromEntries(this.constants);
    const found = attempt(() => evaluate(formula, (name) => constants[name], Object.keys(constants)));
    if (found instanceof PlasticoreError) throw new SizeFault(path, found.message);
    if (Number.isInteger(found) && found >= 1 && found <= most) return found;
    throw new SizeFault(path, `expected a whole number from 1 to ${most}, found ${found}`);
  }
}

export function rangeOf({ bits, signed = false }: Width): { readonly low: number; readonly high: number } {
  const low = signed ? -(2 ** (bits - 1)) : 0;
  return { low, high: low + 2 ** bits - 1 };
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

export function bytesPerCell({ type }: Pick<Cells, 'type'>): number {
  return type === 'i32' ? 4 : 8;
}

/** A size that cannot be, with its path in the controller. */
export class SizeFault extends Error {
  readonly path: readonly string[];

  constructor(path: string, message: string) {
    super(message);
    this.path = path.split('.');
  }
}

export function widthsOf(entry: NonNullable<EntryShape>): Readonly<Record<string, Width>> {
  return Object.fromEntries(
    Object.entries(entry).map(([name, width]) => [name, typeof width === 'number' ? { bits: width } : width]),
  );
}

function mapOf<Shape, Item>(
  shapes: Readonly<Record<string, Shape>>,
  make: (shape: Shape, name: string) => Item,
): Map<string, Item> {
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, make(shape, name)]));
}
