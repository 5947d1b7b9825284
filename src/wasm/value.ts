import type { Immediates, PlainKind } from './immediates.ts';
import { type Instruction, type InstructionName, instructions } from './instructions/table.ts';
import type { FunctionHandle, FunctionType, ValueType } from './types.ts';

/** An operand of a type: a value, or a constant as a JavaScript number (i64: bigint). */
export type Operand<T extends ValueType> = Value<T> | Literals[T];

interface Literals {
  i32: number;
  i64: bigint;
  f32: number;
  f64: number;
  v128: never;
}

export type I32 = Operand<'i32'>;

/** The target that expressions write their code to: a `FunctionBuilder`. */
export interface Writer {
  readonly name: string;
  get(local: Local): void;
  getGlobal(global: GlobalHandle): void;
  put<T extends ValueType>(type: T, operand: Operand<T>): void;
  local<T extends ValueType>(type: T): Local<T>;
  keep<T extends ValueType>(value: Value<T>): Local<T>;
  plain<Kind extends PlainKind>(instruction: Instruction<Kind>, ...immediates: Immediates[Kind]): void;
  select(): void;
  if(then: () => void, otherwise: () => void, type: Partial<FunctionType>): void;
  call(callee: FunctionHandle, ...args: readonly Operand<ValueType>[]): void;
}

/**
 * A value of one type that code computes: a variable, or an expression. An expression is a recipe. It is evaluated
 * where it is written (`f.set(x, value)`), with the current values of its variables, and it can be written only once,
 * so that no load, call or sum is silently repeated. `f.keep(value)` evaluates it into a variable, which can be read
 * any number of times.
 */
export abstract class Value<T extends ValueType = ValueType> {
  readonly type: T;
  /** Whether it may be read more than once: true for variables. */
  abstract readonly isVariable: boolean;

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
      this.writeTo(f);
      f.plain(instructions['i32.eqz']);
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
    left.writeTo(f);
    f.put('i32', right);
    f.plain(instructions[name]);
  });
}

/** A parameter or a local variable of one function. */
export class Local<T extends ValueType = ValueType> extends Value<T> {
  readonly isVariable = true;
  readonly index: number;

  constructor(index: number, type: T) {
    super(type);
    this.index = index;
  }

  writeTo(f: Writer): void {
    f.get(this);
  }
}

/** A global variable of the module. */
export class GlobalHandle<T extends ValueType = ValueType> extends Value<T> {
  readonly kind = 'global';
  readonly isVariable = true;
  readonly index: number;
  readonly mutable: boolean;

  constructor(index: number, type: T, mutable: boolean) {
    super(type);
    this.index = index;
    this.mutable = mutable;
  }

  writeTo(f: Writer): void {
    f.getGlobal(this);
  }
}

/** Code without a result: a store, or a call of a function that returns nothing. Written once, by `f.do`. */
export class Statement {
  readonly #write: (f: Writer) => void;
  #isWritten = false;

  constructor(write: (f: Writer) => void) {
    this.#write = write;
  }

  writeTo(f: Writer): void {
    if (this.#isWritten) throw new Error(`${f.name}: a statement is written twice`);
    this.#isWritten = true;
    this.#write(f);
  }
}

class Expression<T extends ValueType> extends Value<T> {
  readonly isVariable = false;
  readonly #write: (f: Writer) => void;
  #isWritten = false;

  constructor(type: T, write: (f: Writer) => void) {
    super(type);
    this.#write = write;
  }

  writeTo(f: Writer): void {
    if (this.#isWritten) {
      throw new Error(`${f.name}: an expression is written twice; keep its value in a variable`);
    }
    this.#isWritten = true;
    this.#write(f);
  }
}

/** An expression of a type, from the function that writes its code. */
export function expression<T extends ValueType>(type: T, write: (f: Writer) => void): Value<T> {
  return new Expression(type, write);
}
