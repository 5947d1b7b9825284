import type { ValueRange } from '../../../../isa/index.ts';
import { f32, i32, type Local, max, type Preamble, type Value } from '../../../../wasm/index.ts';

/** A value of a kernel's code: one variable that holds it for all lanes of a vector, or for a single item. */
export interface LaneValue {
  readonly local: Local;
  readonly isReal: boolean;
  /** A flag as a mask: all bits of a lane are set, or none. Otherwise flags are 0 and 1. */
  readonly isMask: boolean;
  /** Range of an integer; undefined for reals. */
  readonly range: ValueRange | undefined;
  /** The value of a constant; undefined if it is computed or loaded. */
  readonly constant: Constant | undefined;
}

/** A constant of a kernel: a number, or a parameter that follows the run-time schedule. */
export interface Constant {
  /** Its values over the whole schedule lie between these. */
  readonly low: number;
  readonly high: number;
  /** A new expression of it. */
  readonly value: () => Value<'i32'>;
}

export function numberConstant(n: number): Constant {
  return { low: n, high: n, value: () => i32.const(n | 0) };
}

export function constantOf({ constant }: LaneValue): Constant {
  if (constant === undefined) throw new Error('expected a constant');
  return constant;
}

/** The part of a shift amount that goes right, max(0, n), or left, max(0, -n). */
export function shiftPart(amount: Constant, direction: 'right' | 'left', preamble: Preamble): Constant {
  if (direction === 'right' && amount.low >= 0) return amount;
  const ends = direction === 'right' ? [amount.low, amount.high] : [-amount.high, -amount.low];
  const value = (): Value<'i32'> => {
    const n = preamble.keep(amount.value());
    return preamble.keep(max(direction === 'right' ? n : preamble.keep(i32.sub(0, n)), 0));
  };
  return { low: Math.max(0, ...ends.slice(0, 1)), high: Math.max(0, ...ends), value };
}

/** 2^(sign n) as an f32, made of its exponent's bits. */
export function powerOfTwo(amount: Constant, sign: 1 | -1): Value<'f32'> {
  const exponent = i32.const(127);
  const biased = sign === 1 ? exponent.plus(amount.value()) : exponent.minus(amount.value());
  return f32.reinterpret_i32(biased.shiftLeft(23));
}
