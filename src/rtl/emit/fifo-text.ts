import { at } from '../../text/index.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { indexBits, type Widths } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { countText, roomText, waitingAt } from './stall-text.ts';
import { indented, literal, vector } from './text.ts';

/** The parts of an entry: their names, and their bits. Of a run, its number of spikes alone. */
function partsOf({ population, lanes, tile, value, room }: Widths): (readonly [string, number])[] {
  return [
    ['population', population],
    ['tile', tile],
    ['lanes', lanes],
    ['is_run', 1],
    ['number', room],
    ...(value === 0 ? [] : [['values', lanes * value] as const]),
  ];
}

/**
 * The FIFO. An entry is a tile of spikes of a kernel, or a run of spikes that a list delivers: these stay where they
 * are until they are served, and the entry holds their number alone. Its depth is counted in spikes. The entry at the
 * head is in registers, with what is left of it.
 */
export function fifoText(context: CoreContext): string[] {
  const { plan, image, widths } = context;
  const { room } = widths;
  const { entryBits, addressBits } = fifoBits(image.core.fifoDepth);
  const waits = plan.waiting.levels > 1;
  return [
    '// ---- spikes',
    ...pushText(context),
    '// an entry is a tile of spikes, which leave one by one, the lowest lane first, or a run of a delivery',
    ...partsOf(widths).map(
      ([part, bits]) => `reg ${shapeOf(part, bits)}fifo_${part} [0:${2 ** addressBits - 1}];`,
    ),
    `reg ${vector(addressBits)} fifo_next, fifo_tail;`,
    `reg ${vector(entryBits)} fifo_entries;`,
    'reg fifo_is_empty;',
    'assign fifo_empty = fifo_is_empty;',
    `reg ${vector(room)} fifo_free;`,
    'wire run_exceeds;',
    ...lateText(context, waits),
    ...headText(context, waits),
    'wire pop_entry = pop_end & head_is_last;',
    'wire fifo_enters = push_now | late_now;',
    // Where it is empty, all that is pushed finds room; nothing is pushed while a spike is popped.
    `assign fifo_soon = ${plan.placed === undefined ? 'push_valid | late_now' : 'late_now'} ? ~(fifo_empty & pop_entry) : ~(fifo_empty | (pop_entry & fifo_entries == ${literal(1, entryBits)}));`,
    '// what is free after a pop, and what a run or a tile leaves of it: what does not fit leaves nothing else',
    `wire ${vector(room)} fifo_popped = pop_end ? fifo_free + ${literal(1, room)} : fifo_free;`,
    `wire ${vector(room)} run_leaves = run_exceeds ? ${room}'(pop_end) : fifo_popped - ${room}'(run_rest);`,
    ...(plan.placed === undefined
      ? [
          `wire ${vector(room)} push_leaves = push_overflows ? ${room}'(pop_end) : fifo_popped - push_number;`,
          `assign fifo_room = late_now ? (late_delivers ? run_leaves : fifo_popped) : push_valid ? push_leaves : fifo_popped;`,
        ]
      : ['assign fifo_room = late_delivers ? run_leaves : fifo_popped;']),
    ...roomText({
      name: 'push',
      asking: 'push_lanes',
      lanes: widths.lanes,
      below: (lane) => `push_below_${lane}`,
      number: 'push_number',
      room: 'fifo_free',
      bits: room,
      tells: waits,
    }),
    // Spikes of a core that is one of several leave it.
    `wire push_now = ${plan.placed === undefined ? `push_valid & fifo_free != ${literal(0, room)}` : "1'b0"};`,
    ...clockedText(context, waits),
    ...spokenText(context, waits),
    ...poppedText(context),
    '',
  ];
}

/** The entry that enters a cycle after the list has decided; an empty FIFO shows it at once. */
function lateText(context: CoreContext, waits: boolean): string[] {
  const { widths } = context;
  const { lanes, room } = widths;
  const none = literal(0, room);
  return [
    '// a run, and what has waited for room, enter in the cycle after the list has decided; an empty FIFO shows it at once',
    'reg late_delivers;',
    `wire ${vector(room)} late_run = late_delivers ? run_enters : ${none};`,
    ...(waits
      ? [
          'reg late_wakes, late_waited;',
          ...partsOf(widths).flatMap(([part, bits]) =>
            part === 'is_run' || part === 'number' ? [] : [`reg ${vector(bits)} late_${part};`],
          ),
          `reg ${vector(lanes)} late_spoken;`,
          `reg ${vector(room)} late_kept;`,
          `wire ${vector(room)} late_number = late_delivers ? run_enters : late_kept;`,
          `wire ${vector(room)} late_rest = late_delivers ? run_enters_less : late_kept - ${literal(1, room)};`,
        ]
      : [
          `wire ${vector(room)} late_number = run_enters;`,
          `wire ${vector(room)} late_rest = run_enters_less;`,
        ]),
    'wire late_is_run = late_delivers;',
    `wire late_now = (late_delivers & fifo_free != ${none})${waits ? ' | (late_wakes & late_waited)' : ''};`,
  ];
}

/** The entry at the head, and what follows it there. */
function headText(context: CoreContext, waits: boolean): string[] {
  const { widths } = context;
  const { lanes, room } = widths;
  const laneBits = indexBits(lanes);
  const { entryBits } = fifoBits(context.image.core.fifoDepth);
  const one = literal(1, room);
  const parts = partsOf(widths);
  const isLate = (part: string): boolean => waits || part === 'is_run' || part === 'number';
  /** A tile that is pushed is no run, and of its lanes those enter that find room. */
  const pushed = (part: string): string =>
    ({ is_run: "1'b0", number: 'push_spikes', lanes: 'push_kept' })[part] ?? `push_${part}`;
  const next = (part: string): string =>
    isLate(part) ? `late_now ? late_${part} : ${pushed(part)}` : pushed(part);
  return [
    '// what is left of the entry at the head',
    ...parts.map(([part, bits]) => `reg ${shapeOf(part, bits)}first_${part};`),
    ...parts.flatMap(([part, bits]) => {
      if (part === 'number') return [];
      const shown = isLate(part) ? `fifo_empty ? late_${part} : first_${part}` : `first_${part}`;
      const isKnown = part === 'population' || part === 'is_run';
      return `${isKnown ? 'assign' : `wire ${shapeOf(part, bits)}`} head_${part} = ${shown};`;
    }),
    // The late run is the smaller one of what waits and what is free.
    `wire late_is_last = late_delivers ? (~run_many & run_rest[${room}:0] == ${literal(1, room + 1)}) | fifo_free == ${one}${waits ? ` : late_kept == ${one}` : " : 1'b0"};`,
    `wire head_is_last = fifo_empty ? late_is_last : first_number == ${one};`,
    `reg ${vector(laneBits)} head_lane;`,
    'integer head_i;',
    'always_comb begin',
    `  head_lane = ${literal(0, laneBits)};`,
    `  for (head_i = ${lanes - 1}; head_i >= 0; head_i = head_i - 1) if (head_lanes[head_i]) head_lane = ${laneBits}'(head_i);`,
    'end',
    `wire ${vector(lanes)} lanes_left = head_lanes & (head_lanes - ${literal(1n, lanes)});`,
    ...parts.flatMap(([part, bits]) => [
      `wire ${shapeOf(part, bits)}second_${part} = fifo_${part}[fifo_next];`,
      `wire ${shapeOf(part, bits)}entering_${part} = ${next(part)};`,
    ]),
    `wire fifo_many = ${entryBits === 1 ? "1'b0" : `fifo_entries > ${literal(1, entryBits)}`};`,
    'always @(posedge clk)',
    '  if (pop_entry & fifo_many) begin',
    ...parts.map(([part]) => `    first_${part} <= second_${part};`),
    '  end else if (pop_end & ~pop_entry) begin',
    ...parts.map(([part]) => {
      const left =
        { lanes: 'lanes_left', number: `fifo_empty ? late_rest : first_number - ${one}` }[part] ??
        `head_${part}`;
      return `    first_${part} <= ${left};`;
    }),
    '  end else if (pop_entry | fifo_empty) begin',
    ...parts.map(([part]) => `    first_${part} <= entering_${part};`),
    '  end',
  ];
}

/** The shape of a part of an entry: one is no vector. */
function shapeOf(part: string, bits: number): string {
  return part === 'is_run' ? '' : `${vector(bits)} `;
}

/** The registers of the FIFO. */
function clockedText(context: CoreContext, waits: boolean): string[] {
  const { image, widths } = context;
  const { lanes, value, room } = widths;
  const { fifoDepth: depth } = image.core;
  const { entryBits, addressBits } = fifoBits(depth);
  return [
    'always @(posedge clk)',
    '  if (rst | (accept & ~cmd_step)) begin',
    `    fifo_next <= ${literal(1, addressBits)};`,
    `    fifo_tail <= ${literal(0, addressBits)};`,
    `    fifo_entries <= ${literal(0, entryBits)};`,
    "    fifo_is_empty <= 1'b1;",
    `    fifo_free <= ${literal(depth, room)};`,
    "    late_delivers <= 1'b0;",
    ...(waits ? ["    late_wakes <= 1'b0;", `    late_spoken <= ${literal(0n, lanes)};`] : []),
    "    if (rst) fault <= 1'b0;",
    '  end else begin',
    `    fifo_entries <= fifo_entries + ${entryBits}'(fifo_enters) - ${entryBits}'(pop_entry);`,
    '    fifo_is_empty <= ~fifo_soon;',
    `    fifo_free <= ${waits ? 'decides & wakes ? wait_leaves : ' : ''}fifo_room;`,
    '    late_delivers <= delivers_now & run_wanted;',
    ...(waits
      ? [
          '    late_wakes <= decides & wakes;',
          `    late_population <= ${waitingAt(context, 'population')};`,
          `    late_tile <= ${waitingAt(context, 'tile')};`,
          '    late_lanes <= wait_kept;',
          '    late_kept <= wait_spikes;',
          '    late_waited <= wait_enters;',
          ...(value === 0 ? [] : [`    late_values <= ${waitingAt(context, 'values')};`]),
          '    // those that enter, and the next one that waits; the first one has been told before',
          `    late_spoken <= decides & wakes ? wait_next : ${literal(0n, lanes)};`,
        ]
      : []),
    ...(waits ? ["    if (waits_too_deep) fault <= 1'b1;"] : []),
    '    if (fifo_enters) begin',
    ...partsOf(widths).map(([part]) => `      fifo_${part}[fifo_tail] <= entering_${part};`),
    `      fifo_tail <= fifo_tail + ${literal(1, addressBits)};`,
    '    end',
    `    if (pop_entry) fifo_next <= fifo_next + ${literal(1, addressBits)};`,
    '  end',
  ];
}

/** The words and bits of the memories of the FIFO, one for each part of an entry. */
export function fifoMemories({
  image,
  widths,
}: CorePlan): { readonly words: number; readonly wordBits: number }[] {
  const words = 2 ** fifoBits(image.core.fifoDepth).addressBits;
  return partsOf(widths).map(([, wordBits]) => ({ words, wordBits }));
}

/** The spike that is served. */
function poppedText({ widths, run }: CoreContext): string[] {
  const { lanes, neuron, value } = widths;
  return [
    `wire ${vector(neuron)} pop_neuron = head_is_run ? run_neuron : ${neuron}'(32'(head_tile) * 32'd${lanes} + 32'(head_lane));`,
    'always @(posedge clk) begin',
    '  if (pop_end) event_neuron <= pop_neuron;',
    ...indented(run.resume('event_neuron')),
    'end',
    ...(value === 0
      ? []
      : [
          ...run.declare(vector(value), 'event_value'),
          'always @(posedge clk) begin',
          `  if (pop_end) event_value <= head_is_run ? run_value : head_values[32'(head_lane) * ${value} +: ${value}];`,
          ...indented(run.resume('event_value')),
          'end',
        ]),
  ];
}

function fifoBits(depth: number): { readonly entryBits: number; readonly addressBits: number } {
  return { entryBits: indexBits(depth + 1), addressBits: indexBits(Math.max(2, depth)) };
}

/** The push of the kernel that runs: a tile of spikes. If only one emits, it does so whatever runs, and is not told. */
function pushText(context: CoreContext): string[] {
  const { plan, widths, modules } = context;
  const { lanes, tile, value, population: populationBits, room } = widths;
  const pushes = modules.flatMap(({ name, kernels, taps }) => {
    const sends = taps.has('spike_values');
    const emitting = kernels.flatMap(({ emits }) => emits ?? []);
    return emitting.map((population, member) => ({
      number: kernelNumber(context, at(kernels, member)),
      valid: `${name}_spike_valid`,
      parts: [
        ['soon', `${name}_spike_soon`],
        ['population', literal(population, populationBits)],
        ['tile', `${name}_spike_tile`],
        ['lanes', `${name}_spike_lanes`],
        ...(sends ? [['values', `${name}_spike_values`] as const] : []),
      ] as const,
    }));
  });
  const [only, ...others] = pushes;
  const shown = others.length === 0 ? (only?.parts ?? []) : [];
  const none = [
    ['soon', literal(0n, lanes)],
    ['population', literal(0, populationBits)],
    ['tile', literal(0, tile)],
    ['lanes', literal(0n, lanes)],
    ...(value === 0 ? [] : [['values', literal(0n, lanes * value)] as const]),
  ] as const;
  const defaults = none.map(
    ([part, text]) => [part, shown.find(([own]) => own === part)?.[1] ?? text] as const,
  );
  const assigned = (parts: readonly (readonly [string, string])[]): string =>
    parts.map(([part, text]) => ` push_${part} = ${text};`).join('');
  return [
    'reg push_tells;',
    `reg ${vector(populationBits)} push_population;`,
    `reg ${vector(tile)} push_tile;`,
    `reg ${vector(lanes)} push_lanes, push_soon;`,
    ...(value === 0 ? [] : [`reg ${vector(lanes * value)} push_values;`]),
    'always_comb begin',
    ...(only !== undefined && others.length === 0 && plan.waiting.levels > 1
      ? // The walker knows the one kernel that emits without comparing numbers.
        [`  push_tells = emits & ${only.valid};${assigned(defaults)}`]
      : [
          `  push_tells = 1'b0;${assigned(defaults)}`,
          '  case (kernel)',
          ...pushes.map(
            ({ number, valid, parts }) =>
              `    ${number}: begin push_tells = ${valid};${shown.length > 0 ? '' : assigned(parts)} end`,
          ),
          '    default: ;',
          '  endcase',
        ]),
    'end',
    ...countText('push', 'push_soon', lanes, room),
    `wire push_valid = push_tells & push_number != ${literal(0, room)};`,
  ];
}

/** The spikes that leave the core, in their order: also those that the FIFO drops, and the first one that waits. */
function spokenText({ widths }: CoreContext, waits: boolean): string[] {
  const { lanes, tile, value, population } = widths;
  const late = (what: string, pushed: string): string =>
    waits ? `push_valid ? ${pushed} : late_${what}` : pushed;
  return [
    ...(waits ? [`wire ${vector(lanes)} push_spoken = suspends ? push_told : push_lanes;`] : []),
    `wire spoken_valid = push_valid${waits ? ' | |late_spoken' : ''};`,
    `wire ${vector(population)} spoken_population = ${late('population', 'push_population')};`,
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
