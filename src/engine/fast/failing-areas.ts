import {
  bankWords,
  type CoreImage,
  type FoundItem,
  flippedCells,
  itemFinder,
  Memory,
  stuckBits,
  valuesFor,
} from '../../image/index.ts';
import { at } from '../../text/index.ts';
import { drawStates } from '../state.ts';
import type { CoreModule } from './core-module.ts';
import { areaBehind, type FieldArea, memoryElementsOf, writeItems } from './plan/memory/memory-map.ts';

/**
 * The cells of a core's banks that fail, as its code finds them: beside the items of each field whose cells do, the
 * bits that a store keeps, those that are always one, or those that a load flips.
 */
export class FailingAreas {
  readonly #image: CoreImage;
  readonly #map: CoreModule['map'];
  readonly #core: number;
  readonly #buffer: () => ArrayBuffer;
  /** How often the cells that flip have been drawn. */
  draws = 0;
  /** Cells of items that have flipped, of all draws since it was set to 0. */
  flips = 0;
  /** How many of them are flipped now. */
  #flipped = 0;
  /** The elements that have bits that flip now. */
  readonly #now: { readonly field: number; readonly element: number }[] = [];
  /** By bank; none where no cell flips. */
  readonly #finders: readonly ReturnType<typeof itemFinder>[];

  constructor(image: CoreImage, { map }: CoreModule, core: number, buffer: () => ArrayBuffer) {
    this.#image = image;
    this.#map = map;
    this.#core = core;
    this.#buffer = buffer;
    this.#finders = drawStates(image) === 0 ? [] : image.banks.map((_, bank) => itemFinder(image, bank));
    if (image.faults?.errors === 'stuck') this.#placeStuck();
    this.settle();
  }

  #placeStuck(): void {
    const stuck = stuckBits(this.#image, this.#core);
    const none = this.#image.banks.map(bankWords);
    const kept = stuck.map((bits, bank) => bits?.kept ?? at(none, bank));
    const ones = stuck.map((bits, bank) => bits?.ones ?? at(none, bank));
    this.#place(kept, ({ stuck: areas }) => areas?.kept);
    this.#place(ones, ({ stuck: areas }) => areas?.ones);
  }

  /** Gives each field that has room for them the bits of its items. */
  #place(banks: readonly Uint32Array[], behindOf: (area: FieldArea) => number | undefined): void {
    const memory = new Memory(this.#image, banks);
    for (const [index, field] of this.#image.fields.entries()) {
      const area = this.#map.fields[index];
      const behind = area && behindOf(area);
      if (area === undefined || behind === undefined) continue;
      const items = valuesFor(field, field.count);
      const access = memory.access(this.#image, field);
      for (let item = 0; item < field.count; item++) items[item] = access.read(item);
      writeItems(this.#buffer(), areaBehind(area, behind), items);
    }
  }

  /** Makes the items of some fields, or of all, such as the stuck cells leave them. */
  settle(fields: readonly (FieldArea | undefined)[] = this.#map.fields): void {
    for (const area of fields) {
      if (area?.stuck === undefined) continue;
      const { kept, ones } = area.stuck;
      const [items, keeps, sets] = [0, kept, ones].map((behind) =>
        memoryElementsOf(this.#buffer(), areaBehind(area, behind)),
      );
      if (items === undefined || keeps === undefined || sets === undefined) continue;
      for (const [index, item] of items.entries()) items[index] = (item & at(keeps, index)) | at(sets, index);
    }
  }

  /** Draws the cells that flip from now on. */
  draw(): void {
    if (drawStates(this.#image) === 0) return;
    this.flipAfter((this.draws + 1) >>> 0);
    this.flips += this.#flipped;
  }

  /** Flips the cells of a draw, by its number; none before the first. */
  flipAfter(draws: number): void {
    this.draws = draws;
    this.#flipped = 0;
    if (this.#finders.length === 0) return;
    const areas = this.#map.fields.map((area) =>
      area?.flipped === undefined
        ? undefined
        : memoryElementsOf(this.#buffer(), areaBehind(area, area.flipped)),
    );
    for (const { field, element } of this.#now) at(areas, field)[element] = 0;
    this.#now.length = 0;
    if (draws === 0) return;
    const flip: FoundItem = (field, item, bit) => {
      const bitsOf = at(areas, field);
      const { rowStride, layout } = at(this.#map.fields, field);
      const row = Math.floor(item / layout.rowLength);
      const element = row * rowStride + item - row * layout.rowLength;
      const { bits, signed } = at(this.#image.fields, field);
      // The highest bit of a signed item is the sign of its element.
      bitsOf[element] = at(bitsOf, element) ^ (signed && bit === bits - 1 ? -1 << bit : 1 << bit);
      this.#now.push({ field, element });
    };
    for (const [bank, findItems] of this.#finders.entries())
      for (const cell of flippedCells(this.#image, this.#core, bank, draws)) {
        const before = this.#now.length;
        findItems(cell, flip);
        if (this.#now.length > before) this.#flipped += 1;
      }
  }
}
