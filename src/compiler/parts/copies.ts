import { type BoundKernel, factsOf } from '../../image/index.ts';
import { isRead, operationNamed, type Role } from '../../isa/index.ts';
import type { Analysis } from '../compile-core.ts';

/*
 * The facts that a core with rows of a projection needs of their pre-synaptic neurons, where these are on other
 * cores. Their fields stand there as copies, and a copy is kept up to date in one of two ways:
 *
 * - replayed: the kernels, clears and holds that write the field run on the copy as well. They can if all that they
 * read
 *   is replayed too, and if they neither draw nor emit. A spike trace is such a field: a decay and the spikes that mark
 *   it are all it depends on.
 * - sent: the core that holds the neuron sends each new value in a packet. A surrogate gate that depends on the
 * membrane
 *   potential is such a field.
 */

/** A kernel's accesses to fields. Indices of fields; a weight and its view count as they are named. */
export interface Accesses {
  readonly reads: readonly { readonly role: Role; readonly field: number }[];
  readonly writes: readonly { readonly role: Role; readonly field: number }[];
  readonly reduces: readonly number[];
}

export function accessesOf({ code, rowGate, columnGate, projection }: BoundKernel): Accesses {
  const reads: { role: Role; field: number }[] = [];
  const writes: { role: Role; field: number }[] = [];
  const reduces: number[] = [];
  if (rowGate !== undefined) reads.push({ role: 'pre', field: rowGate });
  if (columnGate !== undefined)
    reads.push({ role: projection === undefined ? 'self' : 'post', field: columnGate });
  for (const { mnemonic, operands } of code) {
    const operation = operationNamed(mnemonic);
    const { does } = operation.effect;
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      const { role, field } = operand;
      if (isRead(operation)) reads.push({ role, field });
      else if (does === 'reduce') reduces.push(field);
      else writes.push({ role, field });
    }
  }
  return { reads, writes, reduces };
}

/** The fields of populations whose copies can be replayed. Weights are never copied, and are not among them. */
export function replayedFields({ parts, drafts }: Analysis): ReadonlySet<number> {
  const owned = new Set(parts.populations.map(({ name }) => name));
  const fields = new Set(
    [...drafts.keys()].filter((field) => owned.has(drafts[field]?.name.split('.')[0] ?? '')),
  );
  for (let before = -1; before !== fields.size; ) {
    before = fields.size;
    for (const { bound } of parts.kernels) {
      const { reads, writes, reduces } = accessesOf(bound);
      for (const field of reduces) fields.delete(field);
      if (writes.every(({ field }) => !fields.has(field))) continue;
      const { draws, emits } = factsOf(bound);
      const isReplayable =
        bound.population !== undefined &&
        draws === 0 &&
        !emits &&
        [...reads, ...writes].every(({ field }) => fields.has(field));
      if (!isReplayable) for (const { field } of writes) fields.delete(field);
    }
  }
  return fields;
}

/** The replayed fields that a copy with some of them must have: all that the kernels that write them read or write. */
export function withSources(
  needed: Iterable<number>,
  kernels: readonly { readonly bound: BoundKernel }[],
): ReadonlySet<number> {
  const found = new Set(needed);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { bound } of kernels) {
      if (bound.population === undefined) continue;
      const { reads, writes } = accessesOf(bound);
      if (writes.some(({ field }) => found.has(field)))
        for (const { field } of [...reads, ...writes]) found.add(field);
    }
  }
  return found;
}
