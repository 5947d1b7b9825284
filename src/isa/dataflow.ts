import type { Role } from './kernel.ts';
import type { Operation } from './operation.ts';
import { operationNamed } from './operations.ts';

/** What analyses ask of an operand, of an assembled kernel as of a bound one. */
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
export interface Source<O, Fact> {
  readonly operand: O;
  /** The line that has computed the register; undefined for anything but a register. */
  readonly definition: number | undefined;
  /** What is known of that line's result; undefined for anything but a register. */
  readonly fact: Fact | undefined;
}

/** One instruction, as an analysis that reads the text from its beginning comes to it. */
export interface Step<I extends AnyInstruction, Fact> {
  readonly line: number;
  readonly instruction: I;
  readonly operation: Operation;
  /** The operands without the result. */
  readonly sources: readonly Source<I['operands'][number], Fact>[];
  /** The line that has written each register last. */
  readonly definitions: ReadonlyMap<number, number>;
}

/**
 * Forward dataflow. Kernels are straight-line code, so one pass in the order of the text is enough: every register that
 * an instruction reads has one definition before it.
 *
 * @param transfer what is known of an instruction's result, from what is known of its operands
 * @returns what is known of each instruction
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

/** For each instruction, the line that has written each register last. */
export function findDefinitions(code: readonly AnyInstruction[]): ReadonlyMap<number, number>[] {
  return forward(code, ({ definitions }) => new Map(definitions));
}
