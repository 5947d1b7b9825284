import { at } from '../../arrays/index.ts';
import type { Field } from '../../image/index.ts';
import type { KernelPlan, SegmentTable, TargetList } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import type { CoreContext } from './context.ts';
import { recordPart } from './segment-memory.ts';
import { backText } from './stall-text.ts';
import { indented, literal, vector } from './text.ts';

/**
 * Reads the index of a sparse projection: its first word before the row's tiles, the next ones while a tile enters, in
 * a cycle in which its port is free.
 *
 * @param cases writes a case for each kernel over segments
 * @param count bits of the number of a row's segments
 */
export function listsText(
  context: CoreContext,
  cases: (text: (kernel: KernelPlan, table: SegmentTable | undefined) => string) => string[],
  count: number,
): string[] {
  const { plan, image, widths, run } = context;
  const waits = plan.waiting.levels > 1;
  const lists = plan.kernels.flatMap(({ list }) => list ?? []);
  const most = (value: (list: TargetList) => number): number => Math.max(...lists.map(value));
  const word = most(({ layout }) => at(image.banks, layout.bank).wordBits);
  const address = most(({ layout }) => at(widths.address, layout.bank));
  const slot = indexBits(most(({ layout }) => layout.itemsPerWord));
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
    ['list_next_word', vector(address)],
    ['list_slot', vector(slot)],
    ['list_place', vector(place)],
    ['list_kept', vector(word)],
    ['list_is_ahead', ''],
    ['list_ahead', vector(word)],
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
    ...places.flatMap(([name, shape]) => run.declare(shape, name)),
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
    ...places.flatMap(([name, shape]) => backText(context, wasOf(name), shape)),
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
    ...(waits
      ? [
          `  if (suspends_early) begin ${places.map(([name]) => `${name} <= ${wasOf(name)}_back;`).join(' ')} end`,
        ]
      : []),
    ...indented(run.resume(...places.map(([name]) => name))),
    'end',
  ];
}

/** The parts of a segment's item in the index. */
export function listedSegment({ list }: KernelPlan, column: number, place: number): string {
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
