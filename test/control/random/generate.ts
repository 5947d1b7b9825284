import type { CoreImage } from '../../../src/image/index.ts';
import type { Dice } from '../../engine/random/dice.ts';
import {
  type Action,
  type Entry,
  type Operator,
  operators,
  type Target,
  type Through,
  type Tree,
  type TreeController,
  type TreeVisit,
  type Width,
} from './tree.ts';

/** Visits that a controller states, about. */
const mostVisits = 14;
const mostDepth = 3;
/** Lists in each other in which visits are repeated. */
const mostNested = 2;

/** A random controller for the events, scalars and fields of an image. */
export function randomController(dice: Dice, image: CoreImage): TreeController {
  return new Writer(dice, image).write();
}

/** Names that a list may use. */
interface Names {
  readonly numbers: readonly string[];
  readonly entries: readonly (readonly [name: string, fields: readonly string[]])[];
}

const number = (value: number): Tree => ({ is: 'number', value });
const named = (name: string): Tree => ({ is: 'name', name });
const apply = (op: Operator, ...args: readonly Tree[]): Tree => ({ is: 'apply', op, args });
/** A number from 0 up to, not including, a limit. */
const below = (tree: Tree, limit: number): Tree => apply('%', apply('abs', tree), number(limit));

class Writer {
  readonly #dice: Dice;
  readonly #image: CoreImage;
  readonly #fewest: number;
  readonly #most: number;
  readonly #cores: number;
  readonly #registers: TreeController['registers'];
  readonly #queues: TreeController['queues'];
  readonly #tables: TreeController['tables'];
  readonly #records = new Map([
    ['seen', 2],
    ['spiked', 3],
  ]);
  readonly #constants = new Map([['few', 3]]);
  readonly #routines = new Map<string, readonly TreeVisit[]>();
  #left = mostVisits;
  #names = 0;
  /** Lists in each other that are made many times: for each item, or for each spike. */
  #repeated = 0;

  constructor(dice: Dice, image: CoreImage) {
    this.#dice = dice;
    this.#image = image;
    const sizes = image.populations.map(({ size }) => size);
    this.#fewest = Math.min(...sizes);
    this.#most = Math.max(...sizes);
    this.#cores = dice.pick([1, 1, 2, 3]);
    this.#registers = this.#some('r', 3, () => ({
      ...this.#width(),
      initial: dice.whole(0, 1) === 0 ? 0 : 1,
      isShared: dice.chance(0.3),
    }));
    this.#queues = this.#some('q', 2, () => ({
      ...this.#entry(),
      depth: dice.pick([1, 2, 3, 8]),
      slots: dice.pick([1, 1, 4]),
    }));
    this.#tables = this.#some('t', 1, () => ({ ...this.#entry(), rows: dice.whole(1, 5) }));
  }

  write(): TreeController {
    const dice = this.#dice;
    const nothing: Names = { numbers: [], entries: [] };
    this.#repeated = 1;
    for (const name of ['s0', 's1']) this.#routines.set(name, this.#list(nothing, 1, 2, false));
    this.#repeated = 0;
    const inputs = this.#some('i', 3, () => {
      const takes = this.#some('x', 2, () => this.#width(), this.#fresh());
      this.#left = mostVisits;
      const visits = this.#list({ numbers: [...takes.keys()], entries: [] }, 0, dice.whole(3, 6), true);
      return { takes, visits };
    });
    // Nothing may be called nowhere.
    const [first, input] = [...inputs][0] ?? [];
    const calls = [...this.#routines.keys()].map((routine): TreeVisit => ({ does: { is: 'call', routine } }));
    if (first !== undefined && input !== undefined)
      inputs.set(first, { ...input, visits: [...input.visits, ...calls] });
    return {
      cores: this.#cores,
      constants: this.#constants,
      registers: this.#registers,
      queues: this.#queues,
      tables: this.#tables,
      records: this.#records,
      routines: this.#routines,
      inputs,
    };
  }

  #some<Item>(prefix: string, most: number, make: () => Item, suffix = ''): Map<string, Item> {
    return new Map(
      Array.from({ length: this.#dice.whole(1, most) }, (_, index) => [`${prefix}${index}${suffix}`, make()]),
    );
  }

  #fresh(): string {
    this.#names += 1;
    return `_${this.#names}`;
  }

  #width(): Width {
    return { bits: this.#dice.pick([1, 4, 8, 16, 20, 32, 48]), signed: this.#dice.chance(0.4) };
  }

  #entry(): Entry {
    return { fields: this.#some('f', 3, () => this.#width()), isShared: this.#dice.chance(0.3) };
  }

  #list(names: Names, depth: number, length: number, mayCall: boolean): TreeVisit[] {
    let known = names;
    const visits: TreeVisit[] = [];
    for (let i = 0; i < length && this.#left > 0; i++) {
      this.#left -= 1;
      if (this.#dice.chance(0.12)) {
        const name = `n${this.#fresh()}`;
        visits.push({ does: { is: 'let', name, value: this.#tree(known, 2) } });
        known = { ...known, numbers: [...known.numbers, name] };
      } else visits.push(this.#visit(known, depth, mayCall));
    }
    return visits;
  }

  #visit(names: Names, depth: number, mayCall: boolean): TreeVisit {
    const dice = this.#dice;
    if (dice.chance(0.06)) return this.#serving(names);
    const each = depth < mostNested && dice.chance(0.35) ? this.#each(names) : undefined;
    const inner = each?.names ?? names;
    if (each !== undefined) this.#repeated += 1;
    const visit = this.#once(inner, each, depth, mayCall && this.#repeated < 2);
    if (each !== undefined) this.#repeated -= 1;
    return visit;
  }

  #once(
    inner: Names,
    each: { readonly name: string; readonly through: Through } | undefined,
    depth: number,
    mayCall: boolean,
  ): TreeVisit {
    const dice = this.#dice;
    const isDeeper = depth < mostDepth;
    const when = dice.chance(0.25) ? this.#tree(inner, 2) : undefined;
    const does = dice.chance(0.85) ? this.#action(inner, depth, mayCall) : undefined;
    // What happens together ends at different times, and is told of.
    const ends: TreeVisit = {
      cycles: below(this.#tree(inner, 1), 9),
      do: [{ does: { is: 'record', record: 'seen', values: [named('clock'), this.#tree(inner, 1)] } }],
    };
    const isTogether = each !== undefined && dice.chance(0.3);
    return {
      ...(each !== undefined && { each: { name: each.name, through: each.through } }),
      ...(isTogether && { together: true }),
      ...(this.#cores > 1 && dice.chance(0.3) && { core: below(this.#tree(inner, 1), this.#cores) }),
      ...(when !== undefined && { when }),
      ...(does !== undefined && { does }),
      ...(dice.chance(0.4) && { cycles: below(this.#tree(inner, 2), dice.pick([2, 7, 30])) }),
      ...(isDeeper && dice.chance(0.2) && { do: this.#list(inner, depth + 1, dice.whole(1, 2), mayCall) }),
      ...(isTogether && { do: [ends] }),
      ...(when !== undefined &&
        isDeeper &&
        dice.chance(0.4) && { else: this.#list(inner, depth + 1, 1, mayCall) }),
    };
  }

  /** A loop that ends: it serves a queue until it is empty. */
  #serving(names: Names): TreeVisit {
    const [queue, { slots }] = this.#dice.pick([...this.#queues]);
    const slot = slots === 1 ? undefined : number(this.#dice.whole(0, slots - 1));
    return {
      while: apply('<', number(0), { is: 'length', queue, slot }),
      does: { is: 'pop', queue, slot },
      cycles: number(this.#dice.whole(0, 3)),
      do: [{ does: { is: 'record', record: 'seen', values: [named('clock'), this.#tree(names, 1)] } }],
    };
  }

  #each(names: Names): { readonly name: string; readonly through: Through; readonly names: Names } {
    const dice = this.#dice;
    const name = `e${this.#fresh()}`;
    const numbers = [...names.numbers, name];
    const kind = dice.whole(0, 2);
    if (kind === 0) {
      const limit = dice.chance(0.3) ? named('cores') : number(dice.whole(0, 4));
      return { name, through: { is: 'numbers', below: limit }, names: { ...names, numbers } };
    }
    const [held, entry] = kind === 1 ? dice.pick([...this.#queues]) : dice.pick([...this.#tables]);
    const entries = [...names.entries, [name, [...entry.fields.keys()]] as const];
    const through: Through =
      kind === 2 ? { is: 'table', table: held } : { is: 'queue', queue: held, slot: this.#slot(held, names) };
    return { name, through, names: { numbers, entries } };
  }

  #slot(queue: string, names: Names): Tree | undefined {
    const slots = this.#queues.get(queue)?.slots ?? 1;
    return slots === 1 ? undefined : below(this.#tree(names, 1), slots);
  }

  #action(names: Names, depth: number, mayCall: boolean): Action {
    const dice = this.#dice;
    const [queue, { fields }] = dice.pick([...this.#queues]);
    const slot = this.#slot(queue, names);
    switch (dice.whole(0, 11)) {
      case 0:
      case 1:
      case 2:
      case 3:
        // An event in a loop in a loop would run many thousand times.
        return this.#repeated < 2
          ? this.#run(names, depth)
          : { is: 'set', values: [[this.#target(names), this.#tree(names, 3)]] };
      case 4:
      case 5:
        return {
          is: 'push',
          queue,
          slot,
          entry: [...fields.keys()]
            .filter(() => dice.chance(0.8))
            .map((field) => [field, this.#tree(names, 2)]),
          full: dice.chance(0.4) && depth < mostDepth ? this.#list(names, depth + 1, 1, mayCall) : undefined,
        };
      case 6:
        // To pop what is not there is an error, which ends a run.
        return { is: dice.chance(0.1) ? 'pop' : 'clear', queue, slot };
      case 7:
      case 8:
        return { is: 'set', values: [[this.#target(names), this.#tree(names, 3)]] };
      case 9:
        return { is: 'until', time: apply('+', named('clock'), below(this.#tree(names, 1), 9)) };
      case 10:
        return { is: 'record', record: 'seen', values: [this.#tree(names, 2), this.#tree(names, 2)] };
      default:
        return mayCall
          ? { is: 'call', routine: dice.pick([...this.#routines.keys()]) }
          : { is: 'set', values: [[this.#target(names), this.#tree(names, 2)]] };
    }
  }

  #target(names: Names): Target {
    if (this.#dice.chance(0.7)) return { register: this.#dice.pick([...this.#registers.keys()]) };
    const [table, { rows, fields }] = this.#dice.pick([...this.#tables]);
    return { table, row: below(this.#tree(names, 1), rows), field: this.#dice.pick([...fields.keys()]) };
  }

  #run(names: Names, depth: number): Action {
    const dice = this.#dice;
    const scalars = this.#image.eventScalars.map(({ name, low, high }): readonly [string, Tree] => {
      const top = name === 'neuron' || name === 'post' ? this.#fewest - 1 : high;
      return [name, apply('+', number(low), below(this.#tree(names, 2), Math.min(top - low + 1, 2 ** 31)))];
    });
    const inner = { ...names, numbers: [...names.numbers, 'spike'] };
    const record: TreeVisit = {
      does: { is: 'record', record: 'spiked', values: [named('clock'), named('spike'), named('core')] },
    };
    this.#repeated += 1;
    const more = depth < mostDepth ? this.#list(inner, depth + 1, 1, false) : [];
    this.#repeated -= 1;
    return {
      is: 'run',
      event: dice.pick(this.#image.events.named).name,
      with: scalars,
      items: dice.chance(0.4) ? this.#most : 1,
      spikes: dice.chance(0.6) ? [record, ...more] : [],
    };
  }

  #tree(names: Names, depth: number): Tree {
    const dice = this.#dice;
    if (depth === 0 || dice.chance(0.3)) return this.#leaf(names);
    const op = dice.pick(operators);
    const arg = (): Tree => this.#tree(names, depth - 1);
    if (op === '%') return apply(op, arg(), number(dice.whole(1, 9)));
    if (op === '!' || op === 'abs') return apply(op, arg());
    if (op === '?:') return apply(op, arg(), arg(), arg());
    return apply(op, arg(), arg());
  }

  #leaf(names: Names): Tree {
    const dice = this.#dice;
    switch (dice.whole(0, 6)) {
      case 0:
        return number(dice.whole(-3, 9));
      case 1:
        return named(dice.pick([...names.numbers, 'clock', 'core', 'few']));
      case 2: {
        const [queue] = dice.pick([...this.#queues]);
        const slots = this.#queues.get(queue)?.slots ?? 1;
        return { is: 'length', queue, slot: slots === 1 ? undefined : number(dice.whole(0, slots - 1)) };
      }
      case 3: {
        const [table, { rows, fields }] = dice.pick([...this.#tables]);
        return {
          is: 'row',
          table,
          row: number(dice.whole(0, rows - 1)),
          field: dice.pick([...fields.keys()]),
        };
      }
      case 4: {
        if (names.entries.length === 0) return number(1);
        const [of, fields] = dice.pick(names.entries);
        return { is: 'field', of, field: dice.pick(fields) };
      }
      case 5: {
        // Of the program: an item of a field of a population.
        const { name, count } = dice.pick(this.#image.fields);
        const isRead = /^[A-Za-z]\w*\.[A-Za-z]\w*$/.test(name) && count > 0;
        return isRead ? { is: 'item', field: name, item: number(dice.whole(0, count - 1)) } : number(2);
      }
      default:
        return named(dice.pick([...this.#registers.keys()]));
    }
  }
}
