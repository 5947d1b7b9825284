import { attempt, evaluate, type Formula, PlasticoreError } from '../text/index.ts';
import type { ControllerShape, EntryShape } from './schema.ts';
import type { Width } from './storage.ts';
import { type Now, Numbers, Queue, Table } from './storage.ts';

/** A record that is being made: its columns, and what has been recorded, with the clock of each. */
export interface Log {
  readonly columns: readonly string[];
  readonly values: number[][];
  readonly clocks: number[];
}

/** The most that all queues and tables of a controller hold: fields of entries. */
const mostHeld = 2 ** 24;

/** The state of a controller: its registers, queues and tables, its clock and what it counts. */
export class ControllerState implements Now {
  core = 0;
  clock = 0;
  pushes = 0;
  pops = 0;
  drops = 0;
  /** Whether records are made. */
  isHeard = false;
  readonly cores: number;
  readonly constants: ReadonlyMap<string, number>;
  readonly registers: ReadonlyMap<string, Numbers>;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly logs: ReadonlyMap<string, Log>;

  /** @throws PlasticoreError with the name that is at fault */
  constructor(shape: ControllerShape) {
    const { constants = {}, registers = {}, queues = {}, tables = {}, records = {} } = shape;
    this.constants = new Map(Object.entries(constants));
    this.cores = this.#size(shape.cores ?? 1, 'cores', 2 ** 12);
    let held = 0;
    const counted = (path: string, entries: number, fields: object, isShared = false): void => {
      held += entries * Object.keys(fields).length * (isShared ? 1 : this.cores);
      if (held > mostHeld) throw new SizeFault(path, `queues and tables hold at most ${mostHeld} numbers`);
    };
    this.registers = mapOf(registers, ({ initial = 0, shared, ...width }) => {
      const numbers = new Numbers(this, this.cores, 1, width, shared);
      numbers.fill(initial);
      return numbers;
    });
    this.queues = mapOf(queues, ({ entry, ...queue }, name) => {
      counted(`queues.${name}`, queue.depth * (queue.slots ?? 1), entry, queue.shared);
      return new Queue(this, this.cores, { ...queue, entry: widthsOf(entry) });
    });
    this.tables = mapOf(tables, ({ rows, entry, shared }, name) => {
      const size = this.#size(rows, `tables.${name}.rows`, mostHeld);
      counted(`tables.${name}`, size, entry, shared);
      return new Table(this, this.cores, size, widthsOf(entry), shared);
    });
    this.logs = mapOf(records, (columns) => ({ columns, values: [], clocks: [] }));
  }

  /** Names that a formula gives a meaning by itself. */
  static readonly builtIn: readonly string[] = ['clock', 'core', 'cores'];

  /** Names of one kind may not be those of another. */
  get names(): readonly string[] {
    return [this.constants, this.registers, this.queues, this.tables].flatMap((kind) => [...kind.keys()]);
  }

  /** Runs something in a core, and comes back. */
  within<Result>(core: number, run: () => Result): Result {
    const before = this.core;
    this.core = core;
    try {
      return run();
    } finally {
      this.core = before;
    }
  }

  #size(formula: Formula, path: string, most: number): number {
    const constants = Object.fromEntries(this.constants);
    const found = attempt(() => evaluate(formula, (name) => constants[name], Object.keys(constants)));
    if (found instanceof PlasticoreError) throw new SizeFault(path, found.message);
    const value = found;
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new SizeFault(path, `expected a whole number from 1 to ${most}, found ${value}`);
  }
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
