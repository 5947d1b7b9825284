import { at } from '../../text/index.ts';
import type { CorePlan } from '../plan/core-plan.ts';
import { indexBits, type Widths } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { countText, roomText, waitingAt } from './stall-text.ts';
import { type Assigned, chosen, literal, lowest, onClock, reg, type Verilog, when, wire } from './verilog.ts';

/** The parts of an entry: their names, and their bits. Of a run, its number of spikes alone. */
function partsOf({
  population,
  lanes,
  tile,
  value,
  room,
}: Widths): (readonly [string, number | undefined])[] {
  return [
    ['population', population],
    ['tile', tile],
    ['lanes', lanes],
    ['is_run', undefined],
    ['number', room],
    ...(value === 0 ? [] : [['values', lanes * value] as const]),
  ];
}

/**
 * The FIFO. An entry is a tile of spikes of a kernel, or a run of spikes that a list delivers: these stay where they
 * are until they are served, and the entry holds their number alone. Its depth is counted in spikes. The entry at the
 * head is in registers, with what is left of it.
 */
export function fifoText(context: CoreContext): Verilog {
  const { plan, image, widths } = context;
  const { lanes, room } = widths;
  const { entryBits, addressBits } = fifoBits(image.core.fifoDepth);
  const waits = plan.waiting.levels > 1;
  // Spikes of a core that is one of several leave it.
  const keeps = plan.arrivals === undefined;
  return [
    '// ---- spikes',
    pushText(context),
    '// an entry is a tile of spikes, which leave one by one, the lowest lane first, or a run of a delivery',
    partsOf(widths).map(([part, bits]) => reg(bits, `fifo_${part} [0:${2 ** addressBits - 1}]`)),
    reg(addressBits, 'fifo_next', 'fifo_tail'),
    reg(entryBits, 'fifo_entries'),
    reg(undefined, 'fifo_is_empty'),
    'assign fifo_empty = fifo_is_empty;',
    reg(room, 'fifo_free'),
    wire(undefined, 'run_exceeds'),
    lateText(context, waits),
    headText(context, waits),
    'wire pop_entry = pop_end & head_is_last;',
    'wire fifo_enters = push_now | late_now;',
    // Where it is empty, all that is pushed finds room; nothing is pushed while a spike is popped.
    `assign fifo_soon = ${keeps ? 'push_valid | late_now' : 'late_now'} ? ~(fifo_empty & pop_entry) : ~(fifo_empty | (pop_entry & fifo_entries == ${literal(1, entryBits)}));`,
    '// what is free after a pop, and what a run or a tile leaves of it: what does not fit leaves nothing else',
    wire(room, 'fifo_popped', `pop_end ? fifo_free + ${literal(1, room)} : fifo_free`),
    wire(room, 'run_leaves', `run_exceeds ? ${room}'(pop_end) : fifo_popped - ${room}'(run_rest)`),
    keeps && wire(room, 'push_leaves', `push_overflows ? ${room}'(pop_end) : fifo_popped - push_number`),
    keeps
      ? 'assign fifo_room = late_now ? (late_delivers ? run_leaves : fifo_popped) : push_valid ? push_leaves : fifo_popped;'
      : 'assign fifo_room = late_delivers ? run_leaves : fifo_popped;',
    roomText({
      ...{ name: 'push', asking: 'push_lanes', lanes, below: (lane) => `push_below_${lane}` },
      ...{ number: 'push_number', room: 'fifo_free', bits: room, tells: waits },
    }),
    wire(undefined, 'push_now', keeps ? `push_valid & fifo_free != ${literal(0, room)}` : "1'b0"),
    clockedText(context, waits),
    spokenText(context, waits),
    poppedText(context),
    '',
  ];
}

/** The entry that enters a cycle after the list has decided; an empty FIFO shows it at once. */
function lateText({ widths }: CoreContext, waits: boolean): Verilog {
  const { lanes, room } = widths;
  const [none, one] = [literal(0, room), literal(1, room)];
  const waited = partsOf(widths).filter(([part]) => part !== 'is_run' && part !== 'number');
  return [
    '// a run, and what has waited for room, enter in the cycle after the list has decided; an empty FIFO shows it at once',
    reg(undefined, 'late_delivers'),
    wire(room, 'late_run', `late_delivers ? run_enters : ${none}`),
    waits && [
      reg(undefined, 'late_wakes', 'late_waited'),
      waited.map(([part, bits]) => reg(bits, `late_${part}`)),
      reg(lanes, 'late_spoken'),
      reg(room, 'late_kept'),
    ],
    wire(room, 'late_number', waits ? 'late_delivers ? run_enters : late_kept' : 'run_enters'),
    wire(
      room,
      'late_rest',
      waits ? `late_delivers ? run_enters_less : late_kept - ${one}` : 'run_enters_less',
    ),
    wire(undefined, 'late_is_run', 'late_delivers'),
    `wire late_now = (late_delivers & fifo_free != ${none})${waits ? ' | (late_wakes & late_waited)' : ''};`,
  ];
}

/** The entry at the head, and what follows it there. */
function headText(context: CoreContext, waits: boolean): Verilog {
  const { widths } = context;
  const { lanes, room } = widths;
  const { entryBits } = fifoBits(context.image.core.fifoDepth);
  const one = literal(1, room);
  const entry = partsOf(widths);
  const isLate = (part: string): boolean => waits || part === 'is_run' || part === 'number';
  /** A tile that is pushed is no run, and of its lanes those enter that find room. */
  const pushed = (part: string): string =>
    ({ is_run: "1'b0", number: 'push_spikes', lanes: 'push_kept' })[part] ?? `push_${part}`;
  const takes = (from: (part: string) => string): Verilog =>
    entry.map(([part]) => `first_${part} <= ${from(part)};`);
  const left = new Map([
    ['lanes', 'lanes_left'],
    ['number', `fifo_empty ? late_rest : first_number - ${one}`],
  ]);
  return [
    '// what is left of the entry at the head',
    entry.map(([part, bits]) => reg(bits, `first_${part}`)),
    entry.map(([part, bits]) => {
      if (part === 'number') return undefined;
      const shown = isLate(part) ? `fifo_empty ? late_${part} : first_${part}` : `first_${part}`;
      const isKnown = part === 'population' || part === 'is_run';
      return isKnown ? `assign head_${part} = ${shown};` : wire(bits, `head_${part}`, shown);
    }),
    // The late run is the smaller one of what waits and what is free.
    `wire late_is_last = late_delivers ? (~run_many & run_rest[${room}:0] == ${literal(1, room + 1)}) | fifo_free == ${one}${waits ? ` : late_kept == ${one}` : " : 1'b0"};`,
    wire(undefined, 'head_is_last', `fifo_empty ? late_is_last : first_number == ${one}`),
    lowest('head_lane', indexBits(lanes), lanes, (lane) => `head_lanes[${lane}]`),
    wire(lanes, 'lanes_left', `head_lanes & (head_lanes - ${literal(1n, lanes)})`),
    entry.map(([part, bits]) => [
      wire(bits, `second_${part}`, `fifo_${part}[fifo_next]`),
      wire(
        bits,
        `entering_${part}`,
        isLate(part) ? `late_now ? late_${part} : ${pushed(part)}` : pushed(part),
      ),
    ]),
    wire(undefined, 'fifo_many', entryBits === 1 ? "1'b0" : `fifo_entries > ${literal(1, entryBits)}`),
    onClock(
      when(
        'pop_entry & fifo_many',
        takes((part) => `second_${part}`),
        when(
          'pop_end & ~pop_entry',
          takes((part) => left.get(part) ?? `head_${part}`),
          when(
            'pop_entry | fifo_empty',
            takes((part) => `entering_${part}`),
          ),
        ),
      ),
    ),
  ];
}

/** The registers of the FIFO. */
function clockedText(context: CoreContext, waits: boolean): Verilog {
  const { image, widths } = context;
  const { lanes, value, room } = widths;
  const { fifoDepth: depth } = image.core;
  const { entryBits, addressBits } = fifoBits(depth);
  const [none, next] = [literal(0n, lanes), literal(1, addressBits)];
  return onClock(
    when(
      'rst | (accept & ~cmd_step)',
      [
        `fifo_next <= ${next};`,
        `fifo_tail <= ${literal(0, addressBits)};`,
        `fifo_entries <= ${literal(0, entryBits)};`,
        "fifo_is_empty <= 1'b1;",
        `fifo_free <= ${literal(depth, room)};`,
        "late_delivers <= 1'b0;",
        waits && ["late_wakes <= 1'b0;", `late_spoken <= ${none};`],
        "if (rst) fault <= 1'b0;",
      ],
      [
        `fifo_entries <= fifo_entries + ${entryBits}'(fifo_enters) - ${entryBits}'(pop_entry);`,
        'fifo_is_empty <= ~fifo_soon;',
        `fifo_free <= ${waits ? 'decides & wakes ? wait_leaves : ' : ''}fifo_room;`,
        'late_delivers <= delivers_now & run_wanted;',
        waits && [
          'late_wakes <= decides & wakes;',
          `late_population <= ${waitingAt(context, 'population')};`,
          `late_tile <= ${waitingAt(context, 'tile')};`,
          ['late_lanes <= wait_kept;', 'late_kept <= wait_spikes;', 'late_waited <= wait_enters;'],
          value > 0 && `late_values <= ${waitingAt(context, 'values')};`,
          '// those that enter, and the next one that waits; the first one has been told before',
          `late_spoken <= decides & wakes ? wait_next : ${none};`,
          "if (waits_too_deep) fault <= 1'b1;",
        ],
        when('fifo_enters', [
          partsOf(widths).map(([part]) => `fifo_${part}[fifo_tail] <= entering_${part};`),
          `fifo_tail <= fifo_tail + ${next};`,
        ]),
        `if (pop_entry) fifo_next <= fifo_next + ${next};`,
      ],
    ),
  );
}

/** The words and bits of the memories of the FIFO, one for each part of an entry. */
export function fifoMemories({
  image,
  widths,
}: CorePlan): { readonly words: number; readonly wordBits: number }[] {
  const words = 2 ** fifoBits(image.core.fifoDepth).addressBits;
  return partsOf(widths).map(([, wordBits = 1]) => ({ words, wordBits }));
}

/** The spike that is served. */
function poppedText({ widths, run }: CoreContext): Verilog {
  const { lanes, neuron, value } = widths;
  const ofTile = `${neuron}'(32'(head_tile) * 32'd${lanes} + 32'(head_lane))`;
  const ofLane = `head_values[32'(head_lane) * ${value} +: ${value}]`;
  return [
    wire(neuron, 'pop_neuron', `head_is_run ? run_neuron : ${ofTile}`),
    onClock('if (pop_end) event_neuron <= pop_neuron;', run.resume('event_neuron')),
    value > 0 && [
      run.declare(value, 'event_value'),
      onClock(`if (pop_end) event_value <= head_is_run ? run_value : ${ofLane};`, run.resume('event_value')),
    ],
  ];
}

function fifoBits(depth: number): { readonly entryBits: number; readonly addressBits: number } {
  return { entryBits: indexBits(depth + 1), addressBits: indexBits(Math.max(2, depth)) };
}

/** The push of the kernel that runs: a tile of spikes. If only one emits, it does so whatever runs, and is not told. */
function pushText(context: CoreContext): Verilog {
  const { plan, widths, modules } = context;
  const { lanes, tile, value, population: populationBits, room } = widths;
  const pushes = modules.flatMap(({ name, kernels, taps }) => {
    const emitting = kernels.flatMap(({ emits }) => emits ?? []);
    const sent = { push_values: `${name}_spike_values` };
    return emitting.map((population, member) => ({
      number: kernelNumber(context, at(kernels, member)),
      valid: `${name}_spike_valid`,
      values: {
        push_soon: `${name}_spike_soon`,
        push_population: literal(population, populationBits),
        push_tile: `${name}_spike_tile`,
        push_lanes: `${name}_spike_lanes`,
        ...(taps.has('spike_values') && sent),
      } as Assigned,
    }));
  });
  const [only, ...others] = pushes;
  const shown = others.length === 0 ? only?.values : undefined;
  const isKnown = shown !== undefined && plan.waiting.levels > 1;
  return [
    chosen(
      'kernel',
      {
        ...{ push_tells: undefined, push_soon: lanes, push_population: populationBits, push_tile: tile },
        ...{ push_lanes: lanes, ...(value > 0 && { push_values: lanes * value }) },
      },
      isKnown
        ? []
        : pushes.map(({ number, valid, values }) => [
            number,
            { push_tells: valid, ...(shown === undefined && values) },
          ]),
      // The walker knows the one kernel that emits without comparing numbers.
      { ...(isKnown && { push_tells: `emits & ${only?.valid}` }), ...shown },
    ),
    countText('push', 'push_soon', lanes, room),
    wire(undefined, 'push_valid', `push_tells & push_number != ${literal(0, room)}`),
  ];
}

/** The spikes that leave the core, in their order: also those that the FIFO drops, and the first one that waits. */
function spokenText({ widths }: CoreContext, waits: boolean): Verilog {
  const { lanes, tile, value, population } = widths;
  const told = waits ? 'push_spoken' : 'push_lanes';
  const spoken = [
    ['population', population, 'population', 'push_population'],
    ['tile', tile, 'tile', 'push_tile'],
    ['lanes', lanes, 'spoken', told],
    ...(value === 0 ? [] : [['values', lanes * value, 'values', 'push_values'] as const]),
  ] as const;
  return [
    waits && wire(lanes, told, 'suspends ? push_told : push_lanes'),
    wire(undefined, 'spoken_valid', `push_valid${waits ? ' | |late_spoken' : ''}`),
    spoken.map(([part, bits, late, pushed]) =>
      wire(bits, `spoken_${part}`, waits ? `push_valid ? ${pushed} : late_${late}` : pushed),
    ),
    ['valid', ...spoken.map(([part]) => part)].map((part) => `assign m_${part} = spoken_${part};`),
  ];
}
