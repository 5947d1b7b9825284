import {
  accessParts,
  bitsOf,
  type CoreShape,
  kernelParts,
  laneOperations,
  operandKinds,
  type RecordParts,
  roundingModes,
  saturations,
  walks,
  wordParts,
} from '../../microcode/index.ts';
import { indexBits } from '../plan/widths.ts';

/** The places of the parts of records, and the numbers of what they name: the same for all cores. */
export function headerText(): string {
  const names = (prefix: string, values: readonly string[]): string[] =>
    values.map((name, number) => `localparam ${prefix}_${name.toUpperCase()} = ${number};`);
  return [
    '// The parts of the records that a core holds, and the numbers of what they name.',
    ...recordText('WORD_BITS', 'W', wordParts),
    ...recordText('KERNEL_BITS', 'K', kernelParts()),
    ...recordText('ACCESS_BITS', 'A', accessParts),
    ...names('KIND', operandKinds),
    ...names('OP', laneOperations),
    ...names('ROUND', roundingModes),
    ...names('FIT', saturations),
    ...names('WALK', walks),
    '',
  ].join('\n');
}

function recordText(size: string, prefix: string, parts: RecordParts): string[] {
  let first = 0;
  const places = parts.map(([name, bits]) => {
    const text = `localparam ${prefix}_${name.toUpperCase()} = ${first};`;
    first += bits;
    return text;
  });
  return [`localparam ${size} = ${bitsOf(parts)};`, ...places];
}

/** Bits of a word at the host's port: those of the widest memory. */
export function hostBits({ banks }: CoreShape): number {
  return Math.max(bitsOf(wordParts), bitsOf(kernelParts()), ...banks.map(({ wordBits }) => wordBits));
}

/** The banks of a core, side by side: what an hw-model has of them, and nothing of a program. */
export function allBanksText(shape: CoreShape): string {
  const host = hostBits(shape);
  const count = shape.banks.length;
  return [
    '// The banks, the only place to exchange for macros. A word is there in the cycle after its address.',
    'module micro_banks (',
    '  input wire clk,',
    `  input wire [${count - 1}:0] r_en,`,
    `  input wire [${16 * count - 1}:0] r_addr,`,
    `  output wire [${host * count - 1}:0] r_data,`,
    `  input wire [${count - 1}:0] w_en,`,
    `  input wire [${16 * count - 1}:0] w_addr,`,
    `  input wire [${host * count - 1}:0] w_data,`,
    `  input wire [${host * count - 1}:0] w_mask`,
    ');',
    ...shape.banks.flatMap(({ name, wordBits, words }, bank) => [
      `  micro_bank #(.WIDTH(${wordBits}), .WORDS(${words}), .ADDRESS(${indexBits(words)})) ${name} (`,
      `    .clk(clk), .r_en(r_en[${bank}]), .r_addr(r_addr[${16 * bank} +: ${indexBits(words)}]), .r_data(r_data[${host * bank} +: ${wordBits}]),`,
      `    .w_en(w_en[${bank}]), .w_addr(w_addr[${16 * bank} +: ${indexBits(words)}]),`,
      `    .w_data(w_data[${host * bank} +: ${wordBits}]), .w_mask(w_mask[${host * bank} +: ${wordBits}])`,
      '  );',
      ...(wordBits < host ? [`  assign r_data[${host * bank + wordBits} +: ${host - wordBits}] = 0;`] : []),
    ]),
    'endmodule',
    '',
  ].join('\n');
}

/** The top: the core of an hw-model with its banks. */
export function topText(shape: CoreShape): string {
  const host = hostBits(shape);
  const count = shape.banks.length;
  const widths = shape.banks.map(({ wordBits }) => `32'd${wordBits}`).reverse();
  return [
    '// The core of an hw-model: its lanes, and its banks.',
    'module plasticore_core (',
    '  input wire clk,',
    '  input wire rst,',
    '  input wire start,',
    '  input wire [4:0] start_kernel,',
    '  input wire [15:0] start_neuron,',
    '  output wire ready,',
    '  output wire m_valid,',
    '  output wire [3:0] m_population,',
    '  output wire [8:0] m_tile,',
    `  output wire [${shape.lanes - 1}:0] m_lanes,`,
    '  input wire host_valid,',
    '  input wire host_write,',
    '  input wire [3:0] host_memory,',
    '  input wire [15:0] host_address,',
    `  input wire [${host - 1}:0] host_in,`,
    `  output wire [${host - 1}:0] host_out`,
    ');',
    `  wire [${count - 1}:0] r_en, w_en;`,
    `  wire [${16 * count - 1}:0] r_addr, w_addr;`,
    `  wire [${host * count - 1}:0] r_data, w_data, w_mask;`,
    `  micro_core #(.LANES(${shape.lanes}), .BANKS(${count}), .HOST_BITS(${host}), .WIDTHS({${widths.join(', ')}})) core (`,
    '    .clk(clk), .rst(rst), .start(start), .start_kernel(start_kernel), .start_neuron(start_neuron), .ready(ready),',
    '    .m_valid(m_valid), .m_population(m_population), .m_tile(m_tile), .m_lanes(m_lanes),',
    '    .host_valid(host_valid), .host_write(host_write), .host_memory(host_memory), .host_address(host_address),',
    '    .host_in(host_in), .host_out(host_out),',
    '    .r_en(r_en), .r_addr(r_addr), .r_data(r_data), .w_en(w_en), .w_addr(w_addr), .w_data(w_data), .w_mask(w_mask)',
    '  );',
    '  micro_banks banks (',
    '    .clk(clk), .r_en(r_en), .r_addr(r_addr), .r_data(r_data),',
    '    .w_en(w_en), .w_addr(w_addr), .w_data(w_data), .w_mask(w_mask)',
    '  );',
    'endmodule',
    '',
  ].join('\n');
}
