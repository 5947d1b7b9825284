import { at } from '../../arrays/index.ts';
import type { Layout } from '../../image/index.ts';
import type { GatePlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { commentLine, literal, modulo, quotient, type Unsigned, vector } from './text.ts';
import { unusedLine } from './unread.ts';

/**
 * A gate in small memories, which take far less of an FPGA than registers. A word of the bank may have several tiles:
 * each of them has a memory of its own, so that a word of the host, or one that is cleared, is there at once. Like the
 * words of the bank, they outlast a reset.
 */
export function gateMemoryText(
  context: CoreContext,
  gate: GatePlan,
  { parts, depth }: NonNullable<GatePlan['memory']>,
): string[] {
  const { widths } = context;
  const { lanes } = widths;
  const { index, field, layout } = gate;
  const name = `gate_${index}`;
  const bits = indexBits(depth);
  const tile = indexBits(depth * parts);
  const place: Unsigned = { text: 'scan_place', bits: widths.cycle };
  const of = (value: Unsigned): string => `${bits}'(${quotient(value, parts).text})`;
  return [
    commentLine(`${field.name}, in memories`),
    ...wordText(context, name, gate),
    ...writeText(context, name, gate, tile),
    ...Array.from({ length: parts }, (_, part) => {
      const own = `${name}_${part}`;
      const isOwn = `${indexBits(parts)}'(${modulo({ text: `${name}_tile`, bits: tile }, parts).text}) == ${literal(part, indexBits(parts))}`;
      return [
        `(* no_rw_check *) reg ${vector(lanes)} ${own} [0:${depth - 1}];`,
        `reg ${vector(lanes)} ${own}_read;`,
        `integer ${own}_i;`,
        `initial for (${own}_i = 0; ${own}_i < ${depth}; ${own}_i = ${own}_i + 1) ${own}[${own}_i] = ${literal(0n, lanes)};`,
        `reg ${own}_shown;`,
        `always @(posedge clk) ${own}_shown <= scan_gate == ${literal(gate.number, widths.gate)}${parts === 1 ? '' : ` & ${indexBits(parts)}'(scan_place) == ${literal(part, indexBits(parts))}`};`,
        `wire ${own}_writes = ${name}_whole | (${name}_stores${parts === 1 ? '' : ` & ${isOwn}`});`,
        `wire ${vector(bits)} ${own}_at = ${name}_whole ? ${wordPlace(name, layout, lanes, bits)} : ${of({ text: `${name}_tile`, bits: tile })};`,
        `wire ${vector(lanes)} ${own}_lanes = ${name}_whole ? ${wordLanes(name, layout, lanes)} : ${name}_lanes;`,
        `wire ${vector(lanes)} ${own}_set = ${name}_whole ? ${wordSet(name, layout, lanes, part)} : ${name}_set;`,
        'always @(posedge clk) begin',
        `  ${own}_read <= ${own}[${of(place)}];`,
        `  for (${own}_i = 0; ${own}_i < ${lanes}; ${own}_i = ${own}_i + 1)`,
        `    if (${own}_writes & ${own}_lanes[${own}_i]) ${own}[${own}_at][${own}_i] <= ${own}_set[${own}_i];`,
        'end',
      ];
    }).flat(),
  ];
}

/**
 * Whole words: that of the host a cycle after it has written one, before steps read, with the items that are not zero;
 * and those that are cleared.
 */
function wordText({ widths }: CoreContext, name: string, { field, layout, clears }: GatePlan): string[] {
  const { hostBank: hostBankBits, hostAddress: hostAddressBits } = widths;
  const { bank, firstWord, wordsPerRow, itemsPerWord, itemBits } = layout;
  const items = Array.from(
    { length: itemsPerWord },
    (_, item) => `|host_in[${item * itemBits + field.bitOffset} +: ${field.bits}]`,
  );
  const wordBits = indexBits(wordsPerRow);
  const isIn = (address: string, bits: number): string => {
    const low = firstWord === 0 ? '' : ` & ${address} >= ${literal(firstWord, bits)}`;
    const end = firstWord + wordsPerRow;
    return `${low}${end === 2 ** bits ? '' : ` & ${address} < ${literal(end, bits)}`}`;
  };
  const place = (address: string, bits: number): string =>
    `${wordBits}'(${address} - ${literal(firstWord, bits)})`;
  const passBits = at(widths.address, bank);
  const passed = `pass_address[${passBits - 1}:0]`;
  const cleared = clears.map((step) => `pc == ${literal(step, widths.step)}`).join(' | ');
  return [
    `reg ${name}_host;`,
    `reg ${vector(wordBits)} ${name}_host_word;`,
    `reg ${vector(itemsPerWord)} ${name}_host_items;`,
    'always @(posedge clk) begin',
    `  ${name}_host <= host_now & host_write & host_bank == ${literal(bank, hostBankBits)}${isIn('host_address', hostAddressBits)};`,
    `  ${name}_host_word <= ${place('host_address', hostAddressBits)};`,
    `  ${name}_host_items <= {${items.reverse().join(', ')}};`,
    'end',
    ...(clears.length === 0
      ? [`wire ${name}_clears = 1'b0;`, `wire ${vector(wordBits)} ${name}_word = ${name}_host_word;`]
      : [
          `wire ${name}_clears = state == CLEAR & (${cleared}) & pass_bank == ${literal(bank, widths.bank)}${isIn(passed, passBits)};`,
          `wire ${vector(wordBits)} ${name}_word = ${name}_clears ? ${place(passed, passBits)} : ${name}_host_word;`,
        ]),
    `wire ${vector(itemsPerWord)} ${name}_items = ${name}_clears ? ${literal(0n, itemsPerWord)} : ${name}_host_items;`,
    `wire ${name}_whole = ${name}_clears | ${name}_host;`,
  ];
}

/** The memories' place of a word; several words may share a tile. */
function wordPlace(name: string, layout: Layout, lanes: number, bits: number): string {
  const shift = Math.log2(Math.max(1, lanes / layout.itemsPerWord));
  return shift === 0 ? `${bits}'(${name}_word)` : `${bits}'(${name}_word >> ${shift})`;
}

function wordLanes(name: string, layout: Layout, lanes: number): string {
  const { itemsPerWord } = layout;
  if (itemsPerWord >= lanes) return `{${lanes}{1'b1}}`;
  const own = literal((1n << BigInt(itemsPerWord)) - 1n, lanes);
  return `${own} << ${firstLane(name, lanes, itemsPerWord)}`;
}

function wordSet(name: string, layout: Layout, lanes: number, part: number): string {
  const { itemsPerWord } = layout;
  if (itemsPerWord >= lanes) return `${name}_items[${part * lanes} +: ${lanes}]`;
  return `${lanes}'(${name}_items) << ${firstLane(name, lanes, itemsPerWord)}`;
}

/** The lane of a word's first item. */
function firstLane(name: string, lanes: number, itemsPerWord: number): string {
  const word = `${name}_word[${Math.log2(lanes / itemsPerWord) - 1}:0]`;
  const shift = Math.log2(itemsPerWord);
  return shift === 0 ? word : `{${word}, ${shift}'d0}`;
}

/** The write of the kernel that runs. The number of a tile has so many bits. */
function writeText(context: CoreContext, name: string, { writes }: GatePlan, tile: number): string[] {
  const { lanes, neuron } = context.widths;
  const row: Unsigned = { text: 'row', bits: neuron };
  const cases = writes.map(({ kernel, of, ports }) => {
    const text =
      of === 'tile'
        ? `${name}_tile = ${tile}'(${ports}_tile); ${name}_lanes = ${ports}_lanes; ${name}_set = ${ports}_set;`
        : `${name}_tile = ${tile}'(${quotient(row, lanes).text}); ${name}_lanes = ${literal(1n, lanes)} << ${modulo(row, lanes).text}; ${name}_set = {${lanes}{${ports}_set}};`;
    return `  if (kernel == ${kernelNumber(context, kernel)}) begin ${name}_stores = ${ports}_valid; ${text} end`;
  });
  const tiles = writes.flatMap(({ of, ports }) => (of === 'tile' ? [`${ports}_tile`] : []));
  return [
    ...unusedLine(`unused_${name}`, tiles),
    `reg ${name}_stores;`,
    `reg ${vector(tile)} ${name}_tile;`,
    `reg ${vector(lanes)} ${name}_lanes, ${name}_set;`,
    'always_comb begin',
    `  ${name}_stores = 1'b0; ${name}_tile = ${literal(0, tile)}; ${name}_lanes = ${literal(0n, lanes)}; ${name}_set = ${literal(0n, lanes)};`,
    ...cases,
    'end',
  ];
}
