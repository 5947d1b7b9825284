import {
  type BoundKernel,
  factsOf,
  type Image,
  type ImageOperand,
  loadedField,
} from '../../../../image/index.ts';
import { type Compute, does, type Interval, interval, operationNamed } from '../../../../isa/index.ts';
import { findDefinitions, valueRanges } from './value-ranges.ts';

/** What an item's register holds where the column gate's field is zero: zero, or what it has loaded from a field. */
type Known = 'zero' | Loaded | undefined;

interface Loaded {
  readonly field: number;
  readonly role: string;
}

const zero: Known = 'zero';
const justZero = interval(0, 0);

/**
 * For each instruction: whether it is a store that leaves an integer field as it is wherever the column gate's field is
 * zero, so that inactive items need no protection from it: of `x + y` where x was loaded and y is zero with the gate,
 * as a weight update is without a learning signal.
 */
export function findUnchanged(kernel: BoundKernel, image: Image): boolean[] {
  const { code, columnGate } = kernel;
  if (columnGate === undefined || !isGateKept(kernel, columnGate, image)) return code.map(() => false);
  const ranges = valueRanges(kernel, image).operands;
  const definitions = findDefinitions(kernel);
  const gateRole = kernel.projection === undefined ? 'self' : 'post';
  const known: Known[] = [];
  return code.map(({ mnemonic, arithmetic, operands }, line) => {
    const { effect } = operationNamed(mnemonic);
    const knownOf = (operand: ImageOperand | undefined): Known => {
      if (operand?.is === 'number') return operand.value === 0 ? zero : undefined;
      return operand?.is === 'register' ? known[definitions[line]?.get(operand.register) ?? -1] : undefined;
    };
    if (arithmetic === 'real') return false;
    const [first, second] = operands;
    switch (effect.does) {
      case 'load': {
        if (effect.predicated || second?.is !== 'field') return false;
        const isGate = second.field === columnGate && second.role === gateRole;
        known[line] = isGate ? zero : { field: second.field, role: second.role };
        return false;
      }
      case 'compute':
        known[line] = resultOf(effect, operands.slice(1).map(knownOf), ranges[line] ?? []);
        return false;
      case 'store': {
        if (effect.predicated || second?.is !== 'field') return false;
        const value = knownOf(first);
        return (
          typeof value === 'object' &&
          value.field === second.field &&
          value.role === second.role &&
          loadedField(image.fields, second.field) === image.fields[second.field]
        );
      }
      default:
        return false;
    }
  });
}

/** Whether a kernel emits nothing, and leaves the integer field by which it is gated alone. */
function isGateKept({ code }: BoundKernel, columnGate: number, image: Image): boolean {
  const writesGate = code.some(
    (instruction) =>
      (does(instruction, 'store') || does(instruction, 'reduce')) &&
      instruction.operands.some((operand) => operand.is === 'field' && operand.field === columnGate),
  );
  return image.fields[columnGate]?.storage === 'integer' && !factsOf({ code }).emits && !writesGate;
}

/**
 * What an operation gives. Zero, where its range is zero given the operands that are: rounding zero, however it is done,
 * gives zero. An operand as it was loaded, where it passes that: the datapath holds whatever a field does.
 */
function resultOf(
  { range, passes }: Compute,
  operands: readonly Known[],
  ranges: readonly (Interval | undefined)[],
): Known {
  const given = ranges.map((whole, index) => (operands[index] === zero ? justZero : whole));
  const all = given.filter((one) => one !== undefined);
  if (all.length === operands.length) {
    const { low, high } = range(all);
    if (low === 0 && high === 0) return zero;
  }
  const passed = passes.find((index) => operands.every((known, other) => other === index || known === zero));
  return passed === undefined ? undefined : operands[passed];
}
