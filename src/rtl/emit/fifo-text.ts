import { emittingPopulation } from '../../image/index.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { waitingKernels } from './stall-text.ts';
import { indexBits, literal, vector } from './text.ts';
import type { Widths } from './widths.ts';

/**
 * The FIFO. An entry is a tile of spikes of a kernel, or a run of spikes that a list delivers: these stay where they
 * are until they are served, and the entry holds their number alone. Its depth is counted in spikes.
 */
export function fifoText(context: CoreContext): string[] {
  const { image, widths } = context;
  const { lanes, tile, value } = widths;
  const depth = image.core.fifoDepth;
  const { entryBits, addressBits } = fifoBits(depth);
  const places = `[0:${2 ** addressBits - 1}]`;
  const zero = literal(0n, lanes);
  const most = `32'd${depth}`;
  // Spikes of a core that is one of several leave it.
  const isPlaced = context.plan.placed !== undefined;
  const waits = waitingKernels(context).length > 0;
  const head = (field: string): string => headOf(field, waits);
  const entering = (what: string, pushed: string): string =>
    waits ? `late_now ? late_${what} : ${pushed}` : pushed;
  return [
    '// ---- spikes',
    ...pushText(context),
    '// an entry is a tile of spikes, which leave one by one, the lowest lane first, or a run of a delivery',
    `reg ${vector(context.populationBits)} fifo_population ${places};`,
    `reg ${vector(tile)} fifo_tile ${places};`,
    `reg ${vector(lanes)} fifo_lanes ${places};`,
    ...(value === 0 ? [] : [`reg ${vector(lanes * value)} fifo_values ${places};`]),
    `reg [31:0] fifo_run ${places};`,
    `reg ${vector(addressBits)} fifo_head, fifo_tail;`,
    `reg ${vector(entryBits)} fifo_entries;`,
    'reg [31:0] fifo_spikes, head_taken;',
    `reg ${vector(lanes)} head_served;`,
    '// a run, and what has waited for room, enter in the cycle after the list has decided; an empty FIFO shows it at once',
    'reg late_now;',
    'reg [31:0] late_run;',
    ...(waits
      ? [
          `reg ${vector(context.populationBits)} late_population;`,
          `reg ${vector(tile)} late_tile;`,
          `reg ${vector(lanes)} late_lanes, late_spoken;`,
          ...(value === 0 ? [] : [`reg ${vector(lanes * value)} late_values;`]),
        ]
      : []),
    `wire fifo_empty = fifo_entries == ${literal(0, entryBits)};`,
    `wire [31:0] head_run = fifo_empty ? late_run : fifo_run[fifo_head];`,
    "assign head_is_run = head_run != 32'd0;",
    `wire ${vector(lanes)} head_left = ${head('lanes')} & ~head_served;`,
    `wire head_is_last = head_is_run ? head_taken + 32'd1 == head_run : (head_left & (head_left - ${literal(1n, lanes)})) == ${zero};`,
    'wire pop_entry = pop_end & head_is_last;',
    `wire ${vector(entryBits)} fifo_entries_soon = fifo_entries + ${entryBits}'(push_now) + ${entryBits}'(late_now) - ${entryBits}'(pop_entry);`,
    `assign fifo_soon = ~(accept & ~cmd_step) & fifo_entries_soon != ${literal(0, entryBits)};`,
    "wire [31:0] fifo_spikes_soon = accept & ~cmd_step ? 32'd0 : fifo_spikes + (push_now ? push_spikes : 32'd0) - 32'(pop_end);",
    `assign fifo_room = ${most} - fifo_spikes_soon;`,
    ...lanesText(widths, most, isPlaced),
    'always @(posedge clk)',
    '  if (rst | (accept & ~cmd_step)) begin',
    `    fifo_head <= ${literal(0, addressBits)};`,
    `    fifo_tail <= ${literal(0, addressBits)};`,
    `    fifo_entries <= ${literal(0, entryBits)};`,
    "    fifo_spikes <= 32'd0;",
    "    head_taken <= 32'd0;",
    "    late_now <= 1'b0;",
    ...(waits ? [`    late_spoken <= ${zero};`] : []),
    `    head_served <= ${zero};`,
    "    if (rst) fault <= 1'b0;",
    '  end else begin',
    '    fifo_entries <= fifo_entries_soon;',
    `    fifo_spikes <= fifo_spikes_soon + (delivers_now ? run_soon : ${waits ? 'decide & wakes ? wait_spikes : ' : ''}32'd0);`,
    `    late_now <= (delivers_now & run_soon != 32'd0)${waits ? " | (decide & wakes & wait_spikes != 32'd0)" : ''};`,
    `    late_run <= ${waits ? "wakes ? 32'd0 : " : ''}run_soon;`,
    ...(waits
      ? [
          '    late_population <= wait_population[level_below];',
          '    late_tile <= wait_tile[level_below];',
          '    late_lanes <= wait_kept;',
          ...(value === 0 ? [] : ['    late_values <= wait_values[level_below];']),
          '    // those that enter, and the next one that waits; the first one has been told before',
          `    late_spoken <= decide & wakes ? (wait_kept | (wait_rest & (~wait_rest + ${literal(1n, lanes)}))) & (wait_left - ${literal(1n, lanes)}) & wait_left : ${zero};`,
        ]
      : []),
    ...(waits ? ["    if (waits_too_deep) fault <= 1'b1;"] : []),
    '    if (push_now | late_now) begin',
    "      fifo_run[fifo_tail] <= late_now ? late_run : 32'd0;",
    `      fifo_population[fifo_tail] <= ${entering('population', 'push_population')};`,
    `      fifo_tile[fifo_tail] <= ${entering('tile', 'push_tile')};`,
    `      fifo_lanes[fifo_tail] <= ${entering('lanes', 'push_kept')};`,
    ...(value === 0 ? [] : [`      fifo_values[fifo_tail] <= ${entering('values', 'push_values')};`]),
    `      fifo_tail <= fifo_tail + ${literal(1, addressBits)};`,
    '    end',
    '    if (pop_entry) begin',
    `      fifo_head <= fifo_head + ${literal(1, addressBits)};`,
    `      head_served <= ${zero};`,
    "      head_taken <= 32'd0;",
    '    end else if (pop_end) begin',
    `      if (~head_is_run) head_served <= head_served | (${literal(1n, lanes)} << head_lane);`,
    "      head_taken <= head_taken + 32'd1;",
    '    end',
    '  end',
    ...spokenText(context, waits),
    ...poppedText(context, waits),
    '',
  ];
}

/** The spike that is served. */
function poppedText({ widths, run }: CoreContext, waits: boolean): string[] {
  const { lanes, neuron, value } = widths;
  return [
    `assign head_population = ${headOf('population', waits)};`,
    `wire ${vector(neuron)} pop_neuron = head_is_run ? run_neuron : ${neuron}'(32'(${headOf('tile', waits)}) * 32'd${lanes} + 32'(head_lane));`,
    `always @(posedge clk) if (pop_end) ${run.set('event_neuron')} <= pop_neuron;`,
    ...(value === 0
      ? []
      : [
          `wire ${vector(lanes * value)} head_values = ${headOf('values', waits)};`,
          ...run.declare(vector(value), 'event_value'),
          `always @(posedge clk) if (pop_end) ${run.set('event_value')} <= head_is_run ? run_value : head_values[32'(head_lane) * ${value} +: ${value}];`,
        ]),
  ];
}

function fifoBits(depth: number): { readonly entryBits: number; readonly addressBits: number } {
  return { entryBits: indexBits(depth + 1), addressBits: indexBits(Math.max(2, depth)) };
}

/** What the kernel that runs pushes: a tile of spikes. */
function pushText(context: CoreContext): string[] {
  const { image, widths, modules, populationBits } = context;
  const { lanes, tile, value } = widths;
  const emitting = modules.filter(({ ports }) => ports.some(({ meaning }) => meaning.does === 'spike-valid'));
  const cases = emitting.map(({ name, plan, ports }) => {
    const population = literal(emittingPopulation(image, plan.kernel), populationBits);
    const sends = ports.some(({ meaning }) => meaning.does === 'spike-values');
    const values = sends ? ` push_values = ${name}_spike_values;` : '';
    return `    ${kernelNumber(context, plan.index)}: begin push_valid = ${name}_spike_valid & |${name}_spike_lanes; push_population = ${population}; push_tile = ${name}_spike_tile; push_lanes = ${name}_spike_lanes;${values} end`;
  });
  return [
    'reg push_valid;',
    `reg ${vector(populationBits)} push_population;`,
    `reg ${vector(tile)} push_tile;`,
    `reg ${vector(lanes)} push_lanes;`,
    ...(value === 0 ? [] : [`reg ${vector(lanes * value)} push_values;`]),
    'always_comb begin',
    `  push_valid = 1'b0; push_population = ${literal(0, populationBits)}; push_tile = ${literal(0, tile)}; push_lanes = ${literal(0n, lanes)};`,
    ...(value === 0 ? [] : [`  push_values = ${literal(0n, lanes * value)};`]),
    '  case (kernel)',
    ...cases,
    '    default: ;',
    '  endcase',
    'end',
  ];
}

/** The lane that is served, and those of a tile that find room. */
function lanesText({ lanes }: Widths, most: string, isPlaced: boolean): string[] {
  const laneBits = indexBits(lanes);
  const zero = literal(0n, lanes);
  return [
    `reg ${vector(laneBits)} head_lane;`,
    'integer head_i;',
    'always_comb begin',
    `  head_lane = ${literal(0, laneBits)};`,
    `  for (head_i = ${lanes - 1}; head_i >= 0; head_i = head_i - 1) if (head_left[head_i]) head_lane = ${laneBits}'(head_i);`,
    'end',
    '// the lowest lanes that find room',
    `reg ${vector(lanes)} push_kept;`,
    'reg [31:0] push_spikes;',
    'integer push_i;',
    'always_comb begin',
    `  push_kept = ${zero};`,
    "  push_spikes = 32'd0;",
    `  for (push_i = 0; push_i < ${lanes}; push_i = push_i + 1)`,
    `    if (push_lanes[push_i] & fifo_spikes + push_spikes < ${most}) begin`,
    "      push_kept[push_i] = 1'b1;",
    "      push_spikes = push_spikes + 32'd1;",
    '    end',
    'end',
    `wire push_now = ${isPlaced ? "1'b0" : 'push_valid & |push_kept'};`,
  ];
}

/** A part of the entry at the head; what has waited may enter an empty FIFO in this cycle. */
function headOf(field: string, waits: boolean): string {
  return waits ? `(fifo_empty ? late_${field} : fifo_${field}[fifo_head])` : `fifo_${field}[fifo_head]`;
}

/** The spikes that leave the core, in their order: also those that the FIFO drops, and the first one that waits. */
function spokenText({ widths, populationBits }: CoreContext, waits: boolean): string[] {
  const { lanes, tile, value } = widths;
  const rest = 'push_lanes & ~push_kept';
  const now = waits
    ? `suspends ? push_kept | (push_rest & (~push_rest + ${literal(1n, lanes)})) : push_lanes`
    : 'push_lanes';
  const late = (what: string, pushed: string): string =>
    waits ? `push_valid ? ${pushed} : late_${what}` : pushed;
  return [
    ...(waits
      ? [`wire ${vector(lanes)} push_rest = ${rest};`, `wire ${vector(lanes)} push_spoken = ${now};`]
      : []),
    `wire spoken_valid = push_valid${waits ? ' | |late_spoken' : ''};`,
    `wire ${vector(populationBits)} spoken_population = ${late('population', 'push_population')};`,
    `wire ${vector(tile)} spoken_tile = ${late('tile', 'push_tile')};`,
    `wire ${vector(lanes)} spoken_lanes = ${late('spoken', waits ? 'push_spoken' : 'push_lanes')};`,
    ...(value === 0
      ? []
      : [`wire ${vector(lanes * value)} spoken_values = ${late('values', 'push_values')};`]),
    'assign m_valid = spoken_valid;',
    'assign m_population = spoken_population;',
    'assign m_tile = spoken_tile;',
    'assign m_lanes = spoken_lanes;',
    ...(value === 0 ? [] : ['assign m_values = spoken_values;']),
  ];
}
