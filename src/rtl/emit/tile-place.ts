import { at } from '../../arrays/index.ts';
import type { CoreImage, Field, Layout } from '../../image/index.ts';
import { domainNamed } from '../../isa/index.ts';
import { type PortAccess, tileRuns } from '../../schedule/index.ts';
import type { KernelPlan } from '../plan/core-plan.ts';
import type { Taps } from './taps.ts';
import { indexBits, literal, modulo, quotient, times, type Unsigned } from './text.ts';
import type { Widths } from './widths.ts';

/** Where tiles begin in the words of an access. */
interface Starts {
  /** Whether words are counted from lane 0, else from the first lane that holds an item. */
  readonly isFromLane0: boolean;
  /** The places of lane 0 in the first word; negative, if words before it are left out. */
  readonly offsets: readonly number[];
}

/** Where a kernel's tiles and rows are in the words of the banks: addresses, and places in words. */
export class TilePlace {
  /** Whether the kernel visits one item. */
  readonly isSingle: boolean;
  readonly #plan: KernelPlan;
  readonly #image: CoreImage;
  readonly #taps: Taps;
  readonly #widths: Widths;
  /** Whether tiles come from segments, which begin at any lane. */
  readonly #isCut: boolean;
  readonly #starts = new Map<PortAccess, Starts>();

  constructor(plan: KernelPlan, image: CoreImage, taps: Taps, widths: Widths) {
    this.#plan = plan;
    this.#image = image;
    this.#taps = taps;
    this.#widths = widths;
    this.isSingle = domainNamed(plan.kernel.domain).single;
    this.#isCut = plan.table !== undefined;
  }

  /** Where the tiles of an access begin in its words. */
  startsOf(access: PortAccess, layout: Layout): Starts {
    const known = this.#starts.get(access);
    if (known !== undefined) return known;
    const { lanes } = this.#widths;
    const { itemsPerWord, rowLength } = layout;
    let isFromLane0 = true;
    const [fromLane0, fromFirst] = [new Set<number>(), new Set<number>()];
    for (const { first, count, lane } of tileRuns(this.#plan.kernel, access.role, this.#image, lanes)) {
      const place = first % rowLength;
      fromFirst.add((place % itemsPerWord) - lane);
      const start = place - lane;
      const words = Math.floor(((start % itemsPerWord) + lane + count - 1) / itemsPerWord) + 1;
      if (start < 0 || words > access.words) isFromLane0 = false;
      else fromLane0.add(start % itemsPerWord);
    }
    const offsets = [...(isFromLane0 ? fromLane0 : fromFirst)].sort((a, b) => a - b);
    const starts = { isFromLane0, offsets };
    this.#starts.set(access, starts);
    return starts;
  }

  /** The place of lane 0 in the first word of a tile, `delay` cycles after it has entered. */
  offset(access: PortAccess, layout: Layout, delay: number): string {
    const { itemsPerWord } = layout;
    const { lanes } = this.#widths;
    const { isFromLane0 } = this.startsOf(access, layout);
    if (this.#isCut && (access.role === 'syn' || !isFromLane0)) {
      const within = `32'(${modulo(this.#first(access, layout, delay), itemsPerWord).text})`;
      return isFromLane0 ? within : `${within} - 32'(${this.#taps.from(delay)})`;
    }
    const tile = this.tile(delay);
    // Tiles that divide words begin at multiples of the lanes.
    if (itemsPerWord % lanes === 0) return times(modulo(tile, itemsPerWord / lanes), lanes).text;
    return `(${times(tile, lanes).text} % 32'd${itemsPerWord})`;
  }

  /** The place of the item in its row at which the first word of a segment's tile begins. */
  #first(access: PortAccess, layout: Layout, delay: number): Unsigned {
    const { lanes, place } = this.#widths;
    const { isFromLane0 } = this.startsOf(access, layout);
    if (access.role === 'syn') {
      const first = this.#taps.place(delay);
      if (!isFromLane0) return { text: first, bits: place };
      return { text: `(32'(${first}) - 32'(${this.#taps.from(delay)}))`, bits: 32 };
    }
    return { text: `(${times(this.tile(delay), lanes).text} + 32'(${this.#taps.from(delay)}))`, bits: 32 };
  }

  row(): Unsigned {
    return { text: this.#taps.row(), bits: this.#widths.neuron };
  }

  tile(delay: number): Unsigned {
    return { text: this.#taps.tile(delay), bits: this.#widths.tile };
  }

  /** The address of a word of an access; that of a tile `delay` cycles after its first one. */
  address(access: PortAccess, word: number, delay: number | undefined): string {
    const { role, layout: index, bank } = access;
    const layout = at(this.#image.layouts, index);
    const { firstWord, itemsPerWord, wordsPerRow } = layout;
    const { lanes } = this.#widths;
    const first = firstWord + word;
    if (delay === undefined || this.isSingle)
      return this.sum(bank, first, [quotient(this.row(), itemsPerWord)]);
    if (role === 'pre') return this.sum(bank, first, [quotient(this.line(delay), itemsPerWord)]);
    const isSynapse = role === 'syn';
    const line = isSynapse && wordsPerRow > 0 ? [times(this.line(delay), wordsPerRow)] : [];
    if (this.#isCut && (isSynapse || !this.startsOf(access, layout).isFromLane0))
      return this.sum(bank, first, [...line, quotient(this.#first(access, layout, delay), itemsPerWord)]);
    const tile = this.tile(delay);
    const ofTile =
      itemsPerWord % lanes === 0
        ? quotient(tile, itemsPerWord / lanes)
        : lanes % itemsPerWord === 0
          ? times(tile, lanes / itemsPerWord)
          : { text: `(${times(tile, lanes).text} / 32'd${itemsPerWord})`, bits: 32 };
    return this.sum(bank, first, [...line, ofTile]);
  }

  /** The row of stored weights that the synapses of a tile have; by columns, also its neuron. */
  line(delay: number): Unsigned {
    if (!this.#isCut && (this.#plan.walks === 'row' || this.#plan.walks === 'rows')) return this.row();
    return { text: this.#taps.line(delay), bits: this.#widths.weightRow };
  }

  /** An address: a constant and numbers. */
  sum(bank: number, first: number, terms: readonly Unsigned[]): string {
    const bits = at(this.#widths.address, bank);
    const all = [
      ...(first === 0 ? [] : [literal(first, bits)]),
      ...terms.map(({ text }) => `${bits}'(${text})`),
    ];
    return all.join(' + ');
  }

  bit(slot: Unsigned, itemBits: number, field: Field, bank: number): string {
    // As wide as the number of a bit: synthesis makes shifters of computed places, and wider ones for wider numbers.
    const bits = indexBits(Math.max(2, at(this.#image.banks, bank).wordBits));
    const first = literal(field.bitOffset, bits);
    // An item that fills its word is the only one.
    return itemBits >= 2 ** bits ? first : `${bits}'(${slot.text}) * ${literal(itemBits, bits)} + ${first}`;
  }
}
