import { type CoreImage, type Field, fitToField } from '../../image/index.ts';
import { operationNamed, registerRange, type ValueRange, valueRange } from '../../isa/index.ts';
import type { PortAccess } from '../../schedule/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, KernelPlan, Pipeline } from '../plan/core-plan.ts';
import { identifier, signedBits } from '../plan/widths.ts';
import type { CarriedValue, Carrier } from './carrier.ts';
import { LaneText, type Wire } from './lane-text.ts';
import type { RowField, StoredField, WordPlaces } from './place.ts';
import type { Taps } from './taps.ts';
import { commentLine, literal, vector } from './text.ts';

/** A store or a sum: its value, and its predicate. */
export interface Store {
  readonly line: number;
  readonly field: number;
  readonly value: CarriedValue;
  readonly where: CarriedValue | undefined;
}

/** The text of a kernel, as far as it is written. */
interface Around {
  readonly pipeline: Pipeline;
  readonly core: CorePlan;
  readonly lanes: LaneText;
  readonly taps: Taps;
  readonly carrier: Carrier;
  readonly place: WordPlaces;
  /** Text outside the lanes. */
  readonly shared: string[];
}

/** Stores and sums of a kernel, behind its last phase. */
export class StoreText {
  readonly #pipeline: Pipeline;
  readonly #plan: KernelPlan;
  readonly #core: CorePlan;
  readonly #image: CoreImage;
  readonly #lanes: LaneText;
  readonly #taps: Taps;
  readonly #carrier: Carrier;
  readonly #place: WordPlaces;
  readonly #shared: string[];
  /** Names of the vectors of lanes that predicated stores let store. */
  readonly #storingNames = new Set<string>();

  constructor({ pipeline, core, lanes, taps, carrier, place, shared }: Around) {
    this.#pipeline = pipeline;
    this.#plan = pipeline.first;
    this.#core = core;
    this.#image = core.image;
    this.#lanes = lanes;
    this.#taps = taps;
    this.#carrier = carrier;
    this.#place = place;
    this.#shared = shared;
  }

  /** Writes what the lines of a kernel store. */
  write(stores: readonly Store[]): void {
    const { kernel, schedule } = this.#plan;
    const byLayout = new Map<PortAccess, StoredField[]>();
    const sums: RowField[] = [];
    for (const { line, field: index, value, where } of stores) {
      const field = at(this.#image.fields, index);
      const operation = operationNamed(at(kernel.code, line).mnemonic);
      this.#lanes.begin(`s${line + 1}`);
      if (operation.effect.does === 'reduce') {
        const { joins } = operation.effect;
        const last = this.#carrier.at(value, schedule.phases);
        sums.push({ field, value: this.#reduced(line, index, last, joins) });
        continue;
      }
      const phase = at(schedule.lines, line);
      const fitted = this.#lanes.fitted(this.#carrier.at(value, phase), field);
      const kept: CarriedValue = { wire: fitted, phase, isRegister: false };
      this.#note(byLayout, field, kept, where);
      this.#gate(index, field, kept, where);
      const view = this.#image.fields[field.storedView ?? -1];
      if (view !== undefined)
        this.#note(byLayout, view, { ...kept, wire: this.#lanes.view(fitted, view) }, where);
    }
    for (const [access, fields] of byLayout) this.#shared.push(...this.#place.writes(access, fields));
    for (const access of schedule.rowStores) {
      const last = this.#taps.rowStore(at(access.slots, 0));
      const own = sums.filter(({ field }) => field.layout === access.layout);
      this.#shared.push(...this.#place.rowWrite(access, own, last));
    }
  }

  /** Notes what the lanes write into a field: their values, in the cycle of each word. */
  #note(
    byLayout: Map<PortAccess, StoredField[]>,
    field: Field,
    value: CarriedValue,
    where: CarriedValue | undefined,
  ): void {
    const { stores, phases } = this.#plan.schedule;
    const access = stores.find((store) => store.layout === field.layout);
    if (access === undefined) throw new Error(`${field.name} is not written`);
    const { bits } = field;
    for (const slot of new Set(access.slots)) {
      const held = this.#carrier.at(value, phases + slot);
      const vector = this.#taps.packed(laneVector(field, slot), bits);
      this.#lanes.lines.push(`assign ${vector}[l * ${bits} +: ${bits}] = ${this.#lanes.as(held, bits)};`);
    }
    if (where !== undefined) for (const slot of new Set(access.slots)) this.#storing(field, where, slot);
    const list = byLayout.get(access) ?? [];
    const storing = where && ((slot: number) => storingVector(field, slot));
    list.push({ field, lane: (slot) => laneVector(field, slot), where: storing });
    byLayout.set(access, list);
  }

  /** The vector of the lanes that a predicated store lets store, in the cycle of a slot. */
  #storing(field: Field, where: CarriedValue, slot: number): string {
    const name = storingVector(field, slot);
    if (this.#storingNames.has(name)) return name;
    this.#storingNames.add(name);
    const vector = this.#taps.packed(name, 1);
    const condition = this.#carrier.at(where, this.#plan.schedule.phases + slot);
    this.#lanes.lines.push(`assign ${vector}[l] = ${this.#lanes.isSet(condition)};`);
    return name;
  }

  /** The effect of a store on the bits that tell whether an item is zero. */
  #gate(index: number, field: Field, value: CarriedValue, where: CarriedValue | undefined): void {
    if (!this.#core.gates.some((gate) => gate.index === index)) return;
    const { phases } = this.#plan.schedule;
    const held = this.#carrier.at(value, phases);
    const lanes = this.#taps.laneOutput(`gate${index}_set`, 1, { does: 'gate-set', field: index });
    this.#lanes.lines.push(`assign ${lanes} = ${this.#lanes.isSet(held)};`);
    const name = identifier(field.name);
    this.#shared.push(commentLine(`${name}: whether its items are zero`));
    this.#taps.output(
      `gate${index}_valid`,
      1,
      { does: 'gate-valid', field: index },
      this.#taps.valid(2 + phases),
    );
    this.#taps.output(
      `gate${index}_tile`,
      this.#core.widths.tile,
      { does: 'gate-tile', field: index },
      this.#taps.tile(2 + phases),
    );
    this.#taps.output(
      `gate${index}_lanes`,
      this.#image.core.lanes,
      { does: 'gate-lanes', field: index },
      `${this.#taps.active(2 + phases)}${where === undefined ? '' : ` & ${this.#storing(field, where, 0)}`}`,
    );
  }

  /**
   * Sums a value over the row; the sum is written in the cycle after the last tile has been added.
   *
   * @returns the name of its bits
   */
  #reduced(line: number, index: number, value: Wire, joins: 'sum' | 'largest'): string {
    const { phases } = this.#plan.schedule;
    const { result } = at(this.#pipeline.ranges, line);
    const field = at(this.#image.fields, index);
    const table = this.#core.tables[this.#plan.table ?? -1];
    const columns = Math.max(...this.#pipeline.kernels.map((kernel) => kernel.columns));
    const longest = table === undefined ? columns : table.longestRow;
    const sum =
      result ?? valueRange(Math.min(0, value.range.low) * longest, Math.max(0, value.range.high) * longest);
    const range = joins === 'largest' ? value.range : sum;
    const name = sumText(
      {
        joins,
        value,
        range,
        field,
        comment: `line ${line + 1}`,
        name: `sum${line + 1}`,
        phases,
        lanes: this.#lanes,
        taps: this.#taps,
        image: this.#image,
      },
      this.#shared,
    );
    const last = this.#taps.rowStore(0);
    if (!this.#core.gates.some((gate) => gate.index === index)) return name;
    this.#taps.output(`sum_gate${index}_valid`, 1, { does: 'sum-gate-valid', field: index }, last);
    this.#taps.output(
      `sum_gate${index}_set`,
      1,
      { does: 'sum-gate-set', field: index },
      `${name} != ${literal(0, field.bits)}`,
    );
    this.#taps.row();
    return name;
  }
}

function laneVector(field: Field, slot: number): string {
  return `w_${identifier(field.name)}_${slot}`;
}

function storingVector(field: Field, slot: number): string {
  return `${laneVector(field, slot)}_where`;
}

/** A sum over the row, or the largest value of the row, and where its text goes. */
interface Sum {
  readonly joins: 'sum' | 'largest';
  /** The value of each lane, after the last phase. */
  readonly value: Wire;
  /** The range of the sum, or of the largest value of active columns. */
  readonly range: ValueRange;
  /** The field that it overwrites. */
  readonly field: Field;
  /** The line that sums. */
  readonly comment: string;
  readonly name: string;
  readonly phases: number;
  readonly lanes: LaneText;
  readonly taps: Taps;
  readonly image: CoreImage;
}

/**
 * Writes the sum of a value over the row, or its largest.
 *
 * @param shared takes the text that all lanes share
 * @returns the name of the bits that its field takes
 */
function sumText(
  { joins, value, range, field, comment, name, phases, lanes, taps, image }: Sum,
  shared: string[],
): string {
  const bits = signedBits(range);
  const packed = taps.packed(`${name}_terms`, bits);
  const active = taps.active(2 + phases);
  const isLargest = joins === 'largest';
  const none = isLargest ? literal(1n << BigInt(bits - 1), bits) : literal(0, bits);
  lanes.lines.push(
    `assign ${packed}[l * ${bits} +: ${bits}] = ${active}[l] ? ${lanes.as(value, bits)} : ${none};`,
  );
  const term = `$signed(${packed}[i${name} * ${bits} +: ${bits}])`;
  const joined = (one: string, other: string): string =>
    isLargest ? `${one} > ${other} ? ${one} : ${other}` : `${other} + ${one}`;
  shared.push(
    commentLine(`${comment}: the ${isLargest ? 'largest of' : 'sum over'} the row`),
    `reg signed ${vector(bits)} ${name};`,
    `reg signed ${vector(bits)} ${name}_tile;`,
    `integer i${name};`,
    'always @* begin',
    `  ${name}_tile = ${none};`,
    `  for (i${name} = 0; i${name} < ${image.core.lanes}; i${name} = i${name} + 1) ${name}_tile = ${joined(term, `${name}_tile`)};`,
    'end',
    'always @(posedge clk)',
    `  if (${taps.start()}) ${name} <= ${none};`,
    `  else if (${taps.valid(2 + phases)}) ${name} <= ${joined(`${name}_tile`, name)};`,
    ...(isLargest
      ? [
          `reg ${name}_any;`,
          'always @(posedge clk)',
          `  if (${taps.start()}) ${name}_any <= 1'b0;`,
          `  else if (${taps.valid(2 + phases)}) ${name}_any <= ${name}_any | (|${active});`,
        ]
      : []),
  );
  const whole = new LaneText(image.core.datapathBits);
  whole.begin(`${name}_fit`);
  const sum: Wire = { text: name, range };
  const fitted = whole.fitted(sum, field);
  shared.push(...whole.lines);
  const least = literal(BigInt.asUintN(field.bits, BigInt(fitToField(field)(registerRange.low))), field.bits);
  const found = whole.as(fitted, field.bits);
  const word = isLargest ? `${name}_any ? ${found} : ${least}` : found;
  shared.push(`wire ${vector(field.bits)} ${name}_word = ${word};`);
  return `${name}_word`;
}
