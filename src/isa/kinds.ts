import { Faults, PlasticoreError } from '../text/index.ts';
import { forward } from './dataflow.ts';
import { formatInstruction, formatOperand } from './instruction-text.ts';
import type { FieldName, Instruction, Operand } from './kernel.ts';
import type { KindPattern, NumberKind } from './operation.ts';

/** A kind that is still unknown. A field, or an operation that accepts only one kind, settles it. */
interface Unknown {
  same: Unknown | undefined;
  allowed: readonly NumberKind[];
}

const allKinds: readonly NumberKind[] = ['real', 'integer', 'flag'];

const patterns: Readonly<Record<Exclude<KindPattern, '-'>, readonly NumberKind[]>> = {
  A: allKinds,
  N: ['real', 'integer'],
  B: ['integer', 'flag'],
  real: ['real'],
  integer: ['integer'],
  flag: ['flag'],
};

/**
 * Infers the kind of number of each operand of each instruction, by unification over straight-line code. If nothing
 * settles a value's kind (a constant that only meets constants), it is real.
 *
 * @param sent the kind of the values that the kernel's spikes carry
 * @returns for each instruction, for each operand, its kind (`undefined` for plain numbers such as shift amounts)
 * @throws PlasticoreError `microcode` with all operands that would need two kinds
 */
export function inferKinds(
  body: readonly Instruction[],
  kindOf: (field: FieldName) => NumberKind,
  sent: NumberKind = 'real',
): (NumberKind | undefined)[][] {
  const faults = new Faults();
  const found: (Unknown | undefined)[][] = [];
  forward<Instruction, Unknown>(body, ({ instruction, operation, sources }) => {
    const letters = new Map<KindPattern, Unknown>();
    const kinds = operation.kinds.map((pattern) => {
      if (pattern === '-') return undefined;
      const letter = letters.get(pattern) ?? fresh(patterns[pattern]);
      letters.set(pattern, letter);
      return letter;
    });
    const first = operation.operands.length - sources.length;
    for (const [index, { operand, fact }] of sources.entries()) {
      const kind = kinds[first + index];
      if (kind === undefined) continue;
      faults.attempt(() => meet(kind, fact ?? kindOfOperand(operand), instruction, operand));
      if (operation.effect.does === 'emit' && index === 1)
        faults.attempt(() => meet(fresh([sent]), kind, instruction, operand));
    }
    found.push(kinds);
    return kinds[0] ?? fresh(allKinds);
  });
  faults.throwIfAny();
  return found.map((kinds) =>
    kinds.map((kind) => (kind === undefined ? undefined : (root(kind).allowed[0] ?? 'real'))),
  );

  function kindOfOperand(operand: Operand): Unknown {
    switch (operand.is) {
      case 'register':
        return fresh(allKinds);
      case 'field':
        return fresh([kindOf(operand)]);
      case 'generator':
        return fresh(['integer']);
      case 'number':
        return fresh(operand.value === 0 || operand.value === 1 ? allKinds : ['real', 'integer']);
      case 'parameter':
        return fresh(['real', 'integer']);
    }
  }
}

function fresh(allowed: readonly NumberKind[]): Unknown {
  return { same: undefined, allowed };
}

function root(kind: Unknown): Unknown {
  let current = kind;
  while (current.same !== undefined) current = current.same;
  return current;
}

function meet(a: Unknown, b: Unknown, instruction: Instruction, operand: Operand): void {
  const left = root(a);
  const right = root(b);
  if (left === right) return;
  const allowed = left.allowed.filter((kind) => right.allowed.includes(kind));
  if (allowed.length === 0) {
    throw new PlasticoreError(
      'microcode',
      `'${formatInstruction(instruction).replace(/ +/, ' ')}' expects ${left.allowed.join(' or ')}, but ${formatOperand(operand)} is ${right.allowed.join(' or ')}`,
      { ...instruction.place, hint: hintFor(left.allowed) },
    );
  }
  right.same = left;
  left.allowed = allowed;
}

function hintFor(expected: readonly NumberKind[]): string {
  const ofFlags = 'sel turns a flag into a number, cmp a number into a flag';
  return expected.length === 1 && expected[0] === 'integer'
    ? `floor makes an integer of a real; ${ofFlags}`
    : ofFlags;
}
