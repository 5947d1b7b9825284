import type { RingPlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import type { CoreContext } from './context.ts';
import { commentLine, literal, vector } from './text.ts';

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
