import { emittingPopulation, payloadRange } from '../../../../image/index.ts';
import type { Role } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import {
  f32,
  f32x4,
  forEachBit,
  i32,
  i32x4,
  type Local,
  max,
  min,
  type Value,
  v128,
} from '../../../../wasm/index.ts';
import type { LaneValue } from '../ops/scalar-code.ts';
import { countInSlot, fieldAt, groupOf, type KernelContext, splatConstant, zeroVector } from './context.ts';
import { type Address, fittedValue, heldItems, isHalf, storeItems, storePair, viewValue } from './ports.ts';
import { addressOf, type ColumnBlock, firstItem, type Half, itemOf, type Position } from './position.ts';

/* Code of the active items' effects outside the lanes: stores and emits. */

/** A value as numbers: a flag as 0 or 1. */
export function numberOf(k: KernelContext, { local, isMask }: LaneValue): Value {
  return isMask ? v128.and(local.as('v128'), splatConstant(k, k.piece.lanes, 1)) : local;
}

/**
 * Stores a value into a field, and into the view of it that the core keeps.
 *
 * @param isUnchanged whether the store would not change inactive items; their view need not agree with it
 * @param holds whether to store at all, the same for all vectors of a pair; undefined for always
 */
export function store(
  k: KernelContext,
  position: Position,
  index: number,
  role: Role,
  value: LaneValue,
  isUnchanged: boolean,
  holds: Local<'i32'> | undefined,
): void {
  const write = (): void => {
    const { lanes } = k.piece;
    const field = fieldAt(k, index);
    const stored = k.f.keep(fittedValue(k, lanes, field, numberOf(k, value), value.range));
    if (field.storage === 'float32') refuseNaN(k, position, index, role, stored);
    writeItems(k, position, index, role, stored, isUnchanged);
    if (field.storedView === undefined) return;
    const view = k.f.keep(viewValue(k, lanes, fieldAt(k, field.storedView), stored));
    writeItems(k, position, field.storedView, role, view, false);
  };
  if (holds === undefined) write();
  else k.f.if(holds, write);
}

/** Writes a value; inactive items stay as they are. */
function writeItems(
  k: KernelContext,
  position: Position,
  index: number,
  role: Role,
  value: Local,
  mayOverwriteInactive: boolean,
): void {
  const { f } = k;
  const { block, vector, active } = itemOf(position);
  const resident = block.resident.get(index)?.[vector];
  if (resident !== undefined) {
    f.set(resident, value.as('v128'));
    return;
  }
  // Padding behind the last column may be overwritten.
  const mask = position.row.visited === undefined || mayOverwriteInactive ? undefined : active;
  const address = addressOf(k, position, index, role);
  if (block.vectors % 2 === 0 && isHalf(k, index)) {
    const half = { address, value: f.keep(value.as('v128')), mask: mask && f.keep(mask.as('v128')) };
    writeHalf(k, block, vector, index, half);
  } else writeAt(k, index, address, value, mask);
}

/** Writes a value to an address; items without a mask bit stay as they are. */
export function writeAt(
  k: KernelContext,
  index: number,
  address: Address,
  value: Local,
  mask: Local | undefined,
): void {
  const { f, piece } = k;
  if (mask === undefined) f.do(storeItems(k, piece.lanes, index, address, value));
  else if (piece.lanes === 'one')
    f.if(mask.as('i32'), () => f.do(storeItems(k, 'one', index, address, value)));
  else {
    const kept = heldItems(k, piece.lanes, index, address).as('v128');
    const blended = f.keep(v128.bitselect(value.as('v128'), kept, mask.as('v128')));
    f.do(storeItems(k, piece.lanes, index, address, blended));
  }
}

/** Keeps a vector of items half as wide as a lane until the second of its pair comes: one store writes both. */
function writeHalf(k: KernelContext, block: ColumnBlock, vector: number, index: number, half: Half): void {
  const waiting = block.halves.get(index) ?? [];
  block.halves.set(index, waiting);
  const first = vector % 2 === 0 ? undefined : waiting.shift();
  if (first === undefined) {
    waiting.push(half);
    return;
  }
  const mask =
    first.mask === undefined || half.mask === undefined ? undefined : ([first.mask, half.mask] as const);
  k.f.do(storePair(k, index, first.address, first.value, half.value, mask));
}

/** Ends the run if an active item would store what is not a number. */
export function refuseNaN(
  k: KernelContext,
  position: Position,
  index: number,
  role: Role,
  value: Local,
): void {
  const { f, piece, plan, module } = k;
  const { active } = itemOf(position);
  const fail = (lane: Value<'i32'>): void =>
    f.call(module.failNaN, plan.index, index, firstItem(k, position, role).plus(lane));
  if (piece.lanes === 'one') {
    const x = value.as('f32');
    const differs = f32.ne(x, value.as('f32'));
    f.if(active === undefined ? differs : differs.and(active.as('i32')), () => fail(i32.const(0)));
    return;
  }
  const x = value.as('v128');
  const areNaN = f32x4.ne(x, x);
  const lanes = f.keep(i32x4.bitmask(active === undefined ? areNaN : v128.and(areNaN, active.as('v128'))));
  f.if(lanes, () => fail(i32.ctz(lanes)));
}

/**
 * Emits the active items' spikes; those of vectors are pushed when their block ends.
 *
 * @param sent the values that they carry; items are then processed one by one
 */
export function emit(
  k: KernelContext,
  position: Position,
  value: LaneValue,
  sent: LaneValue | undefined,
): void {
  const { f, piece, module } = k;
  const { block, vector, active } = itemOf(position);
  if (piece.lanes === 'one') {
    const spikes = value.local.as('i32').differsFrom(0);
    const population = emittingPopulation(module.image, k.plan.kernel);
    f.if(active === undefined ? spikes : spikes.and(active.as('i32')), () => {
      const { column } = block;
      push(k, population, column, sent === undefined ? column : sentFrom(k, column, sent));
    });
    return;
  }
  const bits = value.local.as('v128');
  const spikes = value.isMask ? bits : groupOf(piece.lanes).ne(bits, zeroVector());
  const mask = f.keep(active === undefined ? spikes : v128.and(spikes, active.as('v128')));
  block.spikes.push({ mask, vector });
}

/** Pushes a spike. A tile counts as suspended once, however many of its spikes wait. */
function push(k: KernelContext, population: number, column: Local<'i32'>, spike: Local<'i32'>): void {
  const { f, module, suspended, counters } = k;
  const { suspensions } = counters;
  const emitted = (): void => f.call(module.emit, population, spike);
  if (suspended === undefined || suspensions === undefined) {
    emitted();
    return;
  }
  const stalls = (): Value<'i32'> => i32.load(0, module.map.counters + 8 * module.counters.stalls);
  const before = f.keep(stalls());
  emitted();
  f.if(before.differsFrom(stalls()), () => {
    const tile = f.keep(column.dividedBy(module.image.core.lanes).plus(1));
    f.if(tile.differsFrom(suspended), () => {
      countInSlot(k, suspensions, 1);
      f.set(suspended, tile);
    });
  });
}

/** The address of a spike that carries a value, saturated to the payload. */
function sentFrom({ f, module, plan }: KernelContext, neuron: Local<'i32'>, sent: LaneValue): Local<'i32'> {
  const { payload } = at(module.image.populations, emittingPopulation(module.image, plan.kernel));
  if (payload === undefined) throw new Error('spikes of no payload carry a value');
  const { low, high } = payloadRange(payload);
  const least = f.keep(max(sent.local.as('i32'), low));
  const fitting = f.keep(min(least, high));
  const bits = fitting.and(2 ** payload.bits - 1).shiftLeft(payload.shift);
  return f.keep(bits.or(neuron));
}

/** Pushes the spikes of a block, in order. Most blocks have none: one test tells. */
export function pushSpikes(k: KernelContext, block: ColumnBlock): void {
  const { f, piece, module } = k;
  const spikes = block.spikes.splice(0);
  const [first, ...others] = spikes;
  if (first === undefined) return;
  const any = others.reduce<Value<'v128'>>((sum, { mask }) => v128.or(sum, mask), first.mask);
  const population = emittingPopulation(module.image, k.plan.kernel);
  f.if(v128.any_true(any), () => {
    for (const { mask, vector } of spikes) {
      const bits = f.keep(groupOf(piece.lanes).bitmask(mask));
      forEachBit(f, bits, () => {
        const neuron = f.keep(block.column.plus(vector * piece.vector).plus(i32.ctz(bits)));
        push(k, population, neuron, neuron);
      });
    }
  });
}
