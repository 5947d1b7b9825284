import { type Action, type BoundKernel, factsOf, type Image, loadedField } from '../../../../image/index.ts';
import { operationNamed } from '../../../../isa/index.ts';
import { chooseMode, type Mode } from './mode.ts';
import { partsOf } from './parts.ts';
import { segmentationOf } from './segments.ts';

/*
 * Which spikes may be served as a batch: each kernel of their list for all of them, before the next kernel.
 */

/**
 * Whether a list gives the same kernel by kernel as spike by spike: it only runs kernels, no two of which touch what
 * one of them writes, and which neither emit nor draw. Stores of floats are left out, since they may end the run; so
 * are kernels over a part of their columns whose code is in two pieces.
 */
export function isBatchable(image: Image, actions: readonly Action[]): boolean {
  const kernels = batchedKernels(image, actions);
  const uses = kernels.map((kernel) => usesOf(image, kernel));
  return (
    onlyRuns(actions) &&
    kernels.every((kernel) => partsOf(kernel, image, chooseMode(kernel, image)).length === 1) &&
    kernels.every((kernel) => !isOrdered(kernel)) &&
    uses.every(({ writes }) => [...writes].every((field) => image.fields[field]?.storage === 'integer')) &&
    uses.every((use, index) => uses.slice(index + 1).every((other) => !conflict(use, other)))
  );
}

/**
 * Whether a kernel may take all spikes of a batch for some columns before it goes on to the next columns, whose
 * post-synaptic fields then stay in variables: every item of a column sees only that column, the weights of its row,
 * and fields of the row's neuron, and the kernel writes post-synaptic fields alone. Rows are one segment of all columns.
 */
export function staysInColumns(image: Image, kernel: BoundKernel, mode: Mode): boolean {
  const isPlain = kernel.domain === 'row' && kernel.columnGate === undefined && mode !== 'scalar';
  if (!isPlain || segmentationOf(kernel, image) !== undefined) return false;
  const { writes } = usesOf(image, kernel);
  return kernel.code.every(({ mnemonic, arithmetic, operands }) => {
    const { effect } = operationNamed(mnemonic);
    const { does } = effect;
    // What predicates let through is counted row by row.
    const isPredicated = 'predicated' in effect && effect.predicated;
    if (arithmetic === 'real' || isPredicated || does === 'reduce') return false;
    return operands.every((operand) => {
      if (operand.is !== 'field') return true;
      const field = image.fields[operand.field];
      if (operand.role !== 'post') return does === 'load' && !writes.has(stored(image, operand.field));
      return field?.layout !== undefined && field.view === undefined && field.storedView === undefined;
    });
  });
}

/** The post-synaptic fields of a kernel. */
export function postFields({ code }: BoundKernel): ReadonlySet<number> {
  const operands = code.flatMap((instruction) => instruction.operands);
  return new Set(
    operands.flatMap((operand) => (operand.is === 'field' && operand.role === 'post' ? [operand.field] : [])),
  );
}

/** Whether it matters in which order it runs among other kernels: it draws, or emits. */
function isOrdered(kernel: BoundKernel): boolean {
  const { draws, drawsFrom, emits } = factsOf(kernel);
  return draws > 0 || drawsFrom.length > 0 || emits;
}

/** The kernels that a list runs, those of its groups too. */
export function batchedKernels(image: Image, actions: readonly Action[]): BoundKernel[] {
  return actions.flatMap((action) => {
    if (action.does === 'group') return batchedKernels(image, action.actions);
    const kernel = action.does === 'run' ? image.kernels[action.kernel] : undefined;
    return kernel === undefined ? [] : [kernel];
  });
}

function onlyRuns(actions: readonly Action[]): boolean {
  return actions.every(
    (action) => action.does === 'run' || (action.does === 'group' && onlyRuns(action.actions)),
  );
}

interface Uses {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

/** The stored fields that a kernel reads and writes; its gates' too. */
function usesOf(image: Image, kernel: BoundKernel): Uses {
  const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
  const reads = new Set(gates.map((gate) => stored(image, gate)));
  const writes = new Set<number>();
  for (const { mnemonic, operands } of kernel.code) {
    const isLoad = operationNamed(mnemonic).effect.does === 'load';
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      (isLoad ? reads : writes).add(stored(image, operand.field));
      const view = image.fields[operand.field]?.storedView;
      if (!isLoad && view !== undefined) writes.add(view);
    }
  }
  return { reads, writes };
}

function conflict(a: Uses, b: Uses): boolean {
  const touches = ({ reads, writes }: Uses, field: number): boolean => reads.has(field) || writes.has(field);
  return [...a.writes].some((field) => touches(b, field)) || [...b.writes].some((field) => touches(a, field));
}

function stored(image: Image, field: number): number {
  return image.fields.indexOf(loadedField(image.fields, field));
}
