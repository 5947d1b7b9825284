import { ByteWriter } from './byte-writer.ts';
import type { Instruction } from './instructions/table.ts';
import { type Operand, OperandStack } from './operand-stack.ts';
import type { FunctionType } from './types.ts';

/** The code of one function: its bytes, and the operand stack at their end. */
export class Code {
  readonly functionName: string;
  readonly bytes = new ByteWriter();
  readonly operands: OperandStack;

  constructor(functionName: string, type: FunctionType) {
    this.functionName = functionName;
    this.operands = new OperandStack(functionName, type);
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
