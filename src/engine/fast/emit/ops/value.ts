import type { Interval } from '../../../../isa/index.ts';
import type { FunctionBuilder, Local } from '../../builder/index.ts';

/**
 * A value of a kernel while code is generated for it: one variable that holds it for all lanes of a vector (or for the
 * one lane of scalar code).
 */
export interface Value {
  readonly local: Local;
  readonly isReal: boolean;
  /** A flag as a mask: all bits of a lane set, or none. Otherwise flags are 0 and 1. */
  readonly isMask: boolean;
  /** Range of an integer; undefined for reals. */
  readonly range: Interval | undefined;
  /** What a constant is; undefined for what is computed or loaded. */
  readonly constant: Constant | undefined;
}

/** A constant of a kernel: a number, or a parameter that follows the run-time schedule. */
export interface Constant {
  /** Its values over the whole schedule lie between these. */
  readonly low: number;
  readonly high: number;
  /** The name under which what is made of it is kept. */
  readonly key: string;
  /** Puts it on the stack as an i32. */
  readonly put: (f: FunctionBuilder) => void;
}
