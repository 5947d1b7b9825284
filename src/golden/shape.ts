import type * as z from 'zod';
import { found, suggest } from '../text/index.ts';

type Key = string | number;

/** A part of a recording that has to fit other parts. If it does not, it is an issue at its path. */
export class Part<out Value> {
  readonly value: Value;
  readonly #context: z.core.$RefinementCtx;
  readonly #path: readonly Key[];

  constructor(value: Value, context: z.core.$RefinementCtx, path: readonly Key[] = []) {
    this.value = value;
    this.#context = context;
    this.#path = path;
  }

  /** The part under a key, or an item of a tuple. */
  at<Name extends keyof Value & Key>(key: Name): Part<Value[Name]> {
    return this.#below(key, this.value[key]);
  }

  /** The part at a path that is not known before. */
  under(...path: readonly Key[]): Part<unknown> {
    return new Part<unknown>(undefined, this.#context, [...this.#path, ...path]);
  }

  /** The parts under some keys. */
  each<Name extends keyof Value & Key>(...keys: readonly Name[]): Part<Value[Name]>[] {
    return keys.map((key) => this.at(key));
  }

  items<Item>(this: Part<readonly Item[]>): Part<Item>[] {
    return this.value.map((item, index) => this.#below(index, item));
  }

  entries<Item>(this: Part<Readonly<Record<string, Item>>>): [name: string, part: Part<Item>][] {
    return Object.entries(this.value).map(([name, item]) => [name, this.#below(name, item)]);
  }

  /** The same part, unless there is nothing. */
  present(): Part<NonNullable<Value>> | undefined {
    const { value } = this;
    return value === undefined || value === null ? undefined : this.as(value);
  }

  /** The same part, seen as another value: each item of a list as its name, say. */
  as<Other>(value: Other): Part<Other> {
    return new Part(value, this.#context, this.#path);
  }

  issue(message: string): void {
    this.#context.addIssue({ code: 'custom', path: [...this.#path], message });
  }

  /** @param what what is expected where it does not hold */
  expect(holds: boolean, what: string): boolean {
    if (!holds) this.issue(`expected ${what}, found ${found(this.value)}`);
    return holds;
  }

  /** A list has to have a length. @param why what its items are */
  length(this: Part<readonly unknown[]>, length: number, why: string): boolean {
    const isSo = this.value.length === length;
    if (!isSo) this.issue(`expected ${length} items (${why}), found ${this.value.length}`);
    return isSo;
  }

  below(this: Part<number>, limit: number, what: string): boolean {
    return this.expect(this.value < limit, `${what} below ${limit}`);
  }

  /** The same for all items of a list. */
  allBelow(this: Part<readonly number[]>, limit: number, what: string): void {
    this.all((value) => value < limit, `${what} below ${limit}`);
  }

  /** Something has to hold for all items of a list. The first for which it does not is an issue. */
  all<Item>(this: Part<readonly Item[]>, holds: (item: Item, index: number) => boolean, what: string): void {
    const wrong = this.value.findIndex((item, index) => !holds(item, index));
    if (wrong >= 0) this.#below(wrong, this.value[wrong]).expect(false, what);
  }

  /** Indices below a limit, each above the one before it. */
  ascending(this: Part<readonly number[]>, limit: number, what: string): void {
    const wrong = this.value.findIndex((item, at) => item >= limit || item <= (this.value[at - 1] ?? -1));
    const least = (this.value[wrong - 1] ?? -1) + 1;
    if (wrong >= 0)
      this.#below(wrong, this.value[wrong]).expect(false, `${what} from ${least} to ${limit - 1}, ascending`);
  }

  /** No item of a list may occur twice. @param seen those of other lists, to which its own are added */
  distinct(this: Part<readonly Key[]>, what: string, seen = new Set<Key>()): void {
    const again = this.value.findIndex((item) => seen.size === seen.add(item).size);
    if (again >= 0)
      this.#below(again, undefined).issue(`${what} ${found(this.value[again])} is listed twice`);
  }

  /** A name has to be one of some. */
  known(this: Part<string>, names: Iterable<string>, what: string): boolean {
    const all = [...names];
    const isKnown = all.includes(this.value);
    if (!isKnown) this.issue(`there is no ${what} '${this.value}'; ${suggest(this.value, all)}`);
    return isKnown;
  }

  #below<Item>(key: Key, value: Item): Part<Item> {
    return new Part(value, this.#context, [...this.#path, key]);
  }
}
