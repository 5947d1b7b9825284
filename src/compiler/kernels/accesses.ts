import { type BoundKernel, takesOf } from '../../image/index.ts';
import {
  type FieldName,
  formatField,
  type Instruction,
  isRead,
  operationNamed,
  type Role,
} from '../../isa/index.ts';
import { Faults, type Place, PlasticoreError } from '../../text/index.ts';
import type { FieldDraft } from '../fields/index.ts';
import type { KernelUse } from '../lists/index.ts';
import type { KernelNames } from './names.ts';

/** A load or a store of a field in a bank. */
export interface FieldAccess {
  readonly name: FieldName;
  readonly field: number;
  readonly writes: boolean;
  /** Whether the line names positions of the field. */
  readonly atPositions: boolean;
  readonly place: Place;
}

/** The loads and stores of a kernel, in text order. */
export function fieldAccesses(body: readonly Instruction[], names: KernelNames): FieldAccess[] {
  return body.flatMap(({ mnemonic, operands, place }) =>
    operands.flatMap((operand): FieldAccess[] => {
      if (operand.is !== 'field' || names.isCounter(operand)) return [];
      const operation = operationNamed(mnemonic);
      const atPositions = takesOf(operation) !== 'items';
      const field = names.fieldIndex(operand, place);
      return [{ name: operand, field, writes: !isRead(operation), atPositions, place }];
    }),
  );
}

/** Refuses lines that name positions of a field without any, or none of one that has them, and gates by the latter. */
export function checkPositions(
  accesses: readonly FieldAccess[],
  fields: readonly FieldDraft[],
  { kernel, over }: KernelUse,
  gates: readonly number[],
): void {
  const faults = new Faults();
  const refuse = (message: string, place: Place, hint: string): never => {
    throw new PlasticoreError('microcode', message, {
      ...place,
      hint: `${hint} (kernel '${kernel.name}' over ${over})`,
    });
  };
  for (const gate of gates) {
    const { name = '', positions } = fields[gate] ?? {};
    if (positions !== undefined)
      faults.attempt(() =>
        refuse(`'${name}' has ${positions} positions: it is no gate`, kernel.place, 'gate by another field'),
      );
  }
  for (const { name, field, atPositions, place } of accesses) {
    const positions = fields[field]?.positions;
    const shown = `'${formatField(name)}'`;
    if (atPositions && positions === undefined)
      faults.attempt(() =>
        refuse(`${shown} has no positions`, place, `give ${fields[field]?.name} positions, or use ld and st`),
      );
    if (!atPositions && positions !== undefined)
      faults.attempt(() =>
        refuse(`${shown} has ${positions} positions: expected the name of one`, place, 'use ld.at and st.at'),
      );
  }
  faults.throwIfAny();
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
 * The kind of a kernel's items in the counts: a synaptic operation if it leads from a synapse to its neuron, an
 * update if it writes a field of a synapse. With weights of the precision's widths, the former is a kernel that a
 * spike runs and that reads the weight, the latter one that stores the shadow weight.
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
