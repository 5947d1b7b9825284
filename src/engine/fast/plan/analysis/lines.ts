import {
  type BoundKernel,
  type CoreImage,
  factsOf,
  type ImageInstruction,
  type ImageOperand,
  loadedField,
} from '../../../../image/index.ts';
import {
  type Compute,
  does,
  findDefinitions,
  findReaders,
  findVariations,
  forward,
  type InstructionRange,
  type Operation,
  operationNamed,
  type SourceOperand,
  type ValueRange,
  type Variation,
  valueRange,
} from '../../../../isa/index.ts';
import { isDiscardedBeyond16, maySaturateAt16 } from './lanes.ts';

/**
 * When an instruction is carried out: once in a run of the kernel, once for each row, once for each tile of columns
 * (in kernels that run by columns), or for each item, a vector of them at a time.
 */
export type Granularity = 'run' | 'row' | 'tile' | 'item';

/** An instruction of a kernel, with all decisions about it. */
export interface LinePlan {
  readonly line: number;
  readonly instruction: ImageInstruction;
  readonly operation: Operation;
  readonly when: Granularity;
  /** When the predicate of a predicated load or store is evaluated; undefined where there is none. */
  readonly predicateWhen: Granularity | undefined;
  /** For each register, the line that has written it last. */
  readonly definitions: ReadonlyMap<number, number>;
  /** Range of an integer result, or undefined. */
  readonly range: ValueRange | undefined;
  /** Whether lanes of 16 bits may saturate it, since only stores that saturate there read it. */
  readonly saturates: boolean;
  /** Whether lanes of 16 bits may wrap it: no select takes the lost values. */
  readonly isDiscarded: boolean;
  /** Of a draw from a declared generator: how many draws from it, this one included, are to come before a new group. */
  readonly drawsAhead: number;
  /** Of a store: whether it would not change inactive items. */
  readonly isUnchanged: boolean;
}

/** @param rows how many rows a run visits: none for kernels over neurons, or over weights, whose rows have no neuron */
export function planLines(
  kernel: BoundKernel,
  image: CoreImage,
  ranges: readonly InstructionRange[],
  rows: 'none' | 'one' | 'many',
): LinePlan[] {
  const { code, order } = kernel;
  const definitions = findDefinitions(code);
  const variations = findVariations(code);
  const readers = findReaders(code);
  const unchanged = findUnchanged(kernel, image, ranges);
  const whenOf = ({ byRow, byColumn }: Variation): Granularity => {
    if (byColumn !== 'no') return order === 'columns' && !byRow ? 'tile' : 'item';
    if (rows === 'none') return 'run';
    return rows === 'one' || byRow ? 'row' : 'run';
  };
  return code.map((instruction, line) => {
    const operation = operationNamed(instruction.mnemonic);
    const { effect, operands } = operation;
    const variation = variations[line];
    // An instruction without a result acts on the world, and does so for each item.
    const isOfItems = operands[0] !== 'result' || variation === undefined;
    const isPredicated = (effect.does === 'load' || effect.does === 'store') && effect.predicated;
    const predicate = isPredicated ? instruction.operands[2] : undefined;
    const ofPredicate =
      predicate?.is === 'register'
        ? variations[definitions[line]?.get(predicate.register) ?? -1]
        : ({ byRow: false, byColumn: 'no' } as const);
    return {
      line,
      instruction,
      operation,
      when: isOfItems ? 'item' : whenOf(variation),
      predicateWhen: predicate && (ofPredicate === undefined ? 'item' : whenOf(ofPredicate)),
      definitions: definitions[line] ?? new Map(),
      range: ranges[line]?.result,
      saturates: maySaturateAt16(kernel, line, readers[line] ?? [], image),
      isDiscarded: isDiscardedBeyond16(kernel, line, ranges),
      drawsAhead: drawsAhead(code, line),
      isUnchanged: unchanged[line] ?? false,
    };
  });
}

function drawsAhead(code: readonly ImageInstruction[], line: number): number {
  const generator = code[line]?.operands.find(({ is }) => is === 'generator');
  if (generator?.is !== 'generator') return 0;
  return code
    .slice(line)
    .filter(({ operands }) =>
      operands.some((one) => one.is === 'generator' && one.generator === generator.generator),
    ).length;
}

/** The value of an item's register if the column gate's field is zero: zero, or a value loaded from a field. */
type KnownValue = 'zero' | FieldLoad | undefined;

interface FieldLoad {
  readonly field: number;
  readonly role: string;
}

const zero: KnownValue = 'zero';
const justZero = valueRange(0, 0);

/**
 * For each instruction: whether it is a store that leaves an integer field as it is wherever the column gate's field is
 * zero, so that inactive items need no protection from it: of `x + y` where x was loaded and y is zero with the gate,
 * as a weight update is without a learning signal.
 */
export function findUnchanged(
  kernel: BoundKernel,
  image: CoreImage,
  ranges: readonly InstructionRange[],
): boolean[] {
  const { code, columnGate, columns } = kernel;
  // Items beyond these columns are inactive, whatever their gate's field holds.
  if (columnGate === undefined || columns !== undefined || !isGateKept(kernel, columnGate, image))
    return code.map(() => false);
  const gateRole = kernel.projection === undefined ? 'self' : 'post';
  const unchanged: boolean[] = code.map(() => false);
  forward<ImageInstruction, KnownValue>(code, ({ line, instruction, operation: { effect }, sources }) => {
    if (instruction.arithmetic === 'real') return undefined;
    const [, target] = instruction.operands;
    if (effect.does === 'compute')
      return resultOf(effect, sources.map(knownOf), ranges[line]?.operands ?? []);
    if ((effect.does !== 'load' && effect.does !== 'store') || effect.predicated) return undefined;
    // Another position may hold something else.
    if (effect.at === true) return undefined;
    if (target?.is !== 'field') return undefined;
    const { field, role } = target;
    if (effect.does === 'load') return field === columnGate && role === gateRole ? zero : { field, role };
    const value = sources[0] && knownOf(sources[0]);
    unchanged[line] =
      typeof value === 'object' &&
      value.field === field &&
      value.role === role &&
      // What a load gives is not what the cells hold, or not what the field saturates to.
      image.fields[field]?.faulty !== true &&
      loadedField(image.fields, field) === image.fields[field];
    return undefined;
  });
  return unchanged;
}

function knownOf({ operand, fact }: SourceOperand<ImageOperand, KnownValue>): KnownValue {
  return operand.is === 'number' && operand.value === 0 ? zero : fact;
}

/** Whether a kernel emits nothing, and leaves the integer field by which it is gated alone. */
function isGateKept({ code }: BoundKernel, columnGate: number, image: CoreImage): boolean {
  const writesGate = code.some(
    (instruction) =>
      (does(instruction, 'store') || does(instruction, 'reduce')) &&
      instruction.operands.some((operand) => operand.is === 'field' && operand.field === columnGate),
  );
  return image.fields[columnGate]?.storage === 'integer' && !factsOf({ code }).emits && !writesGate;
}

/**
 * The result of an operation. Zero, if its range is zero given the operands that are: any rounding of zero gives zero.
 * An operand as loaded, if the operation passes it on: the datapath holds every value of a field.
 */
function resultOf(
  { range, passes }: Compute,
  operands: readonly KnownValue[],
  ranges: readonly (ValueRange | undefined)[],
): KnownValue {
  const given = ranges.map((whole, index) => (operands[index] === zero ? justZero : whole));
  const all = given.filter((one) => one !== undefined);
  if (all.length === operands.length) {
    const { low, high } = range(all);
    if (low === 0 && high === 0) return zero;
  }
  const passed = passes.find((index) => operands.every((known, other) => other === index || known === zero));
  return passed === undefined ? undefined : operands[passed];
}
