import { at } from '../../arrays/index.ts';
import type { CoreImage } from '../../image/index.ts';
import type { CoreContext } from './context.ts';
import { commentLine, identifier, indented, literal, vector } from './text.ts';

/** Words of a bank that are written bit by bit, such as flags: they become registers. */
interface FineWords {
  readonly first: number;
  readonly words: number;
}

/** As many bits of a bank are kept in registers; with more of them, all of the bank is written bit by bit. */
const mostFineBits = 4096;
/** Narrower slices than the smallest memories of an FPGA waste them. */
export const leastSliceBits = 4;

/** How a bank is cut for synthesis. */
export interface BankSlices {
  /** The most bits that are written or left as a whole. */
  readonly bits: number;
  readonly fine: readonly FineWords[];
}

/** Cuts a bank so that what a write leaves unchanged is a whole word of some memory, or kept in registers. */
export function slicesOf({ banks, layouts, fields }: CoreImage, bank: number): BankSlices {
  const { wordBits, bitMask } = at(banks, bank);
  if (!bitMask) return { bits: wordBits, fine: [] };
  const cut = layouts.flatMap((layout, index) => {
    if (layout.bank !== bank) return [];
    const bounds = fields.flatMap((field) => (field.layout === index ? [field.bits, field.bitOffset] : []));
    const bits = [wordBits, layout.itemBits, ...bounds].reduce(greatestDivisor);
    return [{ bits, first: layout.firstWord, words: layout.rows * layout.wordsPerRow }];
  });
  const fine = cut.filter(({ bits }) => bits < leastSliceBits);
  const coarse = cut.filter(({ bits }) => bits >= leastSliceBits);
  const fineWords = fine.reduce((sum, { words }) => sum + words, 0);
  if (coarse.length === 0 || fineWords * wordBits > mostFineBits)
    return { bits: cut.map(({ bits }) => bits).reduce(greatestDivisor, wordBits), fine: [] };
  return { bits: coarse.map(({ bits }) => bits).reduce(greatestDivisor), fine };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/**
 * The modules of the banks, the only place to exchange for a macro: name and text of each. Simulators take a bank as an
 * array of words. Synthesis takes it as slices, which memories with enables for whole words can hold.
 */
export function bankModules({
  image,
  plan,
  widths,
}: Pick<CoreContext, 'image' | 'plan' | 'widths'>): (readonly [name: string, text: string])[] {
  return image.banks.flatMap(({ name, wordBits, usedWords, bitMask }, bank) => {
    if (usedWords === 0) return [];
    const { ports } = at(plan.hw.banks, bank);
    const isShared = 'shared' in ports;
    const reads = isShared ? 1 : ports.read;
    const bits = at(widths.address, bank);
    const portNumbers = Array.from({ length: reads }, (_, port) => port);
    const slices = slicesOf(image, bank);
    const clocked = (write: string, read: (port: number) => string): string[] => [
      'always @(posedge clk) begin',
      ...(isShared
        ? [`  if (w_en) begin ${write} end else if (r0_en) begin ${read(0)} end`]
        : [
            ...portNumbers.map((port) => `  if (r${port}_en) begin ${read(port)} end`),
            `  if (w_en) begin ${write} end`,
          ]),
      'end',
    ];
    const lines = [
      commentLine(
        `${name}: ${usedWords} words of ${wordBits} bits, ${isShared ? 'one port that reads or writes' : `${reads} that read, one that writes`}. A word is there in the cycle after its address.`,
      ),
      `module bank_${identifier(name)}`,
      '`ifdef SYNTHESIS',
      '  // Bits of each memory.',
      `  #(parameter SLICE = ${slices.bits})`,
      '`endif',
      '(',
      '  input wire clk,',
      ...portNumbers.flatMap((port) => [
        `  input wire r${port}_en,`,
        `  input wire ${vector(bits)} r${port}_addr,`,
        `  output reg ${vector(wordBits)} r${port}_data,`,
      ]),
      '  input wire w_en,',
      `  input wire ${vector(bits)} w_addr,`,
      `  input wire ${vector(wordBits)} w_data${bitMask ? ',' : ''}`,
      ...(bitMask ? [`  input wire ${vector(wordBits)} w_mask`] : []),
      ');',
      '`ifdef SYNTHESIS',
      ...indented(slicedText(slices, { wordBits, usedWords, bitMask, bits, portNumbers, isShared, clocked })),
      '`else',
      `  reg ${vector(wordBits)} mem [0:${usedWords - 1}];`,
      `  initial $readmemh("${name}.memh", mem);`,
      ...indented(
        clocked(
          bitMask ? 'mem[w_addr] <= (mem[w_addr] & ~w_mask) | (w_data & w_mask);' : 'mem[w_addr] <= w_data;',
          (port) => `r${port}_data <= mem[r${port}_addr];`,
        ),
      ),
      '`endif',
      'endmodule',
      '',
    ];
    return [[`bank_${identifier(name)}`, lines.join('\n')] as const];
  });
}

/** The facts that the parts of a bank's text share. */
interface BankShape {
  readonly wordBits: number;
  readonly usedWords: number;
  /** Without it, a write is that of a whole word. */
  readonly bitMask: boolean;
  /** Of an address. */
  readonly bits: number;
  readonly portNumbers: readonly number[];
  /** Whether one port reads and writes. */
  readonly isShared: boolean;
  /** A clocked block, given what a write does and what a read does at a port. */
  readonly clocked: (write: string, read: (port: number) => string) => string[];
}

/** A bank as memories side by side, beside registers for its fine words. */
function slicedText(
  { bits: grain, fine }: BankSlices,
  { wordBits, usedWords, bitMask, bits, portNumbers, isShared, clocked }: BankShape,
): string[] {
  const word = vector(wordBits);
  const address = isShared ? 'address' : 'w_addr';
  const isIn = (address: string, { first, words }: FineWords): string => {
    const low = first === 0 ? [] : [`${address} >= ${literal(first, bits)}`];
    const high = first + words === 2 ** bits ? [] : [`${address} <= ${literal(first + words - 1, bits)}`];
    return [...low, ...high].join(' & ') || "1'b1";
  };
  return [
    ...portNumbers.map((port) => `reg ${word} r${port}_slices;`),
    // One port has one address.
    ...(isShared ? [`wire ${vector(bits)} address = w_en ? w_addr : r0_addr;`] : []),
    ...(bitMask
      ? [
          '// Bits of a memory that are written or left as a whole.',
          `localparam GRAIN = SLICE < ${grain} ? SLICE : ${grain};`,
        ]
      : []),
    'genvar s;',
    'generate',
    `  for (s = 0; s < ${wordBits}; s = s + SLICE) begin : slice`,
    // Tiles that share a word may read it while one of them writes it whole.
    ...(bitMask ? ['    // No word is read in the cycle in which it is written.'] : []),
    `    ${bitMask ? '(* no_rw_check *) ' : ''}reg [SLICE-1:0] mem [0:${usedWords - 1}];`,
    ...(bitMask ? ['    integer g;'] : []),
    ...indented(
      indented(
        clocked(
          bitMask
            ? `for (g = 0; g < SLICE; g = g + GRAIN) if (w_mask[s + g]) mem[${address}][g +: GRAIN] <= w_data[s + g +: GRAIN];`
            : `mem[${address}] <= w_data[s +: SLICE];`,
          (port) => `r${port}_slices[s +: SLICE] <= mem[${isShared ? 'address' : `r${port}_addr`}];`,
        ),
      ),
    ),
    '  end',
    'endgenerate',
    ...fine.flatMap((words, index) => {
      const place = (address: string): string => `fine${index}[${address} - ${literal(words.first, bits)}]`;
      return [
        '// Words that are written bit by bit.',
        `(* ram_style = "registers" *) reg ${word} fine${index} [0:${words.words - 1}];`,
        ...portNumbers.flatMap((port) => [
          `reg fine${index}_r${port};`,
          `reg ${word} fine${index}_r${port}_data;`,
        ]),
        ...clocked(
          `if (${isIn('w_addr', words)}) ${place('w_addr')} <= (${place('w_addr')} & ~w_mask) | (w_data & w_mask);`,
          (port) =>
            `fine${index}_r${port} <= ${isIn(`r${port}_addr`, words)}; fine${index}_r${port}_data <= ${place(`r${port}_addr`)};`,
        ),
      ];
    }),
    ...portNumbers.map((port) => {
      const data = fine.reduceRight(
        (others, _, index) => `fine${index}_r${port} ? fine${index}_r${port}_data : ${others}`,
        `r${port}_slices`,
      );
      return `always @* r${port}_data = ${data};`;
    }),
  ];
}
