import { at } from '../../text/index.ts';
import type { PassedWords, RingPlan, Step } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import type { CoreContext } from './context.ts';
import { commentLine, literal, vector } from './verilog.ts';

/**
 * Rings of spikes that wait. In each step a ring keeps the spikes of one row, and reads the rows whose delays end in
 * the next step: its deliveries then have them without a cycle of their own.
 */
export function delayText(context: CoreContext): string[] {
  const { rings } = context.plan;
  if (rings.length === 0) return [];
  return [
    '// ---- spikes that wait for their delays',
    ...rings.flatMap((ring, delayed) => ringText(context, ring, delayed)),
    '',
  ];
}

function ringText(context: CoreContext, ring: RingPlan, delayed: number): string[] {
  const { plan, widths } = context;
  const { layout, lists, rows, items, valueBits } = ring;
  const { wordsPerRow, bank } = layout;
  const steps = plan.steps.flatMap(({ action, number }) =>
    action.does === 'keep' && action.delayed === delayed ? [number] : [],
  );
  const keeping = `(state == CLEAR & (${steps.map((number) => `pc == ${literal(number, widths.step)}`).join(' | ') || "1'b0"}))`;
  const name = `ring_${delayed}`;
  const rowBits = indexBits(rows);
  return [
    ...keptText(ring, delayed, widths.neuron),
    `reg ${vector(rowBits)} ${name}_row;`,
    `wire ${name}_keeps = ${keeping};`,
    'always @(posedge clk)',
    `  if (rst | (accept & ~cmd_step)) ${name}_row <= ${literal(0, rowBits)};`,
    `  else if (${name}_keeps & clear_end) ${name}_row <= ${name}_row == ${literal(rows - 1, rowBits)} ? ${literal(0, rowBits)} : ${name}_row + ${literal(1, rowBits)};`,
    ...lists.flatMap(({ delay }, list) => {
      const waited = `waited_${delayed}_${list}`;
      const first = (1 + list) * wordsPerRow;
      return [
        `// those of ${delay} steps before the next one`,
        `reg ${vector(items)} ${waited};`,
        ...(valueBits === 0 ? [] : [`reg ${vector(items * valueBits)} ${waited}_values;`]),
        `reg [31:0] ${waited}_count;`,
        `wire [31:0] ${waited}_soon = accept & ~cmd_step ? 32'd0 : ${waited}_count;`,
        `wire ${waited}_ends = step_now + 32'd1 >= 32'd${delay};`,
        ...Array.from({ length: wordsPerRow }, (_, word) => word).flatMap((word) => [
          `reg ${waited}_read_${word};`,
          `always @(posedge clk) ${waited}_read_${word} <= ${name}_keeps & count == ${literal(first + word, widths.cycle)};`,
        ]),
        'always @(posedge clk)',
        `  if (rst | (accept & ~cmd_step)) begin ${waited} <= ${items}'d0; ${waited}_count <= 32'd0; end`,
        '  else begin',
        `    if (${name}_keeps & count == ${literal(0, widths.cycle)}) ${waited}_count <= 32'd0;`,
        ...Array.from({ length: wordsPerRow }, (_, word) =>
          wordText(ring, { waited, word, data: `bank${bank}_r0_data` }),
        ).flat(),
        '  end',
      ];
    }),
  ];
}

/** Takes the items of a word of a row: the flags of neurons that have spiked, and the values of their spikes. */
function wordText(
  { layout, field, items, valueBits }: RingPlan,
  { waited, word, data }: { readonly waited: string; readonly word: number; readonly data: string },
): string[] {
  const { itemsPerWord, itemBits } = layout;
  const first = word * itemsPerWord;
  const own = Math.min(itemsPerWord, items - first);
  const flags = Array.from({ length: own }, (_, item) => `${data}[${item * itemBits + field.bitOffset}]`);
  const valid = flags.map((flag) => `(${waited}_ends & ${flag})`);
  const values = Array.from({ length: own }, (_, item) => {
    const bit = item * itemBits + field.bitOffset + 1;
    return `${data}[${bit} +: ${valueBits}]`;
  });
  return [
    `    if (${waited}_read_${word}) begin`,
    `      ${waited}[${first} +: ${own}] <= {${[...valid].reverse().join(', ')}};`,
    `      ${waited}_count <= ${waited}_count + ${valid.map((flag) => `32'(${flag})`).join(' + ')};`,
    ...(valueBits === 0
      ? []
      : [
          `      ${waited}_values[${first * valueBits} +: ${own * valueBits}] <= {${[...values].reverse().join(', ')}};`,
        ]),
    '    end',
  ];
}

/** The spikes that a ring keeps in this step, as items of its row: those of the step before, or of the input. */
function keptText(
  { items, valueBits, isInput, source, population }: RingPlan,
  delayed: number,
  neuronBits: number,
): string[] {
  const name = `ring_${delayed}`;
  const itemBits = 1 + valueBits;
  const from = isInput ? `received_${delayed}` : `previous_${source}`;
  const parts = Array.from({ length: items }, (_, item) =>
    valueBits === 0
      ? `${from}[${item}]`
      : `{${from}[${item}] ? ${from}_values[${item * valueBits} +: ${valueBits}] : ${literal(0, valueBits)}, ${from}[${item}]}`,
  );
  return [
    ...(isInput
      ? [
          commentLine(`spikes of ${population.name} in this step`),
          `reg ${vector(items)} ${from};`,
          'always @(posedge clk)',
          `  if (rst | accept) ${from} <= ${items}'d0;`,
          `  else if (input_taken & state == POP) ${from}[s_neuron${narrowed(items, neuronBits)}] <= 1'b1;`,
          ...(valueBits === 0
            ? []
            : [
                `reg ${vector(items * valueBits)} ${from}_values;`,
                `always @(posedge clk) if (input_taken & state == POP) ${from}_values[32'(s_neuron) * ${valueBits} +: ${valueBits}] <= s_value[${valueBits - 1}:0];`,
              ]),
        ]
      : []),
    `wire ${vector(items * itemBits)} ${name}_kept = {${parts.reverse().join(', ')}};`,
  ];
}

/** The part of a neuron's number that names one of the first items. */
function narrowed(items: number, bits: number): string {
  const own = indexBits(items);
  return own < bits ? `[${own - 1}:0]` : '';
}

/** Steps of a list that pass over words of fields: clears, and spikes that are kept for later. */
export function passesText(context: CoreContext): string[] {
  const { plan, image, widths } = context;
  const { bank: bankBits, hostAddress: addressBits } = widths;
  const widest = Math.max(...image.banks.map(({ wordBits }) => wordBits));
  const passes = plan.steps.filter(({ ranges }) => ranges.length > 0);
  const isMerging = plan.banks.some(({ isMerged }) => isMerged);
  const place = (range: PassedWords, word: string): string =>
    `pass_bank <= ${literal(range.bank, bankBits)}; pass_address <= ${addressText(context, range, word)};`;
  return [
    // The word of the next cycle is told a cycle ahead, so that no address waits for the step and its count.
    ...(passes.length === 0 ? [] : ["wire [31:0] ahead = state == CLEAR ? 32'(count) + 32'd1 : 32'd0;"]),
    `reg ${vector(bankBits)} pass_bank;`,
    `reg ${vector(addressBits)} pass_address;`,
    `reg ${vector(widest)} pass_mask, pass_data;`,
    'reg pass_reads;',
    ...(isMerging ? ['reg pass_merges;'] : []),
    'always @(posedge clk) begin',
    `  pass_bank <= ${literal(0, bankBits)};`,
    `  pass_address <= ${literal(0, addressBits)};`,
    `  pass_mask <= ${literal(0n, widest)}; pass_data <= ${literal(0n, widest)}; pass_reads <= 1'b0;${isMerging ? " pass_merges <= 1'b0;" : ''}`,
    '  if (state == START | state == CLEAR) case (pc)',
    ...casesText(context, passes, (range, word) => {
      const { mask, row, isMerged } = range;
      if (mask === undefined) return `${place(range, word)} pass_reads <= 1'b1;`;
      const written = row === undefined ? '' : ` pass_data <= ${keptWord(context, row.ring, word, widest)};`;
      const merges = isMerged === true ? " pass_merges <= 1'b1;" : '';
      return `${place(range, word)} pass_mask <= ${widest}'h${mask.toString(16)};${written}${merges}`;
    }),
    '    default: ;',
    '  endcase',
    'end',
    ...aheadText(
      context,
      passes.filter(({ ranges }) => ranges.some(({ isMerged }) => isMerged)),
    ),
  ];
}

/** A case for each pass, with what a word of a range does: its number in the pass is that of `ahead`. */
function casesText(
  { widths }: CoreContext,
  passes: readonly Step[],
  of: (range: PassedWords, word: string) => string,
): string[] {
  return passes.flatMap(({ number, ranges }) => {
    let from = 0;
    return [
      `    ${literal(number, widths.step)}: begin`,
      ...ranges.map((range, index) => {
        const word = `(ahead - 32'd${from})`;
        from += range.words;
        return `      ${index === 0 ? '' : 'else '}if (ahead < 32'd${from}) begin ${of(range, word)} end`;
      }),
      '    end',
    ];
  });
}

/** The address of a word, from its number in the range. */
function addressText({ plan, widths }: CoreContext, range: PassedWords, word: string): string {
  const { firstWord, words, row } = range;
  const within = `${word} + 32'd${firstWord}`;
  if (row === undefined) return `${widths.hostAddress}'(${within})`;
  const own = `32'(ring_${row.ring}_row)`;
  const { rows } = at(plan.rings, row.ring);
  const due = row.back === 0 ? own : `((${own} + 32'd${row.back}) % 32'd${rows})`;
  return `${widths.hostAddress}'(${due} * 32'd${words} + ${within})`;
}

/** The word that a ring keeps, from its number in the row: the items of the ring, spread as its layout has them. */
function keptWord({ plan }: CoreContext, ring: number, word: string, widest: number): string {
  const { layout, field, items, valueBits } = at(plan.rings, ring);
  const { wordsPerRow, itemsPerWord, itemBits } = layout;
  const bits = 1 + valueBits;
  const packed = Array.from({ length: wordsPerRow }, (_, index) =>
    Array.from({ length: Math.min(itemsPerWord, items - index * itemsPerWord) }, (_, item) => {
      const kept = `ring_${ring}_kept[${(index * itemsPerWord + item) * bits} +: ${bits}]`;
      return `(${widest}'(${kept}) << ${item * itemBits + field.bitOffset})`;
    }).join(' | '),
  );
  return packed
    .slice(0, -1)
    .reduceRight(
      (others, text, index) => `${word} == 32'd${index} ? ${text} : ${others}`,
      packed.at(-1) ?? '',
    );
}

/**
 * The word that is cleared in the next cycle is read, if its bank has no bit mask and other fields share it: what is
 * theirs is written back.
 */
function aheadText(context: CoreContext, merging: readonly Step[]): string[] {
  if (merging.length === 0) return [];
  const { bank: bankBits, hostAddress: addressBits, cycle } = context.widths;
  const { kernelCycles } = context.plan.hw.overheads;
  return [
    '// words without a bit mask that are cleared in part are read a cycle ahead',
    `wire ahead_now = state == CLEAR | (state == START & count == ${literal(kernelCycles - 1, cycle)});`,
    'reg ahead_reads;',
    `reg ${vector(bankBits)} ahead_bank;`,
    `reg ${vector(addressBits)} ahead_address;`,
    'always_comb begin',
    `  ahead_reads = 1'b0; ahead_bank = ${literal(0, bankBits)}; ahead_address = ${literal(0, addressBits)};`,
    '  case (pc)',
    ...casesText(context, merging, (range, word) =>
      range.isMerged === true
        ? `ahead_reads = ahead_now; ahead_bank = ${literal(range.bank, bankBits)}; ahead_address = ${addressText(context, range, word)};`
        : '',
    ),
    '    default: ;',
    '  endcase',
    'end',
  ];
}
