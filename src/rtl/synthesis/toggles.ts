import { addAt, at, PlasticoreError } from '../../text/index.ts';
import type { CellPower } from './cell-power.ts';
import type { DumpListener, DumpVariable } from './dump.ts';
import type { Netlist, NetlistCell } from './netlist.ts';

/** A cell of the netlist with its energies, and where its counts lie. */
export interface CountedCell extends NetlistCell {
  readonly power: CellPower;
  /** Its first count of edges at pins, a falling and a rising one for each. */
  readonly firstEdge: number;
  /** Its first count of an entry of its energies, likewise. */
  readonly firstEntry: number;
}

/** A memory beside the cells: how often it was read and written while the core worked. */
interface CountedMemory extends NetlistCell {
  reads: number;
  writes: number;
}

const unknown = 2;

/**
 * Counts what the cells of a netlist do while its core works, from a dump of all of its pins: edges by pin, and by the
 * energy that the library states for them in the state in which the cell is. Leakage is of all that is recorded.
 */
export class NetlistToggles implements DumpListener {
  readonly cells: readonly CountedCell[];
  readonly memories: readonly CountedMemory[];
  /** Edges at pins, and edges by entry of the cells' energies. */
  readonly edges: Float64Array;
  readonly entries: Float64Array;
  /** Periods of the clock in which the core worked. */
  cycles = 0;
  readonly #core: string;
  /** Of each cell: a bit for each pin, the input that changed last, its leakage times the time, and since when. */
  readonly #states: Int32Array;
  readonly #last: Uint8Array;
  readonly #leaked: Float64Array;
  readonly #since: Float64Array;
  /** Of each variable: its value, and the pins that it is at, as cell and pin by turns. */
  #values = new Uint8Array(0);
  #pins: readonly (readonly number[])[] = [];
  #clock = -1;
  #busy = -1;
  /** Reads and writes of memories: the variables that enable them. */
  #enables: readonly { readonly reads: readonly number[]; readonly write: number }[] = [];
  #now = 0;
  #begun = 0;
  #recorded = 0;
  #isOn = true;

  /** @param core names of instances down to the core, as in the dump: `bench.core` */
  constructor({ cells }: Netlist, powers: ReadonlyMap<string, CellPower>, core: string) {
    let [firstEdge, firstEntry] = [0, 0];
    this.cells = cells.flatMap((cell) => {
      const power = powers.get(cell.type);
      if (power === undefined) return [];
      if (power.pins.length > 32)
        throw new PlasticoreError(
          'run',
          `${cell.path}: ${cell.type} has ${power.pins.length} pins; energies are known of cells with up to 32`,
        );
      const counted = { ...cell, power, firstEdge, firstEntry };
      firstEdge += 2 * power.pins.length;
      firstEntry += 2 * power.entries.length;
      return [counted];
    });
    this.memories = cells.flatMap((cell) =>
      powers.has(cell.type) ? [] : [{ ...cell, reads: 0, writes: 0 }],
    );
    this.edges = new Float64Array(firstEdge);
    this.entries = new Float64Array(firstEntry);
    this.#core = core;
    this.#states = new Int32Array(this.cells.length);
    this.#last = new Uint8Array(this.cells.length);
    this.#leaked = new Float64Array(this.cells.length);
    this.#since = new Float64Array(this.cells.length);
  }

  variables(all: readonly DumpVariable[], ids: number): void {
    const idOf = new Map(all.map(({ path, id }) => [path, id]));
    const find = (...names: readonly string[]): number => {
      const path = [this.#core, ...names].join('.');
      const id = idOf.get(path);
      if (id === undefined) throw new PlasticoreError('run', `the dump of the netlist has no signal ${path}`);
      return id;
    };
    this.#values = new Uint8Array(ids).fill(unknown);
    const pins = Array.from({ length: ids }, (): number[] => []);
    for (const [cell, { path, power }] of this.cells.entries())
      for (const [pin, { name }] of power.pins.entries()) at(pins, find(path, name)).push(cell, pin);
    this.#pins = pins;
    this.#clock = find('clk');
    this.#busy = find('busy');
    this.#enables = this.memories.map(({ path, pins: own }) => ({
      reads: [...own.keys()].filter((name) => /^r\d*_en$/.test(name)).map((name) => find(path, name)),
      write: own.has('w_en') ? find(path, 'w_en') : -1,
    }));
  }

  starts(id: number, value: 0 | 1 | undefined): void {
    this.#values[id] = value ?? unknown;
    this.#set(id, value, false);
  }

  changes(id: number, value: 0 | 1 | undefined): void {
    const before = this.#values[id];
    const isWorking = this.#isOn && this.#values[this.#busy] === 1;
    if (id === this.#clock && value === 1 && isWorking) this.#edge();
    this.#values[id] = value ?? unknown;
    this.#set(id, value, isWorking && before !== unknown && before !== value);
  }

  time(now: number): void {
    this.#now = now;
  }

  records(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    if (isOn) {
      this.#since.fill(this.#now);
      this.#begun = this.#now;
    } else this.#settle();
    this.#isOn = isOn;
  }

  /** The end of the dump. @returns the mean leakage of each cell in uW */
  finish(): Float64Array {
    if (this.#isOn) this.#settle();
    return this.#leaked.map((sum) => sum / Math.max(1, this.#recorded));
  }

  /** An edge of the clock: memories are read and written by what stands before it. */
  #edge(): void {
    this.cycles += 1;
    for (const [index, { reads, write }] of this.#enables.entries()) {
      const memory = at(this.memories, index);
      if (write >= 0 && this.#values[write] === 1) memory.writes += 1;
      memory.reads += reads.filter((id) => this.#values[id] === 1).length;
    }
  }

  #set(id: number, value: 0 | 1 | undefined, isCounted: boolean): void {
    const pins = at(this.#pins, id);
    if (value === undefined) return;
    for (let place = 0; place < pins.length; place += 2) {
      const [cell, pin] = [pins[place] ?? 0, pins[place + 1] ?? 0];
      const before = this.#states[cell] ?? 0;
      const state = value === 1 ? before | (1 << pin) : before & ~(1 << pin);
      if (state === before) continue;
      this.#states[cell] = state;
      const { power, firstEdge, firstEntry } = at(this.cells, cell);
      const { isOutput, entryOf } = at(power.pins, pin);
      if (this.#isOn) {
        addAt(this.#leaked, cell, power.leakageUw(before) * (this.#now - (this.#since[cell] ?? 0)));
        this.#since[cell] = this.#now;
      }
      if (isCounted) {
        addAt(this.edges, firstEdge + 2 * pin + value, 1);
        const entry = entryOf(state, this.#last[cell] ?? 0);
        if (entry >= 0) addAt(this.entries, firstEntry + 2 * entry + value, 1);
      }
      if (!isOutput) this.#last[cell] = pin;
    }
  }

  /** Charges leakage up to now. */
  #settle(): void {
    for (const [cell, { power }] of this.cells.entries()) {
      const since = this.#since[cell] ?? 0;
      addAt(this.#leaked, cell, power.leakageUw(this.#states[cell] ?? 0) * (this.#now - since));
      this.#since[cell] = this.#now;
    }
    this.#recorded += this.#now - this.#begun;
  }
}
