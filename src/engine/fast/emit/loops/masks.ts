import { i32, type Local, whileBelow } from '../../../../wasm/index.ts';
import type { KernelContext } from '../body/context.ts';
import { gateOf, maskTile } from '../body/gates.ts';

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
  whileBelow(f, column, piece.to, lanes, () => {
    const active = maskTile(k, gate, column);
    f.do(i32.store(column.shiftLeft(2), active, scratch.tiles));
    f.set(any, any.or(active));
  });
  return any;
}
