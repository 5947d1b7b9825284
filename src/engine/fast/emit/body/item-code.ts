import type { ImageInstruction } from '../../../../image/index.ts';
import { does, operationNamed } from '../../../../isa/index.ts';
import { findOfRow, findUniform } from '../../plan/analysis/index.ts';
import type { GateCode } from './gate-code.ts';
import type { GeneratorCode } from './generator-code.ts';
import { InstructionCode } from './instruction-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { LineValues } from './line-values.ts';
import type { ReduceCode } from './reduce-code.ts';

/**
 * Code of a kernel's instructions for the items of one vector, and of what is the same for a whole row: which lines are
 * carried out when.
 */
export class ItemCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  readonly #values: LineValues;
  readonly #instructions: InstructionCode;
  readonly #uniform: readonly boolean[];
  /** By columns: which lines differ from row to row. */
  readonly #ofRow: readonly boolean[];

  constructor(frame: KernelFrame, gates: GateCode, generators: GeneratorCode, reduces: ReduceCode) {
    this.#frame = frame;
    this.#gates = gates;
    this.#values = new LineValues(frame);
    this.#instructions = new InstructionCode(frame, gates, generators, reduces, this.#values);
    this.#uniform = findUniform(frame.kernel);
    this.#ofRow = findOfRow(frame.kernel);
  }

  /** What is the same for all items of a row, once. */
  writeUniform(): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (this.#uniform[line]) this.#instructions.write(line, instruction);
      else this.#writePredicate(line, instruction);
    }
  }

  /** The predicate of a load or store, which may be the same for a whole row though the load is not. */
  #writePredicate(line: number, { mnemonic, operands: [, , predicate] }: ImageInstruction): void {
    const { effect } = operationNamed(mnemonic);
    if ((effect.does !== 'load' && effect.does !== 'store') || predicate === undefined) return;
    const isOfRow =
      predicate.is !== 'register' || this.#uniform[this.#values.definition(line, predicate.register)];
    if (isOfRow) this.#instructions.writeRowPredicate(line, predicate);
  }

  writeBody(): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (!this.#uniform[line]) this.#instructions.write(line, instruction);
    }
    this.#gates.nextVector();
  }

  /** What comes after all vectors of a block. */
  finishBlock(): void {
    this.#instructions.finishBlock();
  }

  /** By columns: what is the same for all items of all rows, once. */
  writeConstants(): void {
    this.#writeLines((line) => this.#isUniform(line) && !this.#ofRow[line]);
  }

  /**
   * By columns: what is the same for all rows of a tile. Vectors keep it; code for single items makes it anew for each, but
   * for what any of them has.
   *
   * @param forEachVector runs the code for each vector (or item) of the tile
   */
  writeColumns(forEachVector: (write: () => void) => void): void {
    let pending: number[] = [];
    const isScalar = this.#frame.mode.mode === 'scalar';
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (does(instruction, 'any')) {
        this.#writeAny(line, instruction, isScalar, pending, forEachVector);
        if (!isScalar) pending = [];
      } else if (!this.#ofRow[line] && !this.#isUniform(line)) pending.push(line);
    }
    const lines = new Set(pending);
    if (!isScalar && lines.size > 0) forEachVector(() => this.#writeLines((line) => lines.has(line), true));
  }

  /** By columns: what is the same for all items of a row. */
  writeRow(): void {
    this.#writeLines((line) => this.#isUniform(line) && this.#ofRow[line] === true);
  }

  /** By columns: what each item has of its own. */
  writeItems(): void {
    const isScalar = this.#frame.mode.mode === 'scalar';
    this.#writeLines(
      (line) => !this.#isUniform(line) && (isScalar || this.#ofRow[line] === true) && !this.#isAny(line),
    );
    this.#gates.nextVector();
  }

  #isUniform(line: number): boolean {
    return this.#uniform[line] === true;
  }

  #isAny(line: number): boolean {
    const instruction = this.#frame.kernel.code[line];
    return instruction !== undefined && does(instruction, 'any');
  }

  #writeLines(isMeant: (line: number) => boolean, areOfColumns = false): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (!isMeant(line)) continue;
      this.#instructions.write(line, instruction);
      if (areOfColumns) this.#values.keepForColumns(line);
    }
  }

  /** Whether any item of a tile has a value that is not zero; `before` are the lines that its operand may need. */
  #writeAny(
    line: number,
    instruction: ImageInstruction,
    isScalar: boolean,
    before: readonly number[],
    forEachVector: (write: () => void) => void,
  ): void {
    const { f } = this.#frame;
    const any = f.local('i32');
    f.i32.const(0);
    f.set(any);
    const lines = new Set(before);
    forEachVector(() => {
      this.#writeLines((candidate) => lines.has(candidate), !isScalar);
      const value = this.#values.of(line, instruction.operands[1], false);
      f.get(value.local);
      if (!isScalar) f.v128.any_true();
      else {
        f.i32.const(0);
        f.i32.ne();
      }
      f.get(any);
      f.i32.or();
      f.set(any);
    });
    const type = isScalar ? 'i32' : 'v128';
    const local = f.local(type);
    f.get(any);
    this.#frame.splatInteger();
    f.set(local);
    this.#values.setLocal(line, local);
  }
}
