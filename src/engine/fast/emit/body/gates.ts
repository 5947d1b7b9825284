import {
  type FunctionBuilder,
  f32,
  type I32,
  i32,
  increase,
  type Local,
  max,
  min,
  type Value,
  whileBelow,
} from '../../builder/index.ts';
import type { CountedAccess } from '../../plan/counters/index.ts';
import { elementBytes } from '../../plan/memory/index.ts';
import { count, fieldAt, type KernelContext, laneBytes, scaled } from './context.ts';
import { areaOf, loadItems } from './ports.ts';
import { type Row, storedIndex, type Visited } from './position.ts';

/*
 * Code of gates: masks of columns, lists of visited tiles, and what their visits count.
 */

/** Whether the item of a gate's field is at least one in magnitude: not zero. */
export function gateOf(k: KernelContext, gate: number, item: Local<'i32'>): Value<'i32'> {
  const { element, address } = areaOf(k, gate);
  const base = scaled(k.f, item, elementBytes[element]);
  const value = loadItems(k, 'one', gate, { base, offset: address });
  return element === 'f32' ? f32.ge(f32.abs(value.as('f32')), 1) : value.as('i32');
}

/** Makes the mask of a column gate, and the list of the tiles that it lets through. */
export function listVisited(k: KernelContext, gate: number): Visited {
  const { f, module, piece, scratch, counters } = k;
  const { lanes, columnGate } = module.image.core;
  const bytes = laneBytes(piece.lanes);
  const zero = (): Local<'i32'> => f.keep(i32.const(0));
  const [tiles, items, tile, column] = [zero(), zero(), zero(), zero()];
  const words = new Map([...(counters.gated?.words.keys() ?? [])].map((width) => [width, new WordCount(f)]));
  const any = f.local('i32');
  whileBelow(f, tile, Math.ceil(piece.to / lanes), 1, () => {
    f.set(any, 0);
    const end = f.keep(min(column.plus(lanes), piece.to));
    whileBelow(f, column, end, 1, () => {
      const isActive = f.keep(gateOf(k, gate, column).differsFrom(0));
      f.set(any, any.or(isActive));
      increase(f, items, isActive);
      const store = bytes === 2 ? i32.store16 : i32.store;
      f.do(store(scaled(f, column, bytes), i32.sub(0, isActive), scratch.mask));
    });
    f.if(columnGate === 'clock' ? 1 : any, () => {
      f.do(i32.store(tiles.shiftLeft(2), tile, scratch.tiles));
      increase(f, tiles, 1);
      for (const [width, counted] of words)
        counted.add(tile.times(lanes).dividedBy(width), end.minus(1).dividedBy(width));
    });
  });
  return { tiles, items, words: new Map([...words].map(([width, { words: counted }]) => [width, counted])) };
}

/** Counts words that are touched in ascending order, each once. */
export class WordCount {
  readonly #f: FunctionBuilder;
  readonly #highest: Local<'i32'>;
  readonly words: Local<'i32'>;

  constructor(f: FunctionBuilder, words = f.keep(i32.const(0))) {
    this.#f = f;
    this.words = words;
    this.#highest = f.local('i32');
    this.restart();
  }

  /** From here on, no word has been touched. */
  restart(): void {
    this.#f.set(this.#highest, -1);
  }

  /** Adds the words from `first` to `last` that have not been touched. */
  add(first: Value<'i32'>, last: Value<'i32'>): void {
    const before = this.#f.keep(first.minus(1));
    const end = this.#f.keep(last);
    this.#f.set(this.words, this.words.plus(end).minus(max(before, this.#highest)));
    this.#f.set(this.#highest, end);
  }
}

/** Counts one pass over the visited tiles of a row. */
export function countPass(k: KernelContext, { holds, visited }: Row): void {
  const { passes, gated, rowsOfPass, columns } = k.counters;
  if (passes !== undefined) count(k, passes, 1);
  if (gated !== undefined && visited !== undefined) {
    count(k, gated.tiles, visited.tiles);
    count(k, gated.items, visited.items);
    for (const [width, slot] of gated.words) count(k, slot, visited.words.get(width) ?? 0);
  }
  countPredicated(k, holds, ({ ofPre, itemsPerWord }) => {
    if (ofPre) return 1;
    return visited?.words.get(itemsPerWord) ?? rowsOfPass * Math.ceil(columns / itemsPerWord);
  });
}

/** Counts what is read or written only where predicates hold, once for each counter. */
export function countPredicated(
  k: KernelContext,
  holds: ReadonlyMap<number, Local<'i32'>>,
  wordsOf: (access: CountedAccess) => I32,
): void {
  const counted = new Set<number>();
  for (const access of k.counters.accesses) {
    const { predicated } = access;
    if (predicated === undefined || counted.has(predicated)) continue;
    counted.add(predicated);
    k.f.if(anyHolds(k, holds, access), () => count(k, predicated, wordsOf(access)));
  }
}

/** Whether a predicate of the loads, or stores, of a layout holds. */
function anyHolds(
  k: KernelContext,
  holds: ReadonlyMap<number, Local<'i32'>>,
  { layout, ofPre, isWrite }: CountedAccess,
): Value<'i32'> {
  let any: Value<'i32'> | undefined;
  for (const { line, operation, instruction } of k.plan.lines) {
    const [, operand] = instruction.operands;
    const predicate = holds.get(line);
    if ((operation.effect.does === 'store') !== isWrite || predicate === undefined) continue;
    if (operand?.is !== 'field' || (operand.role === 'pre') !== ofPre) continue;
    // What is stored is stored into its view too.
    const { storedView } = fieldAt(k, operand.field);
    const touched = isWrite && storedView !== undefined ? [operand.field, storedView] : [operand.field];
    if (!touched.some((field) => fieldAt(k, storedIndex(k, field)).layout === layout)) continue;
    any = any === undefined ? predicate : any.or(predicate);
  }
  return any ?? i32.const(0);
}
