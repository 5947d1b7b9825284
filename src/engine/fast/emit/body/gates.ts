import { known } from '../../../../text/index.ts';
import {
  type FunctionBuilder,
  f32,
  f32x4,
  i16x8,
  i32,
  i32x4,
  i64,
  increase,
  type Local,
  max,
  min,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { CountedAccess, PredicatedAccess } from '../../plan/counters/counter-map.ts';
import type { WordMeasure } from '../../plan/counters/work-counters.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { byteOffset, countInSlot, groupOf, type KernelContext, laneBytes, zeroVector } from './context.ts';
import { areaOf, itemAddress, loadItems } from './ports.ts';
import type { GatedColumns, Row } from './position.ts';

/*
 * Code of gates: masks of columns, lists of visited tiles, and what their visits count.
 */

/** Whether the item of a gate's field is at least one in magnitude: not zero. */
export function gateOf(k: KernelContext, gate: number, item: Local<'i32'>): Value<'i32'> {
  const value = loadItems(k, 'one', gate, itemAddress(k, gate, item));
  return areaOf(k, gate).element === 'f32' ? f32.ge(f32.abs(value.as('f32')), 1) : value.as('i32');
}

/** Whether a tile with so many active columns is visited: always on a core that clocks columns instead. */
export function isVisited({ module }: KernelContext, active: Local<'i32'>): Local<'i32'> | 1 {
  return module.image.core.columnGate === 'clock' ? 1 : active;
}

/** Makes the mask of a column gate, and the list of the tiles that it lets through. */
export function listVisited(k: KernelContext, gate: number): GatedColumns {
  const { f, module, piece, scratch, counters } = k;
  const { lanes } = module.image.core;
  const zero = (): Local<'i32'> => f.keep(i32.const(0));
  const [tiles, items, tile, column] = [zero(), zero(), zero(), zero()];
  const measures = counters.work.by === 'tiles' ? [...counters.work.words.keys()] : [];
  const words = new Map(measures.map((measure) => [measure, new WordCount(f)] as const));
  const isWhole = piece.lanes !== 'one' && piece.to % lanes === 0;
  whileBelow(f, tile, Math.ceil(piece.to / lanes), 1, () => {
    const end = f.keep(min(column.plus(lanes), piece.to));
    const active = isWhole ? maskTile(k, gate, column) : maskItems(k, gate, column, end);
    increase(f, items, active);
    f.set(column, end);
    f.if(isVisited(k, active), () => {
      f.do(i32.store(tiles.shiftLeft(2), tile.times(lanes), scratch.tiles));
      increase(f, tiles, 1);
      for (const [{ itemsPerWord }, counted] of words)
        counted.add(tile.times(lanes).dividedBy(itemsPerWord), end.minus(1).dividedBy(itemsPerWord));
    });
  });
  return { tiles, items, words: new Map([...words].map(([measure, counted]) => [measure, counted.words])) };
}

/** Tests the gate of single columns up to `end`, into the mask; gives how many are active. */
function maskItems(k: KernelContext, gate: number, first: Local<'i32'>, end: Local<'i32'>): Local<'i32'> {
  const { f, piece, scratch } = k;
  const bytes = laneBytes(piece.lanes);
  const store = bytes === 2 ? i32.store16 : i32.store;
  const active = f.keep(i32.const(0));
  const column = f.keep(first);
  whileBelow(f, column, end, 1, () => {
    const isActive = f.keep(gateOf(k, gate, column).differsFrom(0));
    increase(f, active, isActive);
    f.do(store(byteOffset(f, column, bytes), i32.sub(0, isActive), scratch.mask));
  });
  return active;
}

/** Tests the gate of a whole tile of columns, a vector of them at a time, into the mask; gives how many are active. */
export function maskTile(k: KernelContext, gate: number, column: Local<'i32'>): Local<'i32'> {
  const { f, piece, scratch, module } = k;
  const bytes = vectorBytes / piece.vector;
  const active = f.keep(i32.const(0));
  for (let first = 0; first < module.image.core.lanes; first += piece.vector) {
    const mask = f.keep(gateMask(k, gate, column, first));
    f.do(v128.store(byteOffset(f, column, bytes), mask, scratch.mask + bytes * first, bytes));
    increase(f, active, i32.popcnt(groupOf(piece.lanes).bitmask(mask)));
  }
  return active;
}

/** Of a vector of columns, the lanes whose gate holds: |x| of at least one. */
function gateMask(k: KernelContext, gate: number, column: Local<'i32'>, first: number): Value<'v128'> {
  const { piece } = k;
  const { element, address } = areaOf(k, gate);
  const bytes = elementBytes[element];
  const base = byteOffset(k.f, column, bytes);
  const at = (from: number) => ({ base, offset: address + bytes * (first + from) });
  if (piece.vector === 8 && bytes < 4)
    return i16x8.ne(loadItems(k, 'i16x8', gate, at(0)).as('v128'), zeroVector());
  const four = (from: number): Value<'v128'> => {
    const values = loadItems(k, 'i32x4', gate, at(from)).as('v128');
    if (element !== 'f32') return i32x4.ne(values, zeroVector());
    return f32x4.ge(f32x4.abs(values), k.preamble.keep(f32x4.splat(1)));
  };
  return piece.vector === 4 ? four(0) : i16x8.narrow_i32x4_s(four(0), four(4));
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
  const { work } = k.counters;
  if (work.by === 'visits') {
    countVisit(k, holds, undefined);
    return;
  }
  countInSlot(k, work.passes, 1);
  if (visited === undefined) return;
  countInSlot(k, work.tiles, visited.tiles);
  countInSlot(k, work.items, visited.items);
  for (const [measure, slot] of work.words) countInSlot(k, slot, known(visited.words, measure));
  countPredicated(k, holds, (slot, measure) =>
    countInSlot(k, slot, measure === undefined ? 1 : known(visited.words, measure)),
  );
}

/** Counts a visit, of one of several places or of the only one. */
export function countVisit(
  k: KernelContext,
  holds: ReadonlyMap<number, Local<'i32'>>,
  place: Local<'i32'> | undefined,
): void {
  countPlace(k, place);
  countPredicated(k, holds, (slot) => countAt(k, slot, place));
}

/** Counts a visit of a row whether or not it has any segment. */
export function countPlace(k: KernelContext, place: Local<'i32'> | undefined): void {
  const { work } = k.counters;
  if (work.by === 'visits' && work.visits !== undefined) countAt(k, work.visits, place);
}

function countAt(k: KernelContext, first: number, place: Local<'i32'> | undefined): void {
  if (place === undefined) {
    countInSlot(k, first, 1);
    return;
  }
  const { f, module } = k;
  const address = module.map.counters + 8 * first;
  const offset = f.keep(place.shiftLeft(3));
  f.do(i64.store(offset, i64.add(i64.load(offset, address), 1n), address));
}

/** Counts accesses that depend on predicates, once for each counter; without words, passes. */
export function countPredicated(
  k: KernelContext,
  holds: ReadonlyMap<number, Local<'i32'>>,
  add: (slot: number, words: WordMeasure | undefined) => void,
): void {
  for (const [{ lines, slot }, measure] of new Map(k.counters.accesses.flatMap(wordsWhere))) {
    const [first, ...others] = lines.map((line) => known(holds, line));
    if (first === undefined) continue;
    const anyHolds = others.reduce<Value<'i32'>>((any, one) => any.or(one), first);
    k.f.if(anyHolds, () => add(slot, measure));
  }
}

function wordsWhere({
  predicated,
  measure,
}: CountedAccess): (readonly [PredicatedAccess, WordMeasure | undefined])[] {
  return predicated === undefined ? [] : [[predicated, typeof measure === 'string' ? undefined : measure]];
}
