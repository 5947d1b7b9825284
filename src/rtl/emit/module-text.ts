import type { Port } from './taps.ts';
import { commentLine, indented } from './text.ts';

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

/** A value or a register of a module that is declared in a line of its text. */
const declaration = /^\s*(?:wire|reg)(?: signed)?(?: \[(\d+):0\])? (\w+)(?: =|;)/;

/** The names in a text that it reads. */
export class Reads {
  /** Names of which all bits may be read. */
  readonly #whole = new Set<string>();
  /** By name, the most low bits of it that are read. */
  readonly #low = new Map<string, number>();

  constructor(lines: readonly string[]) {
    for (const text of lines) {
      const line = text.replace(/\/\/.*/, '');
      const declared = declaration.exec(line)?.[2];
      const assigned = /(?:^\s*|\) |else |begin )(\w+) <= /.exec(line)?.[1];
      // A line that declares or assigns a name has it once more.
      const own = [declared, assigned].flatMap((name) => name ?? []);
      for (const [, bits, narrowed, name = narrowed ?? ''] of line.matchAll(
        /(\d+)'\((\w+)\)|([a-zA-Z_]\w*)/g,
      )) {
        const place = own.indexOf(name);
        if (place >= 0) own.splice(place, 1);
        else if (bits === undefined) this.#whole.add(name);
        else this.#low.set(name, Math.max(this.#low.get(name) ?? 0, Number(bits)));
      }
    }
  }

  /** Whether some of so many bits are not read. */
  leaves(name: string, bits: number): boolean {
    return !this.#whole.has(name) && (this.#low.get(name) ?? 0) < bits;
  }

  /** Names that lines declare and of which not all bits are read: microcode may compute what nothing takes. */
  unreadIn(lines: readonly string[]): string[] {
    return lines.flatMap((line) => {
      const [, high = '0', name] = declaration.exec(line) ?? [];
      if (name === undefined || name.includes('unused')) return [];
      return this.leaves(name, Number(high) + 1) ? [name] : [];
    });
  }
}

/** A line that names what is not read, so that tools do not take it for forgotten. */
export function unusedLine(wire: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`wire ${wire} = &{1'b0, ${names.join(', ')}};`];
}
