import { type I32, i32, i32x4, type Local, type Value, v128, whileBelow } from '../../../../wasm/index.ts';
import type { KernelContext } from './context.ts';
import { itemOf, type Position } from './position.ts';

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
