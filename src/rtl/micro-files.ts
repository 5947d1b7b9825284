import { compilerVersion } from '../compiler/index.ts';
import type { HwModel } from '../hardware/index.ts';
import {
  accessParts,
  bitsOf,
  type CoreShape,
  conditionParts,
  cutRowParts,
  entryKinds,
  entryParts,
  kernelParts,
  laneOperations,
  microcodeMemories,
  microcodeUnitOf,
  mostBanks,
  mostBankWords,
  mostRows,
  mostTiles,
  operandKinds,
  type RecordParts,
  roundingModes,
  saturations,
  segmentParts,
  stepBits,
  valueBits,
  walks,
  wordParts,
} from '../microcode/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { bankTasks, benchFacts } from './bench/bench.ts';
import { makefileText, readmeText } from './bench/files.ts';
import type { StreamFacts } from './board/stream.ts';
import { commentLine, type SourceFile } from './emit/verilog.ts';
import { boardFiles, boardSources, type RtlFiles, streamMap } from './files.ts';
import { indexBits } from './plan/widths.ts';
import { programmedSynthesis } from './synthesis/script.ts';
import { filled, type MicroTemplates, type RtlTemplates } from './templates.ts';

/** Sizes of batches whose ends a command may say. */
const mostBatches = 8;
/** Where in a spike on the stream the value is that it carries, whatever the program. */
const valueShift = 24 - valueBits;

/** Warnings that are none here: each module takes what it needs of the records. */
const lintOptions = ' -Wno-UNUSEDPARAM -Wno-UNUSEDSIGNAL -Wno-DECLFILENAME';

/**
 * The files of a programmable core. They depend on an hw-model alone: no program changes a byte of them.
 *
 * @throws PlasticoreError `fit` for an hw-model whose core is not written
 */
export function programmedFiles(hw: HwModel, templates: RtlTemplates & MicroTemplates): RtlFiles {
  const shape = shapeOf(hw);
  const marks = marksOf(shape);
  const title = `a programmable core of ${hw.name}`;
  const facts = streamFactsOf(hw, shape);
  const kind = { alone: '', micro: '' };
  const sources: SourceFile[] = [
    ['plasticore_core.sv', filled(templates['micro/plasticore_core.sv'], marks)],
    ['micro_banks.sv', filled(templates['micro/banks.sv'], marks)],
    ['micro.svh', headerText(hw)],
    ['micro_controls.svh', templates['micro/controls.svh']],
    ...(['core', 'lists', 'fifo', 'kept', 'lane', 'port', 'segments', 'sum', 'walker', 'bank'] as const).map(
      (name): SourceFile => [`micro_${name}.sv`, templates[`micro/${name}.sv`]],
    ),
  ];
  // The stream takes the spikes of a step as fast as the line sends them.
  const board = boardSources(title, facts, 16, templates);
  const names = [...sources, ...board].flatMap(([name]) => (name.endsWith('.sv') ? [name] : []));
  return {
    sources,
    others: [
      ...board,
      ...boardFiles({ ...streamMap(facts), valueShift }, templates, names),
      ['bench_widths.svh', benchWidths(hw.name, shape)],
      ['bench_banks.svh', bankTasks(hw.name, shape.banks, [])],
      ['bench.sv', templates['bench.sv']],
      ['Makefile', makefileText(templates, kind, lintOptions)],
      [
        'README.md',
        readmeText(templates, kind, {
          title,
          compiler: compilerVersion,
          lanes: shape.lanes,
          banks: facts.memories,
        }),
      ],
      ...programmedSynthesis(sources, board),
    ],
  };
}

/** What its streams have to know. A spike has its value in its upper bits, and the neuron below. */
function streamFactsOf(hw: HwModel, shape: CoreShape): StreamFacts {
  const { lanes, banks } = shape;
  const bits = memoryBits();
  const limits = microcodeUnitOf(hw);
  return {
    widths: {
      ...{ lanes, tile: 9, population: 4, neuron: 16, value: valueBits, label: 32, interval: 1 },
      ...{ host: hostBits(shape), hostAddress: 16, hostBank: 4 },
    },
    memories: [
      ...banks,
      { name: 'generators', words: lanes, wordBits: 32 },
      ...microcodeMemories.map((name) => ({ name, words: limits[name], wordBits: bits[name] })),
    ],
    readableMemories: banks.length + 1,
    isLate: true,
    // Those of a kernel that has begun, and of one that waited.
    tilesAfterReady: mostTiles + lanes,
    keptSpikes: 2 ** Math.ceil(Math.log2(mostRows)),
    batches: mostBatches,
    inputShift: valueShift,
    neuronMask: 2 ** valueShift - 1,
    shifts: Array.from({ length: 16 }, () => valueShift),
  };
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
      if (words > mostBankWords)
        refuse(
          `bank '${name}' has ${words} words; at most ${mostBankWords} are addressed`,
          `change hw.banks.${name}`,
        );
      return { name, wordBits, words };
    }),
  };
}

/** What the core holds, the places of the parts of records, and the numbers of what they name. */
function headerText(hw: HwModel): string {
  const { words, kernels, accesses, scalars, registers, stages, kept, segments } = microcodeUnitOf(hw);
  const names = (prefix: string, values: readonly string[]): string[] =>
    values.map((name, number) => `localparam ${prefix}_${name.toUpperCase()} = ${number};`);
  return [
    '// What the core holds, the parts of its records, and the numbers of what they name.',
    ...Object.entries({ words, kernels, accesses, scalars, registers, stages, kept, segments }).flatMap(
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
    ...recordText('CUT_ROW_BITS', 'R', cutRowParts),
    ...recordText('SEGMENT_BITS', 'S', segmentParts),
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

/** Bits of a word of each memory that holds the program. */
function memoryBits(): Readonly<Record<(typeof microcodeMemories)[number], number>> {
  return {
    words: bitsOf(wordParts),
    kernels: bitsOf(kernelParts()),
    accesses: bitsOf(accessParts),
    scalars: 32,
    entries: bitsOf(entryParts),
    conditions: bitsOf(conditionParts),
    segments: bitsOf(segmentParts),
  };
}

/** Bits of a word at the host's port: those of the widest memory. */
function hostBits({ banks }: CoreShape): number {
  return Math.max(...Object.values(memoryBits()), ...banks.map(({ wordBits }) => wordBits));
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
