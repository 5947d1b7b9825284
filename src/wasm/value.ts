import type { ByteWriter } from './bytes.ts';
import type { Immediates } from './immediates.ts';
import {
  type ImmediateKind,
  type InstructionName,
  instructions,
  type WasmInstruction,
} from './instructions.ts';
import type { FunctionHandle, ValueType } from './types.ts';

/** An operand of a type: a value, or a constant as a JavaScript number (i64: bigint). */
export type WasmOperand<T extends ValueType> = Value<T> | Literals[T];

interface Literals {
  i32: number;
  i64: bigint;
  f32: number;
  f64: number;
  v128: never;
}

export type I32 = WasmOperand<'i32'>;

/** The target that expressions write their code to: a `FunctionBuilder`. */
export interface Writer {
  readonly name: string;
  local<T extends ValueType>(type: T): Local<T>;
  keep<T extends ValueType>(value: Value<T>): Local<T>;
  get(local: Local): void;
  put<T extends ValueType>(type: T, operand: WasmOperand<T>): void;
  putCall(callee: FunctionHandle, args: readonly WasmOperand<ValueType>[]): void;
  write<Kind extends ImmediateKind>(
    instruction: WasmInstruction<Kind>,
    ...immediates: Immediates[Kind]
  ): void;
  apart(write: () => void): ByteWriter;
}

/**
 * A value of one type that code computes: a variable, or an expression. An expression is a recipe. It is evaluated
 * where it is written (`f.set(x, value)`), with the current values of its variables, and it can be written only once,
 * so that no load, call or sum is silently repeated. `f.keep(value)` evaluates it into a variable, which can be read
 * any number of times.
 */
export abstract class Value<T extends ValueType = ValueType> {
  readonly type: T;

  constructor(type: T) {
    this.type = type;
  }

  /** Writes the code that leaves the value on the operand stack. */
  abstract writeTo(f: Writer): void;

  /** Restores this value's type, which TypeScript could not track. */
  as<U extends ValueType>(type: U): Value<U> {
    if (!isOf(this, type)) throw new Error(`expected a value of type ${type}, found ${this.type}`);
    return this;
  }

  plus(this: Value<'i32'>, other: I32): Value<'i32'> {
    return other === 0 ? this : binary('i32.add', this, other);
  }

  minus(this: Value<'i32'>, other: I32): Value<'i32'> {
    return other === 0 ? this : binary('i32.sub', this, other);
  }

  times(this: Value<'i32'>, other: I32): Value<'i32'> {
    return other === 1 ? this : binary('i32.mul', this, other);
  }

  /** Unsigned, rounded down. */
  dividedBy(this: Value<'i32'>, other: I32): Value<'i32'> {
    return other === 1 ? this : binary('i32.div_u', this, other);
  }

  /** Unsigned. */
  modulo(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.rem_u', this, other);
  }

  shiftLeft(this: Value<'i32'>, bits: I32): Value<'i32'> {
    return bits === 0 ? this : binary('i32.shl', this, bits);
  }

  /** Unsigned. */
  shiftRight(this: Value<'i32'>, bits: I32): Value<'i32'> {
    return bits === 0 ? this : binary('i32.shr_u', this, bits);
  }

  and(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.and', this, other);
  }

  or(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.or', this, other);
  }

  equals(this: Value<'i32'>, other: I32): Value<'i32'> {
    return other === 0 ? this.isZero() : binary('i32.eq', this, other);
  }

  differsFrom(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.ne', this, other);
  }

  isZero(this: Value<'i32'>): Value<'i32'> {
    return expression('i32', (f) => {
      f.put('i32', this);
      f.write(instructions['i32.eqz']);
    });
  }

  /** Signed, as are all comparisons here. */
  isBelow(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.lt_s', this, other);
  }

  isAbove(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.gt_s', this, other);
  }

  isAtLeast(this: Value<'i32'>, other: I32): Value<'i32'> {
    return binary('i32.ge_s', this, other);
  }
}

function isOf<U extends ValueType>(value: Value, type: U): value is Value<U> {
  return value.type === type;
}

function binary(name: InstructionName & `i32.${string}`, left: Value<'i32'>, right: I32): Value<'i32'> {
  return expression('i32', (f) => {
    f.put('i32', left);
    f.put('i32', right);
    f.write(instructions[name]);
  });
}

/** A parameter or a local variable of one function. */
export class Local<T extends ValueType = ValueType> extends Value<T> {
  readonly index: number;

  constructor(index: number, type: T) {
    super(type);
    this.index = index;
  }

  writeTo(f: Writer): void {
    f.get(this);
  }
}

/** Code without a result: a store. Written once, by `f.do`. */
export class Statement {
  readonly writeTo: (f: Writer) => void;

  constructor(write: (f: Writer) => void) {
    this.writeTo = once(write, 'a statement is written twice');
  }
}

class Expression<T extends ValueType> extends Value<T> {
  readonly #write: (f: Writer) => void;

  constructor(type: T, write: (f: Writer) => void) {
    super(type);
    this.#write = once(write, 'an expression is written twice; keep its value in a variable');
  }

  writeTo(f: Writer): void {
    this.#write(f);
  }
}

/** Refuses to write code a second time. */
function once(write: (f: Writer) => void, refusal: string): (f: Writer) => void {
  let isWritten = false;
  return (f) => {
    if (isWritten) throw new Error(`${f.name}: ${refusal}`);
    isWritten = true;
    write(f);
  };
}

/** An expression of a type, from the function that writes its code. */
export function expression<T extends ValueType>(type: T, write: (f: Writer) => void): Value<T> {
  return new Expression(type, write);
}
