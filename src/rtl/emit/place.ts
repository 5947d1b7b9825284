import type { Field, Layout } from '../../image/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { KernelBody } from './kernel-body.ts';
import { MergedWords } from './merged-words.ts';
import type { BankWrite } from './taps.ts';
import { TilePlace } from './tile-place.ts';
import { extended, literal, modulo, vector } from './verilog.ts';

/** A field of the row's neuron, and the name of the bits that it takes. */
export interface RowField {
  readonly field: Field;
  readonly value: string;
}

/** A field of the items of a tile, as its lanes write it. */
export interface StoredField {
  readonly field: Field;
  /** The vector with the values of all lanes, in the cycle of a slot. */
  readonly lane: (slot: number) => string;
  /** The vector that tells which lanes store, if not all active ones do. */
  readonly where?: ((slot: number) => string) | undefined;
}

/** Where the items of a kernel's tiles are in the words of the banks, as Verilog. */
export class WordPlaces {
  readonly #body: KernelBody;
  readonly #at: TilePlace;
  readonly #merged: MergedWords;
  readonly #ports = new Map<string, number>();
  /** By access, for each word: the expression that has it when the last one arrives. */
  readonly #words = new Map<PortAccess, readonly string[]>();

  constructor(body: KernelBody) {
    this.#body = body;
    this.#at = new TilePlace(body);
    this.#merged = new MergedWords(body);
  }

  /** Presents the addresses of what is loaded, and keeps the words that arrive before the last one. */
  reads(access: PortAccess): string[] {
    const { role, bank, slots } = access;
    const bits = at(this.#body.image.banks, bank).wordBits;
    const last = Math.max(...slots);
    const lines: string[] = [];
    const words = slots.map((slot, word) => {
      const isRow = this.#isOfRow(access);
      const key = `${isRow ? 'row' : 'tile'} ${bank} ${slot}`;
      const port = this.#ports.get(key) ?? 0;
      this.#ports.set(key, port + 1);
      const enable = isRow ? this.#body.taps.at('row_slot', slot) : this.#body.taps.at('valid', slot);
      const { schedule, intervalCycles } = this.#body.plan;
      // The port shows the word until it is asked for another one.
      const isAlone = schedule.loads.every(
        (own) => own.bank !== bank || own.slots.every((one) => one === slot),
      );
      const holds = !isRow && isAlone && this.#at.sharesWords(access);
      this.#body.taps.read(bank, port, {
        enable: holds ? `(${enable} & ~${this.#at.followed(access, slot + intervalCycles)})` : enable,
        address: this.#at.address(access, word, isRow ? undefined : slot),
      });
      const data = this.#body.taps.data(bank, port, bits);
      lines.push(...this.#merged.loaded(access, word, data));
      if (slot === last || isRow) return data;
      const name = `word_${access.layout}_${word}`;
      lines.push(
        `reg ${vector(bits)} ${name};`,
        `always @(posedge clk) if (${this.#body.taps.at('valid', slot + 1)}) ${name} <= ${data};`,
      );
      return name;
    });
    this.#words.set(access, words);
    const layout = at(this.#body.image.layouts, access.layout);
    if (role !== 'pre' && !this.#at.isSingle && this.#at.startsOf(access).offsets.length > 1)
      lines.push(`wire [31:0] ${offsetName(access)} = ${this.#at.offset(access, layout, last + 1)};`);
    return lines;
  }

  /** Whether words are loaded once a row, not with each tile. */
  #isOfRow({ role }: PortAccess): boolean {
    return role === 'pre' && this.#body.plan.walks !== 'columns';
  }

  /** The register of a lane that takes its item when the last word of the tile arrives. */
  laneRegister(access: PortAccess, field: Field, name: string, bits: number): string[] {
    const last = Math.max(...access.slots);
    const layout = at(this.#body.image.layouts, access.layout);
    const { itemsPerWord } = layout;
    const itemBits = strideOf(field, layout);
    const lanes = this.#body.image.core.lanes;
    const words = this.#words.get(access) ?? [];
    const enable = this.#body.taps.at('valid', last + 1);
    const update = (value: string): string[] => [
      `reg signed ${vector(bits)} ${name};`,
      `always @(posedge clk) if (${enable}) ${name} <= ${extended(value, field.signed)};`,
    ];
    if (this.#at.isSingle || access.role === 'pre') {
      const neuron = this.#at.isSingle ? this.#at.row() : this.#at.line(last + 1);
      const slot = modulo(neuron, itemsPerWord);
      return update(`${words[0]}[${this.#at.bit(slot, itemBits, field, access.bank)} +: ${field.bits}]`);
    }
    const { offsets } = this.#at.startsOf(access);
    const from = (offset: number): string => {
      // All lanes in one expression: the word and the bit are constants of the lane. Lanes before the first item of the
      // tile, which hold none, may be words behind.
      const behind = Math.max(0, Math.ceil(-offset / itemsPerWord));
      const first = `(l + ${offset + behind * itemsPerWord})`;
      const bit = `(${first} % ${itemsPerWord}) * ${itemBits} + ${field.bitOffset}`;
      const spans = Math.floor((lanes - 1 + offset) / itemsPerWord) + 1;
      return words.slice(0, Math.max(1, spans)).reduceRight((others, text, word) => {
        const own = `${text}[${bit} +: ${field.bits}]`;
        return others === '' ? own : `(${first} / ${itemsPerWord} == ${word + behind} ? ${own} : ${others})`;
      }, '');
    };
    const [only] = offsets;
    // A kernel without items has no offset.
    return update(offsets.length < 2 ? from(only ?? 0) : chosen(offsetName(access), offsets, from));
  }

  /** The register that keeps an item of the row's neuron. */
  rowRegister(access: PortAccess, field: Field, name: string, bits: number): string[] {
    const layout = at(this.#body.image.layouts, access.layout);
    const { itemsPerWord } = layout;
    const itemBits = strideOf(field, layout);
    const [word = ''] = this.#words.get(access) ?? [];
    const slot = modulo(this.#at.row(), itemsPerWord);
    const text = `${word}[${this.#at.bit(slot, itemBits, field, access.bank)} +: ${field.bits}]`;
    const enable = this.#body.taps.at('row_slot', at(access.slots, 0) + 1);
    return [
      `reg signed ${vector(bits)} ${name};`,
      `always @(posedge clk) if (${enable}) ${name} <= ${extended(text, field.signed)};`,
    ];
  }

  /** Writes the words of an access. */
  writes(access: PortAccess, fields: readonly StoredField[]): string[] {
    const { bank, slots, layout: index } = access;
    const layout = at(this.#body.image.layouts, index);
    const bits = at(this.#body.image.banks, bank).wordBits;
    const words = slots.map((slot, word) => {
      const delay = 2 + this.#body.plan.schedule.phases + slot;
      const name = `out_${index}_${word}`;
      const enable = this.#body.taps.at('valid', delay);
      // The address is computed a cycle ahead, so that no bank waits for an adder.
      const address = `${name}_place`;
      const isPlaced = !this.#at.isSingle && this.#at.startsOf(access).offsets.length > 1;
      const text = [
        `reg ${vector(this.#body.taps.addressBits(bank))} ${address};`,
        `always @(posedge clk) ${address} <= ${this.#at.address(access, word, delay - 1)};`,
        ...(isPlaced ? [`wire [31:0] ${name}_offset = ${this.#at.offset(access, layout, delay)};`] : []),
        `reg ${vector(bits)} ${name}_data;`,
        `reg ${vector(bits)} ${name}_mask;`,
        `integer ${name}_i;`,
        'always @* begin',
        `  ${name}_data = ${literal(0, bits)};`,
        `  ${name}_mask = ${literal(0, bits)};`,
        // Or it would be a latch where an offset moves nothing.
        `  ${name}_i = 0;`,
        ...fields.flatMap((field) => this.#packed(name, word, delay, layout, access, field, slot)),
        'end',
      ];
      return { name, enable, address, text, ...this.#written(access, fields) };
    });
    return [...words.flatMap(({ text }) => text), ...this.#merged.writes(access, words)];
  }

  /** How the words of an access are written: those with several tiles, or one item, have them in all places. */
  #written(access: PortAccess, fields: readonly { readonly field: Field }[]): BankWrite {
    const layout = at(this.#body.image.layouts, access.layout);
    const { itemsPerWord, itemBits } = layout;
    const isFull = itemsPerWord * itemBits === at(this.#body.image.banks, access.bank).wordBits;
    const isOfItem = this.#at.isSingle || access.role === 'pre';
    const items = isOfItem
      ? 1
      : this.#at.isWhole(access, layout)
        ? this.#body.image.core.lanes
        : itemsPerWord;
    return {
      repeats: isFull && items < itemsPerWord,
      grain: Math.min(...fields.map(({ field }) => field.bits)),
    };
  }

  /** Writes fields of the row's neuron, which share its word. */
  rowWrite(access: PortAccess, fields: readonly RowField[], enable: string): string[] {
    const { layout: index, bank } = access;
    const { itemBits, itemsPerWord } = at(this.#body.image.layouts, index);
    const name = `row_${index}`;
    const bits = at(this.#body.image.banks, bank).wordBits;
    const row = this.#at.row();
    const address = this.#at.address(access, 0, undefined);
    const slot = `32'(${modulo(row, itemsPerWord).text})`;
    return [
      ...this.#merged.rowWrite(index, { name, enable, address, ...this.#written(access, fields) }),
      `reg ${vector(bits)} ${name}_data;`,
      `reg ${vector(bits)} ${name}_mask;`,
      `integer ${name}_i;`,
      'always @* begin',
      `  ${name}_data = ${literal(0, bits)};`,
      `  ${name}_mask = ${literal(0, bits)};`,
      // The item goes to all places of the word, and the mask chooses.
      `  for (${name}_i = 0; ${name}_i < ${itemsPerWord}; ${name}_i = ${name}_i + 1) begin`,
      ...fields.flatMap(({ field, value }) => {
        const place = `${name}_i * ${itemBits} + ${field.bitOffset} +: ${field.bits}`;
        return [
          `    ${name}_data[${place}] = ${value};`,
          `    ${name}_mask[${place}] = {${field.bits}{${name}_i == ${slot}}};`,
        ];
      }),
      '  end',
      'end',
    ];
  }

  /** Puts the values of lanes into the items of a word. */
  #packed(
    name: string,
    word: number,
    delay: number,
    layout: Layout,
    access: PortAccess,
    { field, lane, where }: StoredField,
    slot: number,
  ): string[] {
    const { itemBits, itemsPerWord } = layout;
    const { bits } = field;
    const lanes = this.#body.image.core.lanes;
    const active = this.#body.taps.at('active', delay);
    const i = `${name}_i`;
    const put = (from: string, isActive: string): string[] => [
      `    ${name}_data[${i} * ${itemBits} + ${field.bitOffset} +: ${bits}] = ${lane(slot)}[(${from}) * ${bits} +: ${bits}];`,
      `    ${name}_mask[${i} * ${itemBits} + ${field.bitOffset} +: ${bits}] = {${bits}{${isActive}${where === undefined ? '' : ` & ${where(slot)}[${from}]`}}};`,
    ];
    const loop = (from: number, to: number, body: readonly string[]): string[] => [
      `  for (${i} = ${from}; ${i} < ${to}; ${i} = ${i} + 1) begin`,
      ...body,
      '  end',
    ];
    if (this.#at.isSingle) {
      const own = `32'(${modulo(this.#at.row(), lanes).text})`;
      return loop(0, itemsPerWord, put(own, `${i} == 32'(${modulo(this.#at.row(), itemsPerWord).text})`));
    }
    const { offsets } = this.#at.startsOf(access);
    const offset = `${name}_offset`;
    const [only] = offsets;
    // A tile goes to all places of the word, and the mask chooses: no multiplexer.
    if (this.#at.isWhole(access, layout)) {
      const own = offsets.length > 1 ? offset : String(only ?? 0);
      const isOwn = `${active}[${i} % ${lanes}] & (${i} / ${lanes} * ${lanes} == ${own})`;
      return loop(0, itemsPerWord, put(`${i} % ${lanes}`, isOwn));
    }
    const body = (value: number): string[] => {
      const shift = word * itemsPerWord - value;
      const from = Math.max(0, -shift);
      const to = Math.min(itemsPerWord, lanes - shift);
      return to <= from ? [] : loop(from, to, put(`${i} + ${shift}`, `${active}[${i} + ${shift}]`));
    };
    if (offsets.length === 1) return body(only ?? 0);
    return offsets.flatMap((value) => [
      `  if (${offset} == ${offsetLiteral(value)}) begin`,
      ...body(value),
      '  end',
    ]);
  }
}

/** Bits from an item to the next one in its word; 0 for a field that is kept once for all of them. */
function strideOf({ perWord }: Field, { itemBits }: Layout): number {
  return perWord ? 0 : itemBits;
}

function offsetName({ role, layout }: PortAccess): string {
  return `${role}_${layout}_offset`;
}

/** The text for the offset that holds, one bit of it after the other: no comparison stands in the way. */
function chosen(name: string, offsets: readonly number[], text: (offset: number) => string): string {
  const [first = 0] = offsets;
  if (offsets.length === 1) return text(first);
  const different = offsets.reduce((bits, offset) => bits | (offset ^ first), 0);
  const bit = 31 - Math.clz32(different);
  const halves = [1, 0].map((value) => offsets.filter((offset) => ((offset >>> bit) & 1) === value));
  const [high, low] = halves.map((half) => chosen(name, half, text));
  return `(${name}[${bit}] ? ${high} : ${low})`;
}

/** An offset as the logic computes it, modulo 2^32. */
function offsetLiteral(offset: number): string {
  return `32'd${offset >>> 0}`;
}
