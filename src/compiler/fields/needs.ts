import { type BoundKernel, type Field, loadedField, type Projection } from '../../image/index.ts';
import type { MemoryMap } from './allocate.ts';

/** The work that a program runs, and whether only learning needs it. */
export interface FieldUses {
  readonly kernels: readonly { readonly kernel: BoundKernel; readonly learningOnly: boolean }[];
  /** Fields that lists test, or keep spikes in. */
  readonly reads: readonly { readonly fields: readonly number[]; readonly learningOnly: boolean }[];
  readonly readout: number;
  readonly projections: readonly Pick<Projection, 'index'>[];
  /** Whether a chip's controller runs the kernels. */
  readonly hasController: boolean;
}

/**
 * A field is needed for inference if a kernel or action that runs without learning accesses it. A field that
 * nothing accesses at all is read by the controller, where there is one: where a neuron's packets go, for example.
 */
export function withNeeds({ fields }: MemoryMap, uses: FieldUses): Field[] {
  const needed = new Set([fields[uses.readout]]);
  const accessed = new Set<MemoryMap['fields'][number] | undefined>();
  for (const { kernel, learningOnly } of uses.kernels) {
    const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
    const operands = kernel.code.flatMap((line) =>
      line.operands.flatMap((operand) => (operand.is === 'field' ? [operand.field] : [])),
    );
    const { target, count, offset } = uses.projections[kernel.projection ?? -1]?.index ?? {};
    for (const field of [...gates, ...operands, target, count, offset]) {
      if (field === undefined) continue;
      for (const one of [fields[field], loadedField(fields, field)]) {
        accessed.add(one);
        if (!learningOnly) needed.add(one);
      }
    }
  }
  for (const pass of uses.reads) {
    for (const field of pass.fields) {
      accessed.add(fields[field]);
      if (!pass.learningOnly) needed.add(fields[field]);
    }
  }
  const isNeeded = (field: MemoryMap['fields'][number]): boolean =>
    needed.has(field) || (uses.hasController && !accessed.has(field));
  return fields.map((field) => ({ ...field, neededFor: isNeeded(field) ? 'inference' : 'learning' }));
}
