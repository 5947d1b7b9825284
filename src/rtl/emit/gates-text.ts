import type { Layout } from '../../image/index.ts';
import { at } from '../../text/index.ts';
import type { CorePlan, GatePlan } from '../plan/core-plan.ts';
import { indexBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import { commentLine, literal, modulo, quotient, type Unsigned, vector } from './verilog.ts';

/** A register of fewer bits takes less energy without a clock gate of its own. */
export const fewestGatedBits = 4;

/**
 * The bits that tell of each item of a gated field whether it is zero, kept beside the banks. A cycle after `scan_gate`
 * and `scan_place` have told the gate and the tile, one source shows them.
 */
export function gatesText(context: CoreContext): string[] {
  return [
    '// ---- which items of gated fields are not zero',
    ...context.plan.gates.flatMap((gate) =>
      gate.memory === undefined ? registersText(context, gate) : gateMemoryText(context, gate, gate.memory),
    ),
    '',
  ];
}

/** The words and bits of the memories of all gates that are in memories. */
export function gateMemories({
  gates,
  widths,
}: CorePlan): { readonly words: number; readonly wordBits: number }[] {
  return gates.flatMap(({ memory }) =>
    Array.from({ length: memory?.parts ?? 0 }, () => ({ words: memory?.depth ?? 0, wordBits: widths.lanes })),
  );
}

/** The sources of a gate: the lanes that each of them has read, and whether they are those of the scan. */
export function gateSources({
  index,
  memory,
}: GatePlan): { readonly read: string; readonly shown: string }[] {
  const names =
    memory === undefined
      ? [`gate_${index}`]
      : Array.from({ length: memory.parts }, (_, part) => `gate_${index}_${part}`);
  return names.map((name) => ({ read: `${name}_read`, shown: `${name}_shown` }));
}

/** A gate in registers, each of which is written by itself. */
function registersText(context: CoreContext, gate: GatePlan): string[] {
  const { lanes, gate: gateBits, hostBank, step } = context.widths;
  const { index, number, size, field, layout, initial, clears, writes } = gate;
  const name = `gate_${index}`;
  const { firstWord, itemsPerWord, rows, wordsPerRow, bank } = layout;
  const itemBits = field.perWord ? 0 : layout.itemBits;
  const set = Array.from({ length: size }, (_, item) => (initial[item] === true ? '1' : '0'));
  const cleared = clears.map((own) => `pc == ${literal(own, step)}`).join(' | ');
  // Loops over tiles and words make a decoder; a place that is computed would make a shifter as long as the field.
  const own = `${name}[${name}_i * ${lanes} +: ${lanes}]`;
  const tiles = Math.floor(size / lanes);
  const bits = indexBits(size) - Math.log2(lanes);
  const place = lanes === 1 ? `${bits}'(scan_place)` : `{${bits}'(scan_place), ${Math.log2(lanes)}'d0}`;
  return [
    commentLine(field.name),
    `reg ${vector(size)} ${name};`,
    `reg ${vector(lanes)} ${name}_read;`,
    `reg ${name}_shown;`,
    `always @(posedge clk) ${name}_shown <= scan_gate == ${literal(number, gateBits)};`,
    `integer ${name}_i, ${name}_j;`,
    `always @(posedge clk) ${name}_read <= ${name}[${bits <= 0 ? '0' : place} +: ${lanes}];`,
    'always @(posedge clk)',
    `  if (rst) ${name} <= ${size}'b${set.reverse().join('')};`,
    '  else begin',
    `    if (host_now & host_write & host_bank == ${literal(bank, hostBank)})`,
    `      for (${name}_i = 0; ${name}_i < ${rows * wordsPerRow}; ${name}_i = ${name}_i + 1)`,
    `        if (32'(host_address) == ${firstWord} + ${name}_i)`,
    `          for (${name}_j = 0; ${name}_j < ${itemsPerWord}; ${name}_j = ${name}_j + 1)`,
    `            ${name}[${name}_i * ${itemsPerWord} + ${name}_j] <= |host_in[${name}_j * ${itemBits} + ${field.bitOffset} +: ${field.bits}];`,
    ...(clears.length === 0 ? [] : [`    if (state == CLEAR & (${cleared})) ${name} <= ${size}'d0;`]),
    ...writes.flatMap(({ kernel, of, ports }) => {
      const valid = `    if (kernel == ${kernelNumber(context, kernel)} & ${ports}_valid)`;
      return of === 'row'
        ? [`${valid} ${name}[${indexBits(Math.max(2, size))}'(row)] <= ${ports}_set;`]
        : [
            valid,
            `      for (${name}_i = 0; ${name}_i < ${tiles}; ${name}_i = ${name}_i + 1)`,
            `        if (32'(${ports}_tile) == ${name}_i) ${own} <= (${own} & ~${ports}_lanes) | (${ports}_set & ${ports}_lanes);`,
          ];
    }),
    '  end',
  ];
}

/**
 * A gate in small memories, which take far less of an FPGA than registers. A word of the bank may have several tiles:
 * each of them has a memory of its own, so that a word of the host, or one that is cleared, is there at once. Like the
 * words of the bank, they outlast a reset.
 */
function gateMemoryText(
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
        ...inClockGates(
          lanes,
          `  if (${own}_writes) ${own}[${own}_at] <= (${own}[${own}_at] & ~${own}_lanes) | (${own}_set & ${own}_lanes);`,
          [
            `  for (${own}_i = 0; ${own}_i < ${lanes}; ${own}_i = ${own}_i + 1)`,
            `    if (${own}_writes & ${own}_lanes[${own}_i]) ${own}[${own}_at][${own}_i] <= ${own}_set[${own}_i];`,
          ],
        ),
        'end',
      ];
    }).flat(),
  ];
}

/** Memories have enables for lanes; flip-flops, a clock gate for each enable, if it has enough of them. */
function inClockGates(lanes: number, gated: string, enabled: readonly string[]): string[] {
  return lanes < fewestGatedBits
    ? [...enabled]
    : ['`ifdef CLOCK_GATES', gated, '`else', ...enabled, '`endif'];
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
    '  if (host_now & host_write) begin',
    `    ${name}_host_word <= ${place('host_address', hostAddressBits)};`,
    `    ${name}_host_items <= {${items.reverse().join(', ')}};`,
    '  end',
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
  return [
    `reg ${name}_stores;`,
    `reg ${vector(tile)} ${name}_tile;`,
    `reg ${vector(lanes)} ${name}_lanes, ${name}_set;`,
    'always_comb begin',
    `  ${name}_stores = 1'b0; ${name}_tile = ${literal(0, tile)}; ${name}_lanes = ${literal(0n, lanes)}; ${name}_set = ${literal(0n, lanes)};`,
    ...cases,
    'end',
  ];
}
