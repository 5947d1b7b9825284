import { type FieldName, indexField, operationNamed } from '../../isa/index.ts';
import type { ActionSpec, Program } from '../../program/index.ts';

/** The fields that an action reads and writes, `owner.field`, and whether it emits spikes. */
export interface ActionAccess {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  readonly emits: boolean;
}

type Code = Pick<Program, 'spec' | 'kernels'>;

/** The field for both of a projection's weights: a rule that writes the shadow weight changes the other, too. */
export const weightOf = (projection: string): string => `${projection}.weight`;

/** The fields that a single action touches; the members of a group are actions of their own. */
export function touchedBy({ spec, kernels }: Code, action: ActionSpec): ActionAccess {
  const { run = '', over = '', clear = [], hold = [], stopUnlessAny } = action;
  const reads = new Set<string>([...hold, ...(stopUnlessAny === undefined ? [] : [stopUnlessAny])]);
  const writes = new Set<string>([...hold, ...clear]);
  const kernel = kernels.get(run);
  if (kernel === undefined) return { reads, writes, emits: false };
  const projection = spec.projections[over];
  const owners: Readonly<Record<string, string>> =
    projection === undefined ? { self: over } : { pre: projection.from, post: projection.to, syn: over };
  const add = (to: Set<string>, { role, field }: FieldName): void => {
    const owner = owners[role];
    if (owner === undefined || field === indexField) return;
    const isShadow = role === 'syn' && field === 'shadow' && projection?.weights !== 'none';
    to.add(isShadow ? weightOf(owner) : `${owner}.${field}`);
  };
  for (const gate of [kernel.rowGate, kernel.columnGate]) if (gate !== undefined) add(reads, gate);
  for (const { mnemonic, operands } of kernel.body) {
    const { does } = operationNamed(mnemonic).effect;
    for (const operand of operands)
      if (operand.is === 'field') add(does === 'store' || does === 'reduce' ? writes : reads, operand);
  }
  const emits = kernel.body.some(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit');
  return { reads, writes, emits };
}

/** Whether an action runs a kernel that names the shadow weight of a projection: to store it, or at all. */
export function namesShadow({ spec, kernels }: Code, action: ActionSpec, how: 'stores' | 'uses'): boolean {
  const { run = '', over = '' } = action;
  // Where kernels cut inference weights, they store these, too.
  const names =
    spec.projections[over]?.cut === undefined || how === 'uses' ? ['shadow'] : ['shadow', 'weight'];
  const isNamed = kernels
    .get(run)
    ?.body.some(
      ({ mnemonic, operands }) =>
        (how === 'uses' || operationNamed(mnemonic).effect.does === 'store') &&
        operands.some(
          (operand) => operand.is === 'field' && operand.role === 'syn' && names.includes(operand.field),
        ),
    );
  return isNamed === true;
}
