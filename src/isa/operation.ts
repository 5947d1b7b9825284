import type { Comparison, LaneCode, Overflow } from './arithmetic.ts';
import type { ValueRange } from './value-range.ts';

/** The meaning of a number. On a float32 core a `real` is a float; integers and flags are unchanged. */
export type NumberKind = 'real' | 'integer' | 'flag';

/** Classes of work, for pricing. A hw-model gives each class its units and energy. */
export type WorkClasses = Readonly<
  Partial<Record<'move' | 'add' | 'multiply' | 'shift' | 'compare' | 'logic' | 'random', number>>
>;

/**
 * The form of an operand: the register for the result, a value (register, number or parameter), a constant (number or
 * parameter), a register, a field, or a generator that the hw-model declares.
 */
export type OperandShape = 'result' | 'value' | 'constant' | 'register' | 'field' | 'generator';

/**
 * The kinds that an operation accepts. Each letter stands for one kind within an instruction: N real or integer, B
 * integer or flag, A any. `real`, `integer` and `flag` mean themselves; `-` is a plain number.
 */
export type KindPattern = 'N' | 'B' | 'A' | 'real' | 'integer' | 'flag' | '-';

/** Computes a lane's result from its operands in order; `random` is the lane's new random word. */
export type LaneFunction = (a: number, b: number, c: number, random: number) => number;

/** An operation on registers alone. */
export interface Compute {
  readonly does: 'compute';
  readonly overflow: Overflow;
  /** Integer semantics on a datapath of the given width. */
  readonly integer: (datapathBits: number) => LaneFunction;
  /** Semantics on float32, if the operation accepts reals; the engine rounds the result to float32. */
  readonly real?: LaneFunction;
  /** The operation in a code generator's primitives. Operands are in order, without the result. */
  readonly lower: <V>(code: LaneCode<V>, a: V, b: V, c: V) => V;
  /** The range of exact results for operands within these ranges, before saturating or wrapping. */
  readonly range: (operands: readonly ValueRange[]) => ValueRange;
  /** The allowed range of the operand at an index (shift amounts, draw widths, the order of clip's bounds). */
  readonly check?: (constants: readonly (number | undefined)[]) => string | undefined;
  /**
   * How it reads an operand: as a number, or as the 32 bits of a register. Narrower lanes hold those 32 bits only if
   * the number is not negative.
   */
  readonly reads: 'numbers' | 'registers';
  /** Whether it is a sum or difference of its operands, which lanes narrower than the datapath may saturate. */
  readonly isSum: boolean;
  /** The operands (without the result) that pass through unchanged if all others are zero: of `sub`, the first. */
  readonly passes: readonly number[];
  /** The relation that it tests, if it is a comparison. */
  readonly compares?: { readonly relation: Comparison; readonly unsigned: boolean };
  /** Whether it selects its second operand if the first is not zero, else its third. */
  readonly selects: boolean;
  /** The intermediate product, which may be wider than its operands and its result. */
  readonly product?: (operands: readonly ValueRange[]) => ValueRange;
}

/**
 * The effects of an operation besides its result. `predicated`: only if its last operand is not zero. `at`: at the
 * position that its last operand names, of a field with positions.
 */
export type Effect =
  | Compute
  | { readonly does: 'load'; readonly predicated: boolean; readonly at?: true }
  | { readonly does: 'store'; readonly predicated: boolean; readonly at?: true }
  /** Sums up positions of its second field, chosen by those of the first. */
  | { readonly does: 'correlate' }
  | { readonly does: 'draw'; readonly predicated: boolean }
  | { readonly does: 'any' }
  /** `sends`: a value with the spike. */
  | { readonly does: 'emit'; readonly sends: boolean }
  /** `joins`: how the values of a row become one. */
  | { readonly does: 'reduce'; readonly joins: 'sum' | 'largest' };

/** One row of the table of operations. */
export interface Operation {
  readonly mnemonic: string;
  /** The mnemonic of another operation, with fewer operands, under which texts may write it. */
  readonly written?: string;
  readonly group: 'move' | 'arithmetic' | 'shift' | 'logic' | 'core';
  readonly operands: readonly OperandShape[];
  readonly kinds: readonly KindPattern[];
  readonly cost: WorkClasses;
  /** Whether it steps the lanes’ random generators, once; absent for no. */
  readonly draws?: boolean;
  /** One line for the reference page. */
  readonly meaning: string;
  readonly effect: Effect;
}

/** An operation in words, for the reference page and for editors. */
export interface OperationWords {
  /** `mul rd, a, b`. */
  readonly syntax: string;
  /** The operands that each source accepts: `a, b values`. */
  readonly operands: string;
  /** Kinds of the result and the sources: `N ← N, N`. */
  readonly kinds: string;
  /** Classes of work, for which a hw-model has units and prices: `add, compare`. */
  readonly cost: string;
}

export function operationWords(operation: Operation): OperationWords {
  return {
    syntax: syntaxOf(operation),
    operands: operandsOf(operation),
    kinds: kindsOf(operation),
    cost: costOf(operation),
  };
}

/** The sources of an operation, as its meaning calls them. */
function sourcesOf({ operands, kinds }: Operation): { name: string; shape: OperandShape }[] {
  const letters = ['a', 'b', 'c'];
  const sources = operands.map((shape, index) => ({ shape, kind: kinds[index] }));
  return sources
    .filter(({ shape }) => shape !== 'result')
    .map(({ shape, kind }) => ({
      shape,
      name: shape === 'field' ? 'role.field' : kind === '-' ? 'n' : (letters.shift() ?? ''),
    }));
}

function syntaxOf(operation: Operation): string {
  const result = operation.operands[0] === 'result' ? ['rd'] : [];
  return `${operation.mnemonic} ${[...result, ...sourcesOf(operation).map(({ name }) => name)].join(', ')}`;
}

function operandsOf(operation: Operation): string {
  const sources = sourcesOf(operation).filter(({ shape }) => shape !== 'field');
  const shapes = [...new Set(sources.map(({ shape }) => shape))];
  return shapes
    .map((shape) => {
      const names = sources.filter((source) => source.shape === shape).map(({ name }) => name);
      return `${names.join(', ')} ${shape}${names.length > 1 ? 's' : ''}`;
    })
    .join('; ');
}

function kindsOf({ kinds, operands }: Operation): string {
  const words = (patterns: readonly KindPattern[]): string => patterns.join(', ');
  return operands[0] === 'result' ? `${kinds[0]} ← ${words(kinds.slice(1))}` : words(kinds);
}

function costOf({ cost, effect }: Operation): string {
  const classes = Object.entries(cost).map(([name, count]) => (count === 1 ? name : `${count} ${name}`));
  if (['load', 'store', 'reduce', 'correlate'].includes(effect.does)) classes.push('words');
  if (effect.does === 'emit') classes.push('FIFO push');
  return classes.join(', ');
}
