import { ByteWriter } from './byte-writer.ts';
import type { Instruction } from './instructions/table.ts';
import { type Operand, OperandStack } from './operand-stack.ts';
import type { FunctionType, ValueType } from './types.ts';

/** The code of one function: its bytes, and the operand stack at their end. */
export class Code {
  readonly functionName: string;
  #bytes = new ByteWriter();
  #operands: OperandStack;

  constructor(functionName: string, type: FunctionType) {
    this.functionName = functionName;
    this.#operands = new OperandStack(functionName, type);
  }

  get bytes(): ByteWriter {
    return this.#bytes;
  }

  get operands(): OperandStack {
    return this.#operands;
  }

  /** The bytes of a separate piece of code, which leaves values of these types on its own stack. */
  apart(results: readonly ValueType[], write: () => void): ByteWriter {
    const [bytes, operands] = [this.#bytes, this.#operands];
    const own = new ByteWriter();
    this.#bytes = own;
    this.#operands = new OperandStack(this.functionName, { params: [], results });
    write();
    this.#operands.leave('end');
    this.#bytes = bytes;
    this.#operands = operands;
    return own;
  }

  /** Checks the operands and writes the opcode; the caller writes the immediates. */
  emit(
    instruction: Instruction,
    params: readonly Operand[] = instruction.params,
    results: readonly Operand[] = instruction.results,
  ): void {
    this.operands.apply(instruction.name, params, results);
    this.opcode(instruction);
  }

  /** Writes the opcode alone. */
  opcode(instruction: Instruction): void {
    for (const byte of instruction.code) this.bytes.byte(byte);
  }
}
