import { takesOf } from '../../image/index.ts';
import { type DomainName, does, findVariations, type Kernel, operationNamed } from '../../isa/index.ts';

/**
 * Why a kernel cannot run by columns; undefined if it can. Gates are evaluated per row, and nothing may reduce over a
 * row or depend on the order of rows.
 */
export function againstColumns(
  kernel: Kernel,
  domain: DomainName,
  over: string,
  isDense: boolean,
): string | undefined {
  if (domain !== 'synapses') return `it runs over ${domain}`;
  if (!isDense) return `'${over}' is not dense`;
  if (kernel.rowGate !== undefined || kernel.columnGate !== undefined) return 'it has a gate';
  const odd = kernel.body.find(({ mnemonic }) => {
    const { draws, effect } = operationNamed(mnemonic);
    const isAtPosition = takesOf(operationNamed(mnemonic)) !== 'items';
    return draws || effect.does === 'reduce' || effect.does === 'emit' || isAtPosition;
  });
  if (odd !== undefined) return `it uses ${odd.mnemonic}`;
  for (const { mnemonic, operands } of kernel.body) {
    const { effect } = operationNamed(mnemonic);
    const isPart = effect.does === 'store' || (effect.does === 'load' && effect.predicated);
    const field = operands[1];
    if (isPart && field?.is === 'field' && field.role !== 'syn')
      return `${mnemonic} accesses ${field.role}.${field.field}, which many synapses of a tile share`;
  }
  return takesAnyOfRows(kernel) ? 'any takes what differs from row to row' : undefined;
}

/** Whether `any` depends on the row: its result must be known before the first row of a tile. */
function takesAnyOfRows({ body }: Kernel): boolean {
  const variations = findVariations(body);
  return body.some((instruction, line) => does(instruction, 'any') && variations[line]?.byRow === true);
}
