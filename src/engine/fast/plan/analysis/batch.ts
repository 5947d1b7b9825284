import {
  type Action,
  type BoundKernel,
  type CoreImage,
  factsOf,
  kernelsIn,
  loadedField,
  plainActions,
} from '../../../../image/index.ts';
import { isRead, operationNamed } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import { fieldsNamed } from './columns.ts';
import type { LinePlan } from './lines.ts';
import type { Segmentation } from './segments.ts';

/*
 * Which spikes may be served as a batch: each kernel of their list for all of them, before the next kernel.
 */

/**
 * Whether a list gives the same results kernel by kernel as spike by spike: it only runs kernels, none of which writes
 * a field that another one touches, and which neither emit nor draw. Stores of floats are excluded, since they may end
 * the run; so are kernels over a part of their columns whose code is in two pieces.
 */
export function isBatchable(
  image: CoreImage,
  plans: readonly { readonly pieces: readonly unknown[] }[],
  actions: readonly Action[],
): boolean {
  const indices = kernelsIn(actions);
  const kernels = indices.flatMap((index) => image.kernels[index] ?? []);
  const uses = kernels.map((kernel) => usesOf(image, kernel));
  return (
    plainActions(actions).every(({ does }) => does === 'run') &&
    indices.every((index) => plans[index]?.pieces.length === 1) &&
    kernels.every((kernel) => !isOrdered(kernel)) &&
    uses.every(({ writes }) => [...writes].every((field) => image.fields[field]?.storage === 'integer')) &&
    uses.every((use, index) => uses.slice(index + 1).every((other) => !conflict(use, other)))
  );
}

/**
 * The post-synaptic fields of a kernel that may take all spikes of a batch for some columns before it goes on to the
 * next columns, so that these fields stay in variables; undefined where it may not. Every item of a column sees only
 * that column, the weights of its row, and fields of the row's neuron, and the kernel writes post-synaptic fields
 * alone.
 */
export function residentFields(image: CoreImage, kernel: BoundKernel): readonly number[] | undefined {
  if (kernel.domain !== 'row' || kernel.columnGate !== undefined) return undefined;
  if (factsOf(kernel).namesPositions) return undefined;
  const { writes } = usesOf(image, kernel);
  const fields = new Set<number>();
  for (const { mnemonic, arithmetic, operands } of kernel.code) {
    const { effect } = operationNamed(mnemonic);
    const { does } = effect;
    // Accesses that depend on predicates are counted row by row.
    const isPredicated = 'predicated' in effect && effect.predicated;
    if (arithmetic === 'real' || isPredicated || does === 'reduce') return undefined;
    for (const operand of operands) {
      if (operand.is !== 'field') continue;
      if (operand.role !== 'post') {
        if (does !== 'load' || writes.has(stored(image, operand.field))) return undefined;
        continue;
      }
      const { layout, view, storedView, faulty } = image.fields[operand.field] ?? {};
      if (layout === undefined || view !== undefined || storedView !== undefined) return undefined;
      // Each row's store meets the cells that fail.
      if (faulty === true) return undefined;
      fields.add(operand.field);
    }
  }
  return [...fields];
}

/** Whether it matters in which order it runs among other kernels: it draws, or emits. */
function isOrdered(kernel: BoundKernel): boolean {
  const { draws, drawsFrom, emits } = factsOf(kernel);
  return draws > 0 || drawsFrom.length > 0 || emits;
}

/** How the spikes that run a kernel are served: each by itself, or those of a delivery together. */
export type SpikeService = 'one by one' | 'batch' | 'batch, columns in registers' | 'batch, rows joined';

/** Decisions about a kernel that spikes may run: see `KernelPlan`. */
interface Served {
  readonly index: number;
  readonly resident: readonly number[] | undefined;
  readonly gathering: object | undefined;
}

/** How the spikes that run a kernel are served; undefined where none do. */
export function spikeService(
  image: CoreImage,
  plans: Parameters<typeof isBatchable>[1],
  { index, resident, gathering }: Served,
): SpikeService | undefined {
  const list = image.events.spike.find((actions) => kernelsIn(actions).includes(index));
  if (list === undefined) return undefined;
  if (!isBatchable(image, plans, list)) return 'one by one';
  if (gathering !== undefined) return 'batch, rows joined';
  return resident === undefined ? 'batch' : 'batch, columns in registers';
}

interface Uses {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

/** The stored fields that a kernel reads and writes; its gates' too. */
function usesOf(image: CoreImage, kernel: BoundKernel): Uses {
  const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
  const reads = new Set(gates.map((gate) => stored(image, gate)));
  const writes = new Set<number>();
  for (const { mnemonic, operands } of kernel.code) {
    const isLoad = isRead(operationNamed(mnemonic));
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

function stored(image: CoreImage, field: number): number {
  return image.fields.indexOf(loadedField(image.fields, field));
}

/** The data for copying the rows of a batch of spikes together: one field of synapses, and the longest row. */
export interface Gathering {
  /** The field that the weights are stored in; undefined if the kernel reads none. */
  readonly field: number | undefined;
  readonly longest: number;
}

/**
 * Rows of more synapses are visited where they are. It is worth more the shorter they are, on an Intel Xeon at 2.3 GHz:
 * 1.4 to 1.5 times the speed with 6 synapses, on each of 16 cores; 1.06 to 1.11 times with 100, on a joint core or a
 * single one; none with 300. The copies of 32 rows fit the first-level cache.
 */
const mostGathered = 128;

/**
 * Whether the short rows of single targets that a batch of spikes visits may be copied into one list, and processed in
 * one loop. With a loop for each, a processor mispredicts the end of nearly every row. Rows may differ only in their
 * synapses, which the kernel only reads.
 */
export function gatheringOf(
  image: CoreImage,
  kernel: BoundKernel,
  lines: readonly LinePlan[],
  segmentation: Segmentation | undefined,
): Gathering | undefined {
  if (segmentation?.index?.hasOffsets !== false || segmentation.columns !== 1) return undefined;
  const { draws, drawsFrom, emits, takesValue } = factsOf(kernel);
  if (draws > 0 || drawsFrom.length > 0 || emits || takesValue || kernel.rowGate !== undefined)
    return undefined;
  if (residentFields(image, kernel) === undefined || lines.some(({ when }) => when === 'row'))
    return undefined;
  const longest = longestRow(segmentation);
  if (longest > mostGathered || segmentation.lastFirstPost >= 2 ** 16) return undefined;
  const fields = new Set(
    fieldsNamed(kernel, 'syn').map((field) => image.fields.indexOf(loadedField(image.fields, field))),
  );
  const [field] = fields;
  // Copies would lie where no cell flips.
  const flips = image.faults?.errors === 'fresh' && image.fields[field ?? -1]?.faulty === true;
  return flips || fields.size > 1 ? undefined : { field, longest };
}

function longestRow({ rows, rowStart }: Segmentation): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, at(rowStart, row + 1) - at(rowStart, row));
  return longest;
}
