import { type CoreImage, emittingPopulation } from '../../../../image/index.ts';
import { does } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import { partialSums } from '../../../state.ts';
import { paddedColumns } from '../analysis/columns.ts';
import type { KernelPlan } from '../kernel-plan.ts';
import { elementBytes, type MemoryMap } from './memory-map.ts';

/** Scratch addresses of a kernel. */
export interface KernelScratch {
  /** Mask of the columns that its gate lets through, and list of the visited tiles' first columns. */
  readonly mask: number;
  readonly tiles: number;
  /** Mask of the rows, an i32 each, if the kernel may change its row gate's field. */
  readonly rows: number;
  /** By line: partial sums of a reduce of floats in scalar code. */
  readonly sums: readonly number[];
  /** Where rows that are copied together begin and end, u32 each; their targets and weights. */
  readonly listed: number;
  readonly targets: number;
  readonly weights: number;
  /** By field with positions: for each neuron, how many of its flags are set, and at which positions; u16 each. */
  readonly flags: ReadonlyMap<number, FlagList>;
  /** By field with positions: where the numbers of the row's neuron are copied to, and the zeros before them. */
  readonly copies: ReadonlyMap<number, { readonly address: number; readonly before: number }>;
}

interface FlagList {
  /** Of each neuron, how many, and where the first is of the positions. */
  readonly counts: number;
  readonly positions: number;
}

/** Spikes whose rows are fetched together: a processor can keep their loads in flight. */
export const together = 32;

/** Items behind the last row that may be written, too. */
const spare = 8;

/** Addresses that code needs beside the memory map's. */
export interface ScratchMap {
  readonly kernels: readonly KernelScratch[];
  /** Where the core's part of the linear memory ends. */
  readonly size: number;
}

/** Lays out the kernels' scratch behind the memory map. Each has its own: a kernel may be suspended. */
export function mapScratch(image: CoreImage, map: MemoryMap, plans: readonly KernelPlan[]): ScratchMap {
  let next = Math.ceil(map.size / 16) * 16;
  const take = (bytes: number): number => {
    const address = next;
    next = Math.ceil((next + bytes) / 16) * 16;
    return address;
  };
  const scratch = image.kernels.map((kernel, index): KernelScratch => {
    const size = image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
    const columns = kernel.columnGate === undefined ? 0 : paddedColumns(size, image.core.lanes);
    const source = image.projections[kernel.projection ?? -1]?.source ?? -1;
    const rows = kernel.rowGate === undefined ? 0 : (image.populations[source]?.size ?? 0);
    const { gathering, positions } = at(plans, index);
    const { listed, copied } = positions;
    const items = gathering === undefined ? 0 : together * gathering.longest + spare;
    const sums = kernel.code.map((line) => (does(line, 'reduce') ? take(4 * partialSums) : 0));
    return {
      mask: take(4 * columns),
      tiles: take(4 * columns),
      rows: take(4 * rows),
      sums,
      listed: take(gathering === undefined ? 0 : 8 * together),
      targets: take(2 * items),
      weights: take(4 * items),
      flags: new Map(
        listed.map((field) => {
          const { layout, rowStride } = at(map.fields, field);
          return [field, { counts: take(2 * rowStride), positions: take(2 * rowStride * layout.rows) }];
        }),
      ),
      copies: new Map(
        copied.map(({ field, before, after }) => {
          const { layout, element } = at(map.fields, field);
          const bytes = elementBytes[element];
          // Nothing is ever written to what lies before and after.
          return [field, { address: take(bytes * (before + layout.rows + after)), before }];
        }),
      ),
    };
  });
  return { kernels: scratch, size: next };
}
