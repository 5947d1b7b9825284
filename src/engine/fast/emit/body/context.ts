import { type Field, factsOf } from '../../../../image/index.ts';
import { at } from '../../../../text/index.ts';
import {
  addToCounter,
  type FunctionBuilder,
  type FunctionHandle,
  f32,
  f32x4,
  type I32,
  i16x8,
  i32,
  i32x4,
  type Local,
  type Preamble,
  type Value,
  v128,
} from '../../../../wasm/index.ts';
import { columnsOfVector, type LaneShape } from '../../plan/analysis/lanes.ts';
import type { KernelCounters } from '../../plan/counters/counter-map.ts';
import type { KernelPlan, Piece, Version } from '../../plan/kernel-plan.ts';
import type { KernelScratch } from '../../plan/memory/scratch-map.ts';
import type { ModulePlan } from '../../plan/module-plan.ts';

/** The parts of its module that a kernel's code uses. */
export interface ModuleContext extends ModulePlan {
  /** (population, neuron): an emitted spike. */
  readonly emit: FunctionHandle;
  /** (kernel, field, item): a NaN is about to be stored; does not return. */
  readonly failNaN: FunctionHandle;
  /**
   * For each declared generator, (bits to advance from here): advances it and returns the place of its current word.
   */
  readonly advances: readonly FunctionHandle<readonly ['i32']>[];
}

/** The context of all code of one piece of a kernel. Nothing in it changes while the code is written. */
export interface KernelContext {
  readonly f: FunctionBuilder;
  /** Values that are computed once, before the kernel's loops. */
  readonly preamble: Preamble;
  readonly module: ModuleContext;
  readonly plan: KernelPlan;
  readonly piece: Piece;
  /** The values of parameters that the code is for. */
  readonly version: Version;
  readonly counters: KernelCounters;
  readonly scratch: KernelScratch;
  /** The value that the spike carries which runs the kernel; undefined if it takes none. */
  readonly value: Local<'i32'> | undefined;
  /**
   * One more than the tile of the row, or of the segment, that has waited for the FIFO; 0 for none. The pieces of a
   * kernel share it, since one tile may lie in two of them.
   */
  readonly suspended: Local<'i32'> | undefined;
  /** The lanes' generators, four to a vector, where they stay in variables for a whole run. */
  readonly generators: readonly Local<'v128'>[] | undefined;
}

export function kernelContext(
  f: FunctionBuilder,
  module: ModuleContext,
  plan: KernelPlan,
  piece: Piece,
  version: Version,
  suspended: Local<'i32'> | undefined,
): KernelContext {
  const { lanes } = module.image.core;
  const counters = at(module.counters.kernels, plan.index);
  return {
    f,
    preamble: f.preamble(),
    module,
    plan,
    piece,
    version,
    counters,
    suspended,
    scratch: at(module.scratch.kernels, plan.index),
    value: factsOf(plan.kernel).takesValue ? f.local('i32') : undefined,
    generators: piece.keepsGenerators ? Array.from({ length: lanes / 4 }, () => f.local('v128')) : undefined,
  };
}

/** Adds to a counter. */
export function countInSlot({ f, module }: KernelContext, slot: number, amount: I32): void {
  addToCounter(f, module.map.counters + 8 * slot, amount);
}

export function fieldAt({ module }: KernelContext, index: number): Field {
  return at(module.image.fields, index);
}

/** The instructions of integers in a vector's lanes. */
export function groupOf(lanes: LaneShape): typeof i16x8 | typeof i32x4 {
  return lanes === 'i16x8' ? i16x8 : i32x4;
}

/** Bytes of an integer in a lane, and of an item in a mask. */
export function laneBytes(lanes: LaneShape): 2 | 4 {
  return lanes === 'i16x8' ? 2 : 4;
}

/** An integer in every lane. */
export function splat(lanes: LaneShape, value: Value<'i32'>): Value {
  return lanes === 'one' ? value : groupOf(lanes).splat(value);
}

/** A constant vector, computed before the loops. */
export function splatConstant({ preamble }: KernelContext, lanes: LaneShape, value: number): Local<'v128'> {
  return preamble.keep(groupOf(lanes).splat(value | 0));
}

export const zeroVector = (): Value<'v128'> => v128.const(Int32Array.of(0, 0, 0, 0));

export function zeroOf(lanes: LaneShape, isReal: boolean): Value {
  if (lanes !== 'one') return zeroVector();
  return isReal ? f32.const(0) : i32.const(0);
}

/** The byte offset of an element from that of number 0. */
export function byteOffset(f: FunctionBuilder, item: Local<'i32'>, bytes: number): Local<'i32'> {
  return bytes === 1 ? item : f.keep(item.shiftLeft(Math.log2(bytes)));
}

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
