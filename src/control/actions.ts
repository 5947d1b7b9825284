import { type Path, suggest } from '../text/index.ts';
import { call, f64, i32, select, type Value, type Local as Variable } from '../wasm/index.ts';
import { type ControllerCode, fault, type Kept } from './code.ts';
import type { Scalar } from './door.ts';
import { asDouble, asWord, constant, mostSafe, type Num, wordNum } from './numbers.ts';
import type { Visit } from './schema.ts';
import { type Locals, type Reference, type Scope, withLocal } from './scope.ts';

/** What actions need of the visits that they are of. */
interface Visits {
  /** Writes a list of visits. */
  list(visits: readonly Visit[] | undefined, locals: Locals, path: Path): void;
  /** Counts a visit that is made again. */
  count(path: Path): void;
}

/** Writes the code of what visits do. */
export class ActionWriter {
  readonly #scope: Scope;
  readonly #code: ControllerCode;
  readonly #visits: Visits;
  /** Lists of spikes, each of an event that a spike of the one before has caused. */
  #depth = 0;

  constructor(scope: Scope, visits: Visits) {
    this.#scope = scope;
    this.#code = scope.code;
    this.#visits = visits;
  }

  /** What a visit does, but for events and calls. */
  act(visit: Visit, locals: Locals, path: Path): void {
    const code = this.#code;
    const { f, clock } = code;
    if (visit.push !== undefined) this.#push(visit, visit.push, locals, path);
    else if (visit.pop !== undefined || visit.clear !== undefined) this.#remove(visit, locals, path);
    else if (visit.set !== undefined) this.#set(visit.set, locals, [...path, 'set']);
    else if (visit.record !== undefined) this.#record(visit.record, locals, [...path, 'record']);
    else if (visit.until !== undefined)
      f.set(clock, f64.max(clock, asDouble(this.#scope.whole(visit.until, locals, [...path, 'until']))));
    const { stop } = visit;
    if (stop !== undefined) code.fail(() => fault([...path, 'stop'].join('.'), stop));
  }

  /** The cycles of a visit. */
  cycles({ cycles = 0 }: Visit, locals: Locals, path: Path): Num {
    const here = [...path, 'cycles'];
    const make = (found: number) =>
      fault(here.join('.'), `expected a whole number of cycles, at least 0, found ${found}`);
    return this.#code.whole(this.#scope.formula(cycles, locals, here), make, 0);
  }

  /** Nothing is computed for a record that nobody hears. */
  #record(record: NonNullable<Visit['record']>, locals: Locals, path: Path): void {
    const code = this.#code;
    const { f, clock, layout } = code;
    if (code.uses !== undefined) return;
    for (const [name, formulas] of Object.entries(record)) {
      const here = [...path, name];
      const index = [...layout.records.keys()].indexOf(name);
      const columns = layout.records.get(name);
      if (columns === undefined) {
        code.report(here, `there is no record '${name}'`, suggest(name, [...layout.records.keys()]));
        continue;
      }
      if (formulas.length !== columns.length)
        code.report(
          here,
          `expected ${columns.length} values (${columns.join(', ')}), found ${formulas.length}`,
        );
      f.if(i32.load(0, layout.heard + 4 * index), () => {
        for (const [column, formula] of formulas.entries()) {
          const value = this.#scope.formula(formula, locals, [...here, column]);
          const whole = code.whole(value, (found) =>
            fault(here.join('.'), `expected a whole number, found ${found}`),
          );
          f.do(f64.store(0, asDouble(whole), layout.row + 8 * Math.min(column, columns.length - 1)));
        }
        f.call(code.host.record, index, clock);
      });
    }
  }

  #set(set: NonNullable<Visit['set']>, locals: Locals, path: Path): void {
    const code = this.#code;
    const changes = Object.entries(set).map(([name, formula]) => {
      const here = [...path, name];
      return { name, here, value: code.keep(this.#scope.whole(formula, locals, here)) };
    });
    for (const { name, here, value } of changes) this.#scope.target(name, locals, here)?.(value);
  }

  #queue(name: string, locals: Locals, path: Path): Extract<Reference, { queue: unknown }> | undefined {
    const reference = this.#scope.reference(name, locals, path);
    if (reference !== undefined && 'queue' in reference) return reference;
    const { layout } = this.#code;
    this.#code.report(path, `there is no queue '${name}'`, suggest(name, [...layout.queues.keys()]));
    return undefined;
  }

  #remove({ pop, clear }: Visit, locals: Locals, path: Path): void {
    const code = this.#code;
    const { f } = code;
    const here = [...path, pop === undefined ? 'clear' : 'pop'];
    const found = this.#queue(pop ?? clear ?? '', locals, here);
    if (found === undefined) return;
    const { heads, lengths, depth } = found.queue;
    const slot = code.keep(found.slot);
    const length = code.keep(code.load(lengths, slot));
    if (pop === undefined) {
      code.store(lengths, slot, constant(0));
      f.if(asWord(length), () => code.moved(found.queue, code.keep(code.meaning.unary('-', length))));
      return;
    }
    f.if(asWord(length).isZero(), () => code.fail(() => fault(here.join('.'), 'the queue is empty')));
    const next = f.keep(asWord(code.load(heads, slot)).plus(1));
    code.store(heads, slot, wordNum(select(next.equals(depth), i32.const(0), next), 0, depth - 1));
    code.store(lengths, slot, wordNum(asWord(length).minus(1), 0, depth));
    code.moved(found.queue, constant(-1));
  }

  #push({ entry = {}, full }: Visit, name: string, locals: Locals, path: Path): void {
    const code = this.#code;
    const { f } = code;
    const found = this.#queue(name, locals, [...path, 'push']);
    if (found === undefined) {
      this.#visits.list(full, locals, [...path, 'full']);
      return;
    }
    const { queue } = found;
    for (const field of Object.keys(entry))
      if (!queue.columns.has(field))
        code.report(
          [...path, 'entry', field],
          `an entry has no field '${field}'`,
          suggest(field, [...queue.columns.keys()]),
        );
    const slot = code.keep(found.slot);
    const length = f.keep(asWord(code.load(queue.lengths, slot)));
    f.if(
      length.equals(queue.depth),
      () => {
        if (full === undefined) code.moved(queue, constant(0));
        else this.#visits.list(full, locals, [...path, 'full']);
      },
      () => {
        const values = Object.entries(entry).map(([field, formula]) => {
          const there = [...path, 'entry', field];
          return [field, code.keep(this.#scope.whole(formula, locals, there))] as const;
        });
        const given = new Map<string, Num>(values);
        const place = code.keep(code.append(queue, slot, length));
        for (const [field, column] of queue.columns)
          code.store(column, place, given.get(field) ?? constant(0));
        code.moved(queue, constant(1));
      },
    );
  }

  /** An event: the cycles of its items pass one after the other, and each spike comes after those of its item. */
  run(visit: Visit, name: string, locals: Locals, path: Path): void {
    const code = this.#code;
    const { f, host, layout, cores } = code;
    code.uses?.events.add(name);
    const event = cores?.events.findIndex((candidate) => candidate.name === name) ?? -1;
    if (cores !== undefined && event < 0) code.report([...path, 'run'], `the program has no event '${name}'`);
    const given = this.#give(visit.with ?? {}, locals, path);
    const items = code.keep(this.#items(visit.items ?? 1, locals, [...path, 'items']));
    this.#checkNeurons(event, given);
    const handle = host.events[event];
    const count = f.local('i32');
    const busy = (): Value<'f64'> => call(host.busy, code.core).as('f64');
    // Only a visit that asks how long the core takes has it counted.
    const asks = /\btook\b/.test(`${visit.cycles}`);
    if (asks && visit.items !== undefined)
      code.report(
        [...path, 'cycles'],
        "'took' is of the whole event, and these are cycles of each of `items`",
        'leave out items',
      );
    const before = asks ? f.keep(busy()) : undefined;
    const took = {
      get number(): Num {
        return { code: f64.sub(busy(), before ?? 0), low: 0, high: mostSafe, isWhole: false };
      },
    };
    if (handle !== undefined) {
      const args = handle.type.params.length === 0 ? [] : [code.core];
      f.set(count, call(handle, ...args).as('i32'));
      f.do(i32.store(0, 1, layout.hasRun));
    }
    const perItem = code.keep(this.cycles(visit, before ? withLocal(locals, 'took', took) : locals, path));
    if (visit.spikes === undefined) {
      code.pass(code.meaning.binary('*', items, perItem));
      return;
    }
    // Of the doubles that follow, all are whole.
    const done = f.local('f64');
    const pass = (until: Variable<'f64'>): void =>
      f.set(code.clock, f64.add(code.clock, f64.mul(f64.sub(until, done), asDouble(perItem))));
    f.set(done, 0);
    f.if(count, () => this.#spikes(visit, { count, items, done, pass }, locals, path));
    pass(f.keep(asDouble(items)));
  }

  #items(formula: NonNullable<Visit['items']>, locals: Locals, path: Path): Num {
    const make = (found: number) =>
      fault(path.join('.'), `expected a whole number of items, at least 0, found ${found}`);
    return this.#code.whole(this.#scope.formula(formula, locals, path), make, 0);
  }

  /** Gives the scalars of an event their values. Returns them by index. */
  #give(given: NonNullable<Visit['with']>, locals: Locals, path: Path): ReadonlyMap<number, Num> {
    const code = this.#code;
    const { cores } = code;
    const values = new Map<number, Num>();
    for (const [name, formula] of Object.entries(given)) {
      const here = [...path, 'with', name];
      const value = this.#scope.formula(formula, locals, here);
      const index = cores?.scalars.findIndex((scalar) => scalar.name === name) ?? -1;
      const scalar = cores?.scalars[index];
      if (scalar !== undefined) values.set(index, this.#store(index, scalar, value, here));
      else if (cores !== undefined) code.report(here, `the program has no scalar '${name}'`);
    }
    return values;
  }

  #store(index: number, { low, high }: Scalar, value: Num, path: Path): Num {
    const { code } = this.#code.word(
      value,
      (found) => fault(path.join('.'), `expected ${low} to ${high}, found ${found}`),
      low,
      high,
    );
    const [address, offset] = this.#code.scalar(index);
    this.#code.f.do(i32.store(address, asWord({ ...value, code }), offset));
    return value;
  }

  /** A scalar may be a neuron of any population, but not of those that the event is of. */
  #checkNeurons(event: number, given: ReadonlyMap<number, Num>): void {
    const code = this.#code;
    const { f, cores } = code;
    const { name, limits = [] } = cores?.events[event] ?? {};
    for (const { scalar, size, population } of limits) {
      const known = given.get(scalar);
      if (known !== undefined && known.low >= 0 && known.high < size) continue;
      const [address, offset] = code.scalar(scalar);
      const neuron = f.keep(i32.load(address, offset));
      const of = `event '${name}': ${cores?.scalars[scalar]?.name}`;
      f.if(i32.ge_u(neuron, size), () =>
        code.fail(
          (found) => fault(of, `expected 0 to ${size - 1}, a neuron of '${population}', found ${found}`),
          f64.convert_i32_s(neuron),
        ),
      );
    }
  }

  /** What spikes cause may run events, and these have spikes of their own. */
  #spikes(
    visit: Visit,
    {
      count,
      items,
      done,
      pass,
    }: {
      readonly count: Variable<'i32'>;
      readonly items: Kept;
      readonly done: Variable<'f64'>;
      readonly pass: (until: Variable<'f64'>) => void;
    },
    locals: Locals,
    path: Path,
  ): void {
    const code = this.#code;
    const { f } = code;
    const depth = this.#depth;
    const spiked = code.takeSpikes(depth, count);
    this.#depth += 1;
    const place = f.local('i32');
    f.set(place, 0);
    f.loop((again) => {
      const neuron = f.keep(spiked.neuron(place));
      const isOne = f64.eq(asDouble(items), 1);
      const position = f.keep(select(isOne, f64.const(0), f64.convert_i32_s(neuron)));
      const after = f.keep(f64.add(position, 1));
      f.if(i32.or(f64.ge(position, asDouble(items)), f64.lt(after, done)), () =>
        code.fail(
          (found, visited) =>
            fault(
              path.join('.'),
              `neuron ${found} spikes: expected one of the ${visited} items, in ascending order`,
            ),
          f64.convert_i32_s(neuron),
          asDouble(items),
        ),
      );
      pass(after);
      f.set(done, after);
      this.#visits.count(path);
      const spike = { number: wordNum(neuron, 0, 2 ** 31 - 1) };
      const value = {
        get number(): Num {
          return spiked.value(place);
        },
      };
      this.#visits.list(visit.spikes, withLocal(withLocal(locals, 'spike', spike), 'value', value), [
        ...path,
        'spikes',
      ]);
      f.set(place, place.plus(1));
      f.brIf(again, place.isBelow(count));
    });
    this.#depth = depth;
  }
}
