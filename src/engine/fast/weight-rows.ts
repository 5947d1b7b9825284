import type { BoundKernel, Image } from '../../image/index.ts';
import { paddedColumns } from './memory-map.ts';

/** Columns of a row of weights; where rows have no padding between them, all are one. */
export function weightColumns(kernel: BoundKernel, image: Image): number {
  const { weightRows = 0, weightRowLength = 0 } = image.projections[kernel.projection ?? -1] ?? {};
  return hasOneRow(kernel, image) ? weightRows * weightRowLength : weightRowLength;
}

/** Whether a kernel over weights takes all rows as one: no padding between them, and each begins at lane 0. */
export function hasOneRow(kernel: BoundKernel, image: Image): boolean {
  const { weightRowLength = 0 } = image.projections[kernel.projection ?? -1] ?? {};
  return paddedColumns(weightRowLength, image.machine.lanes) === weightRowLength;
}
