import type { ImageOperand } from '../../../../image/index.ts';
import { emittingPopulation } from '../../../../image/index.ts';
import { f32, f32x4, i16x8, i32, i32x4, type Local, type Value, v128 } from '../../../../wasm/index.ts';
import type { LaneShape } from '../../plan/analysis/lanes.ts';
import { type KernelContext, splat } from './context.ts';
import { areaOf, itemAddress, loadItems } from './ports.ts';
import { addressOf, itemOf, type Position } from './position.ts';

/* Code that loads into the registers of the current vector. */

/**
 * The items of the current vector; a value that all of them share is in every lane.
 *
 * @param isReal whether the register takes a float
 */
export function loadSource(
  k: KernelContext,
  position: Position,
  source: ImageOperand | undefined,
  isReal: boolean,
): Value {
  const { lanes } = k.piece;
  const { map } = k.module;
  switch (source?.is) {
    case 'field': {
      if (source.role === 'pre') return loadOfRow(k, position.row.pre, source.field);
      const { block, vector } = itemOf(position);
      const resident = block.resident.get(source.field)?.[vector];
      return resident ?? loadItems(k, lanes, source.field, addressOf(k, position, source.field, source.role));
    }
    case 'index':
      return source.role === 'pre' ? splat(lanes, position.row.pre) : itemNumbers(k, position);
    case 'payload':
      if (k.value === undefined) throw new Error('no spike carries a value');
      return splatNumber(lanes, k.value, isReal);
    case 'event':
      return splatNumber(lanes, i32.load(0, map.event + 4 * source.scalar), isReal);
    case 'host':
      return splatNumber(lanes, i32.load(0, map.host + 4 * source.scalar), isReal);
    default:
      throw new Error('a load of nothing');
  }
}

/** A field of the row's neuron. */
function loadOfRow(k: KernelContext, pre: Local<'i32'>, field: number): Value {
  const value = loadItems(k, 'one', field, itemAddress(k, field, pre));
  if (areaOf(k, field).element !== 'f32') return splat(k.piece.lanes, value.as('i32'));
  return splatReal(k.piece.lanes, value.as('f32'));
}

/** A whole number in every lane, as a float where the register takes one. */
function splatNumber(lanes: LaneShape, value: Value<'i32'>, isReal: boolean): Value {
  return isReal ? splatReal(lanes, f32.convert_i32_s(value)) : splat(lanes, value);
}

function splatReal(lanes: LaneShape, value: Value<'f32'>): Value {
  return lanes === 'one' ? value : f32x4.splat(value);
}

/** The positions of the vector's items in their population, or in the one that it is a slice of. */
function itemNumbers({ piece, plan, module: { image } }: KernelContext, position: Position): Value {
  const { block, vector } = itemOf(position);
  const { first: firstItem = 0 } = image.populations[emittingPopulation(image, plan.kernel)] ?? {};
  const first = block.column.plus(firstItem + vector * piece.vector);
  if (piece.lanes === 'one') return first;
  const numbers = splat(piece.lanes, first).as('v128');
  return piece.lanes === 'i16x8'
    ? i16x8.add(numbers, v128.const(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7)))
    : i32x4.add(numbers, v128.const(Int32Array.of(0, 1, 2, 3)));
}
