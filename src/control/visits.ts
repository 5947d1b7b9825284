import { at, type Formula, type Path, PlasticoreError, suggest } from '../text/index.ts';
import { expression, f64, i32, type Value } from '../wasm/index.ts';
import { ActionWriter } from './actions.ts';
import { type ControllerCode, fault, type Kept } from './code.ts';
import { type Cells, rangeOf, StateLayout, widthsOf } from './layout.ts';
import { asWord, constant, isTrue, type Num, truthOf, unbounded, wordNum } from './numbers.ts';
import type { ControllerShape, Visit } from './schema.ts';
import { type LocalName, type Locals, Scope, withLocal } from './scope.ts';

/** Visits of a controller at most, with those of routines as often as they are called. */
const mostVisits = 20_000;
/** Visits that one input makes at most: a controller that has not ended then never does. */
const mostMade = 2 ** 24;

/** What a visit goes through: how many items, and what their name stands for. */
interface Through {
  readonly count: Num;
  readonly local: (item: Kept) => LocalName;
}

/** Writes the functions of all inputs. Returns what has been seen. */
export function writeVisits(code: ControllerCode, shape: ControllerShape): Pick<VisitWriter, 'called'> {
  const visits = new VisitWriter(code, shape);
  for (const [place, [name, input]] of Object.entries(shape.inputs).entries())
    visits.input(name, place, input);
  return visits;
}

/** Writes the code of visits. */
class VisitWriter {
  readonly #code: ControllerCode;
  readonly #scope: Scope;
  readonly #actions: ActionWriter;
  readonly #routines: NonNullable<ControllerShape['routines']>;
  /** The routines that are being called, the innermost last. */
  readonly #calls: string[] = [];
  /** Routines that something calls. */
  readonly called = new Set<string>();
  #visits = 0;

  constructor(code: ControllerCode, { routines = {} }: ControllerShape) {
    this.#code = code;
    this.#scope = new Scope(code);
    this.#actions = new ActionWriter(this.#scope, {
      list: (visits, locals, path) => this.list(visits, locals, path),
      count: (path) => this.#count(path),
    });
    this.#routines = routines;
  }

  /** Writes the function of an input. It takes the numbers that come with it, and checks them. */
  input(name: string, place: number, { takes = {}, do: visits }: ControllerShape['inputs'][string]): void {
    const code = this.#code;
    const widths = Object.entries(widthsOf(takes));
    code.input(name, place, widths.length, (given) => {
      const locals = widths.map(([taken, width], index): [string, LocalName] => {
        const { low, high } = rangeOf(width);
        const make = (found: number) =>
          new PlasticoreError('data', `input '${name}': ${taken} does not hold ${found}`);
        const isWord = low >= -(2 ** 31) && high < 2 ** 31;
        const value = unbounded(at(given, index));
        const number = isWord ? code.word(value, make, low, high) : code.whole(value, make, low, high);
        const isNone = taken === 'learns' && code.uses?.learns === false;
        return [taken, { number: isNone ? constant(0) : code.keep(number) }];
      });
      this.list(visits, new Map(locals), ['inputs', name, 'do']);
    });
  }

  list(visits: readonly Visit[] | undefined, locals: Locals, path: Path): void {
    let inner = locals;
    for (const [index, visit] of (visits ?? []).entries()) {
      const here = [...path, index];
      this.#visits += 1;
      if (this.#visits > mostVisits) {
        if (this.#visits === mostVisits + 1)
          this.#code.report(here, `more than ${mostVisits} visits, with those of routines`);
        return;
      }
      const known = inner;
      if (visit.let === undefined) this.#code.f.scope(() => this.#visit(visit, known, here));
      else
        for (const [name, value] of Object.entries(visit.let)) {
          this.#checkName(name, [...here, 'let', name]);
          const number = this.#code.keep(this.#scope.formula(value, inner, [...here, 'let', name]));
          inner = withLocal(inner, name, { number });
        }
    }
  }

  /** A name of a list may not hide one of the controller. */
  #checkName(name: string, path: Path): void {
    if ([...StateLayout.taken, ...this.#code.layout.names].includes(name))
      this.#code.report(path, `'${name}' has a meaning already`, 'give it another name');
  }

  #visit(visit: Visit, locals: Locals, path: Path): void {
    if (visit.each !== undefined) this.#each(visit, visit.each, locals, path);
    else if (visit.while === undefined) this.#once(visit, locals, path);
    else {
      const formula = visit.while;
      const goesOn = (): Num => this.#scope.formula(formula, locals, [...path, 'while']);
      if (this.#code.uses !== undefined && truthOf(goesOn()) === false) return;
      this.#repeat(
        () => isTrue(goesOn()),
        () => {
          this.#count(path);
          this.#once(visit, locals, path);
        },
      );
    }
  }

  /** Writes a loop that goes on while a condition holds. */
  #repeat(goesOn: () => Value<'i32'>, body: () => void): void {
    const { f } = this.#code;
    f.block((done) => {
      f.loop((again) => {
        f.brIf(done, goesOn().isZero());
        body();
        f.br(again);
      });
    });
  }

  #each(visit: Visit, each: NonNullable<Visit['each']>, locals: Locals, path: Path): void {
    const code = this.#code;
    const { f, clock } = code;
    const [name, through] = at(Object.entries(each), 0);
    const here = [...path, 'each', name];
    this.#checkName(name, here);
    const { count, local } = this.#through(through, locals, here);
    if (this.#isKnown(count) === false) return;
    const items = f.keep(this.#itemsOf(count));
    const item = f.local('i32');
    const number: Kept = { ...wordNum(item, 0, Math.max(0, count.high - 1)), code: item };
    const isTogether = visit.together === true;
    const [start, end] = [f.local('f64'), f.local('f64')];
    if (isTogether) {
      f.set(start, clock);
      f.set(end, clock);
      f.call(code.host.mark);
    }
    f.set(item, 0);
    this.#repeat(
      () => item.isBelow(items),
      () => {
        this.#count(path);
        this.#once(visit, withLocal(locals, name, local(number)), path);
        f.set(item, item.plus(1));
        if (!isTogether) return;
        f.set(end, f64.max(end, clock));
        f.set(clock, start);
      },
    );
    if (!isTogether) return;
    f.set(clock, end);
    f.call(code.host.sort);
  }

  /** How many items a loop has; beyond the visits that an input may make, it does not matter. */
  #itemsOf({ code }: Num): Value<'i32'> {
    return code.type === 'i32' ? code : i32.trunc_sat_f64_s(code);
  }

  #through(through: Formula, locals: Locals, path: Path): Through {
    const code = this.#code;
    const where = path.join('.');
    const reference = this.#scope.reference(through, locals, path);
    if (reference === undefined)
      return { count: this.#scope.whole(through, locals, path), local: (number) => ({ number }) };
    // The entries are those of the core in which the visits begin, wherever each is made.
    const origin = code.f.keep(code.core);
    const entry = (columns: ReadonlyMap<string, Cells>, place: (item: Kept) => Num) => (number: Kept) => ({
      number,
      fields: [...columns.keys()],
      field: (name: string) => {
        const column = columns.get(name);
        return column && code.lazily(column, () => code.load(column, place(number), origin));
      },
    });
    if ('table' in reference) {
      const { columns, rows } = reference.table;
      if (reference.hasIndex) code.report(path, 'a visit goes through a whole table');
      return { count: constant(rows), local: entry(columns, (item) => item) };
    }
    const { queue } = reference;
    const slot = code.keep(reference.slot);
    const place = (item: Kept): Num => code.place(queue, slot, item, where, origin);
    return { count: code.load(queue.lengths, slot, origin), local: entry(queue.columns, place) };
  }

  #count(path: Path): void {
    const code = this.#code;
    const { f, made } = code;
    f.set(made, made.plus(1));
    f.if(made.isAbove(mostMade), () =>
      code.fail(() =>
        fault(
          path.join('.'),
          `the input has made ${mostMade} visits and has not ended`,
          'activity that feeds itself never ends',
        ),
      ),
    );
  }

  /** One visit, in its core and under its condition. */
  #once(visit: Visit, locals: Locals, path: Path): void {
    const { f, core, layout } = this.#code;
    if (visit.core === undefined) {
      this.#decided(visit, locals, path);
      return;
    }
    const where = [...path, 'core'];
    const found = this.#code.index(this.#scope.formula(visit.core, locals, where), layout.cores, (index) =>
      fault(where.join('.'), `expected a core from 0 to ${layout.cores - 1}, found ${index}`),
    );
    const before = f.keep(expression('i32', () => f.get(core)));
    f.set(core, asWord(found));
    this.#decided(visit, locals, path);
    f.set(core, before);
  }

  #decided(visit: Visit, locals: Locals, path: Path): void {
    const { f } = this.#code;
    const act = (): void => this.#act(visit, locals, path);
    if (visit.when === undefined) {
      act();
      return;
    }
    const { else: otherwise } = visit;
    const when = this.#scope.formula(visit.when, locals, [...path, 'when']);
    const elsewise = (): void => this.list(otherwise, locals, [...path, 'else']);
    const known = this.#isKnown(when);
    if (known !== undefined) (known ? act : elsewise)();
    else if (otherwise === undefined) f.if(isTrue(when), act);
    else f.if(isTrue(when), act, elsewise);
  }

  /** What is never made uses nothing. A controller that runs has all of its code. */
  #isKnown(number: Num): boolean | undefined {
    return this.#code.uses === undefined ? undefined : truthOf(number);
  }

  #act(visit: Visit, locals: Locals, path: Path): void {
    if (visit.run !== undefined) this.#actions.run(visit, visit.run, locals, path);
    else {
      if (visit.call === undefined) this.#actions.act(visit, locals, path);
      else this.#call(visit.call, locals, [...path, 'call']);
      this.#code.pass(this.#actions.cycles(visit, locals, path));
    }
    this.list(visit.do, locals, [...path, 'do']);
  }

  #call(name: string, locals: Locals, path: Path): void {
    const routine = Object.hasOwn(this.#routines, name) ? this.#routines[name] : undefined;
    if (routine === undefined) {
      this.#code.report(path, `there is no routine '${name}'`, suggest(name, Object.keys(this.#routines)));
      return;
    }
    if (this.#calls.includes(name)) {
      this.#code.report(path, `a routine cannot call itself: ${[...this.#calls, name].join(' calls ')}`);
      return;
    }
    this.called.add(name);
    this.#calls.push(name);
    this.list(routine, locals, ['routines', name]);
    this.#calls.pop();
  }
}
