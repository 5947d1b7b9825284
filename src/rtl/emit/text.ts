import { inComment } from '../../text/index.ts';

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
