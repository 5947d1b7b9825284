import { type BoundKernel, type Field, loadedField, type Projection } from '../../image/index.ts';
import type { MemoryMap } from './allocate.ts';

/** The work that a program runs, and whether only learning needs it. */
export interface FieldUses {
  readonly kernels: readonly { readonly kernel: BoundKernel; readonly learningOnly: boolean }[];
  /** Fields that lists test, or keep spikes in. */
  readonly reads: readonly { readonly fields: readonly number[]; readonly learningOnly: boolean }[];
  readonly readout: number;
  readonly projections: readonly Pick<Projection, 'index'>[];
}

/** A field is needed for inference if a kernel or action that runs without learning accesses it. */
export function withNeeds({ fields }: MemoryMap, uses: FieldUses): Field[] {
  const needed = new Set([fields[uses.readout]]);
  for (const { kernel, learningOnly } of uses.kernels) {
    if (learningOnly) continue;
    const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
    const operands = kernel.code.flatMap((line) =>
      line.operands.flatMap((operand) => (operand.is === 'field' ? [operand.field] : [])),
    );
    const { target, count } = uses.projections[kernel.projection ?? -1]?.index ?? {};
    for (const field of [...gates, ...operands, target, count]) {
      if (field === undefined) continue;
      needed.add(fields[field]);
      needed.add(loadedField(fields, field));
    }
  }
  for (const pass of uses.reads) {
    if (!pass.learningOnly) for (const field of pass.fields) needed.add(fields[field]);
  }
  return fields.map((field) => ({ ...field, neededFor: needed.has(field) ? 'inference' : 'learning' }));
}
