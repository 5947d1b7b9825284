import { at } from '../../arrays/index.ts';
import type { SegmentTable } from '../plan/segments.ts';
import { commentLine, identifier, indexBits, vector } from './text.ts';

/** A file of the core. */
type File = readonly [name: string, text: string];

/** The parts of a record, the first one in its lowest bits: names, and bits. */
type Format = readonly (readonly [name: string, bits: number])[];
type Values = Readonly<Record<string, number>>;

/** The memory of a table of segments: a record for each row, and for each segment, unless a bank lists them. */
export class SegmentMemory {
  readonly name: string;
  readonly rowFormat: Format;
  /** Undefined where a bank lists the segments. */
  readonly segmentFormat: Format | undefined;
  readonly rowBits: number;
  /** Of the address of a segment. */
  readonly addressBits: number;
  readonly #rows: readonly Values[];
  readonly #segments: readonly Values[];
  readonly #title: string;

  constructor({ name, list, rowStart, segments }: SegmentTable) {
    this.name = identifier(name);
    this.#title = name;
    this.#rows = Array.from({ length: rowStart.length - 1 }, (_, row): Values => {
      const start = at(rowStart, row);
      const count = at(rowStart, row + 1) - start;
      const first = count === 0 ? 0 : start;
      if (list === undefined) return { segment: first, count };
      const word = list.firstWord + Math.floor(first / list.itemsPerWord);
      return { word, slot: first % list.itemsPerWord, count, place: count === 0 ? 0 : at(list.places, row) };
    });
    this.#segments = list === undefined ? segments.map((segment) => ({ ...segment })) : [];
    const names = list === undefined ? ['segment', 'count'] : ['word', 'slot', 'count', 'place'];
    this.rowFormat = formatOf(names, this.#rows);
    this.segmentFormat =
      list === undefined ? formatOf(['first', 'last', 'weightRow', 'place'], this.#segments) : undefined;
    this.rowBits = indexBits(this.#rows.length);
    this.addressBits = indexBits(Math.max(1, segments.length));
  }

  /** A part of the record of the row, or of the segment, that has been read. */
  part(of: 'row' | 'segment', name: string): string {
    let first = 0;
    for (const [part, bits] of of === 'row' ? this.rowFormat : (this.segmentFormat ?? [])) {
      if (part === name) return `${this.name}_${of}_data[${first} +: ${bits}]`;
      first += bits;
    }
    throw new Error(`no ${name} in a record`);
  }

  partBits(of: 'row' | 'segment', name: string): number {
    const format = of === 'row' ? this.rowFormat : this.segmentFormat;
    return format?.find(([part]) => part === name)?.[1] ?? 0;
  }

  /** Bits of the record of a row, and of a segment; 0 where a bank lists them. */
  get recordBits(): { readonly rowBits: number; readonly segmentBits: number } {
    return { rowBits: bitsOf(this.rowFormat), segmentBits: bitsOf(this.segmentFormat ?? []) };
  }

  /**
   * The memory, in the core.
   *
   * @param waited the row of a run that goes on after others have read; undefined where none waits
   */
  instance(waited: string | undefined): string[] {
    const { name } = this;
    const segments =
      this.segmentFormat === undefined
        ? []
        : [
            '  .segment_en(segment_reads),',
            `  .segment(${this.addressBits}'(segment_read)),`,
            `  .segment_data(${name}_segment_data),`,
          ];
    return [
      `wire ${vector(bitsOf(this.rowFormat))} ${name}_row_data;`,
      ...(this.segmentFormat === undefined
        ? []
        : [`wire ${vector(bitsOf(this.segmentFormat))} ${name}_segment_data;`]),
      `segments_${name} segments_${name}_i (`,
      '  .clk(clk),',
      ...segments,
      `  .row_en(row_enters${waited === undefined ? '' : ' | resumes'}),`,
      `  .row(${this.rowBits}'(${waited === undefined ? 'row_soon' : `row_enters ? row_soon : ${waited}`})),`,
      `  .row_data(${name}_row_data)`,
      ');',
    ];
  }

  module(): File {
    const name = `segments_${this.name}`;
    const { rowFormat, segmentFormat } = this;
    const memory = (what: string, format: Format, count: number, file: string): string[] => [
      `  reg ${vector(bitsOf(format))} ${what} [0:${Math.max(1, count) - 1}];`,
      `  initial $readmemh("${file}.memh", ${what});`,
    ];
    const lines = [
      commentLine(
        `The rows of ${this.#title}, ${this.#rows.length}${segmentFormat === undefined ? ', whose segments a bank lists' : `, and their segments, ${this.#segments.length}`}. A record is there in the cycle after its address.`,
      ),
      `module ${name} (`,
      '  input wire clk,',
      ...(segmentFormat === undefined
        ? []
        : [
            '  input wire segment_en,',
            `  input wire ${vector(this.addressBits)} segment,`,
            `  output reg ${vector(bitsOf(segmentFormat))} segment_data,`,
          ]),
      '  input wire row_en,',
      `  input wire ${vector(this.rowBits)} row,`,
      `  output reg ${vector(bitsOf(rowFormat))} row_data`,
      ');',
      ...memory('rows', rowFormat, this.#rows.length, `${name}_rows`),
      ...(segmentFormat === undefined ? [] : memory('segments', segmentFormat, this.#segments.length, name)),
      '  always @(posedge clk) begin',
      '    if (row_en) row_data <= rows[row];',
      ...(segmentFormat === undefined ? [] : ['    if (segment_en) segment_data <= segments[segment];']),
      '  end',
      'endmodule',
      '',
    ];
    return [name, lines.join('\n')];
  }

  contents(): File[] {
    const name = `segments_${this.name}`;
    const rows = textOf(this.rowFormat, this.#rows);
    if (this.segmentFormat === undefined) return [[`${name}_rows.memh`, rows]];
    return [
      [`${name}_rows.memh`, rows],
      [`${name}.memh`, textOf(this.segmentFormat, this.#segments)],
    ];
  }
}

/** Each part is as wide as its largest value. */
function formatOf(names: readonly string[], records: readonly Values[]): Format {
  return names.map((name) => [
    name,
    indexBits(1 + records.reduce((most, record) => Math.max(most, record[name] ?? 0), 0)),
  ]);
}

function bitsOf(format: Format): number {
  return format.reduce((sum, [, bits]) => sum + bits, 0);
}

/** Records as `$readmemh` reads them. */
function textOf(format: Format, records: readonly Values[]): string {
  const words = records.map((record) => {
    let [word, shift] = [0n, 0n];
    for (const [name, bits] of format) {
      word |= BigInt(record[name] ?? 0) << shift;
      shift += BigInt(bits);
    }
    return word.toString(16);
  });
  const parts = format.map(([name, bits]) => `${name} (${bits})`).join(', ');
  return `${commentLine(`from the lowest bits: ${parts}`)}\n${words.length === 0 ? '0' : words.join('\n')}\n`;
}
