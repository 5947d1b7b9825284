import type { TextFile } from '../../golden/index.ts';
import type { Field } from '../../image/index.ts';
import { at, found, PlasticoreError } from '../../text/index.ts';
import type { DataController } from '../data-controller.ts';
import type { ControllerExpected, ControllerStep, ControllerTrace } from './trace.ts';

/** Where the RTL of a chip is to be had. Its bench is the file of the chip's name in `templates/rtl`. */
export interface ChipRtl {
  /** The required contents of the folder, and where to get them. */
  readonly from: string;
  /** Its Verilog files, relative to the folder. */
  readonly sources: readonly string[];
}

/** Bits of the numbers of an input, below its kind. */
const inputBits = 28;

/**
 * What the bench of a chip's RTL reads: a file for each field of its memories, an item a line; `settings.vh`, with
 * registers, parameters, generators and sizes; `inputs.hex`, with a word of 32 bits for each input: its place among the
 * inputs of the controller in the upper four, its numbers below, the last of them lowest.
 *
 * @param chip filled with what the trace states
 * @param parameters of the program
 */
export function stimulusFiles(
  chip: DataController,
  { inputs }: Pick<ControllerTrace, 'inputs'>,
  parameters: Readonly<Record<string, number>>,
): TextFile[] {
  const { image } = at(chip.cores, 0);
  const kinds = Object.keys(chip.data.inputs);
  const words = inputs.map(([name, ...values]) =>
    hex(kinds.indexOf(name) * 2 ** inputBits + packed(chip, name, values), 32),
  );
  const fields = image.fields.filter(({ layout, view }) => layout !== undefined && view === undefined);
  return [
    ...fields.map((field): TextFile => [`${field.name}.hex`, linesOf(itemsOf(chip, field))]),
    ['inputs.hex', linesOf(words)],
    ['settings.vh', linesOf(settingsOf(chip, inputs.length, parameters))],
  ];
}

function linesOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function hex(value: number, bits: number): string {
  return BigInt.asUintN(bits, BigInt(value))
    .toString(16)
    .padStart(Math.ceil(bits / 4), '0');
}

function itemsOf(chip: DataController, { name, bits }: Field): string[] {
  return Array.from(chip.read(name, 0), (value) => hex(value, bits));
}

/** The numbers of an input in one. */
function packed({ data }: DataController, name: string, values: readonly number[]): number {
  const widths = Object.values(data.inputs[name]?.takes ?? {}).map((width) =>
    typeof width === 'number' ? width : width.bits,
  );
  const bits = widths.reduce((sum, width) => sum + width, 0);
  if (bits > inputBits)
    throw new PlasticoreError('usage', `a bench takes inputs of ${inputBits} bits; '${name}' has ${bits}`);
  return values.reduce((sum, value, place) => sum * 2 ** at(widths, place) + value, 0);
}

function settingsOf(
  chip: DataController,
  inputs: number,
  parameters: Readonly<Record<string, number>>,
): string[] {
  const { populations, generators } = at(chip.cores, 0).image;
  const { registers = {} } = chip.data;
  const numbers: readonly (readonly [kind: string, name: string, value: number])[] = [
    ...Object.keys(chip.data.inputs).map((name, kind) => ['INPUT', name, kind] as const),
    ...populations.map(({ name, size }) => ['SIZE', name, size] as const),
    ...Object.keys(registers).map((name) => ['REGISTER', name, at(chip.read(name, 0), 0)] as const),
    ...generators.map(({ name }) => ['GENERATOR', name, at(chip.read(`generators.${name}`, 0), 0)] as const),
    ...Object.entries(parameters).map(([name, value]) => ['PARAMETER', name, value] as const),
  ];
  return [
    `localparam INPUTS = ${inputs};`,
    ...numbers
      .filter(([, , value]) => Number.isInteger(value))
      .map(([kind, name, value]) => `localparam [63:0] ${kind}_${name} = 64'h${hex(value, 64)};`),
  ];
}

/**
 * What a bench has observed. Its lines are
 *
 *     record NAME NUMBER ...        a row of a record
 *     bank NAME READ WRITTEN        words that the input has read and written
 *     input [CYCLES]                the end of an input, and the clock
 *     state NAME NUMBER ...         numbers of a state in the end; further lines go on
 *     word BANK DIGITS              the next word of a bank in the end
 *     total BANK READ WRITTEN       words that all inputs have read and written
 */
export function observedBy(text: string): ControllerExpected {
  const steps: ControllerStep[] = [];
  const states = new Map<string, number[]>();
  const contents = new Map<string, string[]>();
  const total: NonNullable<ControllerExpected['banks']> = [];
  let records = new Map<string, number[][]>();
  let banks: typeof total = [];
  for (const line of text.trimEnd().split('\n')) {
    const [what = '', name = '', ...rest] = line.split(' ');
    const numbers = rest.map(Number);
    const counts = { name, wordsRead: numbers[0] ?? Number.NaN, wordsWritten: numbers[1] ?? Number.NaN };
    if (what === 'record') listIn(records, name).push(numbers);
    else if (what === 'bank') banks.push(counts);
    else if (what === 'total') total.push(counts);
    else if (what === 'state') listIn(states, name).push(...numbers);
    else if (what === 'word') listIn(contents, name).push(...rest);
    else if (what === 'input') {
      steps.push({
        ...(name !== '' && { cycles: Number(name) }),
        ...(records.size > 0 && { records: Object.fromEntries(records) }),
        ...(banks.length > 0 && { banks }),
      });
      records = new Map();
      banks = [];
    } else throw new PlasticoreError('run', `the bench has written ${found(line)}`);
  }
  return {
    inputs: steps,
    states: [Object.fromEntries(states)],
    contents: [Object.fromEntries(contents)],
    banks: total,
  };
}

/** The list of a name, which is begun if there is none. */
function listIn<Item>(lists: Map<string, Item[]>, name: string): Item[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
}
