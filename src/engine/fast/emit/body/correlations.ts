import { at, known } from '../../../../text/index.ts';
import {
  f32,
  forEachBit,
  i32,
  increase,
  type Local,
  memory,
  type Value,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import type { Walk } from '../../plan/analysis/positions.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import {
  byteOffset,
  inAllLanes,
  integerOf,
  joinedLanes,
  type KernelContext,
  laneNumbers,
} from './context.ts';
import { areaOf, loadItems, setItems, storeItems } from './ports.ts';
import { itemOf, type Position } from './position.ts';
import { firstAddress, namedBy, strideOf } from './positions.ts';

/*
 * Code of correlations: sums of the numbers of one field at a distance from the set flags of another.
 */

/** Sums up for a line, and for the later ones that the same walk over the flags serves. */
export function correlate(k: KernelContext, position: Position, line: LinePlan): void {
  const walk = k.plan.positions.walks.get(line.line);
  // An earlier line has made its sum.
  if (walk === undefined) return;
  const { f, piece } = k;
  const isReal = line.instruction.arithmetic === 'real';
  const isOfItems = line.when === 'item';
  const distance = namedBy(k, position, line, 3);
  const lanes = isOfItems ? laneNumbers(piece.lanes) : [0];
  const ofLanes = lanes.map((lane) => {
    const sums = walk.sums.map((): Local => f.keep<'i32' | 'f32'>(isReal ? f32.const(0) : i32.const(0)));
    addUp(
      k,
      position,
      walk,
      f.keep(integerOf(piece.lanes, distance.items, distance.isShared ? 0 : lane)),
      lane,
      sums,
    );
    return sums;
  });
  for (const [index, { line: summed }] of walk.sums.entries()) {
    const sums = ofLanes.map((one) => at(one, index));
    const all = isOfItems ? joinedLanes(k, sums) : f.keep(inAllLanes(piece.lanes, at(sums, 0)));
    position.values.setLocal(summed, all, isReal);
  }
}

/** Adds up for one lane: for each line of a walk, its numbers in the order of the positions. */
function addUp(
  k: KernelContext,
  position: Position,
  walk: Walk,
  distance: Local<'i32'>,
  lane: number,
  sums: readonly Local[],
): void {
  const { f } = k;
  const { field } = walk.values;
  const bytes = elementBytes[areaOf(k, field).element];
  const add = (index: number, number: Value): void => {
    const sum = at(sums, index);
    f.set(
      sum,
      number.type === 'f32' ? f32.add(sum.as('f32'), number.as('f32')) : sum.as('i32').plus(number.as('i32')),
    );
  };
  const copied = k.scratch.copies.get(field);
  if (copied !== undefined) {
    // Offsets of addresses are not negative: the base is that of the line that looks back furthest.
    const furthest = Math.max(...walk.sums.map(({ further }) => further));
    const before = f.keep(distance.plus(furthest - copied.before));
    forEachFlag(k, position, walk, lane, (flag) => {
      const base = byteOffset(f, f.keep(flag.minus(before)), bytes);
      for (const [index, { further }] of walk.sums.entries()) {
        const offset = copied.address + bytes * (furthest - further);
        add(index, loadItems(k, 'one', field, { base, offset }));
      }
    });
    return;
  }
  const first = firstAddress(k, position, walk.values, lane);
  forEachFlag(k, position, walk, lane, (flag) => {
    for (const [index, { further }] of walk.sums.entries()) {
      const other = f.keep(flag.minus(distance).minus(further));
      f.if(i32.lt_u(other, areaOf(k, field).layout.rows), () => {
        const base = f.keep(other.times(strideOf(k, field)).plus(first.base));
        add(index, loadItems(k, 'one', field, { base, offset: first.offset }));
      });
    }
  });
}

/** The positions at which a lane's flags are set, in ascending order. */
function forEachFlag(
  k: KernelContext,
  position: Position,
  { flags }: Walk,
  lane: number,
  body: (flag: Local<'i32'>) => void,
): void {
  const { f } = k;
  const { layout } = areaOf(k, flags.field);
  const list = k.scratch.flags.get(flags.field);
  if (list !== undefined) {
    const { block, vector } = itemOf(position);
    const item = vector * k.piece.vector + lane;
    const perNeuron = 2 * layout.rows;
    const next = f.keep(block.column.times(perNeuron));
    const count = i32.load16_u(block.column.shiftLeft(1), list.counts + 2 * item);
    const end = f.keep(next.plus(count.shiftLeft(1)));
    const listed = list.positions + perNeuron * item;
    whileBelow(f, next, end, 2, () => body(f.keep(i32.load16_u(next, listed))));
    return;
  }
  const { base, offset } = firstAddress(k, position, flags, lane);
  const flag = f.keep(base.plus(0));
  const number = f.keep(i32.const(0));
  whileBelow(f, number, layout.rows, 1, () => {
    f.if(loadItems(k, 'one', flags.field, { base: flag, offset }).as('i32'), () => body(number));
    increase(f, flag, strideOf(k, flags.field));
  });
}

/** Lists the set flags of each neuron, for all rows of the run. */
export function listFlags(k: KernelContext): void {
  const { f } = k;
  for (const [field, { counts, positions }] of k.scratch.flags) {
    const { address, element, layout, rowStride } = areaOf(k, field);
    const group = 16 / elementBytes[element];
    f.do(memory.fill(counts, 0, 2 * rowStride));
    const number = f.keep(i32.const(0));
    const row = f.keep(i32.const(0));
    whileBelow(f, number, layout.rows, 1, () => {
      const first = f.keep(i32.const(0));
      whileBelow(f, first, rowStride, group, () => {
        const set = f.keep(
          setItems(k, field, {
            base: f.keep(row.plus(byteOffset(f, first, elementBytes[element]))),
            offset: address,
          }),
        );
        forEachBit(f, set, () => {
          const neuron = f.keep(first.plus(i32.ctz(set)));
          const place = f.keep(neuron.shiftLeft(1));
          const count = f.keep(i32.load16_u(place, counts));
          const next = f.keep(neuron.times(layout.rows).plus(count).shiftLeft(1));
          f.do(i32.store16(next, number, positions));
          f.do(i32.store16(place, count.plus(1), counts));
        });
      });
      increase(f, row, strideOf(k, field));
    });
  }
}

/** Copies the numbers of the row's neuron one behind the other, for all columns of the row. */
export function copyPositions(k: KernelContext, pre: Local<'i32'>): void {
  const { f } = k;
  for (const { field, before } of k.plan.positions.copied) {
    const { address, element, layout } = areaOf(k, field);
    const bytes = elementBytes[element];
    const target = known(k.scratch.copies, field).address + bytes * before;
    const from = f.keep(byteOffset(f, pre, bytes).plus(0));
    const to = f.keep(i32.const(0));
    whileBelow(f, to, bytes * layout.rows, bytes, () => {
      const number = f.keep(loadItems(k, 'one', field, { base: from, offset: address }));
      f.do(storeItems(k, 'one', field, { base: to, offset: target }, number));
      increase(f, from, strideOf(k, field));
    });
  }
}
