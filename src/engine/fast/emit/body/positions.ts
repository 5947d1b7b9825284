import { known } from '../../../../arrays/index.ts';
import type { ImageOperand } from '../../../../image/index.ts';
import { f32, i32, increase, type Local, type Value, whileBelow } from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import type { LaneValue } from '../ops/lane-value.ts';
import { fieldAt, type KernelContext, scaled } from './context.ts';
import { refuseNaN } from './effects.ts';
import { type Address, areaOf, fitted, loadItems, storeItems } from './ports.ts';
import { itemOf, type Position } from './position.ts';
import { operandValue } from './values.ts';

/*
 * Code for fields with positions. Their items are processed one by one: each may name another position.
 */

type FieldOperand = Extract<ImageOperand, { is: 'field' }>;

/** Loads the number at the position that the item names. */
export function loadAt(k: KernelContext, position: Position, line: LinePlan): Value {
  const [, source] = line.instruction.operands;
  const field = fieldOf(source);
  return loadItems(k, 'one', field.field, addressAt(k, position, field, positionOf(k, position, line, 2)));
}

/** Stores a value at the position that the item names, if the item is active. */
export function storeAt(k: KernelContext, position: Position, line: LinePlan, value: LaneValue): void {
  const { f } = k;
  const [, target] = line.instruction.operands;
  const operand = fieldOf(target);
  const field = fieldAt(k, operand.field);
  const stored = f.keep(fitted(k, 'one', field, value.local, value.range));
  if (field.storage === 'float32') refuseNaN(k, position, operand.field, operand.role, stored);
  const address = addressAt(k, position, operand, positionOf(k, position, line, 2));
  const write = (): void => f.do(storeItems(k, 'one', operand.field, address, stored));
  const { active } = itemOf(position);
  if (active === undefined) write();
  else f.if(active.as('i32'), write);
}

/** Adds up the positions of one field whose distance from a flag of another is the item's. */
export function correlate(k: KernelContext, position: Position, line: LinePlan): Local {
  const { f } = k;
  if (line.instruction.arithmetic !== 'real') {
    const sum = f.keep(i32.const(0));
    forEachSummed(k, position, line, (value) => f.set(sum, sum.plus(value.as('i32'))));
    return sum;
  }
  const sum = f.keep(f32.const(0));
  forEachSummed(k, position, line, (value) => f.set(sum, f32.add(sum, value.as('f32'))));
  return sum;
}

/** The numbers that a correlation adds up, in the order of the positions. */
function forEachSummed(
  k: KernelContext,
  position: Position,
  line: LinePlan,
  body: (value: Value) => void,
): void {
  const { f } = k;
  const [, first, second] = line.instruction.operands;
  const [flags, values] = [fieldOf(first), fieldOf(second)];
  const distance = positionOf(k, position, line, 3);
  const item = itemOffset(k, position, values);
  const addFrom = (other: Local<'i32'>): void =>
    f.if(i32.lt_u(other, positionsOf(k, values.field)), () => {
      const base = f.keep(other.times(strideOf(k, values.field)).plus(item));
      body(loadItems(k, 'one', values.field, { base, offset: areaOf(k, values.field).address }));
    });
  const list = k.scratch.positions.get(flags.field);
  if (list !== undefined) {
    const next = f.keep(itemOf(position).block.column.times(listBytes(k, flags.field)));
    const end = f.keep(next.plus(i32.load16_u(next, list).shiftLeft(1)));
    whileBelow(f, next, end, 2, () => addFrom(f.keep(i32.load16_u(next, list + 2).minus(distance))));
    return;
  }
  const flag = f.keep(itemOffset(k, position, flags));
  const end = f.keep(flag.plus(strideOf(k, flags.field) * positionsOf(k, flags.field)));
  const other = f.keep(i32.const(0).minus(distance));
  whileBelow(f, flag, end, strideOf(k, flags.field), () => {
    const isSet = loadItems(k, 'one', flags.field, { base: flag, offset: areaOf(k, flags.field).address });
    f.if(isSet.as('i32'), () => addFrom(other));
    increase(f, other, 1);
  });
}

/** Lists the set flags of each neuron, for all rows of the run. */
export function listPositions(k: KernelContext): void {
  const { f } = k;
  for (const [field, list] of k.scratch.positions) {
    const { address, element, layout } = areaOf(k, field);
    const neuron = f.keep(i32.const(0));
    const start = f.keep(i32.const(0));
    whileBelow(f, neuron, layout.rowLength, 1, () => {
      const flag = f.keep(scaled(f, neuron, elementBytes[element]));
      const end = f.keep(flag.plus(strideOf(k, field) * layout.rows));
      const next = f.keep(start);
      const number = f.keep(i32.const(0));
      whileBelow(f, flag, end, strideOf(k, field), () => {
        // The next one takes the place of one that is not set.
        f.do(i32.store16(next, number, list + 2));
        increase(f, next, loadItems(k, 'one', field, { base: flag, offset: address }).as('i32').shiftLeft(1));
        increase(f, number, 1);
      });
      f.do(i32.store16(start, i32.shr_u(next.minus(start), 1), list));
      increase(f, start, listBytes(k, field));
    });
  }
}

/** From the list of a neuron to that of the next: a number, and as many positions as there may be. */
const listBytes = (k: KernelContext, field: number): number => 2 * (positionsOf(k, field) + 1);

function fieldOf(operand: ImageOperand | undefined): FieldOperand {
  if (operand?.is !== 'field') throw new Error('expected a field with positions');
  return operand;
}

/** A position, or a distance between positions: a whole number also where the field holds floats. */
function positionOf(k: KernelContext, position: Position, line: LinePlan, operand: number): Local<'i32'> {
  const { local } = operandValue(k, position.values, line, line.instruction.operands[operand], false);
  return k.f.keep(local.as('i32'));
}

function addressAt(k: KernelContext, position: Position, field: FieldOperand, at: Local<'i32'>): Address {
  const base = k.f.keep(at.times(strideOf(k, field.field)).plus(itemOffset(k, position, field)));
  return { base, offset: areaOf(k, field.field).address };
}

/** The byte offset of the item's number at position 0. */
function itemOffset(k: KernelContext, position: Position, { role, field }: FieldOperand): Local<'i32'> {
  const bytes = elementBytes[areaOf(k, field).element];
  return role === 'pre' ? scaled(k.f, position.row.pre, bytes) : known(itemOf(position).block.scaled, bytes);
}

/** Bytes from one position to the next. */
function strideOf(k: KernelContext, field: number): number {
  const { element, rowStride } = areaOf(k, field);
  return rowStride * elementBytes[element];
}

function positionsOf(k: KernelContext, field: number): number {
  return areaOf(k, field).layout.rows;
}
