import { type DomainName, type Kernel, operationNamed } from '../../isa/index.ts';

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
  const byRow = new Set<number>();
  for (const { mnemonic, operands } of body) {
    const { effect } = operationNamed(mnemonic);
    const [target] = operands;
    const dependsOnRow =
      effect.does === 'draw' ||
      operands.some(
        (operand, index) =>
          (operand.is === 'field' && (operand.role === 'pre' || operand.role === 'syn')) ||
          (operand.is === 'register' && index > 0 && byRow.has(operand.register)),
      );
    if (effect.does === 'any' && dependsOnRow) return true;
    if (target?.is !== 'register' || operationNamed(mnemonic).operands[0] !== 'result') continue;
    if (dependsOnRow) byRow.add(target.register);
    else byRow.delete(target.register);
  }
  return false;
}
