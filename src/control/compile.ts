import { at } from '../arrays/index.ts';
import { type Computed, type Formula, type Path, suggest } from '../text/index.ts';
import type { ControllerShape, Visit } from './schema.ts';
import { type Local, type Locals, localOf, type Reference, type Scope, withLocal } from './scope.ts';
import { fault, whole } from './storage.ts';

/** Does what one or more visits say. */
export type Act = () => void;

/** Visits of a controller at most, with those of routines as often as they are called. */
const mostVisits = 20_000;
/** Visits that one input makes at most: a controller that has not ended then never does. */
const mostMade = 2 ** 24;

const nothing: Act = () => undefined;

/** Makes functions of visits. */
export class VisitCompiler {
  readonly #scope: Scope;
  readonly #routines: NonNullable<ControllerShape['routines']>;
  /** The routines that are being called, the innermost last. */
  readonly #calls: string[] = [];
  /** Routines that something calls. */
  readonly called = new Set<string>();
  #visits = 0;
  #made = 0;

  constructor(scope: Scope, { routines = {} }: ControllerShape) {
    this.#scope = scope;
    this.#routines = routines;
  }

  /** An input begins: it may make as many visits as any other. */
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
    if (['clock', 'core', 'cores', ...this.#scope.held.names].includes(name))
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
  ): { readonly count: Computed; readonly local: Local } {
    const where = path.join('.');
    const reference = this.#scope.reference(through, locals, path);
    if (reference === undefined)
      return { count: this.#scope.formula(through, locals, path), local: { variable } };
    if ('table' in reference) {
      const { table } = reference;
      if (reference.index !== undefined) this.#scope.fault(path, 'a visit goes through a whole table');
      const names = [...table.columns.keys()];
      const local = localOf(
        variable,
        names,
        (name) => table.columns.get(name),
        () => variable.value,
      );
      return { count: () => table.rows, local };
    }
    const { queue, slot } = reference;
    let current = 0;
    return {
      count: () => {
        current = queue.slot(slot(), where);
        return queue.length(current);
      },
      local: localOf(
        variable,
        queue.fields,
        (name) => queue.column(name),
        () => queue.place(current, variable.value, where),
      ),
    };
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
      visit.cycles === undefined ? undefined : this.#cycles(visit.cycles, locals, [...path, 'cycles']);
    if (visit.run !== undefined) {
      const run = this.#run(visit, visit.run, cycles ?? (() => 0), locals, path);
      return () => {
        run();
        after();
      };
    }
    const action = this.#action(visit, locals, path);
    return () => {
      action();
      if (cycles !== undefined) held.clock += cycles();
      after();
    };
  }

  #cycles(formula: Formula, locals: Locals, path: Path): Computed {
    const computed = this.#scope.formula(formula, locals, path);
    const where = path.join('.');
    return () => {
      const cycles = computed();
      if (Number.isSafeInteger(cycles) && cycles >= 0) return cycles;
      throw fault(where, `expected a whole number of cycles, at least 0, found ${cycles}`);
    };
  }

  #action(visit: Visit, locals: Locals, path: Path): Act {
    const { held } = this.#scope;
    if (visit.push !== undefined) return this.#push(visit, visit.push, locals, path);
    if (visit.pop !== undefined || visit.clear !== undefined) return this.#remove(visit, locals, path);
    if (visit.set !== undefined) return this.#set(visit.set, locals, [...path, 'set']);
    if (visit.record !== undefined) return this.#record(visit.record, locals, [...path, 'record']);
    if (visit.call !== undefined) return this.#call(visit.call, locals, [...path, 'call']);
    if (visit.until !== undefined) {
      const here = [...path, 'until'];
      const until = this.#scope.formula(visit.until, locals, here);
      const where = here.join('.');
      return () => {
        held.clock = Math.max(held.clock, whole(until(), where));
      };
    }
    const { stop } = visit;
    if (stop === undefined) return nothing;
    return () => {
      throw fault([...path, 'stop'].join('.'), stop);
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

  #record(record: NonNullable<Visit['record']>, locals: Locals, path: Path): Act {
    const { held } = this.#scope;
    const acts = Object.entries(record).map(([name, formulas]): Act => {
      const log = held.logs.get(name);
      if (log === undefined) {
        this.#scope.fault(
          [...path, name],
          `there is no record '${name}'`,
          suggest(name, [...held.logs.keys()]),
        );
        return nothing;
      }
      const { columns, values, clocks } = log;
      if (formulas.length !== columns.length)
        this.#scope.fault(
          [...path, name],
          `expected ${columns.length} values (${columns.join(', ')}), found ${formulas.length}`,
        );
      const computed = formulas.map((value, index) =>
        this.#scope.formula(value, locals, [...path, name, index]),
      );
      const where = [...path, name].join('.');
      return () => {
        values.push(computed.map((value) => whole(value(), where)));
        clocks.push(held.clock);
      };
    });
    return () => {
      for (const act of acts) act();
    };
  }

  #set(set: NonNullable<Visit['set']>, locals: Locals, path: Path): Act {
    const changes = Object.entries(set).flatMap(([name, value]) => {
      const here = [...path, name];
      const store = this.#scope.target(name, locals, here);
      const computed = this.#scope.formula(value, locals, here);
      const where = here.join('.');
      return store === undefined ? [] : [{ store, value: () => whole(computed(), where) }];
    });
    return () => {
      const values = changes.map(({ value }) => value());
      for (const [index, { store }] of changes.entries()) store(at(values, index));
    };
  }

  #queue(name: string, locals: Locals, path: Path): Extract<Reference, { queue: unknown }> | undefined {
    const reference = this.#scope.reference(name, locals, path);
    if (reference !== undefined && 'queue' in reference) return reference;
    this.#scope.fault(
      path,
      `there is no queue '${name}'`,
      suggest(name, [...this.#scope.held.queues.keys()]),
    );
    return undefined;
  }

  #remove({ pop, clear }: Visit, locals: Locals, path: Path): Act {
    const here = [...path, pop === undefined ? 'clear' : 'pop'];
    const found = this.#queue(pop ?? clear ?? '', locals, here);
    if (found === undefined) return nothing;
    const { queue, slot } = found;
    const { held } = this.#scope;
    const where = here.join('.');
    return () => {
      const index = queue.slot(slot(), where);
      const count = pop === undefined ? queue.length(index) : 1;
      if (count > queue.length(index)) throw fault(where, 'the queue is empty');
      queue.remove(index, count);
      held.pops += count;
    };
  }

  #push({ entry = {}, full }: Visit, name: string, locals: Locals, path: Path): Act {
    const here = [...path, 'push'];
    const found = this.#queue(name, locals, here);
    const isFull = this.list(full, locals, [...path, 'full']);
    if (found === undefined) return nothing;
    const { queue, slot } = found;
    const { held } = this.#scope;
    const fields = Object.entries(entry).flatMap(([field, formula]) => {
      const there = [...path, 'entry', field];
      const column = queue.column(field);
      const value = this.#scope.formula(formula, locals, there);
      const text = there.join('.');
      if (column !== undefined) return [{ column, value: () => whole(value(), text) }];
      this.#scope.fault(there, `an entry has no field '${field}'`, suggest(field, queue.fields));
      return [];
    });
    const where = here.join('.');
    return () => {
      const index = queue.slot(slot(), where);
      if (queue.length(index) === queue.depth) {
        if (full === undefined) held.drops += 1;
        isFull();
        return;
      }
      const values = fields.map(({ value }) => value());
      const place = queue.push(index);
      held.pushes += 1;
      for (const [field, { column }] of fields.entries()) column.set(place, at(values, field));
    };
  }

  /** An event: the cycles of its items pass one after the other, and each spike comes after those of its item. */
  #run(
    { with: given = {}, items, spikes }: Visit,
    name: string,
    cycles: Computed,
    locals: Locals,
    path: Path,
  ): Act {
    const { held, cores } = this.#scope;
    const where = path.join('.');
    const event = this.#named('event', name, cores?.event(name), [...path, 'run']);
    const scalars = Object.entries(given).map(([scalar, formula]) => {
      const here = [...path, 'with', scalar];
      const range = this.#named('scalar', scalar, cores?.scalar(scalar), here);
      return { range, value: this.#scope.formula(formula, locals, here), where: here.join('.') };
    });
    const count = this.#scope.formula(items ?? 1, locals, [...path, 'items']);
    const variable = { value: 0 };
    const each = this.list(spikes, withLocal(locals, 'spike', { variable }), [...path, 'spikes']);
    if (cores === undefined || event === undefined) return nothing;
    return () => {
      for (const { range, value, where: place } of scalars) {
        const number = value();
        if (range === undefined || !Number.isInteger(number) || number < range.low || number > range.high)
          throw fault(place, `expected ${range?.low} to ${range?.high}, found ${number}`);
        cores.set(held.core, range, number);
      }
      const visited = count();
      const spiked = cores.trigger(held.core, event);
      const neurons = spikes === undefined ? [] : Array.from(spiked);
      const perItem = cycles();
      let done = 0;
      for (const neuron of neurons) {
        const position = visited === 1 ? 0 : neuron;
        if (position >= visited || position + 1 < done)
          throw fault(
            where,
            `neuron ${neuron} spikes: expected one of the ${visited} items, in ascending order`,
          );
        held.clock += (position + 1 - done) * perItem;
        done = position + 1;
        variable.value = neuron;
        each();
      }
      held.clock += (visited - done) * perItem;
    };
  }

  #named<Found>(what: string, name: string, found: Found | undefined, path: Path): Found | undefined {
    if (this.#scope.cores !== undefined && found === undefined)
      this.#scope.fault(path, `the program has no ${what} '${name}'`);
    return found;
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
