import type { HwModel } from '../hardware/index.ts';
import {
  accessParts,
  bitsOf,
  type CoreShape,
  conditionParts,
  entryKinds,
  entryParts,
  kernelParts,
  laneOperations,
  microcodeUnitOf,
  mostBanks,
  operandKinds,
  type RecordParts,
  roundingModes,
  saturations,
  stepBits,
  valueBits,
  walks,
  wordParts,
} from '../microcode/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { bankTasks, benchFacts } from './bench/bench.ts';
import { makefileText } from './bench/files.ts';
import { commentLine, type SourceFile } from './emit/verilog.ts';
import { indexBits } from './plan/widths.ts';
import { filled, type MicroTemplates, type RtlTemplates } from './templates.ts';

const mostWords = 2 ** 16;
/** Sizes of batches whose ends a command may say. */
const mostBatches = 8;

/**
 * The files of a programmable core. They depend on an hw-model alone: no program changes a byte of them.
 *
 * @throws PlasticoreError `fit` for an hw-model whose core is not written
 */
export function programmedFiles(hw: HwModel, templates: RtlTemplates & MicroTemplates): SourceFile[] {
  const shape = shapeOf(hw);
  const marks = marksOf(shape);
  return [
    ['plasticore_core.sv', filled(templates['micro/plasticore_core.sv'], marks)],
    ['micro_banks.sv', filled(templates['micro/banks.sv'], marks)],
    ['micro.svh', headerText(hw)],
    ['micro_controls.svh', templates['micro/controls.svh']],
    ['bench_widths.svh', benchWidths(hw.name, shape)],
    ['bench_banks.svh', bankTasks(hw.name, shape.banks, [])],
    ...(['core', 'lists', 'fifo', 'kept', 'lane', 'port', 'sum', 'walker', 'bank'] as const).map(
      (name): SourceFile => [`micro_${name}.sv`, templates[`micro/${name}.sv`]],
    ),
    ['bench.sv', templates['bench.sv']],
    // Each module takes what it needs of the records.
    [
      'Makefile',
      makefileText(templates, { placed: '' }, ' -Wno-UNUSEDPARAM -Wno-UNUSEDSIGNAL -Wno-DECLFILENAME'),
    ],
  ];
}

/** The ports of every programmable core, as its bench knows them; how many words a bank has, a program says. */
function benchWidths(name: string, shape: CoreShape): string {
  const { lanes, banks } = shape;
  const numbers = {
    ...{
      LANES: lanes,
      NEURON_BITS: 16,
      TILE_BITS: 9,
      POPULATION_BITS: 4,
      VALUE_BITS: valueBits,
      LABEL_BITS: 32,
    },
    ...{
      STEP_BITS: stepBits,
      INTERVAL_BITS: 1,
      EVENT_BITS: 1,
      BATCHES: mostBatches,
      HOST_BITS: hostBits(shape),
    },
    ...{ HOST_ADDRESS_BITS: 16, HOST_BANK_BITS: 4, BANKS: banks.length, INPUT_SHIFT: 0 },
    ...{ REPLAY_BANK: 0, REPLAY_FIRST: 0, REPLAY_WORDS: 0, REPLAY_ROW: 1 },
  };
  return benchFacts({
    title: name,
    defined: ['ENDS_BATCHES', 'INPUT_VALUES', 'LATE_HOST', 'VALUES'],
    numbers,
    neuronMask: 2 ** 16 - 1,
    shifts: [0],
    words: [...banks.map(() => 0), lanes],
    masks: [0n],
    hostBits: hostBits(shape),
  });
}

function shapeOf(hw: HwModel): CoreShape {
  const refuse = (what: string, hint: string): never => {
    throw new PlasticoreError('fit', `${hw.name}: ${what}`, { hint });
  };
  const { lanes, banks } = hw;
  if (Math.log2(lanes) % 1 !== 0 || lanes < 4 || lanes > 64)
    refuse(`has ${lanes} lanes; a programmable core has 4, 8, 16, 32 or 64`, 'change hw.lanes');
  if (hw.arithmetic !== 'integer') refuse('computes with floats', 'choose an hw-model of integers');
  if (banks.length > mostBanks)
    refuse(`has ${banks.length} banks; at most ${mostBanks} are read at a time`, 'leave some out');
  const { fifoDepth, whenFull } = hw.router;
  if (whenFull === 'drop') refuse('drops spikes that find no room', 'set hw.router.whenFull=stall');
  return {
    ...{ lanes, fifoDepth },
    banks: banks.map(({ name, wordBits, capacityBits, ports, bitMask }) => {
      const words = Math.floor(capacityBits / wordBits);
      if ('shared' in ports || ports.read !== 1 || ports.write !== 1)
        refuse(
          `bank '${name}' has other ports than one that reads and one that writes`,
          `change hw.banks.${name}.ports`,
        );
      if (!bitMask) refuse(`bank '${name}' has no bit mask`, `set hw.banks.${name}.bitMask=true`);
      if (Math.log2(wordBits) % 1 !== 0 || wordBits < lanes)
        refuse(
          `words of bank '${name}' have ${wordBits} bits; expected a power of two, at least ${lanes}`,
          `change hw.banks.${name}.wordBits`,
        );
      if (words > mostWords)
        refuse(
          `bank '${name}' has ${words} words; at most ${mostWords} are addressed`,
          `change hw.banks.${name}`,
        );
      return { name, wordBits, words };
    }),
  };
}

/** What the core holds, the places of the parts of records, and the numbers of what they name. */
function headerText(hw: HwModel): string {
  const { words, kernels, accesses, scalars, registers, stages, kept } = microcodeUnitOf(hw);
  const names = (prefix: string, values: readonly string[]): string[] =>
    values.map((name, number) => `localparam ${prefix}_${name.toUpperCase()} = ${number};`);
  return [
    '// What the core holds, the parts of its records, and the numbers of what they name.',
    ...Object.entries({ words, kernels, accesses, scalars, registers, stages, kept }).flatMap(
      ([name, most]) => [
        `localparam MOST_${name.toUpperCase()} = ${most};`,
        `localparam INDEX_OF_${name.toUpperCase()} = ${indexBits(most)};`,
      ],
    ),
    ...recordText('WORD_BITS', 'W', wordParts),
    ...recordText('KERNEL_BITS', 'K', kernelParts()),
    ...recordText('ACCESS_BITS', 'A', accessParts),
    ...recordText('ENTRY_BITS', 'E', entryParts),
    ...recordText('CONDITION_BITS', 'C', conditionParts),
    `localparam STEP_BITS = ${stepBits};`,
    ...names('ENTRY', entryKinds),
    ...names('KIND', operandKinds),
    ...names('OP', laneOperations),
    ...names('ROUND', roundingModes),
    ...names('FIT', saturations),
    ...names('WALK', walks),
    '',
  ].join('\n');
}

function recordText(size: string, prefix: string, parts: RecordParts): string[] {
  let first = 0;
  const places = parts.map(([name, bits]) => {
    const text = `localparam ${prefix}_${name.toUpperCase()} = ${first};`;
    first += bits;
    return text;
  });
  return [`localparam ${size} = ${bitsOf(parts)};`, ...places];
}

/** Bits of a word at the host's port: those of the widest memory. */
function hostBits({ banks }: CoreShape): number {
  return Math.max(
    ...[wordParts, kernelParts(), entryParts, conditionParts].map(bitsOf),
    ...banks.map(({ wordBits }) => wordBits),
  );
}

/** What the core and the module of its banks have of an hw-model, and nothing of a program. */
function marksOf(shape: CoreShape): Readonly<Record<string, string>> {
  const { lanes, banks, fifoDepth } = shape;
  const host = hostBits(shape);
  const ends = {
    last_lane: lanes - 1,
    last_value: valueBits - 1,
    last_values: lanes * valueBits - 1,
    last_bank: banks.length - 1,
    last_address: 16 * banks.length - 1,
    last_host: host - 1,
    last_word: host * banks.length - 1,
  };
  return {
    ...Object.fromEntries(Object.entries(ends).map(([name, end]) => [name, String(end)])),
    lanes: String(lanes),
    banks: String(banks.length),
    host: String(host),
    fifo: String(fifoDepth),
    value: String(valueBits),
    widths: banks
      .map(({ wordBits }) => `32'd${wordBits}`)
      .reverse()
      .join(', '),
    instances: banks.flatMap((bank, number) => bankInstance(bank, number, host)).join('\n'),
  };
}

/** A bank among those that lie side by side. */
function bankInstance(
  { name, wordBits, words }: CoreShape['banks'][number],
  number: number,
  host: number,
): string[] {
  const address = `[${16 * number} +: ${indexBits(words)}]`;
  const word = `[${host * number} +: ${wordBits}]`;
  return [
    commentLine(`bank ${name}`),
    `  micro_bank #(.WIDTH(${wordBits}), .WORDS(${words}), .ADDRESS(${indexBits(words)})) bank_${number} (`,
    `    .clk(clk), .r_en(r_en[${number}]), .r_addr(r_addr${address}), .r_data(r_data${word}),`,
    `    .w_next(w_next${address}), .w_en(w_en[${number}]), .w_addr(w_addr${address}),`,
    `    .w_data(w_data${word}), .w_mask(w_mask${word})`,
    '  );',
    ...(wordBits < host ? [`  assign r_data[${host * number + wordBits} +: ${host - wordBits}] = 0;`] : []),
  ];
}
