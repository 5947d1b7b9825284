import type { Port } from './taps.ts';
import { commentLine, indented } from './text.ts';
import { Reads, unusedLine } from './unread.ts';

/** The parts of a kernel's module. */
interface ModuleParts {
  /** A comment above it. */
  readonly comment: string;
  readonly name: string;
  readonly ports: readonly Port[];
  /** Text that all lanes share, and the wires and outputs that it needs. */
  readonly shared: readonly string[];
  readonly declarations: readonly string[];
  /** Text of each lane, whose number is `l`. */
  readonly lane: readonly string[];
  readonly lanes: number;
}

/** The text of a kernel's module. */
export function moduleText({ comment, name, ports, shared, declarations, lane, lanes }: ModuleParts): string {
  const outside = [...shared, ...declarations];
  const reads = new Reads([...outside, ...lane]);
  const lines = [
    commentLine(comment),
    `module ${name} (`,
    ...indented(
      ports.map(({ declaration }, index) => `${declaration}${index + 1 < ports.length ? ',' : ''}`),
    ),
    ');',
    ...indented(functionsFor(lane)),
    ...indented(shared),
    ...indented(declarations),
    ...indented(unusedLine('unused', [...unreadPorts(ports, reads), ...reads.unreadIn(outside)])),
    ...(lane.length === 0
      ? []
      : indented([
          'genvar l;',
          'generate',
          `  for (l = 0; l < ${lanes}; l = l + 1) begin : lane`,
          ...indented(indented([...lane, ...unusedLine('unused_lane', reads.unreadIn(lane))])),
          '  end',
          'endgenerate',
        ])),
    'endmodule',
  ];
  return `${lines.join('\n')}\n`;
}

const wide: ReadonlySet<string> = new Set(['read-data', 'row', 'tile', 'line', 'place', 'from', 'active']);

/** A word has bits that the kernel does not read, and a row may have more bits than it needs. Some keep nothing. */
function unreadPorts(ports: readonly Port[], reads: Reads): string[] {
  return ports.flatMap(({ name, bits, isOutput, meaning: { does } }) =>
    !isOutput && (wide.has(does) || reads.leaves(name, bits)) ? [name] : [],
  );
}

/** The functions that lanes call. */
function functionsFor(lines: readonly string[]): string[] {
  const text = lines.join('\n');
  return [
    ...(text.includes('xorshift(')
      ? [
          'function automatic [31:0] xorshift(input [31:0] s);',
          '  reg [31:0] a, b;',
          '  begin',
          '    a = s ^ (s << 13);',
          '    b = a ^ (a >> 17);',
          '    xorshift = b ^ (b << 5);',
          '  end',
          'endfunction',
        ]
      : []),
    ...(text.includes('count_ones(')
      ? [
          'function automatic [5:0] count_ones(input [31:0] s);',
          '  integer i;',
          '  begin',
          "    count_ones = 6'd0;",
          "    for (i = 0; i < 32; i = i + 1) count_ones = count_ones + {5'd0, s[i]};",
          '  end',
          'endfunction',
        ]
      : []),
  ];
}
