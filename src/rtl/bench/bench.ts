import type { SpikeTrain } from '../../data/index.ts';
import type { CoreDeed } from '../../engine/index.ts';
import {
  allLists,
  batchSizes,
  type CoreImage,
  endsBatch,
  layoutOf,
  neuronMask,
  type PlaceInPass,
} from '../../image/index.ts';
import { at } from '../../text/index.ts';
import { commentLine } from '../emit/verilog.ts';
import type { CorePlan } from '../plan/core-plan.ts';

/** Numbers side by side, the first one in the lowest bits, as many bits each. */
function tableText(values: readonly (number | bigint)[], bits: number): string {
  return `{${values
    .map((value) => `${bits}'h${value.toString(16)}`)
    .reverse()
    .join(', ')}}`;
}

/** What the bench has to know of a core before it declares anything. */
export interface BenchFacts {
  readonly title: string;
  /** The names that are defined. */
  readonly defined: readonly string[];
  readonly numbers: Readonly<Record<string, number>>;
  readonly neuronMask: number;
  /** By population, where in an address the value is that a spike carries. */
  readonly shifts: readonly number[];
  /** By bank, its words, then how many generators there are. */
  readonly words: readonly number[];
  /** By word of a row, the bits that ask for a sample again, in words of so many bits. */
  readonly masks: readonly bigint[];
  readonly hostBits: number;
}

/** The widths of the core's ports, and what else the bench has to know of it before it declares anything. */
export function benchWidths({ image, widths, batches, arrivals }: CorePlan): string {
  const { populations, banks, core, generators } = image;
  const { payload } = populations[image.input] ?? {};
  const replay = replayWords(image);
  const masks = replay?.masks ?? [0n];
  const words = [...banks.map(({ usedWords }) => usedWords), core.lanes + generators.length];
  const numbers = {
    LANES: widths.lanes,
    NEURON_BITS: widths.neuron,
    TILE_BITS: widths.tile,
    POPULATION_BITS: widths.population,
    VALUE_BITS: widths.value,
    LABEL_BITS: widths.label,
    STEP_BITS: widths.stepScalar,
    INTERVAL_BITS: widths.interval,
    EVENT_BITS: widths.event,
    BATCHES: batches.length,
    HOST_BITS: widths.host,
    HOST_ADDRESS_BITS: widths.hostAddress,
    HOST_BANK_BITS: widths.hostBank,
    BANKS: banks.length,
    INPUT_SHIFT: payload?.shift ?? 0,
    REPLAY_BANK: replay?.bank ?? 0,
    REPLAY_FIRST: replay?.firstWord ?? 0,
    REPLAY_WORDS: replay?.words ?? 0,
    REPLAY_ROW: masks.length,
  };
  const defined = {
    PLACED: arrivals !== undefined,
    ENDS_BATCHES: batches.length > 0,
    INPUT_VALUES: payload !== undefined,
    VALUES: widths.value > 0,
  };
  return benchFacts({
    title: image.program,
    defined: Object.entries(defined).flatMap(([name, isSet]) => (isSet ? [name] : [])),
    numbers,
    neuronMask: neuronMask({ payload }) % 2 ** 24,
    shifts: populations.map(({ payload: own }) => own?.shift ?? 0),
    ...{ words, masks, hostBits: widths.host },
  });
}

/** The text of what a bench has to know. */
export function benchFacts({
  title,
  defined,
  numbers,
  neuronMask: mask,
  shifts,
  words,
  masks,
  hostBits,
}: BenchFacts): string {
  return [
    commentLine(`what bench.sv has to know of ${title}`),
    ...defined.map((name) => `\`define ${name}`),
    ...Object.entries(numbers).map(([name, value]) => `localparam ${name} = ${value};`),
    `localparam [23:0] NEURON_MASK = 24'h${mask.toString(16)};`,
    '// by population, where in an address the value is that a spike carries',
    `localparam [${32 * shifts.length - 1}:0] SHIFTS = ${tableText(shifts, 32)};`,
    '// by bank, its words; the generators are one bank more',
    `localparam [${32 * words.length - 1}:0] WORDS = ${tableText(words, 32)};`,
    '// by word of a row, the bits that ask for the sample again',
    `localparam [${hostBits * masks.length - 1}:0] REPLAY_MASKS = ${tableText(masks, hostBits)};`,
    '',
  ].join('\n');
}

/** How words of each bank are written down, and the checks of its ports. */
export function benchBanks({ image, banks }: CorePlan): string {
  const checks = banks.flatMap(({ name, module, usedWords, bitMask, readPorts }) => {
    if (usedWords === 0) return [];
    const own = `core.${module}_i`;
    const ports = readPorts.map((port) => `${own}.r${port}`);
    const written = bitMask ? `${own}.w_mask, ${own}.w_data & ${own}.w_mask` : `${own}.w_data`;
    const enables = [`${own}.w_en`, ...ports.map((port) => `${port}_en`)].join(', ');
    return [
      `if (isUnknown(^{${enables}})) unknown("bank ${name}: whether it is read or written");`,
      ...ports.map(
        (port) => `if (${port}_en && isUnknown(^${port}_addr)) unknown("bank ${name}: what is read");`,
      ),
      `if (${own}.w_en && isUnknown(^{${own}.w_addr, ${written}})) unknown("bank ${name}: what is written");`,
    ];
  });
  return bankTasks(image.program, banks, checks);
}

/** How words of each bank are written down, and lines that check the ports of banks. */
export function bankTasks(
  title: string,
  banks: readonly { readonly wordBits: number }[],
  checks: readonly string[],
): string {
  return [
    commentLine(`the banks of ${title}, as bench.sv asks of them`),
    'task write_word(input integer bank, input integer address);',
    '  case (bank)',
    ...banks.map(
      ({ wordBits }, number) =>
        `    ${number}: $fwrite(observed, "word ${number} %0d %h\\n", address, host_out[${wordBits - 1}:0]);`,
    ),
    '    default: $fwrite(observed, "generator %0d %h\\n", address, host_out[31:0]);',
    '  endcase',
    'endtask',
    'task check_banks;',
    '  begin',
    ...checks.map((line) => `    ${line}`),
    '  end',
    'endtask',
    '',
  ].join('\n');
}

/* What benches present: the commands are those of `templates/rtl/bench.sv`. */

/** A sample that a bench presents. */
export interface BenchSample {
  /** Which values of scheduled parameters hold. */
  readonly interval: number;
  readonly learn: boolean;
  readonly label: number;
  /** Its place in a pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** By step, the spikes of the input: their neurons, with values where they carry any. */
  readonly inputs: readonly (readonly number[])[];
}

/** The spikes of a sample, step by step. */
export function spikesByStep({ steps, offsets, indices }: SpikeTrain): number[][] {
  return Array.from({ length: steps }, (_, step) => [
    ...indices.subarray(at(offsets, step), at(offsets, step + 1)),
  ]);
}

/**
 * The stimulus of a bench; `states` tells after which samples it asks for the state. A sample that the core learns may
 * follow once more.
 */
export function stimulusText(
  { replay, events }: Pick<CoreImage, 'replay' | 'events'>,
  samples: readonly BenchSample[],
  states: (sample: number) => boolean,
): string {
  const sizes = batchSizes(allLists(events));
  const lines = samples.flatMap(({ interval, learn, label, place, inputs }, index) => {
    const ends = sizes.reduce((bits, size, bit) => bits + (endsBatch(size, place) ? 2 ** bit : 0), 0);
    const presented = (again: boolean): string[] => [
      `1 ${(learn ? 1 : 0) + (again ? 2 : 0) + 4 * ends} ${label} ${inputs.length} ${interval}`,
      ...inputs.map((spikes) => ['2', spikes.length, ...spikes].join(' ')),
    ];
    const again = learn && replay !== undefined ? presented(true) : [];
    return [
      ...presented(false),
      ...(again.length === 0 ? [] : [`4 ${again.length}`, ...again]),
      ...(states(index) ? ['3'] : []),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** The line of a stimulus for what a core is asked to do. */
export function placedStimulus(deed: CoreDeed, interval: number): string {
  if (deed.does === 'write') {
    const words = deed.words.map(({ bank, address, bits }) => `${bank} ${address} ${bits}`);
    return ['6', deed.words.length, ...words].join(' ');
  }
  const { event, arrives, label, step, neurons } = deed;
  return ['5', event, arrives ? 1 : 0, label, step, interval, neurons.length, ...neurons].join(' ');
}

/** Words of a bank, and in each the bits of a field, by its place in a row. */
export interface FieldWords {
  readonly bank: number;
  readonly firstWord: number;
  readonly words: number;
  readonly masks: readonly bigint[];
}

/** The field whose items ask for a sample again; undefined if nothing does. */
export function replayWords(image: CoreImage): FieldWords | undefined {
  if (image.replay === undefined) return undefined;
  const field = at(image.fields, image.replay);
  const { bank, firstWord, rows, wordsPerRow, rowLength, itemsPerWord, itemBits } = layoutOf(image, field);
  const own = (1n << BigInt(field.bits)) - 1n;
  // Words of a row may have places without an item.
  const masks = Array.from({ length: wordsPerRow }, (_, word) => {
    const items = field.perWord ? 1 : Math.min(itemsPerWord, rowLength - word * itemsPerWord);
    const all = Array.from({ length: items }, (_, item) => own << BigInt(item * itemBits + field.bitOffset));
    return all.reduce((sum, bits) => sum | bits, 0n);
  });
  return { bank, firstWord, words: rows * wordsPerRow, masks };
}
