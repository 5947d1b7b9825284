import { neuronMask } from '../../image/index.ts';
import { commentLine } from '../emit/text.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { replayWords } from './stimulus.ts';

/** Numbers side by side, the first one in the lowest bits, as many bits each. */
function tableText(values: readonly (number | bigint)[], bits: number): string {
  return `{${values
    .map((value) => `${bits}'h${value.toString(16)}`)
    .reverse()
    .join(', ')}}`;
}

/** The widths of the core's ports, and what else the bench has to know of it before it declares anything. */
export function benchWidths({ image, widths, batches, placed }: CorePlan): string {
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
    PLACED: placed !== undefined,
    ENDS_BATCHES: batches.length > 0,
    INPUT_VALUES: payload !== undefined,
    VALUES: widths.value > 0,
  };
  const shifts = populations.map(({ payload: own }) => own?.shift ?? 0);
  return [
    commentLine(`what bench.sv has to know of ${image.program}`),
    ...Object.entries(defined).flatMap(([name, isSet]) => (isSet ? [`\`define ${name}`] : [])),
    ...Object.entries(numbers).map(([name, value]) => `localparam ${name} = ${value};`),
    `localparam [23:0] NEURON_MASK = 24'h${(neuronMask({ payload }) % 2 ** 24).toString(16)};`,
    '// by population, where in an address the value is that a spike carries',
    `localparam [${32 * shifts.length - 1}:0] SHIFTS = ${tableText(shifts, 32)};`,
    '// by bank, its words; the generators are one bank more',
    `localparam [${32 * words.length - 1}:0] WORDS = ${tableText(words, 32)};`,
    '// by word of a row, the bits that ask for the sample again',
    `localparam [${widths.host * masks.length - 1}:0] REPLAY_MASKS = ${tableText(masks, widths.host)};`,
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
  return [
    commentLine(`the banks of ${image.program}, as bench.sv asks of them`),
    'task write_word(input integer bank, input integer address);',
    '  case (bank)',
    ...banks.map(
      ({ number, wordBits }) =>
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
