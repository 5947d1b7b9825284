import type { Role } from './kernel.ts';
import type { Operation } from './operation.ts';
import { operationNamed } from './operations.ts';

/** The parts of an operand that analyses need, whether the kernel is assembled or bound. */
export interface AnyOperand {
  readonly is: string;
  readonly register?: number;
  readonly role?: Role;
}

export interface AnyInstruction<O extends AnyOperand = AnyOperand> {
  readonly mnemonic: string;
  readonly operands: readonly O[];
}

/** An operand that an instruction reads. */
export interface SourceOperand<O, Fact> {
  readonly operand: O;
  /** The line that computed the register; undefined for other operands. */
  readonly definition: number | undefined;
  /** The fact about that line's result; undefined for other operands. */
  readonly fact: Fact | undefined;
}

/** One instruction, as an analysis that reads the text from the top meets it. */
export interface Step<I extends AnyInstruction, Fact> {
  readonly line: number;
  readonly instruction: I;
  readonly operation: Operation;
  /** The operands except the result. */
  readonly sources: readonly SourceOperand<I['operands'][number], Fact>[];
  /** For each register, the line that wrote it last. */
  readonly definitions: ReadonlyMap<number, number>;
}

/**
 * Forward dataflow. Kernels are straight-line code, so one pass in text order suffices: every register that an
 * instruction reads has exactly one reaching definition.
 *
 * @param transfer derives the fact about an instruction's result from the facts about its operands
 * @returns the fact about each instruction
 */
export function forward<I extends AnyInstruction, Fact>(
  code: readonly I[],
  transfer: (step: Step<I, Fact>) => Fact,
): Fact[] {
  const facts: Fact[] = [];
  const definitions = new Map<number, number>();
  for (const [line, instruction] of code.entries()) {
    const operation = operationNamed(instruction.mnemonic);
    const hasResult = operation.operands[0] === 'result';
    const operands: readonly I['operands'][number][] = instruction.operands.slice(hasResult ? 1 : 0);
    const sources = operands.map((operand) => {
      const definition = operand.register === undefined ? undefined : definitions.get(operand.register);
      return { operand, definition, fact: definition === undefined ? undefined : facts[definition] };
    });
    facts.push(transfer({ line, instruction, operation, sources, definitions }));
    const target = instruction.operands[0]?.register;
    if (hasResult && target !== undefined) definitions.set(target, line);
  }
  return facts;
}

/** For each instruction, the lines that read its result. */
export function findReaders(code: readonly AnyInstruction[]): (readonly number[])[] {
  const readers: number[][] = code.map(() => []);
  forward(code, ({ line, sources }) => {
    for (const definition of new Set(sources.map((source) => source.definition)))
      if (definition !== undefined) readers[definition]?.push(line);
  });
  return readers;
}

/** For each instruction, the line that last wrote each register. */
export function findDefinitions(code: readonly AnyInstruction[]): ReadonlyMap<number, number>[] {
  return forward(code, ({ definitions }) => new Map(definitions));
}
