import { type Formula, type Path, PlasticoreError, readFormula, suggest } from '../text/index.ts';
import { call, f64 } from '../wasm/index.ts';
import { type ControllerCode, fault } from './code.ts';
import { type Queue, StateLayout, type Table } from './layout.ts';
import { asDouble, constant, type Num, unbounded, wordNum } from './numbers.ts';

/** What a name of a list stands for: a number, or an entry with its fields. */
export interface LocalName {
  readonly number: Num;
  readonly field?: ((name: string) => Num | undefined) | undefined;
  readonly fields?: readonly string[] | undefined;
}

export type Locals = ReadonlyMap<string, LocalName>;

/** A queue's slot, or a table, that a visit names. */
export type Reference =
  | { readonly queue: Queue; readonly slot: Num }
  | { readonly table: Table; readonly hasIndex: boolean };

/** Where a controller's formulas find what they name. Faults are collected, each with its path. */
export class Scope {
  readonly code: ControllerCode;

  constructor(code: ControllerCode) {
    this.code = code;
  }

  /** The number of a formula; of a wrong one, the fault is reported. */
  formula(formula: Formula, locals: Locals, path: Path): Num {
    const { layout, meaning } = this.code;
    try {
      return readFormula(
        formula,
        {
          value: (name) => this.#value(name, locals),
          part: (name, member, index) => this.#part(name, member, index, locals, path),
          known: [
            ...locals.keys(),
            ...layout.registers.keys(),
            ...layout.constants.keys(),
            ...StateLayout.builtIn,
          ],
        },
        meaning,
      );
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      this.code.report(path, error.message, error.hint);
      return constant(0);
    }
  }

  /** The whole number of a formula. */
  whole(formula: Formula, locals: Locals, path: Path): Num {
    const where = path.join('.');
    return this.code.whole(this.formula(formula, locals, path), (found) =>
      fault(where, `expected a whole number, found ${found}`),
    );
  }

  /** What `each`, `push`, `pop` and `clear` name: `delayed[step % 64]`. Undefined if it is no queue and no table. */
  reference(text: Formula, locals: Locals, path: Path): Reference | undefined {
    const { layout } = this.code;
    const [, name = '', slot] = /^\s*(\w+)\s*(?:\[(.*)\])?\s*$/.exec(String(text)) ?? [];
    const queue = layout.queues.get(name);
    if (queue !== undefined) {
      const { slots } = queue;
      if ((slots === 1) !== (slot === undefined))
        this.code.report(
          path,
          slots === 1 ? `queue '${name}' has no slots` : `expected a slot: ${name}[...]`,
        );
      const given = slot === undefined ? constant(0) : this.formula(slot, locals, path);
      return { queue, slot: this.#slot(queue, given, path.join('.')) };
    }
    const table = layout.tables.get(name);
    return table && { table, hasIndex: slot !== undefined };
  }

  /** A function that stores a number in a register, or in a field of a table's row. */
  target(text: string, locals: Locals, path: Path): ((value: Num) => void) | undefined {
    const { code } = this;
    const { layout } = code;
    const register = layout.registers.get(text);
    if (register !== undefined) return (value) => code.store(register, constant(0), value);
    const [, name = '', row = '', field = ''] = /^\s*(\w+)\[(.*)\]\.(\w+)\s*$/.exec(text) ?? [];
    const table = layout.tables.get(name);
    const column = table?.columns.get(field);
    if (table !== undefined && column !== undefined) {
      const index = this.#row(table, this.formula(row, locals, path), path.join('.'));
      return (value) => code.store(column, index, value);
    }
    code.report(
      path,
      `expected a register, or a field of a table (table[row].field), found '${text}'`,
      suggest(text, [...layout.registers.keys()]),
    );
    return undefined;
  }

  #slot({ slots }: Queue, slot: Num, where: string): Num {
    return this.code.index(slot, slots, (found) =>
      fault(where, `expected a slot from 0 to ${slots - 1}, found ${found}`),
    );
  }

  #row({ rows }: Table, row: Num, where: string): Num {
    return this.code.index(row, rows, (found) =>
      fault(where, `expected an address from 0 to ${rows - 1}, found ${found}`),
    );
  }

  #value(name: string, locals: Locals): Num | undefined {
    const { code } = this;
    const { layout } = code;
    const local = locals.get(name);
    if (local !== undefined) return local.number;
    if (name === 'clock') return { code: code.clock, low: 0, high: 2 ** 60, isWhole: true };
    if (name === 'core') return layout.cores === 1 ? constant(0) : wordNum(code.core, 0, layout.cores - 1);
    if (name === 'cores') return constant(layout.cores);
    const register = layout.registers.get(name);
    if (register !== undefined) return code.load(register, constant(0));
    const stated = layout.constants.get(name);
    return stated === undefined ? undefined : constant(stated);
  }

  #part(name: string, member: string | undefined, index: Num | undefined, locals: Locals, path: Path): Num {
    const where = path.join('.');
    const local = locals.get(name);
    if (local?.field !== undefined) {
      const field = member === undefined || index !== undefined ? undefined : local.field(member);
      return field ?? this.#unknown(`${name}.${member}`, local.fields ?? [], path);
    }
    const { code } = this;
    const { layout } = code;
    const queue = layout.queues.get(name);
    if (queue !== undefined) {
      if (queue.slots > 1 && index === undefined) code.report(path, `expected a slot: ${name}[...]`);
      return (
        this.#partOfQueue(queue, member, index ?? constant(0), where) ??
        this.#unknown(`${name}.${member}`, ['length', 'depth', ...queue.columns.keys()], path)
      );
    }
    const table = layout.tables.get(name);
    if (table !== undefined) {
      const column = member === undefined ? undefined : table.columns.get(member);
      if (column === undefined || index === undefined)
        return this.#unknown(`${name}[...].${member ?? ''}`, [...table.columns.keys()], path);
      return code.load(column, this.#row(table, index, where));
    }
    return this.#ofCore(name, member, index, path);
  }

  #partOfQueue(queue: Queue, member: string | undefined, given: Num, where: string): Num | undefined {
    const { code } = this;
    if (member === 'depth') return constant(queue.depth);
    const slot = this.#slot(queue, given, where);
    if (member === 'length') return code.load(queue.lengths, slot);
    const column = member === undefined ? undefined : queue.columns.get(member);
    return (
      column &&
      code.lazily(column, () => code.load(column, code.place(queue, code.keep(slot), constant(0), where)))
    );
  }

  /** An item of a field of the program: `neurons.v[n]`. */
  #ofCore(name: string, member: string | undefined, index: Num | undefined, path: Path): Num {
    const { code } = this;
    const { cores, layout } = code;
    if (member === undefined || index === undefined)
      return this.#unknown(member === undefined ? name : `${name}.${member}`, layout.names, path);
    code.uses?.fields.add(`${name}.${member}`);
    if (cores === undefined) return unbounded(f64.const(0));
    const field = cores.field(`${name}.${member}`);
    if (field === undefined) return this.#unknown(`${name}.${member}`, layout.names, path);
    code.reads.push({ field, name: `${name}.${member}`, where: path.join('.') });
    const read = call(code.host.read, code.reads.length - 1, code.core, asDouble(index)).as('f64');
    return unbounded(read);
  }

  #unknown(what: string, names: readonly string[], path: Path): Num {
    const name = what.split(/[.[]/).at(-1) ?? what;
    this.code.report(path, `'${what}' is not defined`, suggest(name, names));
    return constant(0);
  }
}

/** The scope of a list with one more name. */
export function withLocal(locals: Locals, name: string, local: LocalName): Locals {
  return new Map([...locals, [name, local]]);
}
