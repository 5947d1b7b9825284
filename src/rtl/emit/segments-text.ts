import type { Field } from '../../image/index.ts';
import type { KernelPlan, SegmentBits, SegmentTable } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber, openList } from './context.ts';
import { recordPart, segmentInstance } from './memory-modules.ts';
import { backText, placesBack, walkerPlaces } from './stall-text.ts';
import { inside, literal, modulo, quotient, type Unsigned, type Verilog, vector, when } from './verilog.ts';

/**
 * The segments of a row, one after another, and their tiles. A row of stored weights is a segment, too. Where no kernel
 * walks any, every tile is open.
 */
export function segmentsText(context: CoreContext): Verilog {
  const { plan, widths, run } = context;
  const { segmentBits: bits } = plan;
  if (bits === undefined)
    return ["wire walks_segments = 1'b0;", "wire segment_opens = 1'b1;", "wire segment_ends_row = 1'b0;"];
  const { weightRow, place } = widths;
  const cases = (
    text: (kernel: KernelPlan, table: SegmentTable | undefined) => string,
    of = 'kernel',
  ): string[] => [
    `  case (${of})`,
    ...plan.kernels.flatMap((kernel) => {
      if (!kernel.walksSegments) return [];
      const own = text(kernel, plan.tables[kernel.table ?? -1]);
      return own === '' ? [] : [`    ${kernelNumber(context, kernel)}: begin ${own} end`];
    }),
    '    default: ;',
    '  endcase',
    'end',
  ];
  return [
    '// the segments of a row: the next one is read while the last tile of one enters',
    plan.tables.map((table) =>
      segmentInstance(table, plan.waiting.levels > 1 ? run.before('row') : undefined),
    ),
    `reg ${vector(bits.address)} row_segment;`,
    run.declare(bits.address, 'segment_now'),
    `reg ${vector(bits.count)} row_segments;`,
    run.declare(bits.count, 'segments_left'),
    `reg ${vector(bits.column)} segment_first, segment_last;`,
    `reg ${vector(weightRow)} segment_weight_row;`,
    `reg ${vector(place)} segment_place;`,
    run.declare(undefined, 'segment_goes_on'),
    bits.listed && listsText(context, cases, bits.count, bits.listed),
    'always_comb begin',
    `  row_segment = ${literal(0, bits.address)}; row_segments = ${literal(0, bits.count)};`,
    // Stored weights are walked from their start on, when the kernel is not in its register yet.
    ...cases(
      (kernel, table) => rowSource(kernel, table, bits),
      plan.kernels.some(({ walks }) => walks === 'weights')
        ? '(state == START ? start_kernel : kernel)'
        : 'kernel',
    ),
    'always_comb begin',
    `  segment_first = ${literal(0, bits.column)}; segment_last = ${literal(0, bits.column)}; segment_weight_row = ${literal(0, weightRow)}; segment_place = ${literal(0, place)};`,
    ...cases((kernel, table) => segmentSource(context, kernel, table, bits)),
    tileOfSegmentText(context, bits),
  ];
}

/** Which segments a row has. */
function rowSource(kernel: KernelPlan, table: SegmentTable | undefined, bits: SegmentBits): string {
  if (table === undefined) return `row_segments = ${literal(kernel.rows, bits.count)};`;
  const count = `row_segments = ${bits.count}'(${recordPart(table, 'row', 'count')});`;
  if (kernel.list !== undefined) return count;
  return `${count} row_segment = ${bits.address}'(${recordPart(table, 'row', 'segment')});`;
}

/** The parts of a segment's record. */
function segmentSource(
  { widths }: CoreContext,
  kernel: KernelPlan,
  table: SegmentTable | undefined,
  { column }: SegmentBits,
): string {
  if (table === undefined)
    return `segment_last = ${literal(kernel.columns - 1, column)}; segment_weight_row = ${widths.weightRow}'(segment_now);`;
  if (kernel.list !== undefined) return listedSegment(kernel, column, widths.place);
  return [
    `segment_first = ${column}'(${recordPart(table, 'segment', 'first')});`,
    `segment_last = ${column}'(${recordPart(table, 'segment', 'last')});`,
    `segment_weight_row = ${widths.weightRow}'(${recordPart(table, 'segment', 'weightRow')});`,
    `segment_place = ${widths.place}'(${recordPart(table, 'segment', 'place')});`,
  ].join(' ');
}

/** The tile of a segment that is next, and what follows it. */
function tileOfSegmentText(context: CoreContext, { address, count, column, listed }: SegmentBits): Verilog {
  const { run } = context;
  const { lanes, tile, place } = context.widths;
  const laneBits = indexBits(lanes);
  const first: Unsigned = { text: 'segment_first', bits: column };
  const last: Unsigned = { text: 'segment_last', bits: column };
  const inTile = (value: Unsigned): string => `${laneBits}'(${modulo(value, lanes).text})`;
  const all = `{${lanes}{1'b1}}`;
  const always = context.image.core.columnGate === 'clock';
  const looksUp = openList(context.plan, 'tiles')?.isLookedUp === true;
  const waits = context.plan.waiting.levels > 1;
  return [
    run.declare(tile, 'segment_next_tile'),
    run.declare(place, 'segment_next_place'),
    backText(context, 'segment_now', address),
    backText(context, 'segments_left', count),
    backText(context, 'segment_goes_on', undefined),
    backText(context, 'segment_next_tile', tile),
    backText(context, 'segment_next_place', place),
    `wire ${vector(tile)} segment_tile = segment_goes_on ? segment_next_tile : ${tile}'(${quotient(first, lanes).text});`,
    `wire ${vector(laneBits)} segment_from = segment_goes_on ? ${literal(0, laneBits)} : ${inTile(first)};`,
    `wire ${vector(place)} segment_tile_place = segment_goes_on ? segment_next_place : segment_place;`,
    `wire segment_ends = segment_tile == ${tile}'(${quotient(last, lanes).text});`,
    `wire ${vector(lanes)} segment_lanes = (${all} << segment_from) & (segment_ends ? ${all} >> (${literal(lanes - 1, laneBits)} - ${inTile(last)}) : ${all});`,
    ...(looksUp ? [`wire ${vector(lanes)} tiles_looked;`] : []),
    `wire ${vector(lanes)} segment_active = segment_lanes & ${looksUp ? `(has_columns ? tiles_looked : ${all})` : all};`,
    `wire segment_opens = segments_left != ${literal(0, count)}${always ? '' : ' & |segment_active'};`,
    `wire segment_ends_row = segments_left == ${literal(0, count)} | (segment_ends & segments_left == ${literal(1, count)});`,
    listed && [
      '// where the weights of the next segment begin, if they follow one another',
      `wire ${vector(place)} segment_end_place = segment_tile_place + ${place}'(${inTile(last)}) - ${place}'(segment_from) + ${literal(1, place)};`,
    ],
    'wire segment_takes = pass_start | (tile_ends & segment_ends);',
    `wire ${vector(address)} segment_soon = pass_start ? row_segment : segment_now + ${literal(1, address)};`,
    context.plan.tables.length > 0 && [
      waits && '// others have read meanwhile',
      `wire segment_reads = segment_takes${waits ? ' | resumes' : ''};`,
      `wire ${vector(address)} segment_read = ${waits ? `segment_takes ? segment_soon : ${run.before('segment_now')}` : 'segment_soon'};`,
    ],
    'always @(posedge clk) begin',
    '  if (segment_takes) begin',
    `    segment_now <= segment_soon;`,
    `    segments_left <= pass_start ? row_segments : segments_left - ${literal(1, count)};`,
    `    segment_goes_on <= 1'b0;`,
    '  end else if (tile_ends) begin',
    `    segment_goes_on <= 1'b1;`,
    `    segment_next_tile <= segment_tile + ${literal(1, tile)};`,
    `    segment_next_place <= segment_tile_place + ${place}'(${lanes}) - ${place}'(segment_from);`,
    '  end',
    ...inside(waits && when('suspends_early', placesBack())),
    ...inside(run.resume(...walkerPlaces)),
    'end',
  ];
}

/**
 * Reads the index of a sparse projection: its first word before the row's tiles, the next ones while a tile enters, in
 * a cycle in which its port is free.
 *
 * @param cases writes a case for each kernel over segments
 * @param count bits of the number of a row's segments
 */
function listsText(
  context: CoreContext,
  cases: (text: (kernel: KernelPlan, table: SegmentTable | undefined) => string) => string[],
  count: number,
  { word, address, slot }: NonNullable<SegmentBits['listed']>,
): Verilog {
  const { plan, widths, run } = context;
  const waits = plan.waiting.levels > 1;
  const { place } = widths;
  const more = count === 1 ? "1'b0" : `segments_left > ${literal(1, count)}`;
  const source = ({ list }: KernelPlan, table: SegmentTable | undefined): string =>
    list === undefined || table === undefined
      ? ''
      : [
          "walks_list = 1'b1;",
          `row_list_word = ${address}'(${recordPart(table, 'row', 'word')});`,
          `row_list_slot = ${slot}'(${recordPart(table, 'row', 'slot')});`,
          `row_place = ${place}'(${recordPart(table, 'row', 'place')});`,
          `list_last_slot = ${literal(list.layout.itemsPerWord - 1, slot)};`,
          `list_cycle = ${literal(list.slot, widths.phase)};`,
          `list_data = ${word}'(bank${list.layout.bank}_r${list.port}_data);`,
        ].join(' ');
  /** Where the walker is in a list, and what it has read of it. */
  const places = [
    ['list_next_word', address],
    ['list_slot', slot],
    ['list_place', place],
    ['list_kept', word],
    ['list_is_ahead', undefined],
    ['list_ahead', word],
  ] as const;
  /** A word that is read in the cycle to which the walker goes back is there by then. */
  const wasOf = (name: string): string => (name === 'list_ahead' ? 'list_ahead_now' : name);
  return [
    '// segments that a bank lists: the word that was read last, and the one that has the segment',
    'reg walks_list;',
    `reg ${vector(address)} row_list_word;`,
    `reg ${vector(slot)} row_list_slot, list_last_slot;`,
    `reg ${vector(place)} row_place;`,
    `reg ${vector(widths.phase)} list_cycle;`,
    `reg ${vector(word)} list_data;`,
    'reg list_reads_was;',
    places.map(([name, bits]) => run.declare(bits, name)),
    'always_comb begin',
    `  walks_list = 1'b0; row_list_word = ${literal(0, address)}; row_list_slot = ${literal(0, slot)}; row_place = ${literal(0, place)};`,
    `  list_last_slot = ${literal(0, slot)}; list_cycle = ${literal(0, widths.phase)}; list_data = ${literal(0, word)};`,
    ...cases(source),
    'wire list_starts = walks_list & row_end;',
    'wire list_slot_ends = list_slot == list_last_slot;',
    `wire list_goes_on = walks_list & state == TILES & segment_ends & list_slot_ends & ${more}`,
    '  & ~row_waits & (~tile_opens | tile_phase == list_cycle);',
    'wire list_reads = list_starts | list_goes_on;',
    `wire ${vector(address)} list_address = list_starts ? row_list_word : list_next_word;`,
    `wire ${vector(word)} list_ahead_now = list_reads_was ? list_data : list_ahead;`,
    `wire ${vector(word)} list_word = list_is_ahead ? list_ahead_now : list_kept;`,
    'wire list_advances = tile_ends & segment_ends;',
    places.map(([name, bits]) => backText(context, wasOf(name), bits)),
    'always @(posedge clk) begin',
    `  list_reads_was <= list_reads${waits ? ' & ~suspends_early' : ''};`,
    `  if (list_reads_was) list_ahead <= list_data;`,
    `  if (list_reads) list_next_word <= list_address + ${literal(1, address)};`,
    `  if (list_goes_on) list_kept <= list_word;`,
    `  if (list_starts | (list_advances & list_slot_ends)) list_is_ahead <= 1'b1;`,
    `  else if (list_goes_on) list_is_ahead <= 1'b0;`,
    '  if (list_starts) begin',
    `    list_slot <= row_list_slot;`,
    `    list_place <= row_place;`,
    '  end else if (list_advances) begin',
    `    list_slot <= list_slot_ends ? ${literal(0, slot)} : list_slot + ${literal(1, slot)};`,
    `    list_place <= segment_end_place;`,
    '  end',
    ...inside(
      waits &&
        when(
          'suspends_early',
          places.map(([name]) => `${name} <= ${wasOf(name)}_back;`),
        ),
    ),
    ...inside(run.resume(...places.map(([name]) => name))),
    'end',
  ];
}

/** The parts of a segment's item in the index. */
function listedSegment({ list }: KernelPlan, column: number, place: number): string {
  if (list === undefined) throw new Error('no list');
  const { layout, target, count, offset, length } = list;
  const item = ({ bitOffset, bits }: Field, width: number): string =>
    `${width}'(list_word[32'(list_slot) * 32'd${layout.itemBits} + 32'd${bitOffset} +: ${bits}])`;
  const items = count === undefined ? literal(length, column) : item(count, column);
  return [
    `segment_first = ${item(target, column)};`,
    `segment_last = ${item(target, column)} + ${items} - ${literal(1, column)};`,
    `segment_place = ${offset === undefined ? 'list_place' : `row_place + ${item(offset, place)}`};`,
  ].join(' ');
}
