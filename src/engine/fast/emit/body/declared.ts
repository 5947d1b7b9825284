import type { Generator } from '../../../../hardware/index.ts';
import { domainNamed } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import {
  call,
  type I32,
  i32,
  i64,
  type Local,
  type Value,
  v128,
  vectorBytes,
} from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import type { KernelContext } from './context.ts';
import { type Item, itemOf, type Position } from './position.ts';

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
