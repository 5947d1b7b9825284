import type { OpenList } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, countBits, kernelNumber, openList, placeBits } from './context.ts';
import { factsText } from './facts-text.ts';
import { scansText } from './scan-text.ts';
import { segmentsText } from './segments-text.ts';
import { backText } from './stall-text.ts';
import {
  instance,
  literal,
  lowest,
  modulo,
  onClock,
  quotient,
  reg,
  type Verilog,
  vector,
  when,
  wire,
} from './verilog.ts';

/** The walker: it scans gates, keeps lists of open tiles and rows, and sends tiles into the pipelines. */
export function walkerText(context: CoreContext): Verilog {
  return [
    factsText(context),
    outgoingText(context),
    scansText(context),
    rowsText(context),
    segmentsText(context),
    tilesText(context),
    tapsText(context),
  ];
}

/** Rows, one after another: the next one is chosen in the cycle before it starts. */
function rowsText(context: CoreContext): Verilog {
  const { plan, widths, run } = context;
  const { lanes, neuron, cycle, tile } = widths;
  const listBits = countBits(plan, 'rows');
  const rowIndex = `rows_next[${placeBits(plan, 'rows') - 1}:0]`;
  const [none, one] = [literal(0, cycle), literal(1, cycle)];
  const { kernelCycles } = plan.hw.overheads;
  const drains = `drain_ends <= state == DRAIN ? count + ${one} == drain_last : drain_last == ${none};`;
  return [
    run.declare(neuron, 'row', 'event_neuron'),
    run.declare(lanes, 'row_left'),
    run.declare(tile, 'row_tile'),
    '// the last cycle of a drain is known a cycle ahead',
    'reg drain_ends;',
    onClock(
      plan.waiting.levels === 1
        ? drains
        : when('resumes', `drain_ends <= ${run.before('drain_last')} == ${none};`, drains),
    ),
    'wire drain_end = state == DRAIN & drain_ends;',
    '// a row of segments without an open tile has nothing to drain',
    'wire closed_end = tiles_end & walks_segments & ~(pass_opened | tile_opens);',
    'wire pass_end = drain_end | closed_end;',
    'wire row_turns = tiles_end & overlaps & more_rows;',
    `wire row_enters = (state == START & count == ${literal(kernelCycles - 1, cycle)}) | (state == SCAN_ROWS & scan_end) | pass_end | row_turns;`,
    '// the next open row: what is left of a tile of rows, then the next tile of the list, then what the scan has found',
    'wire row_goes_on = |row_left;',
    '// a list is read a cycle ahead, but for its first item',
    readAheadText(context, 'rows', { index: 'rows_next', place: rowIndex, reads: 'state == ROW & has_rows' }),
    `wire row_scanned = state == SCAN_ROWS & rows_count == ${literal(0, listBits)};`,
    `wire ${vector(lanes)} row_choice = row_scanned ? scan_open : row_goes_on ? row_left : state == SCAN_ROWS ? opening_row_lanes : rows_read_lanes;`,
    `wire ${vector(tile)} row_choice_tile = row_scanned ? ${tile}'(count) : row_goes_on ? row_tile : state == SCAN_ROWS ? opening_row_tile : rows_read_tile;`,
    lowest('row_lane', indexBits(lanes), lanes, (lane) => `row_choice[${lane}]`),
    '// whether rows are left, a cycle after a row has begun',
    run.declare(undefined, 'more_rows'),
    onClock(
      'more_rows <= state != START & all_rows & (has_rows ? row_goes_on | rows_next != rows_count : row != rows_last);',
      run.resume('more_rows'),
    ),
    `wire ${vector(neuron)} row_soon = state == START ? (start_all_rows ? ${literal(0, neuron)} : event_neuron) :`,
    `  has_rows ? ${neuron}'(32'(row_choice_tile) * 32'd${lanes} + 32'(row_lane)) : row + ${literal(1, neuron)};`,
    onClock(
      'if (row_enters & ~suspends_early) row <= row_soon;',
      when(
        'state == START',
        [`row_left <= ${literal(0n, lanes)};`, `rows_next <= ${literal(0, listBits)};`],
        when('row_enters & ~suspends_early', [
          `row_left <= row_choice & (row_choice - ${literal(1n, lanes)});`,
          'row_tile <= row_choice_tile;',
          `if (~row_goes_on) rows_next <= rows_next + ${literal(1, listBits)};`,
        ]),
      ),
      run.resume('row', 'row_left', 'row_tile', 'rows_next'),
    ),
  ];
}

/** The most cycles of a row's loads, or stores. */
function mostRowCycles({ plan }: CoreContext, key: 'rowLoadCycles' | 'rowStoreCycles'): number {
  return Math.max(0, ...plan.kernels.map(({ schedule }) => schedule[key]));
}

/** The tiles of a pass, one every interval; a closed one of a segment takes a cycle. */
function tilesText(context: CoreContext): Verilog {
  const { plan, modules, run, widths } = context;
  const { cycle, tileCount: tile, phase } = widths;
  const listBits = countBits(plan, 'tiles');
  const loads = mostRowCycles(context, 'rowLoadCycles');
  const stores = mostRowCycles(context, 'rowStoreCycles');
  const starts =
    plan.kernels.some(({ walksSegments }) => walksSegments) ||
    modules.some(({ taps }) => taps.has('pass_start'));
  const [none, one] = [literal(0, cycle), literal(1, cycle)];
  const noPhase = `tile_phase <= ${literal(0, phase)};`;
  const goesOn = when(
    'state != TILES',
    [
      [`tile_count <= ${literal(0, tile)};`, noPhase],
      [`load_count <= ${none};`, "row_loaded <= 1'b0;", "pass_opened <= 1'b0;"],
    ],
    [
      when('tile_ends', noPhase, `if (~row_waits) tile_phase <= tile_phase + ${literal(1, phase)};`),
      `if (tile_ends) tile_count <= tile_count + ${literal(1, tile)};`,
      `if (row_waits) load_count <= load_count + ${one};`,
      `if (row_waits & load_count == row_loads - ${one}) row_loaded <= 1'b1;`,
      "if (tile_now) pass_opened <= 1'b1;",
    ],
  );
  return [
    starts && `wire pass_start = state == START | (state == ROW & count == ${none});`,
    'wire row_end = state == ROW & ~pass_waits & count == row_last;',
    run.declare(undefined, 'row_loaded', 'pass_opened'),
    reg(cycle, 'load_count'),
    `wire row_waits = state == TILES & walks_segments & tile_opens & row_loads != ${none} & ~row_loaded;`,
    '// tiles enter the pipeline',
    run.declare(tile, 'tile_count'),
    reg(phase, 'tile_phase'),
    backText(context, 'tile_count', tile),
    'wire tile_opens = ~walks_segments | segment_opens;',
    `wire tile_now = state == TILES & tile_opens & ~row_waits & tile_phase == ${literal(0, phase)};`,
    'wire tile_ends = state == TILES & ~row_waits & (~tile_opens | tile_phase == interval_last);',
    `wire tile_last = walks_segments ? segment_ends_row : tile_count == (has_columns ? ${tile}'(tiles_count - ${literal(1, listBits)}) : tiles_last);`,
    'wire tiles_end = tile_ends & tile_last;',
    onClock(
      plan.waiting.levels === 1
        ? goesOn
        : when(
            'suspends_early',
            ['tile_count <= tile_count_back;', noPhase],
            when('state == SUSPEND', ';', goesOn),
          ),
      run.resume('tile_count', 'row_loaded', 'pass_opened'),
    ),
    listedText(context),
    loads > 0 && rowSlots(loads, context),
    stores > 0 && [
      `wire ${vector(stores)} row_store;`,
      Array.from(
        { length: stores },
        (_, slot) =>
          `assign row_store[${slot}] = state == DRAIN & count == row_store_from + ${literal(slot, cycle)};`,
      ),
    ],
  ];
}

/**
 * A list, in its module, and the read of an item, which is there in the next cycle. A run that goes on reads anew,
 * since others have read meanwhile.
 *
 * @param index the register with the number of the item that is next
 * @param place the number of the item that is read
 * @param reads in which cycles
 */
function readAheadText(
  context: CoreContext,
  list: OpenList['of'],
  { index, place, reads }: { readonly index: string; readonly place: string; readonly reads: string },
): Verilog {
  const { plan, widths, run } = context;
  const open = openList(plan, list);
  if (open === undefined)
    return [
      wire(widths.tile, `${list}_read_tile`, literal(0, widths.tile)),
      wire(widths.lanes, `${list}_read_lanes`, literal(0n, widths.lanes)),
    ];
  const bits = placeBits(plan, list);
  const waits = list === 'rows' ? plan.waiting.rowGates : plan.waiting.columnGates;
  const name = `${list}_list`;
  const words = indexBits(run.listWords(name, open.entries));
  const where = run.place(name, `${list}_index`, 'level');
  const kept = run.place(name, `${list}_index`, 'level_below');
  return [
    wire(undefined, `${list}_reads`, waits ? `resumes | ${reads}` : reads),
    wire(bits, `${list}_index`, waits ? `resumes ? ${bits}'${run.before(index)} : ${place}` : place),
    wire(words, `${list}_place`, waits && kept !== where ? `resumes ? ${kept} : ${where}` : where),
    wire(widths.tile, `${list}_read_tile`),
    wire(widths.lanes, `${list}_read_lanes`),
    instance(
      `list_${list}`,
      ['.clk(clk)', `.r_en(${list}_reads)`, `.r_addr(${list}_place)`],
      `.r_data({${list}_read_tile, ${list}_read_lanes})`,
      `.w_en(${list === 'rows' ? 'row' : 'column'}_appends)`,
      `.w_addr(${run.place(name, `${list}_count[${bits - 1}:0]`, 'level')})`,
      '.w_data({scan_tile, scan_open})',
      open.isLookedUp && [
        `.look_addr(${run.place(name, `${bits}'(segment_tile)`, 'level')})`,
        `.look_lanes(${list}_looked)`,
      ],
    ),
  ];
}

/** The open tile of the list that is next, read before it enters. */
function listedText(context: CoreContext): Verilog {
  const { plan, widths } = context;
  if (openList(plan, 'tiles') === undefined) return [];
  const bits = placeBits(plan, 'tiles');
  const reads = 'state == TILES & has_columns & tile_ends';
  return [
    '// the open tile that is next: it is read before it enters',
    `wire ${vector(bits)} listed_place = state == TILES ? tile_count[${bits - 1}:0] + ${literal(1, bits)} : ${literal(0, bits)};`,
    readAheadText(context, 'tiles', { index: 'tile_count', place: 'listed_place', reads }),
    '// the first one does not come from the list',
    'reg listed_is_first;',
    onClock(`if (tiles_reads | state != TILES) listed_is_first <= tiles_index == ${literal(0, bits)};`),
    wire(widths.tile, 'listed_tile', 'listed_is_first ? opening_tile : tiles_read_tile'),
    wire(widths.lanes, 'listed_lanes', 'listed_is_first ? opening_lanes : tiles_read_lanes'),
  ];
}

/** The cycles in which a row loads, and the one after. */
function rowSlots(most: number, { plan, widths: { cycle } }: CoreContext): Verilog {
  const { rowCycles } = plan.hw.overheads;
  const none = literal(0, cycle);
  const seen = most === 1 ? 'row_slot_seen' : `{row_slot_seen[${most - 1}:0]}`;
  return [
    reg(most, 'row_slot_seen'),
    `wire row_loads_now = (state == ROW & ~walks_segments & row_loads != ${none} & count == ${literal(rowCycles, cycle)}) | (row_waits & load_count == ${none});`,
    wire(most + 1, 'row_slot', `{${seen}, row_loads_now}`),
    onClock(`row_slot_seen <= row_slot[${most - 1}:0];`),
  ];
}

/** The signals that follow each tile through the pipeline. */
function tapsText(context: CoreContext): Verilog {
  const { widths, modules } = context;
  const { lanes, tile, weightRow, place } = widths;
  const rowNumber = { text: 'row', bits: widths.neuron };
  const waits = context.plan.waiting.levels > 1;
  const isGated = context.plan.kernels.some(({ kernel }) => kernel.columnGate !== undefined);
  const listed = (what: string): string => (isGated ? `has_columns ? listed_${what} : ` : '');
  const column = `by_columns ? ${tile}'(row) : ${listed('tile')}walks_one ? ${tile}'(${quotient(rowNumber, lanes).text}) : ${tile}'(tile_count)`;
  const active = `by_columns ? (${tile}'(row) == last_tile ? tail : {${lanes}{1'b1}}) : ${listed('lanes')}walks_one ? ${literal(1n, lanes)} << ${modulo(rowNumber, lanes).text} : tile_last ? tail : {${lanes}{1'b1}}`;
  const items = `walks_one ? tap_active_0 : tap_tile_0 == last_tile ? tail : {${lanes}{1'b1}}`;
  const cuts = context.plan.kernels.some(({ walksSegments }) => walksSegments);
  const cut = (ofSegment: string, other: string): string =>
    cuts ? `walks_segments ? ${ofSegment} : ${other}` : other;
  const sources = [
    ['valid', undefined, 'tile_now'],
    ['tile', tile, cut('segment_tile', column)],
    ['active', lanes, cut('segment_active', active)],
    // the lanes that hold an item, active or not
    ['items', lanes, cut('segment_lanes', items)],
    ['from', indexBits(lanes), cut('segment_from', literal(0, indexBits(lanes)))],
    ['line', weightRow, cut('segment_weight_row', `${weightRow}'(tile_count)`)],
    ['place', place, cut('segment_tile_place', literal(0, place))],
  ] as const;
  const taps = sources.map(([what, bits, source]): Verilog => {
    const longest = (tap: typeof what): number => Math.max(...modules.map(({ taps }) => taps.longest(tap)));
    // The lanes that hold an item follow from the tile and its active lanes.
    const least = what === 'tile' || what === 'active' ? Math.min(0, longest('items')) : -1;
    const most = Math.max(least, longest(what));
    const followed = Array.from({ length: Math.max(0, most) }, (_, before): Verilog => {
      const [value, next] = [`tap_${what}_${before}`, `tap_${what}_${before + 1}`];
      const dropped = waits
        ? ` | suspend_ends | (suspends_early & emit_delay > ${literal(before, widths.cycle)})`
        : '';
      const kept = what === 'valid' ? `rst | drain_end${dropped} ? 1'b0 : ${value}` : value;
      return [reg(bits, next), onClock(`${next} <= ${kept};`)];
    });
    return [most >= 0 && wire(bits, `tap_${what}_0`, source), followed];
  });
  return [taps, ''];
}

/** Where the core waits until its spikes find room outside: before a pass that emits, and before it serves a spike. */
function outgoingText(context: CoreContext): Verilog {
  const { plan, widths } = context;
  const emitting = plan.kernels.filter(({ emits }) => emits !== undefined);
  const emits = emitting.map((kernel) => `kernel == ${kernelNumber(context, kernel)}`).join(' | ');
  return [
    '// spikes that leave need room outside: no pass that emits begins without it',
    `assign pass_waits = ~m_ready & ((state == START & start_emits) | (state == ROW & count == ${literal(0, widths.cycle)} & (${emits || "1'b0"})));`,
    '// a pass that was suspended goes on after a spike has been served',
    `assign pop_waits_for_room = ${plan.waiting.levels > 1 ? '~m_ready' : "1'b0"};`,
  ];
}
