import { at, known } from '../../../../arrays/index.ts';
import { type ValueRange, valueRange } from '../../../../isa/index.ts';
import { f32, f32x4, i32, i32x4, type Local, memory, type Value, v128 } from '../../../../wasm/index.ts';
import { partialSums } from '../../../partial-sums.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import type { LaneValue } from '../ops/lane-value.ts';
import { fieldAt, type KernelContext, scaled, zeroVector } from './context.ts';
import { numberOf } from './effects.ts';
import { areaOf, fitted, storeItems } from './ports.ts';
import { itemOf, type Position, type Row } from './position.ts';

/*
 * Code of reduces: sums over a row. Floats have 16 partial sums, column c adding to sum c mod 16: four vectors, or in
 * code for single items 16 floats in the linear memory.
 */

/** A row begins: all sums are zero. */
export function startReduces({ f, plan, piece, scratch }: KernelContext, { sums }: Row): void {
  for (const { line, instruction } of plan.reduces) {
    const isReal = instruction.arithmetic === 'real';
    if (piece.lanes !== 'one')
      sums.set(
        line,
        Array.from({ length: isReal ? 4 : 1 }, () => f.keep(zeroVector())),
      );
    else if (isReal) f.do(memory.fill(partialsAt(scratch.sums, line), 0, 4 * partialSums));
    else sums.set(line, [f.keep(i32.const(0))]);
  }
}

const partialsAt = (sums: readonly number[], line: number): number => sums[line] ?? 0;

/** Adds the active items of the current vector. */
export function addToSum(
  k: KernelContext,
  position: Position,
  { line, instruction }: LinePlan,
  value: LaneValue,
): void {
  const { f, piece } = k;
  const { active, vector } = itemOf(position);
  const isReal = instruction.arithmetic === 'real';
  const sums = position.row.sums.get(line) ?? [];
  if (piece.lanes === 'one') {
    const add = (): void => addItem(k, position, line, value, sums);
    if (active === undefined) add();
    else f.if(active.as('i32'), add);
    return;
  }
  const sum = at(sums, isReal ? vector % sums.length : 0);
  const numbers = numberOf(k, value).as('v128');
  const terms = active === undefined ? numbers : v128.and(numbers, active.as('v128'));
  const total = sum.as('v128');
  const next = isReal
    ? f32x4.add(total, terms)
    : i32x4.add(total, piece.lanes === 'i16x8' ? i32x4.extadd_pairwise_i16x8_s(terms) : terms);
  f.set(sum, next);
}

function addItem(
  k: KernelContext,
  position: Position,
  line: number,
  value: LaneValue,
  sums: readonly Local[],
): void {
  const { f, scratch } = k;
  if (value.isReal) {
    const partials = partialsAt(scratch.sums, line);
    const address = f.keep(
      itemOf(position)
        .block.column.and(partialSums - 1)
        .shiftLeft(2),
    );
    f.do(f32.store(address, f32.add(f32.load(address, partials), value.local.as('f32')), partials));
    return;
  }
  const sum = at(sums, 0);
  f.set(sum, sum.as('i32').plus(value.local.as('i32')));
}

/** A row ends: joins the partial sums by a tree and stores each sum into the pre-synaptic neuron's field. */
export function finishReduces(k: KernelContext, row: Row): void {
  for (const line of k.plan.reduces) finish(k, row, line);
}

function finish(k: KernelContext, row: Row, { line, instruction }: LinePlan): void {
  const { f, plan, module } = k;
  const [, target] = instruction.operands;
  if (target?.is !== 'field') throw new Error('a reduce into nothing');
  const isReal = instruction.arithmetic === 'real';
  const total = isReal ? realSum(k, row, line) : integerSum(k, row, line);
  const sum = f.keep(fitted(k, 'one', fieldAt(k, target.field), total, rangeOf(instruction)));
  if (isReal) {
    f.if(f32.ne(sum.as('f32'), sum.as('f32')), () =>
      f.call(module.failNaN, plan.index, target.field, row.pre),
    );
  }
  const { element, address } = areaOf(k, target.field);
  const base = scaled(f, row.pre, elementBytes[element]);
  f.do(storeItems(k, 'one', target.field, { base, offset: address }, sum));
}

function integerSum({ piece }: KernelContext, { sums }: Row, line: number): Value {
  const sum = at(known(sums, line), 0);
  if (piece.lanes === 'one') return sum;
  const lane = (index: number): Value<'i32'> => i32x4.extract_lane(sum.as('v128'), index);
  return lane(0).plus(lane(1)).plus(lane(2)).plus(lane(3));
}

function realSum({ f, piece, scratch }: KernelContext, { sums }: Row, line: number): Value {
  const partials = partialsAt(scratch.sums, line);
  const quarter = (index: number): Value<'v128'> =>
    piece.lanes === 'one' ? v128.load(0, partials + 16 * index) : at(known(sums, line), index).as('v128');
  const joined = f.keep(f32x4.add(f32x4.add(quarter(0), quarter(2)), f32x4.add(quarter(1), quarter(3))));
  const lane = (index: number): Value<'f32'> => f32x4.extract_lane(joined, index);
  return f32.add(f32.add(lane(0), lane(2)), f32.add(lane(1), lane(3)));
}

/** The range of an instruction's integer result, from the compiler's analysis. */
function rangeOf({ low, high }: LinePlan['instruction']): ValueRange | undefined {
  return low === undefined || high === undefined ? undefined : valueRange(low, high);
}
