import type { RecordFormat, SegmentTable } from '../plan/core-plan.ts';
import { identifier } from '../plan/widths.ts';
import { commentLine, type SourceFile, vector } from './text.ts';

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
): string[] {
  const name = identifier(title);
  return [
    `wire ${vector(rows.bits)} ${name}_row_data;`,
    ...(segments === undefined ? [] : [`wire ${vector(segments.bits)} ${name}_segment_data;`]),
    `segments_${name} segments_${name}_i (`,
    '  .clk(clk),',
    ...(segments === undefined
      ? []
      : [
          '  .segment_en(segment_reads),',
          `  .segment(${addressBits}'(segment_read)),`,
          `  .segment_data(${name}_segment_data),`,
        ]),
    `  .row_en(row_enters${waited === undefined ? '' : ' | resumes'}),`,
    `  .row(${rowBits}'(${waited === undefined ? 'row_soon' : `row_enters ? row_soon : ${waited}`})),`,
    `  .row_data(${name}_row_data)`,
    ');',
  ];
}

/** The module of a table. */
export function segmentModule({ name: title, rows, segments, rowBits, addressBits }: SegmentTable): string[] {
  const name = `segments_${identifier(title)}`;
  const memory = (what: string, { bits, records }: RecordFormat, file: string): string[] => [
    `  reg ${vector(bits)} ${what} [0:${Math.max(1, records.length) - 1}];`,
    `  initial $readmemh("${file}.memh", ${what});`,
  ];
  const listed = segments === undefined ? ', whose segments a bank lists' : '';
  const stored = segments === undefined ? '' : `, and their segments, ${segments.records.length}`;
  return [
    commentLine(
      `The rows of ${title}, ${rows.records.length}${listed}${stored}. A record is there in the cycle after its address.`,
    ),
    `module ${name} (`,
    '  input wire clk,',
    ...(segments === undefined
      ? []
      : [
          '  input wire segment_en,',
          `  input wire ${vector(addressBits)} segment,`,
          `  output reg ${vector(segments.bits)} segment_data,`,
        ]),
    '  input wire row_en,',
    `  input wire ${vector(rowBits)} row,`,
    `  output reg ${vector(rows.bits)} row_data`,
    ');',
    ...memory('rows', rows, `${name}_rows`),
    ...(segments === undefined ? [] : memory('segments', segments, name)),
    '  always @(posedge clk) begin',
    '    if (row_en) row_data <= rows[row];',
    ...(segments === undefined ? [] : ['    if (segment_en) segment_data <= segments[segment];']),
    '  end',
    'endmodule',
    '',
  ];
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
