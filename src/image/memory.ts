import { clamp, integerRange, weightView, wrapInteger } from '../isa/index.ts';
import type { CoreImage, Field, Layout, ProgramView } from './image.ts';

/** The range of an integer field. */
export function fieldRange(field: Pick<Field, 'bits' | 'signed' | 'overflow'>): {
  low: number;
  high: number;
} {
  const { low, high } = integerRange(field.bits, field.signed);
  return { low: field.overflow === 'saturate-symmetric' && field.signed ? -high : low, high };
}

/** The range of what an integer field may hold: where cells of its bank fail, any number of its bits. */
export function heldRange(field: Pick<Field, 'bits' | 'signed' | 'overflow' | 'faulty'>): {
  low: number;
  high: number;
} {
  return field.faulty === true ? integerRange(field.bits, field.signed) : fieldRange(field);
}

/**
 * Converts `count` values as a store does: saturates or wraps them as the field declares, or rounds them to float32 (by
 * the type of the array) if the field is a float.
 */
export function storeRule(
  field: Pick<Field, 'bits' | 'signed' | 'overflow' | 'storage'>,
): (values: Values, out: Values, from: number, to: number) => void {
  const { bits, signed } = field;
  const { low, high } = fieldRange(field);
  if (field.storage === 'float32') {
    return (values, out, from, to) => {
      for (let i = from; i < to; i++) out[i] = values[i] ?? 0;
    };
  }
  if (field.overflow === 'wrap') {
    return (values, out, from, to) => {
      for (let i = from; i < to; i++) out[i] = wrapInteger(values[i] ?? 0, bits, signed);
    };
  }
  return (values, out, from, to) => {
    for (let i = from; i < to; i++) out[i] = clamp(values[i] ?? 0, low, high);
  };
}

/** {@link storeRule} for one value. */
export function fitToField(
  field: Pick<Field, 'bits' | 'signed' | 'overflow' | 'storage'>,
): (value: number) => number {
  const rule = storeRule(field);
  const value = valuesFor(field, 1);
  return (given) => {
    value[0] = given;
    rule(value, value, 0, 1);
    return value[0] ?? 0;
  };
}

/** The most bits of a bank that a program may use: engines address them with 32 bits. */
export const mostBankBits = 2 ** 32;

/** The layout that holds a field's items. */
export function layoutOf(image: Pick<ProgramView, 'layouts'>, field: Field): Layout {
  const layout = image.layouts[field.layout ?? -1];
  if (layout === undefined) throw new Error(`field ${field.name} is not stored`);
  return layout;
}

/** Integer quotient of numbers below 2^31. It divides only where it must: an engine needs it in every tile. */
function quotient(a: number, b: number): number {
  return a < b ? 0 : ((a | 0) / (b | 0)) | 0;
}

/** The word that holds an item, counted from the layout's first. */
export function wordOf({ rowLength, wordsPerRow, itemsPerWord }: Layout, item: number): number {
  // Rows that fill their words follow one another without a gap.
  if (rowLength === wordsPerRow * itemsPerWord) return quotient(item, itemsPerWord);
  const row = quotient(item, rowLength);
  return row * wordsPerRow + quotient(item - row * rowLength, itemsPerWord);
}

/** The effect of a bank's failing cells on its words, 32 bits to an element. */
export interface FailingCells {
  /** The bits that a store keeps, and those that are always one; absent where no cell is stuck. */
  readonly stuck?: { readonly kept: Uint32Array; readonly ones: Uint32Array } | undefined;
  /** The bits that a load flips; absent where none does. */
  readonly flipped?: Uint32Array | undefined;
}

/** The first bit of an item in its bank. */
export function firstBit(field: Field, layout: Layout, wordBits: number): (item: number) => number {
  const stride = field.perWord ? 0 : layout.itemBits;
  return (item) => {
    const slot = (item % layout.rowLength) % layout.itemsPerWord;
    return (layout.firstWord + wordOf(layout, item)) * wordBits + slot * stride + field.bitOffset;
  };
}

/** The bits of all banks. */
export class Memory {
  readonly banks: readonly Uint32Array[];
  /** By bank: set where cells fail. */
  readonly failing: (FailingCells | undefined)[] = [];

  constructor(image: CoreImage);
  constructor(image: ProgramView, contents: readonly Uint32Array[]);
  constructor(image: ProgramView & Partial<CoreImage>, contents = image.contents ?? []) {
    this.banks = contents.map((words) => words.slice());
    if (this.banks.length !== image.banks.length) throw new Error('contents do not match the banks');
  }

  /** Writes all items of a field, with values that fit it, and its stored view, if it has one. */
  write(image: ProgramView, field: Field, values: ArrayLike<number>): void {
    this.access(image, field).writeAll(values);
    const view = image.fields[field.storedView ?? -1];
    if (view?.view === undefined) return;
    const toView = weightView(view.view.droppedBits, view.bits);
    this.access(image, view).writeAll(Int32Array.from(values, toView));
  }

  /** Read and write access to a stored field. */
  access(image: ProgramView, field: Field): FieldAccess {
    return this.#access(image, field, this.failing);
  }

  /** Read access to the items of a stored field as its bank holds them, without what a load flips. */
  held(image: ProgramView, field: Field): Pick<FieldAccess, 'readAll'> {
    return this.#access(image, field, []);
  }

  #access(image: ProgramView, field: Field, failing: readonly (FailingCells | undefined)[]): FieldAccess {
    const layout = layoutOf(image, field);
    const words = this.banks[layout.bank];
    const bank = image.banks[layout.bank];
    if (words === undefined || bank === undefined) throw new Error(`no bank ${layout.bank}`);
    return accessField(field, layout, bank.wordBits, words, failing[layout.bank]);
  }
}

/** Access to the items of a field, numbered row by row. */
export interface FieldAccess {
  /** Reads consecutive items of one row into `out[offset...]`. */
  readRun(firstItem: number, count: number, out: Values, offset: number): void;
  read(item: number): number;
  /** Writes a value that fits the field. */
  write(item: number, value: number): void;
  /** Writes `values[offset...]` to consecutive items of one row, skipping those whose `active[offset...]` is zero. */
  writeRun(firstItem: number, count: number, values: Values, offset: number, active: Uint8Array): void;
  /** All items of the field: float32 if the field is, else integers. */
  readAll(): Values;
  /** Writes all items of the field, with values that fit it. */
  writeAll(values: ArrayLike<number>): void;
}

type Values = Int32Array | Float32Array;

/** As many values of a field, all zero: float32 if the field is, else integers. */
export function valuesFor({ storage }: Pick<Field, 'storage'>, count: number): Values {
  return storage === 'float32' ? new Float32Array(count) : new Int32Array(count);
}

/**
 * Every field is read and written through the words of its bank, whatever its width: a typed array for each width would
 * be faster alone, but the JavaScript engine makes no fast code for a place that sees them all.
 */
function accessField(
  field: Field,
  layout: Layout,
  wordBits: number,
  words: Uint32Array,
  failing: FailingCells | undefined,
): FieldAccess {
  const { bits, signed } = field;
  const unused = 32 - bits;
  const mask = 0xffffffff >>> unused;
  const floats = new Float32Array(1);
  const floatBits = new Uint32Array(floats.buffer);
  const isFloat = field.storage === 'float32';
  /** From an item to the next one in its word, and from a word's last item to the next word's first. */
  const stride = field.perWord ? 0 : layout.itemBits;
  const toNextWord = wordBits - (layout.itemsPerWord - 1) * stride;

  const slotOf = (item: number): number => (item % layout.rowLength) % layout.itemsPerWord;
  const bitOf = (item: number, slot: number): number =>
    (layout.firstWord + wordOf(layout, item)) * wordBits + slot * stride + field.bitOffset;
  const rawBits = (from: Uint32Array, bit: number): number => {
    const element = bit >>> 5;
    const shift = bit & 31;
    const raw = (from[element] ?? 0) >>> shift;
    return shift > unused ? raw | ((from[element + 1] ?? 0) << (32 - shift)) : raw;
  };
  const { stuck, flipped } = (field.faulty === true ? failing : undefined) ?? {};
  const readBits = (bit: number): number => {
    let raw = rawBits(words, bit);
    if (flipped !== undefined) raw ^= rawBits(flipped, bit);
    if (isFloat) {
      floatBits[0] = raw;
      return floats[0] ?? 0;
    }
    return signed ? (raw << unused) >> unused : (raw & mask) >>> 0;
  };
  const writeBits = (bit: number, value: number): void => {
    if (isFloat) floats[0] = value;
    let raw = ((isFloat ? (floatBits[0] ?? 0) : value) & mask) >>> 0;
    if (stuck !== undefined)
      raw = (((raw & rawBits(stuck.kept, bit)) | rawBits(stuck.ones, bit)) & mask) >>> 0;
    const element = bit >>> 5;
    const shift = bit & 31;
    words[element] = ((words[element] ?? 0) & ~(mask << shift)) | (raw << shift);
    if (shift > unused) {
      const spilled = 32 - shift;
      words[element + 1] = ((words[element + 1] ?? 0) & ~(mask >>> spilled)) | (raw >>> spilled);
    }
  };
  const readRun: FieldAccess['readRun'] = (firstItem, count, out, offset) => {
    let slot = slotOf(firstItem);
    let bit = bitOf(firstItem, slot);
    for (let i = 0; i < count; i++) {
      out[offset + i] = readBits(bit);
      slot += 1;
      bit += slot < layout.itemsPerWord ? stride : toNextWord;
      if (slot === layout.itemsPerWord) slot = 0;
    }
  };
  const writeRun: FieldAccess['writeRun'] = (firstItem, count, values, offset, active) => {
    let slot = slotOf(firstItem);
    let bit = bitOf(firstItem, slot);
    for (let i = 0; i < count; i++) {
      if (active[offset + i]) writeBits(bit, values[offset + i] ?? 0);
      slot += 1;
      bit += slot < layout.itemsPerWord ? stride : toNextWord;
      if (slot === layout.itemsPerWord) slot = 0;
    }
  };
  return {
    read: (item) => readBits(bitOf(item, slotOf(item))),
    readRun,
    write: (item, value) => writeBits(bitOf(item, slotOf(item)), value),
    writeRun,
    readAll() {
      const items = valuesFor(field, field.count);
      for (let item = 0; item < field.count; item += layout.rowLength)
        readRun(item, layout.rowLength, items, item);
      return items;
    },
    writeAll(values) {
      const items = valuesFor(field, field.count);
      items.set(values);
      const active = new Uint8Array(field.count).fill(1);
      for (let item = 0; item < field.count; item += layout.rowLength)
        writeRun(item, layout.rowLength, items, item, active);
    },
  };
}
