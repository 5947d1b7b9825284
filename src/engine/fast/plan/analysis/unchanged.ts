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
  forward,
  type InstructionRange,
  type SourceOperand,
  type ValueRange,
  valueRange,
} from '../../../../isa/index.ts';

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
