import type { Overflow } from './arithmetic.ts';
import type { Comparison, LaneCode } from './lowering.ts';
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
