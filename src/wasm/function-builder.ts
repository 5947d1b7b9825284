import { ByteWriter } from './bytes.ts';
import { i64 } from './expressions.ts';
import { encoders, type Immediates } from './immediates.ts';
import { type ImmediateKind, instructions, type WasmInstruction } from './instructions.ts';
import { Preamble } from './preamble.ts';
import { type FunctionHandle, type FunctionType, type ValueType, valueTypeCodes } from './types.ts';
import { type I32, Local, type Statement, Value, type WasmOperand, type Writer } from './value.ts';

/** An open block as the target of branches: a branch goes to a loop's start or to another block's end. */
export interface Label {
  readonly of: 'block' | 'loop' | 'if';
}

/**
 * Writes the body of one function: expressions into variables, statements, and control flow around them. Expressions
 * leave one value and statements none, so the operand stack is in order by construction; their types are checked by
 * TypeScript, and once more where an operand is written: an Error names the function and the types expected and found.
 */
export class FunctionBuilder implements Writer {
  /** The function's name, for messages. */
  readonly name: string;
  /** The function's parameters, in order. */
  readonly params: readonly Local[];
  #bytes = new ByteWriter();
  readonly #locals: Local[] = [];
  /** Variables of the innermost scope, and those of scopes that have ended. */
  #scoped: Local[] = [];
  readonly #free: Local[] = [];
  readonly #open: Label[] = [];
  readonly #preambles: Preamble[] = [];

  constructor(name: string, { params }: FunctionType) {
    this.name = name;
    this.params = params.map((type) => this.local(type));
  }

  /** A new local variable, zero when the function starts; within a scope, it may hold anything. */
  local<T extends ValueType>(type: T): Local<T> {
    const place = this.#free.findLastIndex((free) => free.type === type);
    const [free] = place < 0 ? [] : this.#free.splice(place, 1);
    // Those that are free are found by their type.
    const local = (free as Local<T> | undefined) ?? new Local(this.#locals.length, type);
    if (free === undefined) this.#locals.push(local);
    this.#scoped.push(local);
    return local;
  }

  /** Writes code whose variables nothing reads afterwards, so that later code may have them. */
  scope(body: () => void): void {
    const outer = this.#scoped;
    this.#scoped = [];
    body();
    this.#free.push(...this.#scoped);
    this.#scoped = outer;
  }

  /** Evaluates an expression into a new local variable. */
  keep<T extends ValueType>(value: Value<T>): Local<T> {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }

  /** Marks this place for values that later code turns out to need. */
  preamble(): Preamble {
    const preamble = new Preamble(this, this.#bytes.length);
    this.#preambles.push(preamble);
    return preamble;
  }

  /** The code that `write` writes, kept apart from the function's. */
  apart(write: () => void): ByteWriter {
    const [own, bytes] = [new ByteWriter(), this.#bytes];
    this.#bytes = own;
    write();
    this.#bytes = bytes;
    return own;
  }

  /** Evaluates an operand of an expression and leaves its value on the stack. */
  put<T extends ValueType>(type: T, operand: WasmOperand<T>): void {
    if (operand instanceof Value) {
      if (operand.type !== type)
        throw new Error(`${this.name}: expected a value of type ${type}, found ${operand.type}`);
      operand.writeTo(this);
    } else if (type === 'i64') this.write(instructions['i64.const'], BigInt(operand));
    else if (type === 'f64') this.write(instructions['f64.const'], Number(operand));
    else if (type === 'f32') this.write(instructions['f32.const'], Number(operand));
    else this.write(instructions['i32.const'], Number(operand));
  }

  /** Writes one instruction with its immediates; its operands are on the stack. */
  write<Kind extends ImmediateKind>(
    instruction: WasmInstruction<Kind>,
    ...immediates: Immediates[Kind]
  ): void {
    this.#bytes.raw(instruction.code);
    try {
      encoders[instruction.immediate](this.#bytes, instruction, ...immediates);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(`${this.name}: ${instruction.name}: ${error.message}`);
    }
  }

  /** Writes statements, in order. */
  do(...statements: readonly Statement[]): void {
    for (const statement of statements) statement.writeTo(this);
  }

  /** Puts a variable's value on the stack. */
  get(local: Local): void {
    this.write(instructions['local.get'], this.#indexOf(local));
  }

  /** Evaluates a value into a variable. */
  set<T extends ValueType>(local: Local<T>, value: WasmOperand<NoInfer<T>>): void {
    this.put(local.type, value);
    this.write(instructions['local.set'], this.#indexOf(local));
  }

  /** A block: a branch to its label leaves it. */
  block(body: (label: Label) => void): void {
    this.#block('block', body);
  }

  /** A loop: a branch to its label starts it again; without one it runs once. */
  loop(body: (label: Label) => void): void {
    this.#block('loop', body);
  }

  /** Evaluates an i32; runs `then` if it is not zero, else `otherwise`. */
  if(condition: I32, then: () => void, otherwise?: () => void): void {
    this.put('i32', condition);
    this.#block('if', () => {
      then();
      if (otherwise === undefined) return;
      this.write(instructions.else);
      otherwise();
    });
  }

  /** Branches to the label of an open block. */
  br(label: Label): void {
    this.write(instructions.br, this.#depthOf(label));
  }

  /** Evaluates an i32, and branches to the label of an open block if it is not zero. */
  brIf(label: Label, condition: I32): void {
    this.put('i32', condition);
    this.write(instructions.br_if, this.#depthOf(label));
  }

  /** Returns from the function, with a value if it has a result. */
  return(value?: Value): void {
    value?.writeTo(this);
    this.write(instructions.return);
  }

  /** Calls a function of the module that returns nothing; see `call` for others. */
  call(callee: FunctionHandle, ...args: readonly WasmOperand<ValueType>[]): void {
    if (callee.type.results.length > 0) throw new Error(`${this.name}: ${callee.name} returns a value`);
    this.putCall(callee, args);
  }

  /** Calls a function and leaves its result, if it has one, on the stack. */
  putCall(callee: FunctionHandle, args: readonly WasmOperand<ValueType>[]): void {
    const { params } = callee.type;
    if (args.length !== params.length)
      throw new Error(`${this.name}: ${callee.name} takes ${params.length} arguments, found ${args.length}`);
    for (const [index, type] of params.entries()) this.put(type, args[index] as WasmOperand<ValueType>);
    this.write(instructions.call, callee.index);
  }

  /** Evaluates a value and drops it. */
  drop(value: Value): void {
    value.writeTo(this);
    this.write(instructions.drop);
  }

  /** Ends the function and returns its body as the code section holds it. The module calls it once. */
  finish(): ByteWriter {
    this.write(instructions.end);
    const body = new ByteWriter();
    const runs = runLengths(this.#locals.slice(this.params.length));
    body.u32(runs.length);
    for (const { type, count } of runs) {
      body.u32(count);
      body.byte(valueTypeCodes[type]);
    }
    let written = 0;
    const bytes = this.#bytes.written();
    for (const { at, code } of this.#preambles) {
      body.raw(bytes.subarray(written, at));
      body.raw(code.written());
      written = at;
    }
    body.raw(bytes.subarray(written));
    return body;
  }

  #block(of: Label['of'], body: (label: Label) => void): void {
    this.write(instructions[of]);
    const label: Label = { of };
    this.#open.push(label);
    body(label);
    this.#open.pop();
    this.write(instructions.end);
  }

  #indexOf(local: Local): number {
    if (this.#locals[local.index] === local) return local.index;
    throw new Error(`${this.name}: local ${local.index} is of another function`);
  }

  /** How many open blocks lie between here and a label's. */
  #depthOf(label: Label): number {
    const place = this.#open.lastIndexOf(label);
    if (place < 0) throw new Error(`${this.name}: the label of a branch is not an open ${label.of}`);
    return this.#open.length - 1 - place;
  }
}

/** Consecutive locals of one type are declared together. */
function runLengths(locals: readonly Local[]): { type: ValueType; count: number }[] {
  const runs: { type: ValueType; count: number }[] = [];
  for (const { type } of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  return runs;
}

/** `while (index < end) { body; index += stride }`, tested before the first iteration and at the end of each. */
export function whileBelow(
  f: FunctionBuilder,
  index: Local<'i32'>,
  end: number | Local<'i32'>,
  stride: number,
  body: () => void,
): void {
  f.if(index.isBelow(end), () => {
    f.loop((again) => {
      body();
      f.set(index, index.plus(stride));
      f.brIf(again, index.isBelow(end));
    });
  });
}

/** Repeats the body until it branches to the label `done`. */
export function forever(f: FunctionBuilder, body: (leaveIf: (condition: I32) => void) => void): void {
  f.block((done) => {
    f.loop((again) => {
      body((condition) => f.brIf(done, condition));
      f.br(again);
    });
  });
}

/** Runs the body for each bit set in `bits`, from the lowest up, and leaves `bits` zero. */
export function forEachBit(f: FunctionBuilder, bits: Local<'i32'>, body: () => void): void {
  forever(f, (leaveIf) => {
    leaveIf(bits.isZero());
    body();
    f.set(bits, bits.and(bits.minus(1)));
  });
}

/** `sum += amount`. */
export function increase(f: FunctionBuilder, sum: Local<'i32'>, amount: I32): void {
  f.set(sum, sum.plus(amount));
}

/** Adds to a 64-bit counter in the linear memory. */
export function addToCounter(f: FunctionBuilder, address: number, amount: I32): void {
  const wide = typeof amount === 'number' ? i64.const(BigInt(amount)) : i64.extend_i32_u(amount);
  f.do(i64.store(0, i64.add(i64.load(0, address), wide), address));
}
