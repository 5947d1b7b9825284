import { type Field, fitToField } from '../../image/index.ts';
import { operationNamed, registerRange, valueRange } from '../../isa/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import { identifier, signedBits } from '../plan/widths.ts';
import type { CarriedValue } from './carrier.ts';
import type { KernelBody } from './kernel-body.ts';
import { LaneText, type Wire } from './lane-text.ts';
import type { RowField, StoredField, WordPlaces } from './place.ts';
import { commentLine, literal, vector } from './verilog.ts';

/** A store or a sum: its value, and its predicate. */
export interface Store {
  readonly line: number;
  readonly field: number;
  readonly value: CarriedValue;
  readonly where: CarriedValue | undefined;
}

/** Writes what the lines of a kernel store and sum, behind its last phase. */
export function storesText(body: KernelBody, place: WordPlaces, stores: readonly Store[]): void {
  new StoreText(body, place).write(stores);
}

class StoreText {
  readonly #body: KernelBody;
  readonly #place: WordPlaces;
  /** What the lanes write into the words of an access. */
  readonly #stored = new Map<PortAccess, StoredField[]>();
  /** Names of the vectors of lanes that predicated stores let store. */
  readonly #storingNames = new Set<string>();

  constructor(body: KernelBody, place: WordPlaces) {
    this.#body = body;
    this.#place = place;
  }

  write(stores: readonly Store[]): void {
    const { plan, image, lanes, taps, carrier, shared } = this.#body;
    const { kernel, schedule } = plan;
    const sums: RowField[] = [];
    for (const { line, field: index, value, where } of stores) {
      const field = at(image.fields, index);
      const { effect } = operationNamed(at(kernel.code, line).mnemonic);
      lanes.begin(`s${line + 1}`);
      if (effect.does === 'reduce') {
        const last = carrier.at(value, schedule.phases);
        sums.push({ field, value: this.#reduced(line, index, last, effect.joins) });
        continue;
      }
      const phase = at(schedule.lines, line);
      const fitted = lanes.fitted(carrier.at(value, phase), field);
      this.#note(field, { wire: fitted, phase }, where);
      this.#gate(index, field, { wire: fitted, phase }, where);
      const view = image.fields[field.storedView ?? -1];
      if (view !== undefined) this.#note(view, { wire: lanes.view(fitted, view), phase }, where);
    }
    for (const [access, fields] of this.#stored) shared.push(...this.#place.writes(access, fields));
    for (const access of schedule.rowStores) {
      const last = taps.at('row_store', at(access.slots, 0));
      const own = sums.filter(({ field }) => field.layout === access.layout);
      shared.push(...this.#place.rowWrite(access, own, last));
    }
  }

  /** Notes what the lanes write into a field: their values, in the cycle of each word. */
  #note(field: Field, value: CarriedValue, where: CarriedValue | undefined): void {
    const { plan, lanes, taps, carrier } = this.#body;
    const { stores, phases } = plan.schedule;
    const access = stores.find((store) => store.layout === field.layout);
    if (access === undefined) throw new Error(`${field.name} is not written`);
    const { bits } = field;
    for (const slot of new Set(access.slots)) {
      const held = carrier.at(value, phases + slot);
      const packed = taps.packed(laneVector(field, slot), bits);
      lanes.lines.push(`assign ${packed}[l * ${bits} +: ${bits}] = ${lanes.as(held, bits)};`);
    }
    if (where !== undefined) for (const slot of new Set(access.slots)) this.#storing(field, where, slot);
    const storing = where && ((slot: number) => storingVector(field, slot));
    const stored = { field, lane: (slot: number) => laneVector(field, slot), where: storing };
    this.#stored.set(access, [...(this.#stored.get(access) ?? []), stored]);
  }

  /** The vector of the lanes that a predicated store lets store, in the cycle of a slot. */
  #storing(field: Field, where: CarriedValue, slot: number): string {
    const { plan, lanes, taps, carrier } = this.#body;
    const name = storingVector(field, slot);
    if (this.#storingNames.has(name)) return name;
    this.#storingNames.add(name);
    taps.packed(name, 1);
    lanes.lines.push(`assign ${name}[l] = ${lanes.isSet(carrier.at(where, plan.schedule.phases + slot))};`);
    return name;
  }

  /** The effect of a store on the bits that tell whether an item is zero. */
  #gate(index: number, field: Field, value: CarriedValue, where: CarriedValue | undefined): void {
    const { plan, core, lanes, taps, carrier, shared } = this.#body;
    if (!core.gates.some((gate) => gate.index === index)) return;
    const { phases } = plan.schedule;
    const held = carrier.at(value, phases);
    lanes.lines.push(`assign ${taps.laneOutput(`gate${index}_set`, 1)} = ${lanes.isSet(held)};`);
    shared.push(commentLine(`${identifier(field.name)}: whether its items are zero`));
    taps.output(`gate${index}_valid`, undefined, taps.at('valid', 2 + phases));
    taps.output(`gate${index}_tile`, core.widths.tile, taps.at('tile', 2 + phases));
    const active = taps.at('active', 2 + phases);
    const stored = where === undefined ? active : `${active} & ${this.#storing(field, where, 0)}`;
    taps.output(`gate${index}_lanes`, core.widths.lanes, stored);
  }

  /**
   * Sums a value over the row; the sum is written in the cycle after the last tile has been added.
   *
   * @returns the name of its bits
   */
  #reduced(line: number, index: number, value: Wire, joins: 'sum' | 'largest'): string {
    const { pipeline, plan, core, image, taps } = this.#body;
    const { result } = at(pipeline.ranges, line);
    const field = at(image.fields, index);
    const table = core.tables[plan.table ?? -1];
    const longest = table?.longestRow ?? Math.max(...pipeline.kernels.map(({ columns }) => columns));
    const sum =
      result ?? valueRange(Math.min(0, value.range.low) * longest, Math.max(0, value.range.high) * longest);
    const range = joins === 'largest' ? value.range : sum;
    const name = this.#sum(line, { value, field, joins, sum: { text: `sum${line + 1}`, range } });
    const last = taps.at('row_store', 0);
    if (!core.gates.some((gate) => gate.index === index)) return name;
    taps.output(`sum_gate${index}_valid`, undefined, last);
    taps.output(`sum_gate${index}_set`, undefined, `${name} != ${literal(0, field.bits)}`);
    taps.row();
    return name;
  }

  /** Writes the sum of a value over the row, or its largest. @returns the name of the bits that its field takes */
  #sum(line: number, { value, field, joins, sum }: Sum): string {
    const { plan, image, lanes, taps, shared } = this.#body;
    const { text: name, range } = sum;
    const { phases } = plan.schedule;
    const bits = signedBits(range);
    const packed = taps.packed(`${name}_terms`, bits);
    const active = taps.at('active', 2 + phases);
    const isLargest = joins === 'largest';
    const none = isLargest ? literal(1n << BigInt(bits - 1), bits) : literal(0, bits);
    lanes.lines.push(
      `assign ${packed}[l * ${bits} +: ${bits}] = ${active}[l] ? ${lanes.as(value, bits)} : ${none};`,
    );
    const term = `$signed(${packed}[i${name} * ${bits} +: ${bits}])`;
    const joined = (one: string, other: string): string =>
      isLargest ? `${one} > ${other} ? ${one} : ${other}` : `${other} + ${one}`;
    const summed = (register: string, start: string, next: string): string[] => [
      'always @(posedge clk)',
      `  if (${taps.start()}) ${register} <= ${start};`,
      `  else if (${taps.at('valid', 2 + phases)}) ${register} <= ${next};`,
    ];
    shared.push(
      commentLine(`line ${line + 1}: the ${isLargest ? 'largest of' : 'sum over'} the row`),
      `reg signed ${vector(bits)} ${name};`,
      `reg signed ${vector(bits)} ${name}_tile;`,
      `integer i${name};`,
      'always @* begin',
      `  ${name}_tile = ${none};`,
      `  for (i${name} = 0; i${name} < ${image.core.lanes}; i${name} = i${name} + 1) ${name}_tile = ${joined(term, `${name}_tile`)};`,
      'end',
      ...summed(name, none, joined(`${name}_tile`, name)),
      ...(isLargest
        ? [`reg ${name}_any;`, ...summed(`${name}_any`, "1'b0", `${name}_any | (|${active})`)]
        : []),
    );
    const whole = new LaneText(image.core.datapathBits);
    whole.begin(`${name}_fit`);
    const fitted = whole.fitted(sum, field);
    const least = BigInt.asUintN(field.bits, BigInt(fitToField(field)(registerRange.low)));
    const found = whole.as(fitted, field.bits);
    const word = isLargest ? `${name}_any ? ${found} : ${literal(least, field.bits)}` : found;
    shared.push(...whole.lines, `wire ${vector(field.bits)} ${name}_word = ${word};`);
    return `${name}_word`;
  }
}

/** A sum over the row, or the largest value of the row. */
interface Sum {
  readonly joins: 'sum' | 'largest';
  /** The value of each lane, after the last phase. */
  readonly value: Wire;
  /** The name of the sum, and its range, or that of the largest value of active columns. */
  readonly sum: Wire;
  /** The field that it overwrites. */
  readonly field: Field;
}

function laneVector(field: Field, slot: number): string {
  return `w_${identifier(field.name)}_${slot}`;
}

function storingVector(field: Field, slot: number): string {
  return `${laneVector(field, slot)}_where`;
}
