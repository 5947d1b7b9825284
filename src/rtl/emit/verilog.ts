import { inComment } from '../../text/index.ts';

/*
 * Pieces of Verilog. A piece is a statement or a declaration, which may take several lines; nothing; or pieces one
 * after another. So what a core does not have is left out where it would stand.
 */

export type Verilog = string | false | undefined | readonly Verilog[];

/** The statements and declarations of a piece. */
export function statements(...pieces: readonly Verilog[]): string[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string') return [piece];
    return piece === false || piece === undefined ? [] : statements(...piece);
  });
}

/** Pieces within others, indented by two blanks. */
export function inside(...pieces: readonly Verilog[]): string[] {
  return statements(...pieces).map((piece) => piece.replace(/^(?=.)/gm, '  '));
}

/** Items of a list in parentheses: ports, or connections; comments stand between them. */
export function separated(...pieces: readonly Verilog[]): string[] {
  const items = inside(...pieces);
  return items.map((item, index) => (index + 1 < items.length ? `${item},` : item));
}

/** A declaration. What has no number of bits is one bit, and no vector. */
function declared(kind: string, bits: number | undefined, rest: string): string {
  return `${kind} ${bits === undefined ? '' : `${vector(bits)} `}${rest};`;
}

export function reg(bits: number | undefined, ...names: readonly string[]): string {
  return declared('reg', bits, names.join(', '));
}

/** A wire, and its value if it has one where it is declared. */
export function wire(bits: number | undefined, name: string, value?: string): string {
  return declared('wire', bits, value === undefined ? name : `${name} = ${value}`);
}

/** An instance of a module, named after it. */
export function instance(module: string, ...connections: readonly Verilog[]): string {
  return [`${module} ${module}_i (`, ...separated(connections), ');'].join('\n');
}

/** Several statements are a block; one stands alone. */
function block(head: string, pieces: readonly Verilog[]): string {
  const [first = '', ...others] = statements(...pieces);
  if (others.length > 0) return [`${head} begin`, ...inside(first, others), 'end'].join('\n');
  return first.includes('\n') ? [head, ...inside(first)].join('\n') : `${head} ${first}`;
}

/** What happens at the edge of the clock. */
export function onClock(...pieces: readonly Verilog[]): string {
  return block('always @(posedge clk)', pieces);
}

/** What follows from what it reads, at once. */
export function always(...pieces: readonly Verilog[]): string {
  return block('always_comb', pieces);
}

/** Statements where a condition holds, and others where it does not, which may begin with a further condition. */
export function when(condition: string, then: Verilog, ...otherwise: readonly Verilog[]): string {
  const [own, others] = [statements(then), statements(otherwise)];
  const head = `if (${condition})`;
  if (others.length === 0) return block(head, own);
  // What is nested takes no other's else.
  const isNested = own.length === 1 && /^(if|for)\b/.test(own[0] ?? '');
  const first = isNested ? [`${head} begin`, ...inside(own), 'end'].join('\n') : block(head, own);
  const isChain = others.length === 1 && others[0]?.startsWith('if ') === true;
  return [first, isChain ? `else ${others[0]}` : block('else', others)].join(
    first.endsWith('end') ? ' ' : '\n',
  );
}

/** A choice by a value. What no case names takes the default. */
export function cases(
  of: string,
  choices: readonly (readonly [label: string, does: Verilog])[],
  other: Verilog = ';',
): string {
  const lines = choices.map(([label, does]) => block(`${label}:`, [does]));
  return [`case (${of})`, ...inside(lines, block('default:', [other])), 'endcase'].join('\n');
}

/** The number of the lowest bit that is set among so many; 0 if none is. */
export function lowest(name: string, bits: number, count: number, isSet: (index: string) => string): Verilog {
  const index = name.replace(/_[a-z]+$/, '_i');
  const counts = `${index} = ${count - 1}; ${index} >= 0; ${index} = ${index} - 1`;
  return [
    reg(bits, name),
    `integer ${index};`,
    always(
      `${name} = ${literal(0, bits)};`,
      `for (${counts}) if (${isSet(index)}) ${name} = ${bits}'(${index});`,
    ),
  ];
}

/** By register, what it has. */
export type Assigned = Readonly<Record<string, string>>;

/**
 * Registers that follow from a choice by a value.
 *
 * @param registers their bits, by their names
 * @param choices for each case what they have
 * @param otherwise what they have where no case says it, if it is not zero
 */
export function chosen(
  of: string,
  registers: Readonly<Record<string, number | undefined>>,
  choices: readonly (readonly [label: string, values: Assigned])[],
  otherwise: Assigned = {},
): Verilog {
  const sets = (values: Assigned): Verilog =>
    Object.entries(values).map(([name, value]) => `${name} = ${value};`);
  const names = Object.entries(registers);
  const zeros = Object.fromEntries(names.map(([name, bits = 1]) => [name, literal(0, bits)]));
  return [
    names.map(([name, bits]) => reg(bits, name)),
    always(
      sets({ ...zeros, ...otherwise }),
      cases(
        of,
        choices.map(([label, values]) => [label, sets(values)]),
      ),
    ),
  ];
}

/** A file of the core, and its text. The name of a source is that of its first module. */
export type SourceFile = readonly [name: string, text: string];

/** A line of comment that names what a user named. */
export function commentLine(text: string): string {
  return `// ${inComment(text)}`;
}

/** A signed literal. */
export function signedLiteral(value: number, bits: number): string {
  const mask = (1n << BigInt(bits)) - 1n;
  return `${bits}'sh${(BigInt(value) & mask).toString(16)}`;
}

/** An unsigned literal. */
export function literal(value: number | bigint, bits: number): string {
  return typeof value === 'bigint' ? `${bits}'h${value.toString(16)}` : `${bits}'d${value}`;
}

/** Bits as a signed number. */
export function extended(text: string, signed: boolean): string {
  return signed ? `$signed(${text})` : `$signed({1'b0, ${text}})`;
}

/** A vector type. */
export function vector(bits: number): string {
  return `[${bits - 1}:0]`;
}

/** Lines, indented by two blanks. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}

/** An unsigned number, of a name or in parentheses, and how many bits it has. */
export interface Unsigned {
  readonly text: string;
  readonly bits: number;
}

/** The quotient of a number by a constant: a slice, if that is a power of two. */
export function quotient({ text, bits }: Unsigned, divisor: number): Unsigned {
  if (divisor === 1) return { text, bits };
  const shift = Math.log2(divisor);
  if (!Number.isInteger(shift)) return { text: `(32'(${text}) / 32'd${divisor})`, bits: 32 };
  if (text.startsWith('(')) return { text: `(${text} >> ${shift})`, bits };
  return shift >= bits
    ? { text: "1'd0", bits: 1 }
    : { text: `${text}[${bits - 1}:${shift}]`, bits: bits - shift };
}

/** The rest of a division by a constant. */
export function modulo({ text, bits }: Unsigned, divisor: number): Unsigned {
  if (divisor === 1) return { text: "1'd0", bits: 1 };
  const shift = Math.log2(divisor);
  if (!Number.isInteger(shift)) return { text: `(32'(${text}) % 32'd${divisor})`, bits: 32 };
  if (text.startsWith('(')) return { text: `(${text} & ${bits}'d${divisor - 1})`, bits };
  return shift >= bits ? { text, bits } : { text: `${text}[${shift - 1}:0]`, bits: shift };
}

/** A number times a constant, of 32 bits. Few shifted terms take less, and less time, than a multiplier. */
export function times({ text }: Unsigned, factor: number): Unsigned {
  const own = `32'(${text})`;
  if (factor === 1) return { text: own, bits: 32 };
  const shifts = [...factor.toString(2)].reverse().flatMap((bit, shift) => (bit === '1' ? [shift] : []));
  if (shifts.length === 0 || shifts.length > 3) return { text: `(${own} * 32'd${factor})`, bits: 32 };
  const terms = shifts.map((shift) => (shift === 0 ? own : `(${own} << ${shift})`));
  return { text: terms.length === 1 ? (terms[0] ?? own) : `(${terms.join(' + ')})`, bits: 32 };
}

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
