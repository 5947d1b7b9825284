import { type Field, fieldRange, type Image, loadedField } from '../../../../image/index.ts';
import type { FunctionBuilder, Local } from '../../builder/index.ts';
import type { Mode } from '../../plan/analysis/index.ts';
import { elementBytes, type FieldArea, type MemoryMap } from '../../plan/memory/index.ts';
import type { Constants, Value } from '../ops/index.ts';

/** Where an access goes: a variable that holds the base address, and a constant offset from it. */
export interface Address {
  readonly base: Local;
  readonly offset: number;
}

/** Code that moves fields between the linear memory and lanes, widening and narrowing on the way. */
export class PortsCode {
  readonly #f: FunctionBuilder;
  readonly #constants: Constants;
  readonly #image: Image;
  readonly #map: MemoryMap;
  readonly #mode: Mode;

  constructor(f: FunctionBuilder, constants: Constants, image: Image, map: MemoryMap, mode: Mode) {
    this.#f = f;
    this.#constants = constants;
    this.#image = image;
    this.#map = map;
    this.#mode = mode;
  }

  field(index: number): Field {
    const field = this.#image.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    return field;
  }

  /** Where a field, or the shadow of a view that is not stored, lies. */
  area(index: number): FieldArea {
    const loaded = this.#image.fields.indexOf(loadedField(this.#image.fields, index));
    const area = this.#map.fields[loaded];
    if (area === undefined) throw new Error(`field ${index} is not stored`);
    return area;
  }

  /** Puts a field's items on the stack; a view that is not stored is made of the shadow weights. */
  load(index: number, address: Address): void {
    const { element } = this.area(index);
    this.#f.get(address.base);
    if (this.#mode === 'scalar') this.#loadScalar(element, address.offset);
    else this.#loadVector(element, address.offset);
    this.#putViewIfSliced(index);
  }

  /** Whether two of a field's items fill a lane, so that one load brings those of two vectors. */
  isHalf(index: number): boolean {
    return this.#mode !== 'scalar' && 2 * elementBytes[this.area(index).element] === this.#laneBytes;
  }

  /** Puts the elements of two vectors. */
  loadPair(index: number, address: Address): void {
    this.#f.get(address.base);
    this.#f.v128.load(address.offset, elementBytes[this.area(index).element]);
  }

  /** Widens one half of a pair on the stack; a view that is not stored is made of the shadow weights. */
  putHalf(index: number, half: 'low' | 'high'): void {
    const { element } = this.area(index);
    const sign = element.startsWith('u') ? 'u' : 's';
    if (this.#mode === 'vector16') this.#f.i16x8[`extend_${half}_i8x16_${sign}`]();
    else this.#f.i32x4[`extend_${half}_i16x8_${sign}`]();
    this.#putViewIfSliced(index);
  }

  /** Puts the elements of two vectors of items, narrowed. */
  putPair(index: number, low: Local, high: Local): void {
    const sign = this.area(index).element.startsWith('u') ? 'u' : 's';
    this.#f.get(low);
    this.#f.get(high);
    if (this.#mode === 'vector16') this.#f.i8x16[`narrow_i16x8_${sign}`]();
    else this.#f.i16x8[`narrow_i32x4_${sign}`]();
  }

  /** Puts a mask of the elements of two vectors. */
  putMaskPair(low: Local, high: Local): void {
    this.#f.get(low);
    this.#f.get(high);
    if (this.#mode === 'vector16') this.#f.i8x16.narrow_i16x8_s();
    else this.#f.i16x8.narrow_i32x4_s();
  }

  /** Takes a base address and the elements of two vectors. */
  storePair(index: number, offset: number): void {
    this.#f.v128.store(offset, elementBytes[this.area(index).element]);
  }

  #putViewIfSliced(index: number): void {
    const named = this.field(index);
    if (named.layout === undefined && named.view !== undefined) this.putView(named);
  }

  #loadScalar(element: FieldArea['element'], offset: number): void {
    if (element === 'f32') this.#f.f32.load(offset);
    else this.#f.i32[scalarLoads[element]](offset);
  }

  #loadVector(element: FieldArea['element'], offset: number): void {
    const { v128, i16x8, i32x4 } = this.#f;
    const sign = element.startsWith('u') ? 'u' : 's';
    const bytes = elementBytes[element];
    if (bytes === this.#laneBytes) {
      v128.load(offset, bytes);
    } else if (bytes * 2 === this.#laneBytes) {
      if (bytes === 1) v128[`load8x8_${sign}`](offset, bytes);
      else v128[`load16x4_${sign}`](offset, bytes);
    } else {
      v128.load32_zero(offset, 1);
      i16x8[`extend_low_i8x16_${sign}`]();
      i32x4[`extend_low_i16x8_${sign}`]();
    }
  }

  get #laneBytes(): number {
    return this.#mode === 'vector16' ? 2 : 4;
  }

  /**
   * Makes inference weights of the shadow weights on the stack: rounded to nearest and saturated, or scaled if floats.
   * Lanes of 16 bits saturate as they add: (32767 >> n) is the largest weight.
   */
  putView(view: Field): void {
    const droppedBits = view.view?.droppedBits ?? 0;
    const f = this.#f;
    if (view.storage === 'float32') {
      if (this.#mode === 'scalar') {
        f.f32.const(2 ** -droppedBits);
        f.f32.mul();
      } else {
        f.get(this.#splatReal(2 ** -droppedBits));
        f.f32x4.mul();
      }
      return;
    }
    if (droppedBits === 0) return;
    if (view.view !== undefined && this.field(view.view.of).bits === 32) {
      this.#putWideView(droppedBits, view.bits);
      return;
    }
    const half = 2 ** (droppedBits - 1);
    const largest = 2 ** (view.bits - 1) - 1;
    if (this.#mode === 'scalar') {
      f.i32.const(half);
      f.i32.add();
      f.i32.const(droppedBits);
      f.i32.shr_s();
      const rounded = f.local('i32');
      f.set(rounded);
      this.#putScalarMinimum(rounded, largest);
      return;
    }
    const group = this.#mode === 'vector16' ? f.i16x8 : f.i32x4;
    f.get(this.splat(half));
    if (this.#mode === 'vector16') f.i16x8.add_sat_s();
    else f.i32x4.add();
    f.i32.const(droppedBits);
    group.shr_s();
    if (this.#mode === 'vector16' && int16Max >> droppedBits <= largest) return;
    f.get(this.splat(largest));
    group.min_s();
  }

  /** The view of a 32-bit shadow weight, which has no room for half a unit: the shifted bits, and the highest dropped. */
  #putWideView(droppedBits: number, bits: number): void {
    const f = this.#f;
    const isScalar = this.#mode === 'scalar';
    const group = isScalar ? f.i32 : f.i32x4;
    const shadow = f.local(isScalar ? 'i32' : 'v128');
    const largest = 2 ** (bits - 1) - 1;
    f.tee(shadow);
    f.i32.const(droppedBits);
    group.shr_s();
    f.get(shadow);
    f.i32.const(droppedBits - 1);
    group.shr_s();
    if (isScalar) {
      f.i32.const(1);
      f.i32.and();
    } else {
      f.get(this.splat(1));
      f.v128.and();
    }
    group.add();
    if (isScalar) {
      const rounded = f.local('i32');
      f.set(rounded);
      this.#putScalarMinimum(rounded, largest);
    } else {
      f.get(this.splat(largest));
      f.i32x4.min_s();
    }
  }

  #putScalarMinimum(value: Local, bound: number): void {
    const f = this.#f;
    f.get(value);
    f.i32.const(bound);
    f.get(value);
    f.i32.const(bound);
    f.i32.lt_s();
    f.select();
  }

  splat(value: number): Local {
    const is16 = this.#mode === 'vector16';
    return this.#constants.get(`splat ${value}`, 'v128', ({ f }) => {
      f.i32.const(value | 0);
      (is16 ? f.i16x8 : f.i32x4).splat();
    });
  }

  #splatReal(value: number): Local {
    return this.#constants.get(`splat real ${value}`, 'v128', ({ f }) => {
      f.f32.const(value);
      f.f32x4.splat();
    });
  }

  /** Turns the value on the stack into one that the field holds. `range` bounds it where it is an integer. */
  fit(field: Field, range: Value['range']): void {
    if (field.storage === 'float32') return;
    const { low, high } = fieldRange(field);
    const isBelow = range === undefined || range.low < low;
    const isAbove = range === undefined || range.high > high;
    if (!isBelow && !isAbove) return;
    if (field.overflow === 'wrap') this.#wrap(field);
    else this.#saturate(isBelow ? low : undefined, isAbove ? high : undefined);
  }

  #saturate(low: number | undefined, high: number | undefined): void {
    const f = this.#f;
    for (const [bound, isMost] of [
      [low, false],
      [high, true],
    ] as const) {
      if (bound === undefined) continue;
      if (this.#mode === 'scalar') {
        const value = f.local('i32');
        f.set(value);
        f.get(value);
        f.i32.const(bound);
        f.get(value);
        f.i32.const(bound);
        if (isMost) f.i32.lt_s();
        else f.i32.gt_s();
        f.select();
      } else {
        const group = this.#mode === 'vector16' ? f.i16x8 : f.i32x4;
        f.get(this.splat(bound));
        if (isMost) group.min_s();
        else group.max_s();
      }
    }
  }

  #wrap({ bits, signed }: Field): void {
    const f = this.#f;
    const unused = (this.#mode === 'vector16' ? 16 : 32) - bits;
    if (unused <= 0) return;
    const group = this.#mode === 'scalar' ? f.i32 : this.#mode === 'vector16' ? f.i16x8 : f.i32x4;
    f.i32.const(unused);
    group.shl();
    f.i32.const(unused);
    if (signed) group.shr_s();
    else group.shr_u();
  }

  /** Stores a value that the field holds, kept in a variable. */
  store(index: number, address: Address, value: Local): void {
    const area = this.#map.fields[index];
    if (area === undefined) throw new Error(`field ${index} is not stored`);
    this.#f.get(address.base);
    this.#f.get(value);
    if (this.#mode === 'scalar') this.#storeScalar(area.element, address.offset);
    else this.#storeVector(area.element, address.offset, value);
  }

  #storeScalar(element: FieldArea['element'], offset: number): void {
    if (element === 'f32') this.#f.f32.store(offset);
    else this.#f.i32[scalarStores[element]](offset);
  }

  /** Narrows the value on the stack, which is also in `value`, until its lanes are elements. */
  #storeVector(element: FieldArea['element'], offset: number, value: Local): void {
    const { v128, i16x8, i8x16 } = this.#f;
    const sign = element.startsWith('u') ? 'u' : 's';
    const bytes = elementBytes[element];
    if (bytes === this.#laneBytes) {
      v128.store(offset, bytes);
    } else if (bytes * 2 === this.#laneBytes) {
      this.#f.get(value);
      if (bytes === 1) i8x16[`narrow_i16x8_${sign}`]();
      else i16x8[`narrow_i32x4_${sign}`]();
      v128.store64_lane(0, offset, bytes);
    } else {
      this.#f.get(value);
      i16x8.narrow_i32x4_s();
      const halves = this.#f.local('v128');
      this.#f.tee(halves);
      this.#f.get(halves);
      i8x16[`narrow_i16x8_${sign}`]();
      v128.store32_lane(0, offset, 1);
    }
  }
}

const int16Max = 2 ** 15 - 1;
const scalarLoads = { i8: 'load8_s', u8: 'load8_u', i16: 'load16_s', u16: 'load16_u', i32: 'load' } as const;
const scalarStores = { i8: 'store8', u8: 'store8', i16: 'store16', u16: 'store16', i32: 'store' } as const;
