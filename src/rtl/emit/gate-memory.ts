import { type CoreContext, gateNumber } from './context.ts';
import { type Gate, partsOf } from './gate.ts';
import { indexBits, literal, modulo, quotient, type Unsigned, vector } from './text.ts';
import { unusedLine } from './unread.ts';

/**
 * A gate in small memories, which take far less of an FPGA than registers. A word of the host may have several tiles:
 * each of them has a memory of its own. Memories cannot be cleared at once, so a register for each tile tells whether
 * it has been written since; lanes that its first write leaves alone are zero.
 */
export function gateMemoryText(context: CoreContext, gate: Gate): string[] {
  const { widths } = context;
  const { lanes } = widths;
  const { name, field, layout, clears } = gate;
  const { itemsPerWord, wordsPerRow } = layout;
  const parts = partsOf(gate, lanes);
  const depth = Math.max(2, Math.ceil((wordsPerRow * itemsPerWord) / (lanes * parts)));
  const bits = indexBits(depth);
  const tile = indexBits(depth * parts);
  const place: Unsigned = { text: 'scan_place', bits: context.counters.cycle };
  const known = `${name}_known`;
  const of = (value: Unsigned): string => `${bits}'(${quotient(value, parts).text})`;
  return [
    `// ${field.name}, in memories; a tile that is not known is zero`,
    ...hostText(context, gate),
    ...writeText(context, gate, tile),
    `reg ${vector(depth * parts)} ${known};`,
    `integer ${known}_i;`,
    // Whether the tile is known is asked of the first one and of the one that follows, before it is told which it is.
    `wire ${known}_read = scan_first ? ${known}[0] : ${known}[${indexBits(depth * parts)}'(scan_after)];`,

    ...Array.from({ length: parts }, (_, part) => {
      const own = `${name}_${part}`;
      const isOwn = `${indexBits(parts)}'(${modulo({ text: `${name}_tile`, bits: tile }, parts).text}) == ${literal(part, indexBits(parts))}`;
      return [
        `(* no_rw_check *) reg ${vector(lanes)} ${own} [0:${depth - 1}];`,
        `reg ${vector(lanes)} ${own}_read;`,
        `integer ${own}_i;`,
        `reg ${own}_shown;`,
        `always @(posedge clk) ${own}_shown <= scan_gate == ${gateNumber(context, gate.index)} & ${known}_read${parts === 1 ? '' : ` & ${indexBits(parts)}'(scan_place) == ${literal(part, indexBits(parts))}`};`,
        `wire ${own}_writes = ${name}_host | (${name}_stores${parts === 1 ? '' : ` & ${isOwn}`});`,
        `wire ${vector(bits)} ${own}_at = ${name}_host ? ${hostPlace(gate, lanes, bits)} : ${of({ text: `${name}_tile`, bits: tile })};`,
        `wire ${vector(lanes)} ${own}_lanes = ${name}_host ? ${hostLanes(gate, lanes)} : ${name}_lanes;`,
        `wire ${vector(lanes)} ${own}_set = ${name}_host ? ${hostSet(gate, lanes, part)} : ${name}_set;`,
        `wire ${own}_known = ${known}[${knownAt(own, part, parts)}];`,
        'always @(posedge clk) begin',
        `  ${own}_read <= ${own}[${of(place)}];`,
        `  for (${own}_i = 0; ${own}_i < ${lanes}; ${own}_i = ${own}_i + 1)`,
        `    if (${own}_writes & (${own}_lanes[${own}_i] | ~${own}_known)) ${own}[${own}_at][${own}_i] <= ${own}_set[${own}_i] & ${own}_lanes[${own}_i];`,
        'end',
      ];
    }).flat(),
    'always @(posedge clk) begin',
    `  if (rst) ${known} <= ${literal(0n, depth * parts)};`,
    '  else begin',
    ...(clears.length === 0
      ? []
      : [`    if (state == CLEAR & (${clears.join(' | ')})) ${known} <= ${literal(0n, depth * parts)};`]),
    `    for (${known}_i = 0; ${known}_i < ${depth}; ${known}_i = ${known}_i + 1) begin`,
    ...Array.from(
      { length: parts },
      (_, part) =>
        `      if (${name}_${part}_writes & ${name}_${part}_at == ${bits}'(${known}_i)) ${known}[${known}_i * ${parts} + ${part}] <= 1'b1;`,
    ),
    '    end',
    '  end',
    'end',
  ];
}

/** The number of the tile that a memory writes. */
function knownAt(own: string, part: number, parts: number): string {
  return parts === 1 ? `${own}_at` : `{${own}_at, ${literal(part, indexBits(parts))}}`;
}

/** Whether the host has written a word of the field, and which items are not zero: a cycle later, before steps read. */
function hostText({ hostBankBits, hostAddressBits }: CoreContext, { name, field, layout }: Gate): string[] {
  const { bank, firstWord, wordsPerRow, itemsPerWord, itemBits } = layout;
  const items = Array.from(
    { length: itemsPerWord },
    (_, item) => `|host_in[${item * itemBits + field.bitOffset} +: ${field.bits}]`,
  );
  const address = (word: number): string => literal(word, hostAddressBits);
  const wordBits = indexBits(wordsPerRow);
  const low = firstWord === 0 ? '' : ` & host_address >= ${address(firstWord)}`;
  return [
    `reg ${name}_host;`,
    `reg ${vector(wordBits)} ${name}_word;`,
    `reg ${vector(itemsPerWord)} ${name}_items;`,
    'always @(posedge clk) begin',
    `  ${name}_host <= host_now & host_write & host_bank == ${literal(bank, hostBankBits)}${low} & host_address < ${address(firstWord + wordsPerRow)};`,
    `  ${name}_word <= ${wordBits}'(host_address - ${address(firstWord)});`,
    `  ${name}_items <= {${items.reverse().join(', ')}};`,
    'end',
  ];
}

/** The memories' place of the word that the host writes; several words may share a tile. */
function hostPlace({ name, layout }: Gate, lanes: number, bits: number): string {
  const shift = Math.log2(Math.max(1, lanes / layout.itemsPerWord));
  return shift === 0 ? `${bits}'(${name}_word)` : `${bits}'(${name}_word >> ${shift})`;
}

function hostLanes({ name, layout }: Gate, lanes: number): string {
  const { itemsPerWord } = layout;
  if (itemsPerWord >= lanes) return `{${lanes}{1'b1}}`;
  const own = literal((1n << BigInt(itemsPerWord)) - 1n, lanes);
  return `${own} << ${firstLane(name, lanes, itemsPerWord)}`;
}

function hostSet({ name, layout }: Gate, lanes: number, part: number): string {
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

/** What the kernel that runs writes. The number of a tile has so many bits. */
function writeText({ widths }: CoreContext, { name, writes }: Gate, tile: number): string[] {
  const { lanes, neuron } = widths;
  const row: Unsigned = { text: 'row', bits: neuron };
  const cases = writes.map(({ runs, of, ports }) => {
    const text =
      of === 'tile'
        ? `${name}_tile = ${tile}'(${ports}_tile); ${name}_lanes = ${ports}_lanes; ${name}_set = ${ports}_set;`
        : `${name}_tile = ${tile}'(${quotient(row, lanes).text}); ${name}_lanes = ${literal(1n, lanes)} << ${modulo(row, lanes).text}; ${name}_set = {${lanes}{${ports}_set}};`;
    return `  if (${runs}) begin ${name}_stores = ${ports}_valid; ${text} end`;
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
