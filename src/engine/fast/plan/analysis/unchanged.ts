import { type BoundKernel, type Image, type ImageOperand, loadedField } from '../../../../image/index.ts';
import { operationNamed } from '../../../../isa/index.ts';
import { findDefinitions } from './value-ranges.ts';

/** What an item's register holds where the column gate's field is zero: zero, or what it has loaded from a field. */
type Known = 'zero' | Loaded | undefined;

interface Loaded {
  readonly field: number;
  readonly role: string;
}

const zero: Known = 'zero';

/**
 * For each instruction: whether it is a store that leaves an integer field as it is wherever the column gate's field is
 * zero, so that inactive items need no protection from it: of `x + y` where x was loaded and y is zero with the gate,
 * as a weight update is without a learning signal.
 */
export function findUnchanged(kernel: BoundKernel, image: Image): boolean[] {
  const { code, columnGate, projection } = kernel;
  const definitions = findDefinitions(kernel);
  const gateRole = projection === undefined ? 'self' : 'post';
  const known: Known[] = [];
  const isGateKept =
    columnGate !== undefined &&
    image.fields[columnGate]?.storage === 'integer' &&
    code.every(({ mnemonic, operands: [, target] }) => {
      const { does } = operationNamed(mnemonic).effect;
      const writes = does === 'store' || does === 'reduce';
      return does !== 'emit' && !(writes && target?.is === 'field' && target.field === columnGate);
    });
  return code.map(({ mnemonic, arithmetic, operands }, line) => {
    const knownOf = (operand: ImageOperand | undefined): Known => {
      if (operand?.is === 'number') return operand.value === 0 ? zero : undefined;
      return operand?.is === 'register' ? known[definitions[line]?.get(operand.register) ?? -1] : undefined;
    };
    const [first, second, third] = operands;
    if (!isGateKept || arithmetic === 'real') return false;
    if (mnemonic === 'ld' && second?.is === 'field') {
      const isGate = second.field === columnGate && second.role === gateRole;
      known[line] = isGate ? zero : { field: second.field, role: second.role };
    }
    if (operationNamed(mnemonic).effect.does === 'compute')
      known[line] = resultOf(mnemonic, knownOf(second), knownOf(third));
    if (mnemonic !== 'st' || second?.is !== 'field') return false;
    const value = knownOf(first);
    return (
      typeof value === 'object' &&
      value.field === second.field &&
      value.role === second.role &&
      loadedField(image.fields, second.field) === image.fields[second.field]
    );
  });
}

/** Rounding zero, however it is done, gives zero; and the datapath holds whatever a field does. */
function resultOf(mnemonic: string, a: Known, b: Known): Known {
  const name = mnemonic.replace(/\..*$/, '');
  switch (name) {
    case 'mov':
      return a;
    case 'mul':
    case 'mulsra':
      return a === zero || b === zero ? zero : undefined;
    case 'sra':
    case 'shr':
    case 'shl':
    case 'neg':
    case 'abs':
      return a === zero ? zero : undefined;
    case 'add':
      return b === zero ? a : a === zero ? b : undefined;
    case 'sub':
      return b === zero ? a : undefined;
    default:
      return undefined;
  }
}
