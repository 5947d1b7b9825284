import { PlasticoreError } from '../text/index.ts';
import type { Instruction, Role } from './kernel.ts';
import type { Operation } from './operation.ts';
import { operationNamed } from './operations.ts';

/** The parts of an operand that analyses need, whether the kernel is assembled or bound. */
interface AnyOperand {
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
export interface DataflowStep<I extends AnyInstruction, Fact> {
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
  transfer: (step: DataflowStep<I, Fact>) => Fact,
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

/** Across which items of a kernel a value varies. */
export interface Variation {
  /** Whether it may vary from row to row: it comes from the pre-synaptic neuron, the synapse or a generator. */
  readonly byRow: boolean;
  /** Whether it may vary between the columns of a row, or only between its tiles, like the result of `any`. */
  readonly byColumn: 'no' | 'tile' | 'item';
}

const constant: Variation = { byRow: false, byColumn: 'no' };
const ofItem: Variation = { byRow: true, byColumn: 'item' };

/** For each instruction, across which items its result varies (without a result: its operands). */
export function findVariations(code: readonly AnyInstruction[]): Variation[] {
  return forward<AnyInstruction, Variation>(code, ({ operation: { draws, effect }, sources }) => {
    const own = draws || effect.does === 'draw' ? ofItem : constant;
    const found = sources.map(variationOf).reduce(join, own);
    // All items of a tile share the result of `any`, but tiles may differ. It is computed per tile, even for a value
    // that a row shares.
    return effect.does === 'any' ? { ...found, byColumn: 'tile' } : found;
  });
}

function variationOf({ operand, fact }: SourceOperand<AnyOperand, Variation>): Variation {
  if (operand.is === 'register') return fact ?? ofItem;
  switch (operand.role) {
    case 'pre':
      return { byRow: true, byColumn: 'no' };
    case 'post':
    case 'self':
      return { byRow: false, byColumn: 'item' };
    case 'syn':
      return ofItem;
    default:
      return constant;
  }
}

const order = ['no', 'tile', 'item'] as const;

function join(a: Variation, b: Variation): Variation {
  const byColumn = order.indexOf(a.byColumn) > order.indexOf(b.byColumn) ? a.byColumn : b.byColumn;
  return { byRow: a.byRow || b.byRow, byColumn };
}

/**
 * Checks that all items that share an access have the same predicate for it.
 *
 * @throws PlasticoreError `microcode` if the predicate of a predicated load varies within a row, or that of a
 * predicated store within a tile
 */
export function checkPredicates(body: readonly Instruction[]): void {
  const variations = findVariations(body);
  forward(body, ({ instruction, operation: { effect }, sources }) => {
    if ((effect.does !== 'load' && effect.does !== 'store') || !effect.predicated) return;
    const predicate = sources.at(-1);
    if (predicate?.operand.is !== 'register') return;
    const { register } = predicate.operand;
    const { byColumn } = variations[predicate.definition ?? -1] ?? ofItem;
    if (effect.does === 'load' ? byColumn !== 'no' : byColumn === 'item')
      refuse(instruction, register, effect.does === 'load');
  });
}

function refuse({ mnemonic, place }: Instruction, register: number, isLoad: boolean): never {
  throw new PlasticoreError(
    'microcode',
    `the predicate r${register} of ${mnemonic} differs within a ${isLoad ? 'row' : 'tile'}`,
    {
      ...place,
      hint: isLoad
        ? 'compute it from fields of pre, host scalars, event scalars and constants only'
        : 'compute it from what any gives, from fields of pre, host scalars, event scalars and constants only',
    },
  );
}
