import type { ValueType } from '../types.ts';
import { controlRows } from './control.ts';
import { memoryRows } from './memory.ts';
import type { ImmediateKind, Row } from './row.ts';
import { scalarRows } from './scalar.ts';
import { vectorFloatRows } from './vector-float.ts';
import { vectorIntegerRows } from './vector-integer.ts';

/** An instruction of the table, ready to be checked and emitted. */
export interface Instruction<Kind extends ImmediateKind = ImmediateKind> {
  /** The mnemonic of the text format, such as `i32x4.add`. */
  readonly name: string;
  /** The opcode in the binary format: one to three bytes. */
  readonly code: readonly number[];
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly immediate: Kind;
  /** Width of the memory access or of the lane in bytes, 0 where there is neither. */
  readonly bytes: number;
}

const rows = { ...controlRows, ...memoryRows, ...scalarRows, ...vectorIntegerRows, ...vectorFloatRows };

type Table = typeof rows;
type KindOf<R extends Row> = R extends readonly [number, string, infer K extends ImmediateKind, ...unknown[]]
  ? K
  : 'none';

export type InstructionName = keyof Table;

/** The types that an instruction takes and returns, as its row states them. */
export type SignatureOf<Name extends InstructionName> = Table[Name][1];

/**
 * Every instruction that this emitter supports (WebAssembly 2.0 without tables and references), by mnemonic. The
 * builder's methods, their types and the checks of the operand stack are all derived from it.
 */
export const instructions = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, toInstruction(name, row)]),
) as { readonly [N in InstructionName]: Instruction<KindOf<Table[N]>> };

function toInstruction(name: string, [opcode, signature, immediate = 'none', bytes = 0]: Row): Instruction {
  const [params = [], results = []] = signature
    .split('->')
    .map((side) => side.split(' ').filter((word): word is ValueType => word !== ''));
  return { name, code: toCode(opcode), params, results, immediate, bytes };
}

/** A prefixed opcode is the prefix and the number in LEB128. */
function toCode(opcode: number): number[] {
  if (opcode < 0x100) return [opcode];
  const number = opcode & 0xff;
  return number < 0x80 ? [opcode >> 8, number] : [opcode >> 8, number, 1];
}
