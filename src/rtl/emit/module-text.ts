import { inside, separated, statements, type Verilog } from './verilog.ts';

interface ModuleParts {
  /** A comment above it. */
  readonly comment: Verilog;
  readonly name: string;
  readonly ports: readonly Verilog[];
  readonly body: readonly Verilog[];
  /** Text of each lane, whose number is `l`, and how many there are. */
  readonly lane?: readonly string[];
  readonly lanes?: number;
}

/** The text of a module. What a core leaves unread of what all cores have, synthesis leaves out. */
export function moduleText({ comment, name, ports, body, lane = [], lanes = 0 }: ModuleParts): string {
  const lines = [
    ...statements(comment),
    '// verilator lint_off UNUSEDSIGNAL',
    `module ${name} (`,
    ...separated(ports),
    ');',
    ...inside(functionsFor(lane), body),
    ...(lane.length === 0
      ? []
      : inside(
          'genvar l;',
          'generate',
          `  for (l = 0; l < ${lanes}; l = l + 1) begin : lane`,
          inside(inside(lane)),
          '  end',
          'endgenerate',
        )),
    'endmodule',
  ];
  return `${lines.join('\n')}\n`;
}

/** The functions that lanes call, by their names. */
const functions = {
  xorshift: [
    'function automatic [31:0] xorshift(input [31:0] s);',
    '  reg [31:0] a, b;',
    '  begin',
    '    a = s ^ (s << 13);',
    '    b = a ^ (a >> 17);',
    '    xorshift = b ^ (b << 5);',
    '  end',
    'endfunction',
  ],
  count_ones: [
    'function automatic [5:0] count_ones(input [31:0] s);',
    '  integer i;',
    '  begin',
    "    count_ones = 6'd0;",
    "    for (i = 0; i < 32; i = i + 1) count_ones = count_ones + {5'd0, s[i]};",
    '  end',
    'endfunction',
  ],
};

function functionsFor(lines: readonly string[]): Verilog {
  const called = new Set(lines.flatMap((line) => line.match(/\w+(?=\()/g) ?? []));
  return Object.entries(functions).map(([name, text]) => called.has(name) && text);
}
