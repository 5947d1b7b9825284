import {
  f32x4,
  i16x8,
  i32,
  i32x4,
  increase,
  type Local,
  type Value,
  v128,
  whileBelow,
} from '../../builder/index.ts';
import { elementBytes } from '../../plan/memory/index.ts';
import { areaOf, gateOf, type KernelContext, loadItems, scaled, zeroVector } from '../body/index.ts';

/**
 * Tests a column gate for a walk over segments: into the kernel's mask whether each column is active, and for vectors,
 * at the first column of each tile, how many of the tile are.
 *
 * @returns the variable that says whether any column is active
 */
export function writeMask(k: KernelContext, gate: number): Local<'i32'> {
  const { f, piece, scratch, module } = k;
  const any = f.keep(i32.const(0));
  const column = f.keep(i32.const(0));
  if (piece.lanes === 'one') {
    whileBelow(f, column, piece.to, 1, () => {
      const isActive = f.keep(gateOf(k, gate, column).differsFrom(0));
      f.do(i32.store(column.shiftLeft(2), i32.sub(0, isActive), scratch.mask));
      f.set(any, any.or(isActive));
    });
    return any;
  }
  const { lanes } = module.image.core;
  const bytes = 16 / piece.vector;
  const group = piece.lanes === 'i16x8' ? i16x8 : i32x4;
  const active = f.local('i32');
  whileBelow(f, column, piece.to, lanes, () => {
    f.set(active, 0);
    for (let first = 0; first < lanes; first += piece.vector) {
      const mask = f.keep(gateMask(k, gate, column, first));
      f.do(v128.store(scaled(f, column, bytes), mask, scratch.mask + bytes * first, bytes));
      increase(f, active, i32.popcnt(group.bitmask(mask)));
    }
    f.do(i32.store(column.shiftLeft(2), active, scratch.tiles));
    f.set(any, any.or(active));
  });
  return any;
}

/** Of a vector of columns, the lanes whose gate holds: |x| of at least one. */
function gateMask(k: KernelContext, gate: number, column: Local<'i32'>, first: number): Value<'v128'> {
  const { piece } = k;
  const { element, address } = areaOf(k, gate);
  const bytes = elementBytes[element];
  const base = scaled(k.f, column, bytes);
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
