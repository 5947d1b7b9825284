import { at, PlasticoreError, sum } from '../text/index.ts';
import { ControllerCode, fault } from './code.ts';
import type { Cores, GrowingMemory, Spikes } from './door.ts';
import { type Cells, fitTo, StateLayout } from './layout.ts';
import { hostMath } from './numbers.ts';
import type { ControllerShape } from './schema.ts';
import { writeVisits } from './visits.ts';

/** The recording of one input, by record: rows of whole numbers. */
export type InputRecords = Readonly<Record<string, readonly (readonly number[])[]>>;

/** A record that is being made: what has been recorded, with the clock of each. */
interface Log {
  readonly columns: number;
  readonly values: number[][];
  readonly clocks: number[];
  readonly listeners: Listener[];
}

/** Receives the rows of a record as they are made. */
export type Listener = (row: readonly number[]) => void;

/** Hears what a controller does as it does it, each with its clock. */
export interface Watcher {
  /** An input begins, by its name, or has ended. */
  input(name: string | undefined, clock: number): void;
  /** So many entries come to a queue (above 0) or leave it (below); one has found no room (0). */
  queue(queue: number, change: number, clock: number): void;
}

/** Sends an input, with the numbers that it takes. */
export type SendInput = (...values: number[]) => void;

const pageBytes = 65_536;

/** Rows of a record that are kept until they are taken: a few hundred megabytes. */
const mostKeptRows = 2_000_000;

/** A controller as data, compiled to WebAssembly, that runs cores. */
export class ControllerRunner {
  readonly #layout: StateLayout;
  readonly #inputs: ReadonlyMap<string, { readonly takes: number; readonly send: SendInput }>;
  readonly #logs: ReadonlyMap<string, Log>;
  /** Whether rows are kept until they are taken, and how many. */
  #isKept = false;
  #watcher: Watcher | undefined;
  #mostRows = mostKeptRows;
  #words: Int32Array;
  #doubles: Float64Array;

  /**
   * @param shape checked
   * @param cores as many as it has
   * @throws PlasticoreError `image` where it names something that the program does not have
   */
  constructor(shape: ControllerShape, cores: Cores) {
    const space = cores.direct?.space ?? new OwnSpace();
    const layout = new StateLayout(shape, space.end);
    const code = new ControllerCode(layout, cores, (path, message, hint) => {
      const of = cores.program === undefined ? '' : `program '${cores.program}': `;
      throw new PlasticoreError('image', `${of}controller: ${path.join('.')}: ${message}`, { hint });
    });
    writeVisits(code, shape);
    space.take(layout.end - space.end);
    const view = () => [new Int32Array(space.memory.buffer), new Float64Array(space.memory.buffer)] as const;
    [this.#words, this.#doubles] = view();
    space.onMove(() => {
      [this.#words, this.#doubles] = view();
    });
    this.#layout = layout;
    this.#logs = new Map(
      Object.entries(shape.records ?? {}).map(([name, columns]) => [
        name,
        { columns: columns.length, values: [], clocks: [], listeners: [] },
      ]),
    );
    for (const [name, { initial = 0 }] of Object.entries(shape.registers ?? {})) {
      const cells = layout.registers.get(name);
      if (cells !== undefined) this.#fill(cells, initial);
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code.module.toBytes()), {
      host: { memory: space.memory, ...this.#host(code, cores) },
      math: hostMath,
    });
    const functions = exports as unknown as Readonly<Record<string, SendInput>>;
    this.#inputs = new Map(
      Object.entries(shape.inputs).map(([name, { takes = {} }]) => {
        const send = functions[name];
        if (send === undefined) throw new Error(`input '${name}' has no code`);
        return [name, { takes: Object.keys(takes).length, send }];
      }),
    );
  }

  /** Cycles since the start. */
  get cycle(): number {
    return this.#double(this.#layout.clock);
  }

  get counts(): { readonly pushes: number; readonly pops: number; readonly drops: number } {
    const { pushes, pops, drops } = this.#layout;
    return { pushes: this.#double(pushes), pops: this.#double(pops), drops: this.#double(drops) };
  }

  /**
   * The function that makes the visits of an input. It takes as many numbers as the input does, and throws
   * PlasticoreErrors: `data` for a number that the input does not hold, `run` where the controller is at fault.
   *
   * @throws PlasticoreError `data` for an input that it does not have
   */
  input(name: string): SendInput {
    return this.#input(name).send;
  }

  /**
   * Makes the visits of an input.
   *
   * @throws PlasticoreError `data` for an input that it does not have, `run` where the controller is at fault
   */
  send(name: string, values: readonly number[]): void {
    const { takes, send } = this.#input(name);
    if (values.length !== takes)
      throw new PlasticoreError('data', `input '${name}' takes ${takes} numbers, found ${values.length}`);
    send(...values);
  }

  #input(name: string) {
    const input = this.#inputs.get(name);
    if (input !== undefined) return input;
    throw new PlasticoreError('data', `there is no input '${name}'`);
  }

  /** All records are made and kept from here on. Before, what a record would hold is not even computed. */
  listen(mostRows = mostKeptRows): void {
    this.#isKept = true;
    this.#mostRows = mostRows;
    for (const name of this.#logs.keys()) this.#hear(name);
  }

  /**
   * Calls a listener with each row of a record, from here on.
   *
   * @throws PlasticoreError `image` if there is no such record
   */
  hear(record: string, listener: Listener): void {
    const log = this.#logs.get(record);
    if (log === undefined) throw new PlasticoreError('image', `the controller has no record '${record}'`);
    log.listeners.push(listener);
    this.#hear(record);
  }

  /** Tells what it does from here on, between two inputs. Returns how many entries each queue holds now. */
  watch(watcher: Watcher): readonly number[] {
    this.#watcher = watcher;
    this.#words[this.#layout.isWatched / 4] = 1;
    return [...this.#layout.queues.values()].map(({ lengths }) => sum([...this.#part(lengths, 0)]));
  }

  #hear(record: string): void {
    this.#words[this.#layout.heard / 4 + [...this.#logs.keys()].indexOf(record)] = 1;
  }

  /** The recording since the last call. */
  takeRecords(): InputRecords {
    return Object.fromEntries(
      [...this.#logs].map(([name, log]) => {
        log.clocks.length = 0;
        return [name, log.values.splice(0)];
      }),
    );
  }

  /** The numbers of a register, or of a column of a table, in a core; undefined if there is none. */
  read(name: string, core: number): ArrayLike<number> | undefined {
    const cells = this.#layout.cells(name);
    return cells && [...this.#part(cells, core)];
  }

  /**
   * Replaces the first numbers of a register, or of a column of a table, in a core.
   *
   * @throws PlasticoreError `data` if there is none, or it holds fewer
   */
  write(name: string, core: number, values: readonly number[]): void {
    const cells = this.#layout.cells(name);
    if (cells === undefined)
      throw new PlasticoreError('data', `'${name}' is no register, and no column of a table (table.column)`);
    const { size, low, high } = cells;
    if (values.length > size)
      throw new PlasticoreError('data', `'${name}' holds ${size} numbers, found ${values.length}`);
    const wrong = values.find((value) => !Number.isInteger(value) || value < low || value > high);
    if (wrong !== undefined) throw new PlasticoreError('data', `'${name}' does not hold ${wrong}`);
    this.#part(cells, core).set(values);
  }

  #double(address: number): number {
    return at(this.#doubles, address / 8);
  }

  /** The numbers of a core, as they lie in the memory. */
  #part({ type, address, size, isShared }: Cells, core: number): Int32Array | Float64Array {
    const values = type === 'i32' ? this.#words : this.#doubles;
    const first = address / values.BYTES_PER_ELEMENT + (isShared ? 0 : core * size);
    return values.subarray(first, first + size);
  }

  #fill(cells: Cells, value: number): void {
    const cores = cells.isShared ? 1 : this.#layout.cores;
    for (let core = 0; core < cores; core++) this.#part(cells, core).fill(fitTo(cells)(value));
  }

  /** What the code calls. */
  #host(code: ControllerCode, cores: Cores) {
    const { faults, reads, layout } = code;
    const logs = [...this.#logs.values()];
    /** The spikes at hand. */
    const spikes: Spikes[] = [];
    /** By core and field, what has been read since the last event. */
    const fields = new Map<number, ArrayLike<number>>();
    const sorts: (() => void)[] = [];
    const triggers = cores.events.map((_, event) => this.#trigger(code, cores, event));
    return {
      ...Object.fromEntries(triggers.map((trigger, event) => [`event ${event}`, trigger])),
      fail: (index: number, found: number, other: number) => {
        throw at(faults, index)(found, other);
      },
      take: (depth: number, core: number, count: number) => {
        spikes[depth] = cores.spikes(core, count);
      },
      busy: (core: number) => cores.busyCycles(core),
      neuron: (depth: number, place: number) => at(spikes, depth).neurons[place],
      carried: (depth: number, place: number) => at(spikes, depth).values[place],
      read: (index: number, core: number, item: number) => {
        const { field, name, where } = at(reads, index);
        if (this.#words[layout.hasRun / 4] === 1) fields.clear();
        this.#words[layout.hasRun / 4] = 0;
        const key = field * layout.cores + core;
        const values = fields.get(key) ?? cores.read(core, field);
        fields.set(key, values);
        const value = values[item];
        if (value !== undefined) return value;
        throw fault(where, `${name} has items 0 to ${values.length - 1}, found ${item}`);
      },
      record: (record: number, clock: number) => {
        const { columns, values, clocks, listeners } = at(logs, record);
        const row = Array.from({ length: columns }, (_, column) => this.#double(layout.row + 8 * column) + 0);
        for (const listener of listeners) listener(row);
        if (!this.#isKept) return;
        if (values.length >= this.#mostRows) {
          const what = `more than ${this.#mostRows} rows of a record for one sample`;
          throw fault('records', what, 'record less');
        }
        values.push(row);
        clocks.push(clock);
      },
      input: (place: number, clock: number) => this.#watcher?.input([...this.#inputs.keys()][place], clock),
      queue: (queue: number, change: number, clock: number) => this.#watcher?.queue(queue, change, clock),
      mark: () => sorts.push(orderedFrom(logs)),
      sort: () => sorts.pop()?.(),
    };
  }

  /** What runs an event: the core's own function, or one that hands it the scalars. */
  #trigger({ scalars, scalarBytes }: ControllerCode, cores: Cores, event: number): (core: number) => number {
    const direct = cores.direct?.triggers[event];
    if (direct !== undefined) return direct;
    const count = scalarBytes / 4;
    for (let core = 0; core < this.#layout.cores; core++)
      this.#words.set(cores.given(core), (scalars + core * scalarBytes) / 4);
    return (core) => {
      const first = scalars / 4 + core * count;
      cores.given(core).set(this.#words.subarray(first, first + count));
      return cores.trigger(core, event);
    };
  }
}

/** A memory that nothing else lies in. */
class OwnSpace implements GrowingMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly end = 0;

  take(bytes: number): number {
    this.memory.grow(Math.ceil(bytes / pageBytes));
    return 0;
  }

  onMove(): void {}
}

/** The number of cores that a controller has. */
export function controlledCores(shape: ControllerShape): number {
  return new StateLayout({ ...shape, registers: {}, queues: {}, tables: {}, records: {} }).cores;
}

/** Puts what is recorded from now on in the order of the clock, once it is called. */
function orderedFrom(logs: readonly Log[]): () => void {
  const starts = logs.map(({ values }) => values.length);
  return () => {
    for (const [index, { values, clocks }] of logs.entries()) {
      const from = at(starts, index);
      const recorded = values.splice(from).map((value, item) => ({ value, clock: at(clocks, from + item) }));
      clocks.length = from;
      for (const { value, clock } of recorded.sort((a, b) => a.clock - b.clock)) {
        values.push(value);
        clocks.push(clock);
      }
    }
  };
}
