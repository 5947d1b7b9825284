import { ByteWriter } from './byte-writer.ts';
import { Code } from './code.ts';
import type { Immediates, PlainKind } from './immediates.ts';
import { emitPlain, InstructionGroups } from './instruction-group.ts';
import { type Instruction, instructions } from './instructions/table.ts';
import type { Frame } from './operand-stack.ts';
import { Preamble } from './preamble.ts';
import type { TypeSection } from './type-section.ts';
import { type FunctionHandle, type FunctionType, type ValueType, valueTypeCodes } from './types.ts';
import { type GlobalHandle, type I32, Local, type Operand, type Statement, Value } from './value.ts';

/** An open block as the target of branches: a branch goes to a loop's start or to another block's end. */
export type Label = Frame;

/** The types that a block takes from the stack and leaves on it; none unless stated. */
export type BlockType = Partial<FunctionType>;

/**
 * Writes the body of one function: expressions (`f.set(y, x.plus(4))`), or an instruction per call in the order of the
 * text format, operands first (`f.get(x); f.i32.const(4); f.i32.add(); f.set(y)`). Every instruction is checked against
 * the types on the operand stack as it is written; an Error names the function, the instruction, and the types expected
 * and found.
 */
export class FunctionBuilder extends InstructionGroups {
  readonly #code: Code;
  readonly #types: TypeSection;
  readonly #results: readonly ValueType[];
  readonly #paramCount: number;
  readonly #locals: Local[] = [];
  readonly #preambles: Preamble[] = [];

  constructor(name: string, type: FunctionType, types: TypeSection) {
    const code = new Code(name, type);
    super(code);
    this.#code = code;
    this.#types = types;
    this.#results = type.results;
    this.#paramCount = type.params.length;
    for (const param of type.params) this.local(param);
  }

  /** The function's parameters, in order. */
  get params(): readonly Local[] {
    return this.#locals.slice(0, this.#paramCount);
  }

  /** The function's name, for messages. */
  get name(): string {
    return this.#code.functionName;
  }

  /** A new local variable, zero when the function starts. */
  local<T extends ValueType>(type: T): Local<T> {
    const local = new Local(this.#locals.length, type);
    this.#locals.push(local);
    return local;
  }

  /** Evaluates an expression into a new local variable. */
  keep<T extends ValueType>(value: Value<T>): Local<T> {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }

  /** Marks this place for values that later code turns out to need. */
  preamble(): Preamble {
    const preamble = new Preamble(this, this.#code);
    this.#preambles.push(preamble);
    return preamble;
  }

  /** Evaluates an operand of an expression and leaves its value on the stack. */
  put<T extends ValueType>(type: T, operand: Operand<T>): void {
    if (operand instanceof Value) operand.writeTo(this);
    else if (type === 'i64') this.i64.const(BigInt(operand));
    else if (type === 'f32') this.f32.const(Number(operand));
    else if (type === 'f64') this.f64.const(Number(operand));
    else this.i32.const(Number(operand));
  }

  /** Writes statements, in order. */
  do(...statements: readonly Statement[]): void {
    for (const statement of statements) statement.writeTo(this);
  }

  /** Writes one instruction with its immediates; its operands are on the stack. */
  plain<Kind extends PlainKind>(instruction: Instruction<Kind>, ...immediates: Immediates[Kind]): void {
    emitPlain(this.#code, instruction, ...immediates);
  }

  /** Puts a variable's value on the stack. */
  get(local: Local): void {
    this.#variable(instructions['local.get'], local, [], [local.type]);
  }

  /** Evaluates a value, or takes one from the stack, into a variable. */
  set<T extends ValueType>(variable: Local<T> | GlobalHandle<T>, value?: Operand<NoInfer<T>>): void {
    if (value !== undefined) this.put(variable.type, value);
    if (!(variable instanceof Local)) {
      this.setGlobal(variable);
      return;
    }
    const local: Local = variable;
    this.#variable(instructions['local.set'], local, [local.type], []);
  }

  /** Copies the top of the stack into a variable and leaves it there. */
  tee(local: Local): void {
    this.#variable(instructions['local.tee'], local, [local.type], [local.type]);
  }

  /** Puts a global's value on the stack. */
  getGlobal(global: GlobalHandle): void {
    this.#code.emit(instructions['global.get'], [], [global.type]);
    this.#code.bytes.u32(global.index);
  }

  /** Takes a value from the stack into a global, which must be mutable. */
  setGlobal(global: GlobalHandle): void {
    if (!global.mutable) this.#fail(instructions['global.set'], `global ${global.index} is immutable`);
    this.#code.emit(instructions['global.set'], [global.type], []);
    this.#code.bytes.u32(global.index);
  }

  /** A block: a branch to its label leaves it. */
  block(body: (label: Label) => void, type: BlockType = {}): void {
    body(this.#open(instructions.block, 'block', type));
    this.#close();
  }

  /** A loop: a branch to its label starts it again; without one it runs once. */
  loop(body: (label: Label) => void, type: BlockType = {}): void {
    body(this.#open(instructions.loop, 'loop', type));
    this.#close();
  }

  /**
   * Evaluates an i32, or takes one from the stack; runs `then` if it is not zero, else `otherwise`. A branch to the
   * label leaves either.
   */
  if(condition: I32, then: (label: Label) => void, otherwise?: (label: Label) => void): void;
  if(then: (label: Label) => void, otherwise?: (label: Label) => void, type?: BlockType): void;
  if(
    first: I32 | ((label: Label) => void),
    second?: (label: Label) => void,
    third: BlockType | ((label: Label) => void) = {},
  ): void {
    if (typeof first === 'function') {
      this.#if(first, second, typeof third === 'function' ? {} : third);
      return;
    }
    this.put('i32', first);
    this.#if(second ?? (() => {}), typeof third === 'function' ? third : undefined, {});
  }

  #if(then: (label: Label) => void, otherwise: ((label: Label) => void) | undefined, type: BlockType): void {
    const { operands } = this.#code;
    then(this.#open(instructions.if, 'if', type));
    if (otherwise) {
      const { type: complete } = operands.leave('else');
      operands.push(complete.params);
      this.#code.opcode(instructions.else);
      otherwise(operands.enter('else', 'else', complete));
    } else if (!sameTypes(type.params ?? [], type.results ?? [])) {
      this.#fail(instructions.if, 'without an else its results must equal its parameters');
    }
    this.#close();
  }

  /** Branches to a label: an open block, or the number of blocks between here and it (0 is the innermost). */
  br(label: Label | number): void {
    const { depth, types } = this.#target(instructions.br, label);
    this.#code.emit(instructions.br, types, []);
    this.#code.bytes.u32(depth);
    this.#code.operands.unreachable();
  }

  /** Evaluates an i32, or takes one from the stack, and branches to the label if it is not zero. */
  brIf(label: Label | number, condition?: I32): void {
    if (condition !== undefined) this.put('i32', condition);
    const { depth, types } = this.#target(instructions.br_if, label);
    this.#code.emit(instructions.br_if, [...types, 'i32'], types);
    this.#code.bytes.u32(depth);
  }

  /** Takes an i32 and branches to the label at that index in `labels`, or to `fallback` if it is past their end. */
  brTable(labels: readonly (Label | number)[], fallback: Label | number): void {
    const { depth, types } = this.#target(instructions.br_table, fallback);
    const targets = labels.map((label) => this.#target(instructions.br_table, label));
    if (!targets.every((target) => sameTypes(target.types, types))) {
      this.#fail(instructions.br_table, 'its labels take values of different types');
    }
    this.#code.emit(instructions.br_table, [...types, 'i32'], []);
    this.#code.bytes.u32(targets.length);
    for (const target of targets) this.#code.bytes.u32(target.depth);
    this.#code.bytes.u32(depth);
    this.#code.operands.unreachable();
  }

  /** Returns from the function with a value, or with the results on the stack. */
  return(value?: Value): void {
    value?.writeTo(this);
    this.#code.emit(instructions.return, this.#results, []);
    this.#code.operands.unreachable();
  }

  /** Calls a function of the module with arguments, or takes them from the stack; leaves its results there. */
  call(callee: FunctionHandle, ...args: readonly Operand<ValueType>[]): void {
    for (const [index, argument] of args.entries()) this.put(callee.type.params[index] ?? 'i32', argument);
    this.#code.emit(instructions.call, callee.type.params, callee.type.results);
    this.#code.bytes.u32(callee.index);
  }

  /** Takes a, b and an i32; leaves a if the i32 is not zero, else b. a and b have the same type. */
  select(): void {
    const { operands } = this.#code;
    const type = operands.peek(1) === 'unknown' ? operands.peek(2) : operands.peek(1);
    this.#code.emit(instructions.select, [type, type, 'i32'], [type]);
  }

  /** Drops a value. */
  drop(): void {
    this.#code.emit(instructions.drop, [this.#code.operands.peek(0)], []);
  }

  /** Does nothing. */
  nop(): void {
    this.#code.emit(instructions.nop);
  }

  /** Traps: marks a place that cannot be reached. */
  unreachable(): void {
    this.#code.emit(instructions.unreachable);
    this.#code.operands.unreachable();
  }

  /** Ends the function and returns its body as the code section holds it. The module calls it once. */
  finish(): ByteWriter {
    this.#code.operands.leave('end');
    this.#code.opcode(instructions.end);
    const body = new ByteWriter();
    const runs = runLengths(this.#locals.slice(this.#paramCount));
    body.u32(runs.length);
    for (const { type, count } of runs) {
      body.u32(count);
      body.byte(valueTypeCodes[type]);
    }
    let written = 0;
    const bytes = this.#code.bytes.written();
    for (const { at, code } of this.#preambles) {
      body.raw(bytes.subarray(written, at));
      body.raw(code.written());
      written = at;
    }
    body.raw(bytes.subarray(written));
    return body;
  }

  #variable(
    instruction: Instruction,
    local: Local,
    params: readonly ValueType[],
    results: readonly ValueType[],
  ): void {
    if (this.#locals[local.index] !== local)
      this.#fail(instruction, `local ${local.index} is of another function`);
    this.#code.emit(instruction, params, results);
    this.#code.bytes.u32(local.index);
  }

  #open(instruction: Instruction, kind: Frame['kind'], { params = [], results = [] }: BlockType): Frame {
    const type = { params, results };
    this.#code.emit(instruction);
    const [only] = results;
    if (params.length > 0 || results.length > 1) this.#code.bytes.s32(this.#types.indexOf(type));
    else this.#code.bytes.byte(only === undefined ? 0x40 : valueTypeCodes[only]);
    return this.#code.operands.enter(instruction.name, kind, type);
  }

  #close(): void {
    const { type } = this.#code.operands.leave('end');
    this.#code.operands.push(type.results);
    this.#code.opcode(instructions.end);
  }

  /** How many blocks a branch leaves, and the operands that it takes along. */
  #target(instruction: Instruction, label: Label | number): { depth: number; types: readonly ValueType[] } {
    const { operands } = this.#code;
    const depth = typeof label === 'number' ? label : operands.depthOf(label);
    const frame = operands.frameAt(depth);
    if (!frame) this.#fail(instruction, 'its label is not an open block');
    return { depth, types: frame.kind === 'loop' ? frame.type.params : frame.type.results };
  }

  #fail(instruction: Instruction, reason: string): never {
    throw new Error(`${this.#code.functionName}: ${instruction.name}: ${reason}`);
  }
}

function sameTypes(left: readonly ValueType[], right: readonly ValueType[]): boolean {
  return left.join() === right.join();
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
