import { type BoundKernel, emittingPopulation, type Image } from '../../image/index.ts';
import { paddedColumns } from './memory-map.ts';

/** Columns of a row. Where rows of weights have no padding between them, all are one. */
export function columnsOf(kernel: BoundKernel, image: Image): number {
  const projection = image.projections[kernel.projection ?? -1];
  if (kernel.domain === 'weights' && projection !== undefined) {
    const { weightRows, weightRowLength } = projection;
    return hasOneRow(kernel, image) ? weightRows * weightRowLength : weightRowLength;
  }
  return image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
}

/** Whether a kernel over weights takes all rows as one: no padding between them, and each begins at lane 0. */
export function hasOneRow(kernel: BoundKernel, image: Image): boolean {
  const { weightRowLength = 0 } = image.projections[kernel.projection ?? -1] ?? {};
  return paddedColumns(weightRowLength, image.machine.lanes) === weightRowLength;
}
