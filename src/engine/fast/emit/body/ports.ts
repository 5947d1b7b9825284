import { type Field, fieldRange, loadedField } from '../../../../image/index.ts';
import type { ValueRange } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import {
  f32,
  f32x4,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Local,
  max,
  min,
  type Statement,
  type Value,
  v128,
  vectorBytes,
} from '../../../../wasm/index.ts';
import type { LaneShape } from '../../plan/analysis/lanes.ts';
import { elementBytes, type FieldArea } from '../../plan/memory/memory-map.ts';
import {
  byteOffset,
  fieldAt,
  groupOf,
  integerOf,
  joinedLanes,
  type KernelContext,
  laneBytes,
  splatConstant,
  zeroVector,
} from './context.ts';

/*
 * Code that moves fields between the linear memory and lanes, widening and narrowing on the way.
 */

/** Where an access goes: a variable that holds the base address, and a constant offset from it. */
export interface Address {
  readonly base: Local<'i32'>;
  readonly offset: number;
}

type Element = FieldArea['element'];

const signOf = (element: Element): 'u' | 's' => (element.startsWith('u') ? 'u' : 's');

/** Where a field, or the shadow of a view that is not stored, lies. */
export function areaOf({ module: { image, map } }: KernelContext, index: number): FieldArea {
  return at(map.fields, image.fields.indexOf(loadedField(image.fields, index)));
}

/** Where the item of a neuron, or of a row, lies in a field of one row. */
export function itemAddress(k: KernelContext, index: number, item: Local<'i32'>): Address {
  const { element, address } = areaOf(k, index);
  return { base: byteOffset(k.f, item, elementBytes[element]), offset: address };
}

/** A field's items; a view that is not stored is made of the shadow weights. */
export function loadItems(k: KernelContext, lanes: LaneShape, index: number, address: Address): Value {
  const { element, flipped } = areaOf(k, index);
  const items = loadElements(element, lanes, address);
  const read =
    flipped === undefined ? items : flip(lanes, items, loadElements(element, lanes, address, flipped));
  return ofSlicedView(k, lanes, index, read);
}

/** The items of a field as its bank holds them, whatever loads flip. */
export function heldItems(k: KernelContext, lanes: LaneShape, index: number, address: Address): Value {
  return loadElements(areaOf(k, index).element, lanes, address);
}

/** Items, or what lies so many bytes behind them. */
function loadElements(element: Element, lanes: LaneShape, { base, offset }: Address, behind = 0): Value {
  const at = offset + behind;
  return lanes === 'one' ? loadOne(element, base, at) : loadVector(lanes, element, base, at);
}

function flip(lanes: LaneShape, items: Value, bits: Value): Value {
  return lanes === 'one'
    ? i32.xor(items.as('i32'), bits.as('i32'))
    : v128.xor(items.as('v128'), bits.as('v128'));
}

/** What the stuck cells of a field leave of items that are written to an address. */
function settled(k: KernelContext, lanes: LaneShape, index: number, address: Address, items: Local): Local {
  const { element, stuck } = areaOf(k, index);
  if (stuck === undefined) return items;
  const kept = loadElements(element, lanes, address, stuck.kept);
  const ones = loadElements(element, lanes, address, stuck.ones);
  return lanes === 'one'
    ? k.f.keep(items.as('i32').and(kept.as('i32')).or(ones.as('i32')))
    : k.f.keep(v128.or(v128.and(items.as('v128'), kept.as('v128')), ones.as('v128')));
}

function ofSlicedView(k: KernelContext, lanes: LaneShape, index: number, items: Value): Value {
  const field = fieldAt(k, index);
  return field.layout === undefined && field.view !== undefined ? viewValue(k, lanes, field, items) : items;
}

const scalarLoads = { i8: 'load8_s', u8: 'load8_u', i16: 'load16_s', u16: 'load16_u', i32: 'load' } as const;
const scalarStores = { i8: 'store8', u8: 'store8', i16: 'store16', u16: 'store16', i32: 'store' } as const;

function loadOne(element: Element, base: Local<'i32'>, offset: number): Value {
  return element === 'f32' ? f32.load(base, offset) : i32[scalarLoads[element]](base, offset);
}

function loadVector(lanes: LaneShape, element: Element, base: Local<'i32'>, offset: number): Value<'v128'> {
  const sign = signOf(element);
  const bytes = elementBytes[element];
  if (bytes === laneBytes(lanes)) return v128.load(base, offset, bytes);
  if (2 * bytes === laneBytes(lanes))
    return (bytes === 1 ? v128[`load8x8_${sign}`] : v128[`load16x4_${sign}`])(base, offset, bytes);
  const quarter = v128.load32_zero(base, offset, 1);
  return i32x4[`extend_low_i16x8_${sign}`](i16x8[`extend_low_i8x16_${sign}`](quarter));
}

/** A bit for each item of a field that fits a vector from an address on: whether it is at least one in magnitude. */
export function setItems(k: KernelContext, index: number, { base, offset }: Address): Value<'i32'> {
  const { element, flipped } = areaOf(k, index);
  const bytes = elementBytes[element];
  const held = v128.load(base, offset, bytes);
  const items = flipped === undefined ? held : v128.xor(held, v128.load(base, offset + flipped, bytes));
  if (element === 'f32') return i32x4.bitmask(f32x4.ge(f32x4.abs(items), f32x4.splat(1)));
  const group = bytes === 1 ? i8x16 : bytes === 2 ? i16x8 : i32x4;
  return group.bitmask(group.ne(items, zeroVector()));
}

/** Whether two of a field's items fill a lane, so that one store writes those of two vectors. */
export function isHalf(k: KernelContext, index: number): boolean {
  const { lanes } = k.piece;
  return lanes !== 'one' && 2 * elementBytes[areaOf(k, index).element] === laneBytes(lanes);
}

/** The elements of two vectors. */
function loadPair(k: KernelContext, index: number, { base, offset }: Address): Value<'v128'> {
  return v128.load(base, offset, elementBytes[areaOf(k, index).element]);
}

/** Two vectors of items, narrowed to the elements of a field; or of a mask, with the sign of `s`. */
function narrow(lanes: LaneShape, sign: 'u' | 's', low: Value<'v128'>, high: Value<'v128'>): Value<'v128'> {
  return lanes === 'i16x8'
    ? i8x16[`narrow_i16x8_${sign}`](low, high)
    : i16x8[`narrow_i32x4_${sign}`](low, high);
}

/** Stores the elements of two vectors. */
export function storePair(
  k: KernelContext,
  index: number,
  { base, offset }: Address,
  low: Local<'v128'>,
  high: Local<'v128'>,
  mask?: readonly [Local<'v128'>, Local<'v128'>],
): Statement {
  const { element } = areaOf(k, index);
  const { lanes } = k.piece;
  const second = { base, offset: offset + vectorBytes / 2 };
  const pair = narrow(
    lanes,
    signOf(element),
    settled(k, lanes, index, { base, offset }, low).as('v128'),
    settled(k, lanes, index, second, high).as('v128'),
  );
  const kept = (): Value<'v128'> => loadPair(k, index, { base, offset });
  const stored = mask === undefined ? pair : v128.bitselect(pair, kept(), narrow(lanes, 's', ...mask));
  return v128.store(base, stored, offset, elementBytes[element]);
}

/**
 * Inference weights of shadow weights: rounded to nearest and saturated, or scaled if floats.
 * Lanes of 16 bits saturate as they add: (32767 >> n) is the largest weight.
 */
export function viewValue(k: KernelContext, lanes: LaneShape, view: Field, shadow: Value): Value {
  const droppedBits = view.view?.droppedBits ?? 0;
  const isOne = lanes === 'one';
  if (view.storage === 'float32') {
    const factor = 2 ** -droppedBits;
    return isOne
      ? f32.mul(shadow.as('f32'), factor)
      : f32x4.mul(shadow.as('v128'), k.preamble.keep(f32x4.splat(factor)));
  }
  if (droppedBits === 0) return shadow;
  const largest = 2 ** (view.bits - 1) - 1;
  // A 32-bit shadow weight has no room for half a unit: the shifted bits, and the highest dropped one.
  const isWide = view.view !== undefined && fieldAt(k, view.view.of).bits === 32;
  const half = 2 ** (droppedBits - 1);
  if (isOne) {
    const x = shadow.as('i32');
    if (!isWide) return min(i32.shr_s(x.plus(half), droppedBits), largest);
    const kept = k.f.keep(x);
    return min(i32.shr_s(kept, droppedBits).plus(i32.shr_s(kept, droppedBits - 1).and(1)), largest);
  }
  const group = groupOf(lanes);
  const bound = splatConstant(k, lanes, largest);
  if (isWide) {
    const x = k.f.keep(shadow.as('v128'));
    const highestDropped = v128.and(group.shr_s(x, droppedBits - 1), splatConstant(k, lanes, 1));
    return group.min_s(group.add(group.shr_s(x, droppedBits), highestDropped), bound);
  }
  const add = lanes === 'i16x8' ? i16x8.add_sat_s : i32x4.add;
  const rounded = group.shr_s(add(shadow.as('v128'), splatConstant(k, lanes, half)), droppedBits);
  if (lanes === 'i16x8' && int16Max >> droppedBits <= largest) return rounded;
  return group.min_s(rounded, bound);
}

const int16Max = 2 ** 15 - 1;

/** A value turned into one that the field holds. `range` bounds it where it is an integer. */
export function fittedValue(
  k: KernelContext,
  lanes: LaneShape,
  field: Field,
  value: Value,
  range: ValueRange | undefined,
): Value {
  if (field.storage === 'float32') return value;
  const { low, high } = fieldRange(field);
  const isBelow = range === undefined || range.low < low;
  const isAbove = range === undefined || range.high > high;
  if (!isBelow && !isAbove) return value;
  if (field.overflow === 'wrap') return wrap(lanes, field, value);
  if (lanes === 'one') {
    const raised = isBelow ? max(value.as('i32'), low) : value.as('i32');
    return isAbove ? min(raised, high) : raised;
  }
  const group = groupOf(lanes);
  const raised = isBelow ? group.max_s(value.as('v128'), splatConstant(k, lanes, low)) : value.as('v128');
  return isAbove ? group.min_s(raised, splatConstant(k, lanes, high)) : raised;
}

function wrap(lanes: LaneShape, { bits, signed }: Field, value: Value): Value {
  const unused = 8 * laneBytes(lanes) - bits;
  if (unused <= 0) return value;
  if (lanes === 'one') {
    const shifted = value.as('i32').shiftLeft(unused);
    return signed ? i32.shr_s(shifted, unused) : shifted.shiftRight(unused);
  }
  const group = groupOf(lanes);
  return group[signed ? 'shr_s' : 'shr_u'](group.shl(value.as('v128'), unused), unused);
}

/** Stores a value that the field holds. */
export function storeItems(
  k: KernelContext,
  lanes: LaneShape,
  index: number,
  address: Address,
  given: Local,
): Statement {
  const { element } = areaOf(k, index);
  const { base, offset } = address;
  const bytes = elementBytes[element];
  const value = settled(k, lanes, index, address, given);
  if (lanes === 'one') {
    return element === 'f32'
      ? f32.store(base, value.as('f32'), offset)
      : i32[scalarStores[element]](base, value.as('i32'), offset);
  }
  const vector = value.as('v128');
  const sign = signOf(element);
  if (bytes === laneBytes(lanes)) return v128.store(base, vector, offset, bytes);
  if (2 * bytes === laneBytes(lanes))
    return v128.store64_lane(base, narrow(lanes, sign, vector, vector), 0, offset, bytes);
  const halves = k.f.keep(i16x8.narrow_i32x4_s(vector, vector));
  return v128.store32_lane(base, i8x16[`narrow_i16x8_${sign}`](halves, halves), 0, offset, 1);
}

/** Whether an item of a field is as wide as a lane. */
function isWholeLane(k: KernelContext, index: number): boolean {
  return elementBytes[areaOf(k, index).element] === laneBytes(k.piece.lanes);
}

/** A vector of items from an address each, in the order of the lanes. */
export function loadLanes(k: KernelContext, index: number, addresses: readonly Address[]): Local {
  const { f, piece } = k;
  if (!isWholeLane(k, index) || areaOf(k, index).flipped !== undefined)
    return joinedLanes(
      k,
      addresses.map((address) => loadItems(k, 'one', index, address)),
    );
  const vector = f.keep(zeroVector());
  const load = piece.lanes === 'i16x8' ? v128.load16_lane : v128.load32_lane;
  for (const [lane, { base, offset }] of addresses.entries())
    f.set(vector, load(base, vector, lane, offset, laneBytes(piece.lanes)));
  return vector;
}

/** Stores the items of a vector to an address each, in the order of the lanes; only active ones. */
export function storeLanes(
  k: KernelContext,
  index: number,
  addresses: readonly Address[],
  vector: Value<'v128'>,
  active: Local | undefined,
): void {
  const { f, piece } = k;
  const { lanes } = piece;
  const stored = f.keep(vector);
  const write = ({ base, offset }: Address, lane: number): void => {
    const storeLane = lanes === 'i16x8' ? v128.store16_lane : v128.store32_lane;
    if (isWholeLane(k, index) && areaOf(k, index).stuck === undefined)
      f.do(storeLane(base, stored, lane, offset, laneBytes(lanes)));
    else f.do(storeItems(k, 'one', index, { base, offset }, f.keep(integerOf(lanes, stored, lane))));
  };
  for (const [lane, address] of addresses.entries()) {
    if (active === undefined) write(address, lane);
    else f.if(integerOf(lanes, active, lane), () => write(address, lane));
  }
}
