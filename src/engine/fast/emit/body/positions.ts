import { at, known } from '../../../../text/index.ts';
import { i32, i32x4, i64, i64x2, type Local, type Value } from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import type { FieldOperand } from '../../plan/analysis/positions.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import type { LaneValue } from '../ops/scalar-code.ts';
import { fieldAt, inAllLanes, integerOf, type KernelContext } from './context.ts';
import { numberOf, refuseNaN, writeAt } from './effects.ts';
import { type Address, areaOf, fittedValue, itemAddress, loadItems, loadLanes, storeLanes } from './ports.ts';
import { itemOf, type Position } from './position.ts';
import { operandValue } from './values.ts';

/*
 * Code for fields with positions. Where all items name the same position, their numbers are neighbours; where each
 * names its own, lanes are loaded and stored one by one.
 */

/** Loads the numbers at the positions that the items name. */
export function loadAt(k: KernelContext, position: Position, line: LinePlan): Value {
  const { lanes } = k.piece;
  const operand = fieldOf(line);
  const named = namedBy(k, position, line, 2);
  if (lanes !== 'one' && !named.isShared)
    return loadLanes(k, operand.field, addressesAt(k, position, operand, named.items));
  const address = sharedAddress(k, position, operand, named);
  if (operand.role === 'pre') return inAllLanes(lanes, loadItems(k, 'one', operand.field, address));
  return loadItems(k, lanes, operand.field, address);
}

/** Stores the active items' values at the positions that they name. */
export function storeAt(k: KernelContext, position: Position, line: LinePlan, value: LaneValue): void {
  const { f, piece } = k;
  const operand = fieldOf(line);
  const { role, field: index } = operand;
  const field = fieldAt(k, index);
  const stored = f.keep(fittedValue(k, piece.lanes, field, numberOf(k, value), value.range));
  if (field.storage === 'float32') refuseNaN(k, position, index, role, stored);
  const named = namedBy(k, position, line, 2);
  const { active } = itemOf(position);
  if (piece.lanes === 'one' || named.isShared) {
    const mask = position.row.visited === undefined ? undefined : active;
    writeAt(k, index, sharedAddress(k, position, operand, named), stored, mask);
    return;
  }
  storeLanes(k, index, addressesAt(k, position, operand, named.items), stored.as('v128'), active);
}

/** The positions, or distances between positions, that an operand names: whole numbers also among floats. */
export interface OperandPositions {
  /** Whether it is the same for all items. */
  readonly isShared: boolean;
  readonly items: Local;
}

export function namedBy(
  k: KernelContext,
  position: Position,
  line: LinePlan,
  operand: number,
): OperandPositions {
  const register = at(line.instruction.operands, operand);
  if (register.is !== 'register') throw new Error('expected a position in a register');
  const { local } = operandValue(k, position.values, line, register, false);
  return {
    isShared: at(k.plan.lines, known(line.definitions, register.register)).when !== 'item',
    items: local,
  };
}

/** The address of the current vector's numbers at a position that all of its items share. */
function sharedAddress(
  k: KernelContext,
  position: Position,
  operand: FieldOperand,
  { items }: OperandPositions,
): Address {
  const { base, offset } = firstAddress(k, position, operand, 0);
  const named = integerOf(k.piece.lanes, items, 0);
  return { base: k.f.keep(named.times(strideOf(k, operand.field)).plus(base)), offset };
}

/** The addresses of the lanes' numbers, each at a position of its own. */
function addressesAt(k: KernelContext, position: Position, operand: FieldOperand, items: Local): Address[] {
  const { f, preamble, piece } = k;
  const stride = strideOf(k, operand.field);
  const bytes = operand.role === 'pre' ? 0 : elementBytes[areaOf(k, operand.field).element];
  const { base, offset } = firstAddress(k, position, operand, 0);
  const vector = items.as('v128');
  const wide =
    piece.lanes === 'i16x8'
      ? [i32x4.extend_low_i16x8_u(vector), i32x4.extend_high_i16x8_u(vector)]
      : [vector];
  return wide.flatMap((positions, group) => {
    const scaledBy = i32x4.mul(positions, preamble.keep(i32x4.splat(stride)));
    const from = f.keep(i32x4.add(scaledBy, i32x4.splat(base)));
    // Two addresses leave the vector at once.
    return [0, 1].flatMap((pair) => {
      const two = f.keep(i64x2.extract_lane(from, pair));
      const addresses = [i32.wrap_i64(two), i32.wrap_i64(i64.shr_u(two, 32n))];
      return addresses.map((address, index) => ({
        base: f.keep(address),
        offset: offset + bytes * (4 * group + 2 * pair + index),
      }));
    });
  });
}

/** The place of a lane's number at position 0. */
export function firstAddress(
  k: KernelContext,
  position: Position,
  { role, field }: FieldOperand,
  lane: number,
): Address {
  if (role === 'pre') return itemAddress(k, field, position.row.pre);
  const { element, address } = areaOf(k, field);
  const bytes = elementBytes[element];
  const { block, vector } = itemOf(position);
  const item = vector * k.piece.vector + lane;
  return { base: known(block.scaled, bytes), offset: address + bytes * item };
}

/** Bytes from one position to the next. */
export function strideOf(k: KernelContext, field: number): number {
  const { element, rowStride } = areaOf(k, field);
  return rowStride * elementBytes[element];
}

function fieldOf({ instruction }: LinePlan): FieldOperand {
  const operand = at(instruction.operands, 1);
  if (operand.is !== 'field') throw new Error('expected a field with positions');
  return operand;
}
