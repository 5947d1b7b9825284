import { type DomainName, does, findVariations, type Kernel, operationNamed } from '../../isa/index.ts';

/**
 * Why a kernel cannot run by columns; undefined if it can: it has no gates, which are made for rows, and nothing that
 * gathers a row.
 */
export function againstColumns(
  kernel: Kernel,
  domain: DomainName,
  over: string,
  isDense: boolean,
): string | undefined {
  if (domain !== 'synapses') return `it is over ${domain}`;
  if (!isDense) return `'${over}' is not dense`;
  if (kernel.rowGate !== undefined || kernel.columnGate !== undefined) return 'it has a gate';
  const odd = kernel.body.find(({ mnemonic }) => {
    const { draws, effect } = operationNamed(mnemonic);
    return draws || effect.does === 'reduce' || effect.does === 'emit';
  });
  if (odd !== undefined) return `it has ${odd.mnemonic}`;
  for (const { mnemonic, operands } of kernel.body) {
    const { effect } = operationNamed(mnemonic);
    const isPart = effect.does === 'store' || (effect.does === 'load' && effect.predicated);
    const field = operands[1];
    if (isPart && field?.is === 'field' && field.role !== 'syn')
      return `${mnemonic} takes ${field.role}.${field.field}, which many synapses of a tile share`;
  }
  return takesAnyOfRows(kernel) ? 'any takes what differs from row to row' : undefined;
}

/** What any item of a tile has must be the same for all rows: then it is known before the first. */
function takesAnyOfRows({ body }: Kernel): boolean {
  const variations = findVariations(body);
  return body.some((instruction, line) => does(instruction, 'any') && variations[line]?.byRow === true);
}
