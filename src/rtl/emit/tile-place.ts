import type { Field, Layout } from '../../image/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { KernelPlan, TileStarts } from '../plan/core-plan.ts';
import { indexBits, type Widths } from '../plan/widths.ts';
import type { KernelBody } from './kernel-body.ts';
import { literal, modulo, quotient, times, type Unsigned } from './verilog.ts';

/** Where a kernel's tiles and rows are in the words of the banks: addresses, and places in words. */
export class TilePlace {
  /** Whether the kernel visits one item. */
  readonly isSingle: boolean;
  readonly #body: KernelBody;
  readonly #kernels: readonly KernelPlan[];
  readonly #widths: Widths;
  /** Whether tiles come from segments, which begin at any lane. */
  readonly #isCut: boolean;

  constructor(body: KernelBody) {
    this.#body = body;
    this.#kernels = body.pipeline.kernels;
    this.#widths = body.core.widths;
    this.isSingle = body.plan.walks === 'neuron';
    this.#isCut = body.plan.table !== undefined;
  }

  /** Where the tiles of an access begin in its words. */
  startsOf(access: PortAccess): TileStarts {
    const starts = this.#body.pipeline.starts.get(access);
    if (starts === undefined) throw new Error('an access without tiles');
    return starts;
  }

  /** Whether several tiles of a row share a word: they follow one another, and have no item in common. */
  sharesWords(access: PortAccess): boolean {
    const { plan, image } = this.#body;
    const layout = at(image.layouts, access.layout);
    const isInOrder = plan.walks === 'neurons' || plan.walks === 'row' || plan.walks === 'rows';
    return (
      isInOrder &&
      plan.table === undefined &&
      access.role !== 'pre' &&
      layout.itemsPerWord > image.core.lanes &&
      this.isWhole(access, layout)
    );
  }

  /**
   * Whether the tile that entered so many cycles ago has a next one at its heels, in the same row and word. What drains
   * or waits has none.
   */
  followed(access: PortAccess, delay: number): string {
    const { taps, plan, image } = this.#body;
    const tiles = at(image.layouts, access.layout).itemsPerWord / image.core.lanes;
    const next = delay - plan.intervalCycles;
    const [word, nextWord] = [delay, next].map((cycles) => quotient(this.tile(cycles), tiles).text);
    return `(${taps.at('valid', delay)} & ${taps.at('valid', next)} & ${word} == ${nextWord})`;
  }

  /** Whether words have whole tiles. */
  isWhole(access: PortAccess, layout: Layout): boolean {
    const { itemsPerWord } = layout;
    const { offsets } = this.startsOf(access);
    return (
      itemsPerWord % this.#body.image.core.lanes === 0 &&
      offsets.every((value) => value >= 0 && value % this.#body.image.core.lanes === 0)
    );
  }

  /** The layouts of an access, one for each of the pipeline's kernels. */
  #layoutsOf(access: PortAccess): Layout[] {
    const { pipeline, image } = this.#body;
    const layouts = pipeline.layouts.get(access);
    if (layouts === undefined) throw new Error('an access of another kernel');
    return layouts.map((layout) => at(image.layouts, layout));
  }

  /** The place of lane 0 in the first word of a tile, `delay` cycles after it has entered. */
  offset(access: PortAccess, layout: Layout, delay: number): string {
    const { itemsPerWord } = layout;
    const { lanes } = this.#widths;
    const { isFromLane0 } = this.startsOf(access);
    if (this.#isCut && (access.role === 'syn' || !isFromLane0)) {
      const within = `32'(${modulo(this.#first(access, delay), itemsPerWord).text})`;
      return isFromLane0 ? within : `${within} - 32'(${this.#body.taps.at('from', delay)})`;
    }
    const tile = this.tile(delay);
    // Tiles that divide words begin at multiples of the lanes.
    if (itemsPerWord % lanes === 0) return times(modulo(tile, itemsPerWord / lanes), lanes).text;
    return `(${times(tile, lanes).text} % 32'd${itemsPerWord})`;
  }

  /** The place of the item in its row at which the first word of a segment's tile begins. */
  #first(access: PortAccess, delay: number): Unsigned {
    const { lanes, place } = this.#widths;
    const { isFromLane0 } = this.startsOf(access);
    if (access.role === 'syn') {
      const first = this.#body.taps.at('place', delay);
      if (!isFromLane0) return { text: first, bits: place };
      return { text: `(32'(${first}) - 32'(${this.#body.taps.at('from', delay)}))`, bits: 32 };
    }
    return {
      text: `(${times(this.tile(delay), lanes).text} + 32'(${this.#body.taps.at('from', delay)}))`,
      bits: 32,
    };
  }

  row(): Unsigned {
    return { text: this.#body.taps.row(), bits: this.#widths.neuron };
  }

  tile(delay: number): Unsigned {
    return { text: this.#body.taps.at('tile', delay), bits: this.#widths.tile };
  }

  /** The address of a word of an access; that of a tile `delay` cycles after its first one. */
  address(access: PortAccess, word: number, delay: number | undefined): string {
    return this.#sum(
      access,
      word,
      delay,
      this.#layoutsOf(access).map((layout) => this.#terms(access, layout, delay)),
    );
  }

  /** The offset to the first address of an access. */
  #terms(access: PortAccess, layout: Layout, delay: number | undefined): Unsigned[] {
    const { role } = access;
    const { itemsPerWord, wordsPerRow } = layout;
    const { lanes } = this.#widths;
    if (delay === undefined || this.isSingle) return [quotient(this.row(), itemsPerWord)];
    if (role === 'pre') return [quotient(this.line(delay), itemsPerWord)];
    const isSynapse = role === 'syn';
    const line = isSynapse && wordsPerRow > 0 ? [times(this.line(delay), wordsPerRow)] : [];
    if (this.#isCut && (isSynapse || !this.startsOf(access).isFromLane0))
      return [...line, quotient(this.#first(access, delay), itemsPerWord)];
    const tile = this.tile(delay);
    const ofTile =
      itemsPerWord % lanes === 0
        ? quotient(tile, itemsPerWord / lanes)
        : lanes % itemsPerWord === 0
          ? times(tile, lanes / itemsPerWord)
          : { text: `(${times(tile, lanes).text} / 32'd${itemsPerWord})`, bits: 32 };
    return [...line, ofTile];
  }

  /** The row of stored weights that the synapses of a tile have; by columns, also its neuron. */
  line(delay: number): Unsigned {
    if (!this.#isCut && (this.#body.plan.walks === 'row' || this.#body.plan.walks === 'rows'))
      return this.row();
    return { text: this.#body.taps.at('line', delay), bits: this.#widths.weightRow };
  }

  /** An address: the first one of each kernel, and what each adds. */
  #sum(
    access: PortAccess,
    word: number,
    delay: number | undefined,
    terms: readonly (readonly Unsigned[])[],
  ): string {
    const bits = at(this.#widths.address, access.bank);
    const firsts = this.#layoutsOf(access).map(({ firstWord }) => firstWord + word);
    const most = Math.max(...terms.map(({ length }) => length));
    const first = firsts.every((own) => own === 0)
      ? []
      : [this.#byKernel(firsts.map((own) => literal(own, bits)))];
    const all = Array.from({ length: most }, (_, term) =>
      this.#byKernel(
        terms.map((own) => {
          const { text } = own[term] ?? { text: literal(0, bits) };
          return `${bits}'(${text})`;
        }),
      ),
    );
    const [ofRow = '', ofTile] = all;
    if (access.role !== 'syn' || ofTile === undefined || !this.#isRowStable())
      return [...first, ...all].join(' + ');
    const ofRows = [...first, ofRow].join(' + ');
    const step = delay === 0 && word === 0 ? this.#step(access) : undefined;
    // Tiles that follow one another: the address of the next one is there before the tile.
    if (step !== undefined) return this.#body.taps.counter(ofRows, bits, step);
    // The row is there a cycle before its first tile: its offset to addresses is in a register.
    let base = this.#body.taps.register(ofRows, bits);
    // Where rows overlap, it follows the tile.
    if (this.#body.plan.schedule.overlapsRows)
      for (let passed = 0; passed < (delay ?? 0); passed++) base = this.#body.taps.register(base, bits);
    return `${base} + ${ofTile}`;
  }

  /** How many words the next tile of a row lies behind a tile, if all tiles of a row enter, one after another. */
  #step(access: PortAccess): number | undefined {
    const { lanes } = this.#widths;
    const steps = this.#layoutsOf(access).map(({ itemsPerWord }, member) =>
      at(this.#kernels, member).kernel.columnGate === undefined ? lanes / itemsPerWord : Number.NaN,
    );
    const [step = Number.NaN] = steps;
    return Number.isInteger(step) && steps.every((own) => own === step) ? step : undefined;
  }

  /** Whether a row lasts from before its first tile. A kernel that waits for the FIFO is back in its row at once. */
  #isRowStable(): boolean {
    const { walks } = this.#body.plan;
    const walksRows = walks === 'row' || walks === 'rows';
    return !this.#isCut && walksRows && this.#body.plan.emits === undefined;
  }

  /** The values of the pipeline's kernels in a place: one of them runs. */
  #byKernel(texts: readonly string[]): string {
    const [first = '', ...others] = texts;
    if (others.every((text) => text === first)) return first;
    return `(${others.map((text, index) => `${this.#body.taps.member(this.#kernels.length)} == ${literal(index + 1, indexBits(this.#kernels.length))} ? ${text} : `).join('')}${first})`;
  }

  bit(slot: Unsigned, itemBits: number, field: Field, bank: number): string {
    // As wide as the number of a bit: synthesis makes shifters of computed places, and wider ones for wider numbers.
    const bits = indexBits(Math.max(2, at(this.#body.image.banks, bank).wordBits));
    const first = literal(field.bitOffset, bits);
    // An item that fills its word is the only one.
    return itemBits >= 2 ** bits ? first : `${bits}'(${slot.text}) * ${literal(itemBits, bits)} + ${first}`;
  }
}
