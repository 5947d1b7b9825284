import { at } from '../arrays/index.ts';
import { type CompiledFormula, type Formula, type Path, suggest } from '../text/index.ts';
import { type Act, ActionCompiler, nothing } from './actions.ts';
import { ControllerState } from './controller-state.ts';
import type { ControllerShape, Visit } from './schema.ts';
import { type Local, type Locals, type Scope, withLocal } from './scope.ts';
import { fault, type Numbers, whole } from './storage.ts';

/** Visits of a controller at most, with those of routines as often as they are called. */
const mostVisits = 20_000;
/** Visits that one input makes at most: a controller that has not ended then never does. */
const mostMade = 2 ** 24;

/** Makes functions of visits. */
export class VisitCompiler {
  readonly #scope: Scope;
  readonly #actions: ActionCompiler;
  readonly #routines: NonNullable<ControllerShape['routines']>;
  /** The routines that are being called, the innermost last. */
  readonly #calls: string[] = [];
  /** Routines that something calls. */
  readonly called = new Set<string>();
  #visits = 0;
  #made = 0;

  constructor(scope: Scope, { routines = {} }: ControllerShape) {
    this.#scope = scope;
    this.#actions = new ActionCompiler(
      scope,
      (visits, locals, path) => this.list(visits, locals, path),
      (path) => this.#count(path),
    );
    this.#routines = routines;
  }

  /** Begins an input: the limit on visits holds for each of them. */
  begin(): void {
    this.#made = 0;
  }

  list(visits: readonly Visit[] | undefined, locals: Locals, path: Path): Act {
    if (visits === undefined || visits.length === 0) return nothing;
    let inner = locals;
    const acts: Act[] = [];
    for (const [index, visit] of visits.entries()) {
      const here = [...path, index];
      this.#visits += 1;
      if (this.#visits > mostVisits) {
        if (this.#visits === mostVisits + 1)
          this.#scope.fault(here, `more than ${mostVisits} visits, with those of routines`);
        break;
      }
      if (visit.let === undefined) acts.push(this.#visit(visit, inner, here));
      else
        for (const [name, value] of Object.entries(visit.let))
          inner = this.#let(name, value, inner, [...here, 'let'], acts);
    }
    const [only] = acts;
    if (acts.length === 1 && only !== undefined) return only;
    return () => {
      for (const act of acts) act();
    };
  }

  #let(name: string, value: Formula, locals: Locals, path: Path, acts: Act[]): Locals {
    this.#checkName(name, [...path, name]);
    const computed = this.#scope.formula(value, locals, [...path, name]);
    const variable = { value: 0 };
    acts.push(() => {
      variable.value = computed();
    });
    return withLocal(locals, name, { variable });
  }

  /** A name of a list may not hide one of the controller. */
  #checkName(name: string, path: Path): void {
    if ([...ControllerState.builtIn, ...this.#scope.held.names].includes(name))
      this.#scope.fault(path, `'${name}' has a meaning already`, 'give it another name');
  }

  #visit(visit: Visit, locals: Locals, path: Path): Act {
    if (visit.each !== undefined) return this.#each(visit, visit.each, locals, path);
    const once = this.#once(visit, locals, path);
    if (visit.while === undefined) return once;
    const goesOn = this.#scope.formula(visit.while, locals, [...path, 'while']);
    return () => {
      while (goesOn() !== 0) {
        this.#count(path);
        once();
      }
    };
  }

  #each(visit: Visit, each: NonNullable<Visit['each']>, locals: Locals, path: Path): Act {
    const { held } = this.#scope;
    const [name, through] = at(Object.entries(each), 0);
    const here = [...path, 'each', name];
    const where = here.join('.');
    this.#checkName(name, here);
    const variable = { value: 0 };
    const { count, local } = this.#through(through, variable, locals, here);
    const once = this.#once(visit, withLocal(locals, name, local), path);
    const go = (after: Act): void => {
      const items = whole(count(), where);
      for (let item = 0; item < items; item++) {
        this.#count(path);
        variable.value = item;
        once();
        after();
      }
    };
    if (visit.together !== true) return () => go(nothing);
    return () => {
      const start = held.clock;
      let end = start;
      const sort = orderedFrom([...held.logs.values()]);
      go(() => {
        end = Math.max(end, held.clock);
        held.clock = start;
      });
      held.clock = end;
      sort();
    };
  }

  /** What a visit goes through: how many items, and what their name stands for. */
  #through(
    through: Formula,
    variable: { value: number },
    locals: Locals,
    path: Path,
  ): { readonly count: CompiledFormula; readonly local: Local } {
    const where = path.join('.');
    const { held } = this.#scope;
    const reference = this.#scope.reference(through, locals, path);
    if (reference === undefined)
      return { count: this.#scope.formula(through, locals, path), local: { variable } };
    // The entries are those of the core in which the visits begin, wherever each is made.
    let origin = 0;
    const local = (
      fields: readonly string[],
      column: (name: string) => Numbers | undefined,
      place: () => number,
    ) => ({
      variable,
      fields,
      field: (name: string) => {
        const numbers = column(name);
        return numbers && (() => held.within(origin, () => numbers.get(place())));
      },
    });
    if ('table' in reference) {
      const { columns, rows } = reference.table;
      if (reference.index !== undefined) this.#scope.fault(path, 'a visit goes through a whole table');
      const count = () => {
        origin = held.core;
        return rows;
      };
      return {
        count,
        local: local(
          [...columns.keys()],
          (name) => columns.get(name),
          () => variable.value,
        ),
      };
    }
    const { queue, slot } = reference;
    let current = 0;
    const count = () => {
      origin = held.core;
      current = queue.slot(slot(), where);
      return queue.length(current);
    };
    const place = () => queue.place(current, variable.value, where);
    return { count, local: local(queue.fields, (name) => queue.column(name), place) };
  }

  #count(path: Path): void {
    this.#made += 1;
    if (this.#made > mostMade)
      throw fault(
        path.join('.'),
        `the input has made ${mostMade} visits and has not ended`,
        'activity that feeds itself never ends',
      );
  }

  /** One visit, in its core and under its condition. */
  #once(visit: Visit, locals: Locals, path: Path): Act {
    const scope = this.#scope;
    const act = this.#act(visit, locals, path);
    const otherwise = this.list(visit.else, locals, [...path, 'else']);
    const when = visit.when === undefined ? undefined : scope.formula(visit.when, locals, [...path, 'when']);
    const decided: Act =
      when === undefined
        ? act
        : () => {
            if (when() !== 0) act();
            else otherwise();
          };
    if (visit.core === undefined) return decided;
    const where = [...path, 'core'];
    const core = scope.formula(visit.core, locals, where);
    const text = where.join('.');
    const { held } = scope;
    return () => {
      const index = core();
      if (!Number.isInteger(index) || index < 0 || index >= held.cores)
        throw fault(text, `expected a core from 0 to ${held.cores - 1}, found ${index}`);
      held.within(index, decided);
    };
  }

  #act(visit: Visit, locals: Locals, path: Path): Act {
    const { held } = this.#scope;
    const after = this.list(visit.do, locals, [...path, 'do']);
    const cycles =
      visit.cycles === undefined
        ? undefined
        : this.#actions.cycles(visit.cycles, locals, [...path, 'cycles']);
    if (visit.run !== undefined) {
      const run = this.#actions.run(visit, visit.run, cycles ?? (() => 0), locals, path);
      return () => {
        run();
        after();
      };
    }
    const action =
      visit.call === undefined
        ? this.#actions.act(visit, locals, path)
        : this.#call(visit.call, locals, [...path, 'call']);
    return () => {
      action();
      if (cycles !== undefined) held.clock += cycles();
      after();
    };
  }

  #call(name: string, locals: Locals, path: Path): Act {
    const routine = Object.hasOwn(this.#routines, name) ? this.#routines[name] : undefined;
    if (routine === undefined) {
      this.#scope.fault(path, `there is no routine '${name}'`, suggest(name, Object.keys(this.#routines)));
      return nothing;
    }
    if (this.#calls.includes(name)) {
      this.#scope.fault(path, `a routine cannot call itself: ${[...this.#calls, name].join(' calls ')}`);
      return nothing;
    }
    this.called.add(name);
    this.#calls.push(name);
    const act = this.list(routine, locals, ['routines', name]);
    this.#calls.pop();
    return act;
  }
}

/** Puts what is recorded from now on in the order of the clock, once it is called. */
function orderedFrom(logs: readonly { readonly values: number[][]; readonly clocks: number[] }[]): Act {
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
