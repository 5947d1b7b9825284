import {
  type CompiledFormula,
  compileFormula,
  type Formula,
  type Path,
  PlasticoreError,
  suggest,
} from '../text/index.ts';
import { ControllerState } from './controller-state.ts';
import type { Cores } from './door.ts';
import { fault, type Queue, type Table } from './storage.ts';

/** A number with a name of its own: of `let`, of `each`, or that comes with an input. */
interface Variable {
  value: number;
}

/** What a name of a list stands for: a number, or an entry with its fields. */
export interface Local {
  readonly variable: Variable;
  readonly field?: ((name: string) => CompiledFormula | undefined) | undefined;
  readonly fields?: readonly string[] | undefined;
}

export type Locals = ReadonlyMap<string, Local>;

/** A queue's slot, or a table, that a visit names. */
export type Reference =
  | { readonly queue: Queue; readonly slot: CompiledFormula }
  | { readonly table: Table; readonly index: CompiledFormula | undefined };

/** Where a controller's formulas find what they name. Faults are collected, each with its path. */
export class Scope {
  readonly held: ControllerState;
  readonly cores: Cores | undefined;
  readonly #report: (path: Path, message: string, hint?: string) => void;

  /** @param cores absent if the controller is only checked: names of the program are then taken as they are */
  constructor(
    held: ControllerState,
    cores: Cores | undefined,
    report: (path: Path, message: string, hint?: string) => void,
  ) {
    this.held = held;
    this.cores = cores;
    this.#report = report;
  }

  fault(path: Path, message: string, hint?: string): void {
    this.#report(path, message, hint);
  }

  /** A formula, ready to be computed; of a wrong one, the fault is reported. */
  formula(formula: Formula, locals: Locals, path: Path): CompiledFormula {
    const { held } = this;
    try {
      return compileFormula(formula, {
        value: (name) => this.#value(name, locals),
        part: (name, member, index) => this.#part(name, member, index, locals, path),
        known: [
          ...locals.keys(),
          ...held.registers.keys(),
          ...held.constants.keys(),
          ...ControllerState.builtIn,
        ],
      });
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      this.fault(path, error.message, error.hint);
      return () => 0;
    }
  }

  /** What `each`, `push`, `pop` and `clear` name: `delayed[step % 64]`. Undefined if it is no queue and no table. */
  reference(text: Formula, locals: Locals, path: Path): Reference | undefined {
    const [, name = '', slot] = /^\s*(\w+)\s*(?:\[(.*)\])?\s*$/.exec(String(text)) ?? [];
    const index = slot === undefined ? undefined : () => this.formula(slot, locals, path);
    const queue = this.held.queues.get(name);
    if (queue !== undefined) {
      if ((queue.slots === 1) !== (index === undefined))
        this.fault(
          path,
          queue.slots === 1 ? `queue '${name}' has no slots` : `expected a slot: ${name}[...]`,
        );
      return { queue, slot: index?.() ?? (() => 0) };
    }
    const table = this.held.tables.get(name);
    return table && { table, index: index?.() };
  }

  /** A register, or a field of a table's row, to be set. */
  target(text: string, locals: Locals, path: Path): ((value: number) => void) | undefined {
    const { held } = this;
    const register = held.registers.get(text);
    if (register !== undefined) return (value) => register.set(0, value);
    const [, name = '', row = '', field = ''] = /^\s*(\w+)\[(.*)\]\.(\w+)\s*$/.exec(text) ?? [];
    const table = held.tables.get(name);
    const column = table?.columns.get(field);
    if (table !== undefined && column !== undefined) {
      const index = this.formula(row, locals, path);
      const where = path.join('.');
      return (value) => column.set(table.address(index(), where), value);
    }
    this.fault(
      path,
      `expected a register, or a field of a table (table[row].field), found '${text}'`,
      suggest(text, [...held.registers.keys()]),
    );
    return undefined;
  }

  #value(name: string, locals: Locals): CompiledFormula | undefined {
    const { held } = this;
    const variable = locals.get(name)?.variable;
    if (variable !== undefined) return () => variable.value;
    if (name === 'clock') return () => held.clock;
    if (name === 'core') return () => held.core;
    if (name === 'cores') return () => held.cores;
    const register = held.registers.get(name);
    if (register !== undefined) return () => register.get(0);
    const constant = held.constants.get(name);
    return constant === undefined ? undefined : () => constant;
  }

  #part(
    name: string,
    member: string | undefined,
    index: CompiledFormula | undefined,
    locals: Locals,
    path: Path,
  ): CompiledFormula {
    const where = path.join('.');
    const local = locals.get(name);
    if (local?.field !== undefined) {
      const field = member === undefined || index !== undefined ? undefined : local.field(member);
      return field ?? this.#unknown(`${name}.${member}`, local.fields ?? [], path);
    }
    const { held } = this;
    const queue = held.queues.get(name);
    if (queue !== undefined) {
      if (queue.slots > 1 && index === undefined) this.fault(path, `expected a slot: ${name}[...]`);
      return (
        partOfQueue(queue, member, index ?? (() => 0), where) ??
        this.#unknown(`${name}.${member}`, ['length', 'depth', ...queue.fields], path)
      );
    }
    const table = held.tables.get(name);
    if (table !== undefined) {
      const column = member === undefined ? undefined : table.columns.get(member);
      if (column === undefined || index === undefined)
        return this.#unknown(`${name}[...].${member ?? ''}`, [...table.columns.keys()], path);
      return () => column.get(table.address(index(), where));
    }
    return this.#ofCore(name, member, index, path);
  }

  /** An item of a field of the program: `neurons.v[n]`. */
  #ofCore(
    name: string,
    member: string | undefined,
    index: CompiledFormula | undefined,
    path: Path,
  ): CompiledFormula {
    const { cores, held } = this;
    if (member === undefined || index === undefined)
      return this.#unknown(member === undefined ? name : `${name}.${member}`, held.names, path);
    if (cores === undefined) return () => 0;
    const field = cores.field(`${name}.${member}`);
    if (field === undefined) return this.#unknown(`${name}.${member}`, held.names, path);
    const where = path.join('.');
    return () => {
      const values = cores.read(held.core, field);
      const item = index();
      const value = values[item];
      if (value !== undefined) return value;
      throw fault(where, `${name}.${member} has items 0 to ${values.length - 1}, found ${item}`);
    };
  }

  #unknown(what: string, names: readonly string[], path: Path): CompiledFormula {
    const name = what.split(/[.[]/).at(-1) ?? what;
    this.fault(path, `'${what}' is not defined`, suggest(name, names));
    return () => 0;
  }
}

function partOfQueue(
  queue: Queue,
  member: string | undefined,
  slot: CompiledFormula,
  where: string,
): CompiledFormula | undefined {
  if (member === 'length') return () => queue.length(queue.slot(slot(), where));
  if (member === 'depth') return () => queue.depth;
  const column = member === undefined ? undefined : queue.column(member);
  return column && (() => column.get(queue.place(queue.slot(slot(), where), 0, where)));
}

/** The scope of a list with one more name. */
export function withLocal(locals: Locals, name: string, local: Local): Locals {
  return new Map([...locals, [name, local]]);
}
