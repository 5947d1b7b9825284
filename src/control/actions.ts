import { at } from '../arrays/index.ts';
import { type CompiledFormula, type Formula, type Path, suggest } from '../text/index.ts';
import type { Visit } from './schema.ts';
import { type Locals, type Reference, type Scope, withLocal } from './scope.ts';
import { fault, whole } from './storage.ts';

/** Does what one or more visits say. */
export type Act = () => void;

export const nothing: Act = () => undefined;

/** Makes a function of a list of visits. */
type List = (visits: readonly Visit[] | undefined, locals: Locals, path: Path) => Act;

/** Makes functions of what visits do. */
export class ActionCompiler {
  readonly #scope: Scope;
  readonly #list: List;
  readonly #count: (path: Path) => void;

  /** @param count is called with each visit that is made again */
  constructor(scope: Scope, list: List, count: (path: Path) => void) {
    this.#scope = scope;
    this.#list = list;
    this.#count = count;
  }

  /** What a visit does, but for events and calls. */
  act(visit: Visit, locals: Locals, path: Path): Act {
    const { held } = this.#scope;
    if (visit.push !== undefined) return this.#push(visit, visit.push, locals, path);
    if (visit.pop !== undefined || visit.clear !== undefined) return this.#remove(visit, locals, path);
    if (visit.set !== undefined) return this.#set(visit.set, locals, [...path, 'set']);
    if (visit.record !== undefined) return this.#record(visit.record, locals, [...path, 'record']);
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

  /** The cycles of a visit. */
  cycles(formula: Formula, locals: Locals, path: Path): CompiledFormula {
    const computed = this.#scope.formula(formula, locals, path);
    const where = path.join('.');
    return () => {
      const cycles = computed();
      if (Number.isSafeInteger(cycles) && cycles >= 0) return cycles;
      throw fault(where, `expected a whole number of cycles, at least 0, found ${cycles}`);
    };
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
      if (!held.isHeard) return;
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
    const isFull = this.#list(full, locals, [...path, 'full']);
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
  run(
    { with: given = {}, items, spikes }: Visit,
    name: string,
    cycles: CompiledFormula,
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
    const [variable, carried] = [{ value: 0 }, { value: 0 }];
    const ofSpike = withLocal(withLocal(locals, 'spike', { variable }), 'value', { variable: carried });
    const each = this.#list(spikes, ofSpike, [...path, 'spikes']);
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
      // What a spike causes may run events, and these have spikes of their own.
      const neurons = spikes === undefined ? [] : Array.from(spiked);
      const values = neurons.map((_, place) => cores.carried(held.core, place));
      const perItem = cycles();
      let done = 0;
      for (const [place, neuron] of neurons.entries()) {
        const position = visited === 1 ? 0 : neuron;
        if (position >= visited || position + 1 < done)
          throw fault(
            where,
            `neuron ${neuron} spikes: expected one of the ${visited} items, in ascending order`,
          );
        held.clock += (position + 1 - done) * perItem;
        done = position + 1;
        this.#count(path);
        variable.value = neuron;
        carried.value = at(values, place);
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
