/** Operations that other instruction sets have and this one lacks, and what to write instead. */
import { nearest } from '../text/index.ts';
import { operations } from './operations.ts';

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
  if (near !== undefined) return `did you mean '${near}'?`;
  const stems = [...new Set(known.map((name) => name.split('.')[0] ?? name))].sort();
  return `known: ${stems.join(', ')}, many of them with suffixes such as .s or .rn`;
}
