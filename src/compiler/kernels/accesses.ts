import type { BoundKernel } from '../../image/index.ts';
import { type FieldName, formatField, type Instruction, operationNamed, type Role } from '../../isa/index.ts';
import { type Place, PlasticoreError } from '../../text/index.ts';
import type { FieldDraft } from '../fields/index.ts';
import type { KernelUse } from '../lists/index.ts';
import type { KernelNames } from './names.ts';

/** A load or a store of a field in a bank. */
export interface FieldAccess {
  readonly name: FieldName;
  readonly field: number;
  readonly writes: boolean;
  readonly place: Place;
}

/** The loads and stores of a kernel, in text order. */
export function fieldAccesses(body: readonly Instruction[], names: KernelNames): FieldAccess[] {
  return body.flatMap(({ mnemonic, operands, place }) =>
    operands.flatMap((operand): FieldAccess[] => {
      if (operand.is !== 'field' || names.isCounter(operand)) return [];
      const writes = operationNamed(mnemonic).effect.does !== 'load';
      return [{ name: operand, field: names.fieldIndex(operand, place), writes, place }];
    }),
  );
}

/**
 * Refuses meaningless stores: to a view, to a value that a word keeps once, and to a field that the kernel also
 * accesses through another role, where the order of items would matter.
 */
export function checkStores(
  accesses: readonly FieldAccess[],
  fields: readonly FieldDraft[],
  { kernel, over }: KernelUse,
): void {
  const refuse = (message: string, place: Place, hint?: string): never => {
    throw new PlasticoreError('microcode', message, { ...place, hint });
  };
  for (const { name, field, place } of accesses.filter(({ writes }) => writes)) {
    const draft = fields[field];
    const shown = `'${formatField(name)}'`;
    if (draft?.perWord) refuse(`${shown} is kept once for each word and cannot be stored into`, place);
    if (draft?.use === 'delay')
      refuse(
        `${shown} is the delay of a synapse, which no kernel changes`,
        place,
        'give the projection another field to store into',
      );
    if (draft?.view !== undefined)
      refuse(
        `${shown} is a view of the shadow weight and cannot be stored`,
        place,
        'store syn.shadow: the view follows',
      );
    const other = accesses.find((access) => access.field === field && access.name.role !== name.role);
    if (other !== undefined)
      refuse(
        `kernel '${kernel.name}' stores ${shown} and uses the same field as '${formatField(other.name)}'`,
        place,
        `over ${over} both are ${draft?.name}: split the kernel in two`,
      );
  }
}

/**
 * What an item of a kernel counts as: a synaptic operation if it leads from a synapse to its neuron, an update if it
 * writes a field of a synapse. With weights of the precision's widths, the former is a kernel that a spike runs and
 * that reads the weight, the latter one that stores the shadow weight.
 */
export function countedAs(
  accesses: readonly FieldAccess[],
  { kernel }: KernelUse,
  isWeightless: boolean,
): BoundKernel['counts'] {
  const touches = (does: 'reads' | 'writes', role: Role, field?: string): boolean =>
    accesses.some(
      ({ name, writes }) =>
        writes === (does === 'writes') && name.role === role && (field === undefined || name.field === field),
    );
  if (!isWeightless) {
    if (touches('writes', 'syn', 'shadow')) return 'update';
    return kernel.domain === 'row' && touches('reads', 'syn', 'weight') ? 'sop' : undefined;
  }
  if (touches('reads', 'syn') && touches('writes', 'post')) return 'sop';
  return touches('writes', 'syn') ? 'update' : undefined;
}
