import {
  formatHeader,
  formatInstruction,
  hostScalars,
  indexField,
  type Operand,
  type Role,
  type ValueRange,
  valueField,
  valueRange,
} from '../isa/index.ts';
import type { ProgramView } from './image.ts';
import type { BoundKernel, ImageOperand } from './lists.ts';

/** A kernel of an image, in microcode. */
export interface KernelText {
  /** `kernel NAME over DOMAIN where GATES`. */
  readonly header: string;
  readonly lines: readonly LineText[];
}

interface LineText {
  /** The instruction without indentation, its mnemonic padded to a column. */
  readonly text: string;
  readonly arithmetic: 'integer' | 'real';
  /** The range of an integer result over the whole schedule; undefined for floats and without a result. */
  readonly range: ValueRange | undefined;
}

/**
 * Names for the indices in a bound kernel. Fields are named by the role of their owner, parameters as in the image: one
 * that `with` gives to a single use of a kernel has that use in its name.
 */
export function kernelText(image: ProgramView, kernel: BoundKernel): KernelText {
  const columnRole = kernel.projection === undefined ? 'self' : 'post';
  return {
    header: formatHeader({
      name: kernel.name,
      domain: kernel.domain,
      rowGate: kernel.rowGate === undefined ? undefined : fieldNamed(image, 'pre', kernel.rowGate),
      columnGate:
        kernel.columnGate === undefined ? undefined : fieldNamed(image, columnRole, kernel.columnGate),
    }),
    lines: kernel.code.map(({ mnemonic, operands, arithmetic, low, high }) => ({
      text: formatInstruction({ mnemonic, operands: operands.map((operand) => unbound(image, operand)) }),
      arithmetic,
      range: low === undefined || high === undefined ? undefined : valueRange(low, high),
    })),
  };
}

function fieldNamed({ fields }: ProgramView, role: Role, index: number): Operand & { readonly is: 'field' } {
  // A field's name is its owner's name and its own.
  return { is: 'field', role, field: fields[index]?.name.split('.')[1] ?? '' };
}

/** An operand, as the text writes it. */
function unbound(image: ProgramView, operand: ImageOperand): Operand {
  switch (operand.is) {
    case 'register':
    case 'number':
      return operand;
    case 'parameter':
      return { is: 'parameter', name: image.parameters[operand.parameter]?.name ?? '' };
    case 'generator':
      return { is: 'generator', name: image.generators[operand.generator]?.name ?? '' };
    case 'field':
      return fieldNamed(image, operand.role, operand.field);
    case 'index':
      return { is: 'field', role: operand.role, field: indexField };
    case 'host':
      return { is: 'field', role: 'host', field: hostScalars[operand.scalar] ?? '' };
    case 'payload':
      return { is: 'field', role: 'ev', field: valueField };
    case 'event':
      return { is: 'field', role: 'ev', field: image.eventScalars[operand.scalar]?.name ?? '' };
  }
}
