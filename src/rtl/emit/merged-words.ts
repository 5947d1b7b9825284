import type { PortAccess } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { KernelBody } from './kernel-body.ts';
import type { BankWrite } from './taps.ts';
import { literal, vector } from './verilog.ts';

/** A word to be written: `NAME_data` where `NAME_mask` is set. */
interface Word extends BankWrite {
  readonly name: string;
  readonly enable: string;
  readonly address: string;
}

/**
 * Writes words. A bank that writes single bits takes their masks. Into one that does not, a word goes back whole: as it
 * was loaded, or as the tile before has written it, if that tile shares it.
 */
export class MergedWords {
  readonly #body: KernelBody;
  /** By layout, the word of the row's neuron: when it is there, and what it is. */
  readonly #ofRow = new Map<number, { readonly enable: string; readonly data: string }>();
  /** By layout, the words that tiles write. */
  readonly #ofTiles = new Map<number, readonly Word[]>();

  constructor(body: KernelBody) {
    this.#body = body;
  }

  /** Keeps a word that is loaded, if it will be written back. */
  loaded({ role, layout, bank, slots }: PortAccess, word: number, data: string): string[] {
    const { stores, rowStores, phases } = this.#body.plan.schedule;
    const { bitMask, wordBits } = at(this.#body.image.banks, bank);
    if (bitMask) return [];
    const name = `kept_${role}_${layout}_${word}`;
    const slot = at(slots, word);
    if (rowStores.some((store) => store.role === role && store.layout === layout)) {
      this.#ofRow.set(layout, { enable: this.#body.taps.at('row_slot', slot + 1), data });
      return [];
    }
    const store = stores.find((other) => other.role === role && other.layout === layout);
    if (store === undefined) return [];
    return Array.from({ length: this.#copies(slot, phases + at(store.slots, word)) }, (_, copy) => {
      const enable = this.#body.taps.at('valid', slot + 1 + copy * this.#body.plan.intervalCycles);
      const source = copy === 0 ? data : `${name}_${copy}`;
      return `reg ${vector(wordBits)} ${name}_${copy + 1}; always @(posedge clk) if (${enable}) ${name}_${copy + 1} <= ${source};`;
    });
  }

  /** The registers that carry a word from the cycle after its slot to a phase, one for each interval. */
  #copies(slot: number, phase: number): number {
    return Math.ceil((phase - (slot - 1)) / this.#body.plan.intervalCycles);
  }

  /** Writes the words of an access, in the order of their cycles. */
  writes({ role, layout, bank, slots }: PortAccess, words: readonly Word[]): string[] {
    const { bitMask, wordBits } = at(this.#body.image.banks, bank);
    if (bitMask) {
      for (const word of words) this.#masked(bank, word);
      return [];
    }
    this.#ofTiles.set(layout, words);
    const { loads, phases } = this.#body.plan.schedule;
    const load = loads.find((other) => other.role === role && other.layout === layout);
    const last = `last_${role}_${layout}`;
    const addressBits = this.#body.taps.addressBits(bank);
    const lines = words.flatMap(({ name, enable, address }, word) => {
      const kept =
        load === undefined
          ? literal(0n, wordBits)
          : `kept_${role}_${layout}_${word}_${this.#copies(at(load.slots, word), phases + at(slots, word))}`;
      this.#whole(bank, `${name}_writes`, `${name}_address`, `${name}_whole`);
      return [
        `wire ${name}_writes = ${enable} & |${name}_mask;`,
        `wire ${vector(addressBits)} ${name}_address = ${address};`,
        `wire ${vector(wordBits)} ${name}_before = ${last}_valid & ${last}_address == ${name}_address ? ${last}_word : ${kept};`,
        `wire ${vector(wordBits)} ${name}_whole = (${name}_before & ~${name}_mask) | (${name}_data & ${name}_mask);`,
      ];
    });
    return [
      `reg ${last}_valid;`,
      `reg ${vector(addressBits)} ${last}_address;`,
      `reg ${vector(wordBits)} ${last}_word;`,
      ...lines,
      'always @(posedge clk)',
      `  if (${this.#body.taps.start()}) ${last}_valid <= 1'b0;`,
      ...words.map(
        ({ name }) =>
          `  else if (${name}_writes) begin ${last}_valid <= 1'b1; ${last}_address <= ${name}_address; ${last}_word <= ${name}_whole; end`,
      ),
    ];
  }

  #masked(bank: number, { name, ...word }: Word): void {
    this.#body.taps.write(bank, { ...word, data: `${name}_data`, mask: `${name}_mask` });
  }

  #whole(bank: number, enable: string, address: string, data: string): void {
    const { wordBits } = at(this.#body.image.banks, bank);
    this.#body.taps.write(bank, { enable, address, data, repeats: false, grain: wordBits });
  }

  /** Writes a word of the row's neuron: beside what it had, or what a tile of the row has made of it. */
  rowWrite(layout: number, word: Word): string[] {
    const { name, enable, address } = word;
    const { bank } = at(this.#body.image.layouts, layout);
    const { bitMask, wordBits } = at(this.#body.image.banks, bank);
    if (bitMask) {
      this.#masked(bank, word);
      return [];
    }
    const loaded = this.#ofRow.get(layout);
    const kept = loaded === undefined ? literal(0n, wordBits) : `kept_pre_${layout}`;
    this.#whole(bank, enable, address, `${name}_whole`);
    const tiles = this.#ofTiles.get(layout) ?? [];
    return [
      ...(loaded === undefined
        ? []
        : [
            `reg ${vector(wordBits)} ${kept};`,
            ...(tiles.length === 0
              ? []
              : [`wire ${vector(this.#body.taps.addressBits(bank))} ${name}_address = ${address};`]),
            'always @(posedge clk)',
            `  if (${loaded.enable}) ${kept} <= ${loaded.data};`,
            ...tiles.map(
              (tile) =>
                `  else if (${tile.name}_writes & ${tile.name}_address == ${name}_address) ${kept} <= ${tile.name}_whole;`,
            ),
          ]),
      `wire ${vector(wordBits)} ${name}_whole = (${kept} & ~${name}_mask) | (${name}_data & ${name}_mask);`,
    ];
  }
}
