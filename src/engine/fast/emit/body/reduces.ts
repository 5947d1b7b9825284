import { registerRange, type ValueRange, valueRange } from '../../../../isa/index.ts';
import { at, known } from '../../../../text/index.ts';
import {
  f32,
  f32x4,
  i32,
  i32x4,
  type Local,
  max,
  type Value,
  v128,
  vectorBytes,
} from '../../../../wasm/index.ts';
import { partialSums } from '../../../state.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import type { LaneValue } from '../ops/scalar-code.ts';
import { fieldAt, type KernelContext, zeroVector } from './context.ts';
import { numberOf } from './effects.ts';
import { fittedValue, itemAddress, storeItems } from './ports.ts';
import { itemOf, type Position, type Row } from './position.ts';

/*
 * Code of reduces: sums over a row, or the largest value of a row. Floats have 16 partial results, column c joining
 * result c mod 16: four vectors, or in code for single items 16 floats in the linear memory.
 */

/** A row begins: nothing has been joined. */
export function startReduces(k: KernelContext, { sums }: Row): void {
  const { f, plan, piece, scratch } = k;
  for (const reduce of plan.reduces) {
    const { line, instruction } = reduce;
    const isReal = instruction.arithmetic === 'real';
    if (piece.lanes !== 'one')
      sums.set(
        line,
        Array.from({ length: isReal ? 4 : 1 }, () => f.keep(noneVector(k, reduce))),
      );
    else if (!isReal) sums.set(line, [f.keep(i32.const(findsLargest(reduce) ? registerRange.low : 0))]);
    else
      for (let offset = 0; offset < 4 * partialSums; offset += vectorBytes)
        f.do(v128.store(partialsAt(scratch.sums, line), noneVector(k, reduce), offset));
  }
}

function findsLargest({ operation: { effect } }: LinePlan): boolean {
  return effect.does === 'reduce' && effect.joins === 'largest';
}

/** The value of each lane in a row without an active column. */
function noneVector({ preamble }: KernelContext, reduce: LinePlan): Value<'v128'> {
  if (!findsLargest(reduce)) return zeroVector();
  const isReal = reduce.instruction.arithmetic === 'real';
  return preamble.keep(
    isReal ? f32x4.splat(f32.const(Number.NEGATIVE_INFINITY)) : i32x4.splat(i32.const(registerRange.low)),
  );
}

const partialsAt = (sums: readonly number[], line: number): number => sums[line] ?? 0;

/** Adds the active items of the current vector. */
export function addToSum(k: KernelContext, position: Position, reduce: LinePlan, value: LaneValue): void {
  const { f, piece } = k;
  const { line, instruction } = reduce;
  const { active, vector } = itemOf(position);
  const isReal = instruction.arithmetic === 'real';
  const sums = position.row.sums.get(line) ?? [];
  if (piece.lanes === 'one') {
    const add = (): void => addItem(k, position, reduce, value, sums);
    if (active === undefined) add();
    else f.if(active.as('i32'), add);
    return;
  }
  const sum = at(sums, isReal ? vector % sums.length : 0);
  const numbers = numberOf(k, value).as('v128');
  const total = sum.as('v128');
  if (findsLargest(reduce)) {
    const others = active && v128.bitselect(numbers, noneVector(k, reduce), active.as('v128'));
    f.set(sum, isReal ? f32x4.max(total, others ?? numbers) : i32x4.max_s(total, others ?? numbers));
    return;
  }
  const terms = active === undefined ? numbers : v128.and(numbers, active.as('v128'));
  const next = isReal
    ? f32x4.add(total, terms)
    : i32x4.add(total, piece.lanes === 'i16x8' ? i32x4.extadd_pairwise_i16x8_s(terms) : terms);
  f.set(sum, next);
}

function addItem(
  k: KernelContext,
  position: Position,
  reduce: LinePlan,
  value: LaneValue,
  sums: readonly Local[],
): void {
  const { f, scratch } = k;
  const isLargest = findsLargest(reduce);
  if (value.isReal) {
    const partials = partialsAt(scratch.sums, reduce.line);
    const address = f.keep(
      itemOf(position)
        .block.column.and(partialSums - 1)
        .shiftLeft(2),
    );
    const [earlier, number] = [f32.load(address, partials), value.local.as('f32')];
    f.do(f32.store(address, isLargest ? f32.max(earlier, number) : f32.add(earlier, number), partials));
    return;
  }
  const sum = at(sums, 0);
  const [earlier, number] = [sum.as('i32'), value.local.as('i32')];
  f.set(sum, isLargest ? max(earlier, number) : earlier.plus(number));
}

/** A row ends: joins the partial results by a tree and stores each into the pre-synaptic neuron's field. */
export function finishReduces(k: KernelContext, row: Row): void {
  for (const line of k.plan.reduces) finish(k, row, line);
}

function finish(k: KernelContext, row: Row, reduce: LinePlan): void {
  const { f, plan, module } = k;
  const { instruction } = reduce;
  const [, target] = instruction.operands;
  if (target?.is !== 'field') throw new Error('a reduce into nothing');
  const isReal = instruction.arithmetic === 'real';
  const total = isReal ? realResult(k, row, reduce) : integerResult(k, row, reduce);
  const sum = f.keep(fittedValue(k, 'one', fieldAt(k, target.field), total, rangeOf(instruction)));
  if (isReal) {
    f.if(f32.ne(sum.as('f32'), sum.as('f32')), () =>
      f.call(module.failNaN, plan.index, target.field, row.pre),
    );
  }
  f.do(storeItems(k, 'one', target.field, itemAddress(k, target.field, row.pre), sum));
}

function integerResult({ f, piece }: KernelContext, { sums }: Row, reduce: LinePlan): Value {
  const sum = at(known(sums, reduce.line), 0);
  if (piece.lanes === 'one') return sum;
  const lane = (index: number): Value<'i32'> => i32x4.extract_lane(sum.as('v128'), index);
  if (!findsLargest(reduce)) return lane(0).plus(lane(1)).plus(lane(2)).plus(lane(3));
  const kept = [0, 1, 2, 3].map((index) => f.keep(lane(index)));
  return max(max(at(kept, 0), at(kept, 1)), max(at(kept, 2), at(kept, 3)));
}

function realResult({ f, piece, scratch }: KernelContext, { sums }: Row, reduce: LinePlan): Value {
  const partials = partialsAt(scratch.sums, reduce.line);
  const isLargest = findsLargest(reduce);
  const [joinVectors, join] = isLargest ? [f32x4.max, f32.max] : [f32x4.add, f32.add];
  const quarter = (index: number): Value<'v128'> =>
    piece.lanes === 'one'
      ? v128.load(0, partials + 16 * index)
      : at(known(sums, reduce.line), index).as('v128');
  const joined = f.keep(
    joinVectors(joinVectors(quarter(0), quarter(2)), joinVectors(quarter(1), quarter(3))),
  );
  const lane = (index: number): Value<'f32'> => f32x4.extract_lane(joined, index);
  return join(join(lane(0), lane(2)), join(lane(1), lane(3)));
}

/** The range of an instruction's integer result, from the compiler's analysis. */
function rangeOf({ low, high }: LinePlan['instruction']): ValueRange | undefined {
  return low === undefined || high === undefined ? undefined : valueRange(low, high);
}
