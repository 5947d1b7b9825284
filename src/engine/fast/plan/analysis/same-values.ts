import type { BoundKernel } from '../../../../image/index.ts';
import { findVariations, operationNamed } from '../../../../isa/index.ts';

/** Which instructions depend on the row: on its neuron, its synapses or on what is drawn for it. */
export function findOfRow({ code }: BoundKernel): boolean[] {
  // An instruction without a result acts on the world, and does so in each row.
  return findVariations(code).map(({ byRow }, line) => byRow || !hasResult(code[line]?.mnemonic ?? ''));
}

/** Which instructions give every item of a row the same value and may be carried out once. */
export function findUniform({ code }: BoundKernel): boolean[] {
  return findVariations(code).map(
    ({ byColumn }, line) => byColumn === 'no' && hasResult(code[line]?.mnemonic ?? ''),
  );
}

function hasResult(mnemonic: string): boolean {
  return operationNamed(mnemonic).operands[0] === 'result';
}
