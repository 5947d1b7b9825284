import type { Core } from '../../../src/engine/index.ts';
import { apply } from './plain-numbers.ts';
import type { Action, Entry, Target, Through, Tree, TreeController, TreeVisit, Width } from './tree.ts';

/*
 * What a controller means, in plain loops over lists and maps. It shares no code with src/control: a second answer to
 * docs/chips.md.
 */

/** What a controller does that cannot be done. */
export class Impossible extends Error {}

type Row = Map<string, number>;
/** Names of a list: numbers, and entries by where they are. */
type Names = ReadonlyMap<string, { readonly value: number; readonly entry?: (() => Row) | undefined }>;

/** A whole number in so many bits, bit by bit. */
function wrapped(value: number, { bits, signed }: Width): number {
  if (!Number.isSafeInteger(value)) throw new Impossible('no whole number');
  const held = BigInt(value);
  return Number(signed ? BigInt.asIntN(bits, held) : BigInt.asUintN(bits, held));
}

function known<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Impossible('nothing there');
  return item;
}

export class PlainController {
  clock = 0;
  pushes = 0;
  pops = 0;
  drops = 0;
  /** Rows of the record of spikes. */
  spikes = 0;
  readonly records: {
    readonly record: string;
    readonly values: readonly number[];
    readonly clock: number;
  }[] = [];
  readonly #tree: TreeController;
  readonly #cores: readonly Core[];
  readonly #registers: readonly Map<string, number>[];
  readonly #queues: readonly Map<string, Row[][]>[];
  readonly #tables: readonly Map<string, Row[]>[];
  #core = 0;

  constructor(tree: TreeController, cores: readonly Core[]) {
    this.#tree = tree;
    this.#cores = cores;
    this.#registers = cores.map(
      () =>
        new Map([...tree.registers].map(([name, { initial, ...width }]) => [name, wrapped(initial, width)])),
    );
    this.#queues = cores.map(
      () =>
        new Map([...tree.queues].map(([name, { slots }]) => [name, Array.from({ length: slots }, () => [])])),
    );
    this.#tables = cores.map(
      () =>
        new Map(
          [...tree.tables].map(([name, { rows, fields }]) => [
            name,
            Array.from({ length: rows }, () => emptyRow(fields)),
          ]),
        ),
    );
  }

  send(name: string, values: readonly number[]): void {
    const { takes, visits } = known(this.#tree.inputs.get(name));
    const names: Names = new Map(
      [...takes.keys()].map((taken, index) => [taken, { value: known(values[index]) }]),
    );
    this.#core = 0;
    this.#list(visits, names);
  }

  /** What has been recorded since it was last asked, by record. */
  takeRecords(): Map<string, (readonly number[])[]> {
    const all = this.records.splice(0);
    this.spikes += all.filter(({ record }) => record === 'spiked').length;
    return new Map(
      [...this.#tree.records.keys()].map((name) => [
        name,
        all.filter(({ record }) => record === name).map(({ values }) => values),
      ]),
    );
  }

  register(name: string, core: number): number {
    return known(this.#registers[this.#tree.registers.get(name)?.isShared === true ? 0 : core]?.get(name));
  }

  column(table: string, field: string, core: number): number[] {
    return this.#rows(table, core).map((row) => known(row.get(field)));
  }

  fill(table: string, field: string, core: number, values: readonly number[]): void {
    for (const [index, value] of values.entries()) known(this.#rows(table, core)[index]).set(field, value);
  }

  #rows(table: string, core = this.#core): Row[] {
    const { isShared } = known(this.#tree.tables.get(table));
    return known(this.#tables[isShared ? 0 : core]?.get(table));
  }

  #queue(queue: string, slot: Tree | undefined, names: Names): Row[] {
    const { isShared } = known(this.#tree.queues.get(queue));
    const slots = known(this.#queues[isShared ? 0 : this.#core]?.get(queue));
    return known(slots[slot === undefined ? 0 : this.#value(slot, names)]);
  }

  #value(tree: Tree, names: Names): number {
    switch (tree.is) {
      case 'number':
        return tree.value;
      case 'name':
        return this.#named(tree.name, names);
      case 'field':
        return known(names.get(tree.of)?.entry?.().get(tree.field));
      case 'length':
        return this.#queue(tree.queue, tree.slot, names).length;
      case 'row':
        return known(this.#rows(tree.table)[this.#value(tree.row, names)]?.get(tree.field));
      case 'item':
        return known(this.#field(tree.field)[this.#value(tree.item, names)]);
      case 'apply':
        return apply(
          tree.op,
          tree.args.map((arg) => () => this.#value(arg, names)),
        );
    }
  }

  #named(name: string, names: Names): number {
    const local = names.get(name);
    if (local !== undefined) return local.value;
    if (name === 'clock') return this.clock;
    if (name === 'core') return this.#core;
    if (name === 'cores') return this.#cores.length;
    return this.#tree.registers.has(name)
      ? this.register(name, this.#core)
      : known(this.#tree.constants.get(name));
  }

  #field(name: string): Float64Array {
    const core = known(this.#cores[this.#core]);
    return core.read(core.image.fields.findIndex((field) => field.name === name));
  }

  #list(visits: readonly TreeVisit[], names: Names): void {
    let known_ = names;
    for (const visit of visits) {
      if (visit.does?.is === 'let')
        known_ = new Map([...known_, [visit.does.name, { value: this.#value(visit.does.value, known_) }]]);
      else this.#visit(visit, known_);
    }
  }

  #visit(visit: TreeVisit, names: Names): void {
    if (visit.while !== undefined) while (this.#value(visit.while, names) !== 0) this.#once(visit, names);
    else if (visit.each === undefined) this.#once(visit, names);
    else this.#each(visit, visit.each.name, visit.each.through, names);
  }

  #each(visit: TreeVisit, name: string, through: Through, names: Names): void {
    const items = this.#through(through, names);
    const start = this.clock;
    const firstRecord = this.records.length;
    let longest = start;
    for (const [value, entry] of items.entries()) {
      if (visit.together === true) this.clock = start;
      this.#once(visit, new Map([...names, [name, { value, entry }]]));
      longest = Math.max(longest, this.clock);
    }
    if (visit.together !== true) return;
    this.clock = longest;
    this.records.push(...this.records.splice(firstRecord).sort((a, b) => a.clock - b.clock));
  }

  /** One for each item: where its entry is, if it is one. */
  #through(through: Through, names: Names): ((() => Row) | undefined)[] {
    if (through.is === 'numbers')
      return Array(Math.max(0, wholeOf(this.#value(through.below, names)))).fill(undefined);
    const list =
      through.is === 'table' ? this.#rows(through.table) : this.#queue(through.queue, through.slot, names);
    // A queue that has moved on has other entries there.
    return list.map((_, index) => () => known(list[index]));
  }

  #once(visit: TreeVisit, names: Names): void {
    const before = this.#core;
    if (visit.core !== undefined) {
      const core = this.#value(visit.core, names);
      known(this.#cores[core]);
      this.#core = core;
    }
    if (visit.when === undefined || this.#value(visit.when, names) !== 0) {
      if (visit.does?.is === 'run') this.#run(visit.does, visit.cycles, names);
      else {
        if (visit.does !== undefined) this.#act(visit.does, names);
        if (visit.cycles !== undefined) this.clock += wholeOf(this.#value(visit.cycles, names), 0);
      }
      this.#list(visit.do ?? [], names);
    } else this.#list(visit.else ?? [], names);
    this.#core = before;
  }

  #run(does: Extract<Action, { is: 'run' }>, cycles: Tree | undefined, names: Names): void {
    const core = known(this.#cores[this.#core]);
    const { events, eventScalars } = core.image;
    for (const [name, value] of does.with) {
      const index = eventScalars.findIndex((scalar) => scalar.name === name);
      const { low, high } = known(eventScalars[index]);
      const given = this.#value(value, names);
      if (!Number.isInteger(given) || given < low || given > high) throw new Impossible('out of range');
      core.event[index] = given;
    }
    const count = core.trigger(events.named.findIndex(({ name }) => name === does.event));
    const spikes = [...core.emitted.subarray(0, count)].map((address) => address % 2 ** 24);
    const each = cycles === undefined ? 0 : wholeOf(this.#value(cycles, names), 0);
    if (does.spikes.length === 0) {
      this.clock += does.items * each;
      return;
    }
    // Item by item: its cycles, then its spikes.
    const start = spikes.map((neuron) => (does.items === 1 ? 0 : neuron));
    if (start.some((item, index) => item >= does.items || item < (start[index - 1] ?? 0)))
      throw new Impossible('not one of the items, in order');
    for (let item = 0; item < does.items; item++) {
      this.clock += each;
      for (const [index, neuron] of spikes.entries())
        if (start[index] === item) this.#list(does.spikes, new Map([...names, ['spike', { value: neuron }]]));
    }
  }

  #act(does: Exclude<Action, { is: 'run' }>, names: Names): void {
    switch (does.is) {
      case 'push':
        this.#push(does, names);
        return;
      case 'pop':
        known(this.#queue(does.queue, does.slot, names).shift());
        this.pops += 1;
        return;
      case 'clear':
        this.pops += this.#queue(does.queue, does.slot, names).splice(0).length;
        return;
      case 'set': {
        const values = does.values.map(([, value]) => wholeOf(this.#value(value, names)));
        for (const [index, [target]] of does.values.entries())
          this.#store(target, known(values[index]), names);
        return;
      }
      case 'until':
        this.clock = Math.max(this.clock, wholeOf(this.#value(does.time, names)));
        return;
      case 'record': {
        const values = does.values.map((value) => wholeOf(this.#value(value, names)));
        this.records.push({ record: does.record, values, clock: this.clock });
        return;
      }
      case 'call':
        this.#list(known(this.#tree.routines.get(does.routine)), names);
        return;
      case 'let':
        throw new Error('a name is of a list');
    }
  }

  #push({ queue, slot, entry, full }: Extract<Action, { is: 'push' }>, names: Names): void {
    const { depth, fields } = known(this.#tree.queues.get(queue));
    const list = this.#queue(queue, slot, names);
    if (list.length >= depth) {
      if (full === undefined) this.drops += 1;
      else this.#list(full, names);
      return;
    }
    const row = emptyRow(fields);
    for (const [field, value] of entry)
      row.set(field, wrapped(this.#value(value, names), known(fields.get(field))));
    list.push(row);
    this.pushes += 1;
  }

  #store(target: Target, value: number, names: Names): void {
    if ('register' in target) {
      const { isShared, ...width } = known(this.#tree.registers.get(target.register));
      known(this.#registers[isShared ? 0 : this.#core]).set(target.register, wrapped(value, width));
      return;
    }
    const { fields } = known(this.#tree.tables.get(target.table));
    const row = known(this.#rows(target.table)[this.#value(target.row, names)]);
    row.set(target.field, wrapped(value, known(fields.get(target.field))));
  }
}

function emptyRow(fields: Entry['fields']): Row {
  return new Map([...fields.keys()].map((name) => [name, 0]));
}

function wholeOf(value: number, least = Number.NEGATIVE_INFINITY): number {
  if (!Number.isSafeInteger(value) || value < least) throw new Impossible('no such number');
  // There is one zero.
  return value + 0;
}
