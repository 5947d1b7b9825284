import type {
  BankPlan,
  CorePlan,
  FineWords,
  OpenList,
  RecordFormat,
  SegmentTable,
} from '../plan/core-plan.ts';
import { identifier, indexBits } from '../plan/widths.ts';
import { RunRegisters } from './context.ts';
import {
  commentLine,
  inside,
  instance,
  literal,
  moduleText,
  onClock,
  reg,
  type SourceFile,
  separated,
  statements,
  type Verilog,
  vector,
  when,
  wire,
} from './verilog.ts';

/**
 * The modules of the banks, the only place to exchange for a macro: name and text of each. Simulators take a bank as an
 * array of words. Synthesis takes it as slices, which memories with enables for whole words can hold.
 */
export function bankModules({ banks }: CorePlan): (readonly [name: string, text: string])[] {
  return banks.flatMap((bank) => {
    const { name, module, wordBits, usedWords, bitMask, readPorts, isShared, slices } = bank;
    if (usedWords === 0) return [];
    const bits = indexBits(usedWords);
    const ports = isShared
      ? 'one port that reads or writes'
      : `${readPorts.length} that read, one that writes`;
    const lines = [
      commentLine(
        `${name}: ${usedWords} words of ${wordBits} bits, ${ports}. A word is there from the cycle after its address until the next is read.`,
      ),
      `module ${module}`,
      '`ifdef SYNTHESIS',
      '  // Bits of each memory.',
      `  #(parameter SLICE = ${slices.bits})`,
      '`endif',
      '(',
      ...separated(
        'input wire clk',
        readPorts.map((port) => [
          `input wire r${port}_en`,
          `input wire ${vector(bits)} r${port}_addr`,
          `output reg ${vector(wordBits)} r${port}_data`,
        ]),
        ['input wire w_en', `input wire ${vector(bits)} w_addr`, `input wire ${vector(wordBits)} w_data`],
        bitMask && `input wire ${vector(wordBits)} w_mask`,
      ),
      ');',
      '`ifdef SYNTHESIS',
      ...inside(slicedText(bank, bits)),
      '`else',
      ...inside(
        `reg ${vector(wordBits)} mem [0:${usedWords - 1}];`,
        `initial $readmemh("${name}.memh", mem);`,
        clocked(
          bank,
          bitMask ? 'mem[w_addr] <= (mem[w_addr] & ~w_mask) | (w_data & w_mask);' : 'mem[w_addr] <= w_data;',
          (port) => `r${port}_data <= mem[r${port}_addr];`,
        ),
      ),
      '`endif',
      'endmodule',
      '',
    ];
    return [[module, lines.join('\n')] as const];
  });
}

/** What a write does at the edge of the clock, and a read through a port. A port that does both does one at a time. */
function clocked({ readPorts, isShared }: BankPlan, write: string, read: (port: number) => Verilog): string {
  if (isShared) return onClock(when('w_en', write, when('r0_en', read(0))));
  return onClock(
    readPorts.map((port) => when(`r${port}_en`, read(port))),
    when('w_en', write),
  );
}

/** A bank as memories side by side, beside registers for its fine words, given the bits of an address. */
function slicedText(bank: BankPlan, bits: number): Verilog {
  const { wordBits, usedWords, bitMask, readPorts, isShared, slices } = bank;
  const address = isShared ? 'address' : 'w_addr';
  const isIn = (address: string, { first, words }: FineWords): string =>
    statements(
      first > 0 && `${address} >= ${literal(first, bits)}`,
      first + words < 2 ** bits && `${address} <= ${literal(first + words - 1, bits)}`,
    ).join(' & ') || "1'b1";
  const grains = `for (g = 0; g < SLICE; g = g + GRAIN) if (w_mask[s + g]) mem[${address}][g +: GRAIN] <= w_data[s + g +: GRAIN];`;
  return [
    readPorts.map((port) => reg(wordBits, `r${port}_slices`)),
    // One port has one address.
    isShared && wire(bits, 'address', 'w_en ? w_addr : r0_addr'),
    bitMask && [
      '// Bits of a memory that are written or left as a whole.',
      `localparam GRAIN = SLICE < ${slices.bits} ? SLICE : ${slices.bits};`,
    ],
    'genvar s;',
    'generate',
    `  for (s = 0; s < ${wordBits}; s = s + SLICE) begin : slice`,
    inside(
      inside(
        // Tiles that share a word may read it while one of them writes it whole.
        bitMask && '// No word is read in the cycle in which it is written.',
        `${bitMask ? '(* no_rw_check *) ' : ''}reg [SLICE-1:0] mem [0:${usedWords - 1}];`,
        bitMask && 'integer g;',
        clocked(
          bank,
          bitMask ? grains : `mem[${address}] <= w_data[s +: SLICE];`,
          (port) => `r${port}_slices[s +: SLICE] <= mem[${isShared ? 'address' : `r${port}_addr`}];`,
        ),
      ),
    ),
    '  end',
    'endgenerate',
    slices.fine.map((words, index) => {
      const place = (address: string): string => `fine${index}[${address} - ${literal(words.first, bits)}]`;
      const written = `(${place('w_addr')} & ~w_mask) | (w_data & w_mask)`;
      return [
        '// Words that are written bit by bit.',
        `(* ram_style = "registers" *) reg ${vector(wordBits)} fine${index} [0:${words.words - 1}];`,
        readPorts.map((port) => [
          reg(undefined, `fine${index}_r${port}`),
          reg(wordBits, `fine${index}_r${port}_data`),
        ]),
        clocked(bank, when(isIn('w_addr', words), `${place('w_addr')} <= ${written};`), (port) => [
          `fine${index}_r${port} <= ${isIn(`r${port}_addr`, words)};`,
          `fine${index}_r${port}_data <= ${place(`r${port}_addr`)};`,
        ]),
      ];
    }),
    readPorts.map((port) => {
      const data = slices.fine.reduceRight(
        (others, _, index) => `fine${index}_r${port} ? fine${index}_r${port}_data : ${others}`,
        `r${port}_slices`,
      );
      return `always @* r${port}_data = ${data};`;
    }),
  ];
}

/** The memory of one of the walker's lists, in a module of its own. */
interface ListMemory {
  readonly list: OpenList;
  readonly module: string;
  readonly words: number;
  readonly wordBits: number;
}

/** The memories of the walker's lists. That of several runs has the words of each. */
export function listMemories({ openLists, widths, waiting }: CorePlan): ListMemory[] {
  const run = new RunRegisters(waiting);
  return openLists.map((list) => ({
    list,
    module: `list_${list.of}`,
    words: run.listWords(`${list.of}_list`, list.entries),
    wordBits: widths.tile + widths.lanes,
  }));
}

/** The modules of the lists, which macros may replace but where lanes are looked up: name and text of each. */
export function listModules(plan: CorePlan): (readonly [name: string, text: string])[] {
  return listMemories(plan).map(({ list, module: name, words, wordBits }) => {
    const bits = indexBits(words);
    const text = moduleText({
      comment: commentLine(
        `The open ${list.of}, ${words} words of a tile and its lanes: one port that reads or writes. A word is there in the cycle after its address.`,
      ),
      name,
      ports: [
        'input wire clk',
        ['input wire r_en', `input wire ${vector(bits)} r_addr`, `output reg ${vector(wordBits)} r_data`],
        ['input wire w_en', `input wire ${vector(bits)} w_addr`, `input wire ${vector(wordBits)} w_data`],
        list.isLookedUp && [
          `input wire ${vector(bits)} look_addr`,
          `output wire ${vector(plan.widths.lanes)} look_lanes`,
        ],
      ],
      body: [
        `reg ${vector(wordBits)} mem [0:${words - 1}];`,
        onClock(when('w_en', 'mem[w_addr] <= w_data;', when('r_en', 'r_data <= mem[r_addr];'))),
        list.isLookedUp && `assign look_lanes = mem[look_addr][${plan.widths.lanes - 1}:0];`,
      ],
    });
    return [name, text] as const;
  });
}

/** A part of the record of the row, or of the segment, that has been read; undefined where a record has none. */
export function recordPart(table: SegmentTable, of: 'row' | 'segment', name: string): string {
  let first = 0;
  for (const [part, bits] of (of === 'row' ? table.rows : table.segments)?.parts ?? []) {
    if (part === name) return `${identifier(table.name)}_${of}_data[${first} +: ${bits}]`;
    first += bits;
  }
  throw new Error(`no ${name} in a record`);
}

/**
 * The memory, in the core.
 *
 * @param waited the row of a run that goes on after others have read; undefined where none waits
 */
export function segmentInstance(
  { name: title, rows, segments, rowBits, addressBits }: SegmentTable,
  waited: string | undefined,
): Verilog {
  const name = identifier(title);
  return [
    wire(rows.bits, `${name}_row_data`),
    segments && wire(segments.bits, `${name}_segment_data`),
    instance(
      `segments_${name}`,
      '.clk(clk)',
      segments && [
        '.segment_en(segment_reads)',
        `.segment(${addressBits}'(segment_read))`,
        `.segment_data(${name}_segment_data)`,
      ],
      `.row_en(row_enters${waited === undefined ? '' : ' | resumes'})`,
      `.row(${rowBits}'(${waited === undefined ? 'row_soon' : `row_enters ? row_soon : ${waited}`}))`,
      `.row_data(${name}_row_data)`,
    ),
  ];
}

/** The module of a table. */
export function segmentModule({ name: title, rows, segments, rowBits, addressBits }: SegmentTable): string {
  const name = `segments_${identifier(title)}`;
  const memory = (what: string, { bits, records }: RecordFormat, file: string): Verilog => [
    `reg ${vector(bits)} ${what} [0:${Math.max(1, records.length) - 1}];`,
    `initial $readmemh("${file}.memh", ${what});`,
  ];
  const listed = segments === undefined ? ', whose segments a bank lists' : '';
  const stored = segments === undefined ? '' : `, and their segments, ${segments.records.length}`;
  return moduleText({
    comment: commentLine(
      `The rows of ${title}, ${rows.records.length}${listed}${stored}. A record is there in the cycle after its address.`,
    ),
    name,
    ports: [
      'input wire clk',
      segments && [
        'input wire segment_en',
        `input wire ${vector(addressBits)} segment`,
        `output reg ${vector(segments.bits)} segment_data`,
      ],
      'input wire row_en',
      `input wire ${vector(rowBits)} row`,
      `output reg ${vector(rows.bits)} row_data`,
    ],
    body: [
      memory('rows', rows, `${name}_rows`),
      segments && memory('segments', segments, name),
      onClock(
        'if (row_en) row_data <= rows[row];',
        segments && 'if (segment_en) segment_data <= segments[segment];',
      ),
    ],
  });
}

/** The contents of a table's memories. */
export function segmentContents({ name: title, rows, segments }: SegmentTable): SourceFile[] {
  const name = `segments_${identifier(title)}`;
  return [
    [`${name}_rows.memh`, textOf(rows)],
    ...(segments === undefined ? [] : [[`${name}.memh`, textOf(segments)] as const]),
  ];
}

/** Records as `$readmemh` reads them. */
function textOf({ parts, records }: RecordFormat): string {
  const words = records.map((record) => {
    let [word, shift] = [0n, 0n];
    for (const [name, bits] of parts) {
      word |= BigInt(record[name] ?? 0) << shift;
      shift += BigInt(bits);
    }
    return word.toString(16);
  });
  const names = parts.map(([name, bits]) => `${name} (${bits})`).join(', ');
  return `${commentLine(`from the lowest bits: ${names}`)}\n${words.length === 0 ? '0' : words.join('\n')}\n`;
}
