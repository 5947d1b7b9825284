import type { Generator } from '../../../../hardware/index.ts';
import { domainNamed } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import {
  call,
  type I32,
  i32,
  i32x4,
  i64,
  type Local,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import type { KernelContext } from './context.ts';
import { type Item, itemOf, type Position } from './position.ts';

/*
 * Code that steps the lanes' generators.
 */

/** Moves kept generators from or to the linear memory. */
export function moveGenerators(
  { f, module, generators = [] }: KernelContext,
  to: 'variables' | 'memory',
): void {
  for (const [quarter, local] of generators.entries()) {
    const address = module.map.generators + 16 * quarter;
    if (to === 'variables') f.set(local, v128.load(0, address));
    else f.do(v128.store(0, local, address));
  }
}

/** Steps the four generators of the current vector, and gives their words. */
export function stepVector(k: KernelContext, position: Position, quarter: number): Local<'v128'> {
  const { f, module, piece, generators } = k;
  const { block, vector } = itemOf(position);
  // A block of several tiles comes to the same generators again.
  const at = (vector * (piece.vector / 4) + quarter) % (module.image.core.lanes / 4);
  const kept = generators?.[at];
  if (kept !== undefined) {
    xorshiftVector(k, kept);
    return kept;
  }
  const base = block.laneBytes ?? 0;
  const address = module.map.generators + 16 * at;
  const state = f.keep(v128.load(base, address));
  xorshiftVector(k, state);
  f.do(v128.store(base, state, address));
  return state;
}

const shifts = [
  [13, 'shl'],
  [17, 'shr_u'],
  [5, 'shl'],
] as const;

function xorshiftVector({ f }: KernelContext, state: Local<'v128'>): void {
  for (const [amount, shift] of shifts) f.set(state, v128.xor(state, i32x4[shift](state, amount)));
}

/** Steps the generator of a column's lane; gives its word. */
export function stepLaneCode({ f, module }: KernelContext, column: Local<'i32'>): Local<'i32'> {
  const { lanes } = module.image.core;
  const address = f.keep(column.modulo(lanes).shiftLeft(2));
  const state = f.keep(i32.load(address, module.map.generators));
  for (const [amount, shift] of shifts) f.set(state, i32.xor(state, i32[shift](state, amount)));
  f.do(i32.store(address, state, module.map.generators));
  return state;
}

/** Steps, for each instruction that draws, the generators of the lanes that have no item. */
export function stepIdle(k: KernelContext, isIdle: (lane: Local<'i32'>) => I32): void {
  const { f, module, plan } = k;
  if (plan.draws === 0) return;
  const lane = f.local('i32');
  f.set(lane, 0);
  whileBelow(f, lane, module.image.core.lanes, 1, () => {
    f.if(isIdle(lane), () => stepForDraws(k, lane));
  });
}

/** Steps the generator of a column's lane as often as the kernel draws. */
export function stepForDraws(k: KernelContext, column: Local<'i32'>): void {
  for (let draw = 0; draw < k.plan.draws; draw++) stepLaneCode(k, column);
}

/** The lane of a column within its tile, times four. */
export function laneBytesOf({ module }: KernelContext, column: Local<'i32'>): Value<'i32'> {
  return column.modulo(module.image.core.lanes).shiftLeft(2);
}

/*
 * Code of draws from the generators that a hw-model declares.
 */

/** @param holds whether the current item's predicate holds; undefined for none */
export function drawDeclared(
  k: KernelContext,
  position: Position,
  { line, drawsAhead }: LinePlan,
  index: number,
  holds: (() => I32) | undefined,
): Local {
  const { f, module, plan, piece } = k;
  const generator = at(module.image.generators, index);
  const item = itemOf(position);
  const place = item.block.places.get(line) ?? f.local('i32');
  item.block.places.set(line, place);
  const advance = (): void => advanceTo(k, index, drawsAhead * generator.bitsPerAdvance, place, holds?.());
  const tileVector = item.vector % (module.image.core.lanes / piece.vector);
  if (piece.lanes !== 'one') {
    if (tileVector === 0) advance();
    // The words of a vector's lanes, which are neighbours of 32 bits.
    return f.keep(v128.load(place.shiftRight(3), vectorBytes * tileVector));
  }
  // A group of lanes starts at its first item: a kernel over one item has no other.
  if (generator.lanes === 1 || domainNamed(plan.kernel.domain).single) advance();
  else f.if(startsGroup(k, item, generator), advance);
  return f.keep(wordOf(k, item, generator, place));
}

function startsGroup(
  k: KernelContext,
  { block: { column, segment } }: Item,
  generator: Generator,
): Value<'i32'> {
  const isFirst = laneOfGroup(k, column, generator).isZero();
  // A segment may start within a group.
  return segment === undefined ? isFirst : isFirst.or(column.equals(segment.first));
}

/** The place of a column among the lanes that share an advance; a tile begins a new group. */
function laneOfGroup({ module }: KernelContext, column: Local<'i32'>, { lanes }: Generator): Value<'i32'> {
  const ofTile = module.image.core.lanes;
  return ofTile % lanes === 0 ? column.modulo(lanes) : column.modulo(ofTile).modulo(lanes);
}

function advanceTo(
  { f, module }: KernelContext,
  index: number,
  bitsAhead: number,
  place: Local<'i32'>,
  holds: I32 | undefined,
): void {
  const move = (): void => f.set(place, call(at(module.advances, index), bitsAhead).as('i32'));
  if (holds === undefined) move();
  else f.if(holds, move, () => f.set(place, 8 * module.map.declared.zeros));
}

/** A lane's word, wherever its bits start. */
function wordOf(k: KernelContext, { block }: Item, generator: Generator, place: Local<'i32'>): Value<'i32'> {
  const { f } = k;
  const { words, wordBits } = generator;
  const word = laneOfGroup(k, block.column, generator).modulo(words).times(wordBits);
  const first = words > 1 ? f.keep(place.plus(word)) : place;
  const bytes = i64.load(first.shiftRight(3), 0, 1);
  const bits = i32.wrap_i64(i64.shr_u(bytes, i64.extend_i32_u(first.and(7))));
  return wordBits < 32 ? bits.and(2 ** wordBits - 1) : bits;
}
