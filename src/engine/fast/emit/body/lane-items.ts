import { f32x4, i16x8, i32x4, type Local, type Value } from '../../../../wasm/index.ts';
import { columnsOfVector, type LaneShape } from '../../plan/analysis/lanes.ts';
import type { KernelContext } from './context.ts';

/*
 * Code that takes the items of a vector one by one, and makes a vector of them again.
 */

/** The lanes of a vector, or the one item. */
export const laneNumbers = (lanes: LaneShape): number[] =>
  Array.from({ length: columnsOfVector[lanes] }, (_, lane) => lane);

/** The integer of one lane. */
export function integerOf(lanes: LaneShape, items: Local, lane: number): Value<'i32'> {
  if (lanes === 'one') return items.as('i32');
  const vector = items.as('v128');
  return lanes === 'i16x8' ? i16x8.extract_lane_s(vector, lane) : i32x4.extract_lane(vector, lane);
}

/** One number in all lanes. */
export function inAllLanes(lanes: LaneShape, number: Value): Value {
  if (lanes === 'one') return number;
  if (number.type === 'f32') return f32x4.splat(number.as('f32'));
  return lanes === 'i16x8' ? i16x8.splat(number.as('i32')) : i32x4.splat(number.as('i32'));
}

/** Numbers, in the order of the lanes, as a vector; each is evaluated in its turn. */
export function joinedLanes({ f, piece: { lanes } }: KernelContext, numbers: Iterable<Value>): Local {
  let joined: Local | undefined;
  let lane = 0;
  for (const number of numbers) {
    if (joined === undefined) joined = f.keep(inAllLanes(lanes, number));
    else f.set(joined, withLane(lanes, joined.as('v128'), lane, number));
    lane++;
  }
  if (joined === undefined) throw new Error('a vector of no lanes');
  return joined;
}

function withLane(lanes: LaneShape, vector: Value<'v128'>, lane: number, number: Value): Value<'v128'> {
  if (number.type === 'f32') return f32x4.replace_lane(vector, number.as('f32'), lane);
  const group = lanes === 'i16x8' ? i16x8 : i32x4;
  return group.replace_lane(vector, number.as('i32'), lane);
}
