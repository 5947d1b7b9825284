import { nearest } from '../text/index.ts';
import type { Effect, Operation } from './operation.ts';
import { arithmeticOperations } from './operations/arithmetic.ts';
import { coreOperations } from './operations/core.ts';
import { logic } from './operations/logic.ts';
import { moves } from './operations/move.ts';
import { shifting } from './operations/shift.ts';

/**
 * The table of operations, one file per group. The assembler, the disassembler, the analyses, both engines, the cost
 * model and the reference page are derived from it. To add an operation, add a row to its group. The lane code needs a
 * new method only if its existing ones cannot compute the operation.
 */
export const operations: readonly Operation[] = [
  ...moves,
  ...arithmeticOperations,
  ...shifting,
  ...logic,
  ...coreOperations,
];

const byMnemonic = new Map(operations.map((operation) => [operation.mnemonic, operation]));

/** The operation of a mnemonic, or undefined. */
export function findOperation(mnemonic: string): Operation | undefined {
  return byMnemonic.get(mnemonic);
}

/** The operation with a mnemonic as written and a number of operands, or undefined. */
export function operationWritten(mnemonic: string, operands: number): Operation | undefined {
  const other = operations.find((one) => one.written === mnemonic && one.operands.length === operands);
  return other ?? findOperation(mnemonic);
}

/** The operation of a mnemonic that an assembler has already checked. */
export function operationNamed(mnemonic: string): Operation {
  const operation = byMnemonic.get(mnemonic);
  if (operation === undefined) throw new Error(`no operation '${mnemonic}'`);
  return operation;
}

/** Whether an instruction has a given effect: loads, stores, emits, ... */
export function does({ mnemonic }: { readonly mnemonic: string }, what: Effect['does']): boolean {
  return operationNamed(mnemonic).effect.does === what;
}

/** Whether an operation reads the fields that it names; else it writes them. */
export function isRead({ effect }: Operation): boolean {
  return effect.does === 'load' || effect.does === 'correlate';
}

/** Operations that other instruction sets have and this one lacks, and what to write instead. */

const noBranch =
  'there are no branches: every lane runs every line. Compare with cmp.lt or similar, choose with sel';
const noDivision =
  'there is no division: by a power of two shift right with sra.rn, else multiply by a reciprocal with mulsra.rn';

const waysOut: readonly (readonly [names: RegExp, way: string])[] = [
  [/^(?:div|divu|idiv|rem|remu|mod)$/, noDivision],
  [/^(?:b|br|beq|bne|blt|ble|bgt|bge|bltu|bgeu|jmp|j|jal|call|ret|goto|if|else|loop|while|for)$/, noBranch],
  [/^(?:load|lw|lh|lb|ldr|lds)$/, "'ld' loads a field into a register"],
  [/^(?:store|sw|sh|sb|str|sts)$/, "'st' stores a register into a field"],
  [/^(?:mac|madd|mla|fma)$/, 'multiply with mul, then add with add or add.s'],
  [/^(?:mulh|mulhu|mulhs)$/, "'mulsra' multiplies and shifts right, with a rounding"],
  [/^(?:not|inv)$/, "'xor' with -1 inverts all bits"],
  [/^(?:li|la|movi|set)$/, "'ldi' loads a number into a register"],
  [
    /^(?:addi|subi|andi|ori|xori|muli|slli|srli|srai)$/,
    'every operation accepts a number instead of a register',
  ],
  [/^(?:sll|asl|lsl)$/, "'shl' shifts left"],
  [/^(?:srl|lsr)$/, "'shr' shifts right without a sign"],
  [/^(?:asr)$/, "'sra' shifts right with the sign"],
  [/^(?:cmp|cmov|csel|select)$/, 'compare with cmp.lt or similar, choose with sel'],
  [/^(?:rand|random|rng)$/, "'rnd' draws a random word"],
  [/^(?:spike|fire|send)$/, "'emit' sends a spike"],
  [/^nop$/, 'leave the line out'],
];

/** The hint for an unknown operation: the nearest one, a substitute, or the list of operations. */
export function withoutOperation(unknown: string): string {
  const way = waysOut.find(([names]) => names.test(unknown.toLowerCase()))?.[1];
  if (way !== undefined) return way;
  const known = operations.map((operation) => operation.mnemonic);
  const near = nearest(unknown, known);
  const short = known.find((name) => name.length > 2 && unknown.toLowerCase().startsWith(name));
  if (near !== undefined || short !== undefined) return `did you mean '${near ?? short}'?`;
  const stems = [...new Set(known.map((name) => name.split('.')[0] ?? name))].sort();
  return `known: ${stems.join(', ')}, many of them with suffixes such as .s or .rn`;
}
