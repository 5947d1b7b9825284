import { type BoundKernel, type CoreImage, emittingPopulation, factsOf } from '../../../../image/index.ts';

/*
 * Which columns a kernel's items lie in, and how many of them code visits at once.
 */

/** Columns are padded to whole tiles, whose idle lanes draw too, and on to whole vectors of 16. */
export function paddedColumns(columns: number, lanes: number): number {
  const wholeTiles = Math.ceil(columns / lanes) * lanes;
  return Math.ceil(wholeTiles / 16) * 16;
}

/** The columns of a kernel's row: items of a row of weights, else neurons. */
export function columnsInRow(kernel: BoundKernel, image: CoreImage): number {
  return kernel.domain === 'weights' ? weightColumns(kernel, image) : populationColumns(kernel, image);
}

/** All neurons of the population that a kernel's items belong to, or the first ones. */
export function populationColumns(kernel: BoundKernel, image: CoreImage): number {
  return kernel.columns ?? image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
}

/** Columns of a row of weights; where rows have no padding between them, all are one. */
function weightColumns(kernel: BoundKernel, image: CoreImage): number {
  const { weightRows = 0, weightRowLength = 0 } = image.projections[kernel.projection ?? -1] ?? {};
  return hasOneRow(kernel, image) ? weightRows * weightRowLength : weightRowLength;
}

/** Whether a kernel over weights takes all rows as one: no padding between them, and each begins at lane 0. */
export function hasOneRow(kernel: BoundKernel, image: CoreImage): boolean {
  const { weightRowLength = 0 } = image.projections[kernel.projection ?? -1] ?? {};
  return paddedColumns(weightRowLength, image.core.lanes) === weightRowLength;
}

/** The fields that a kernel names in a role, each once. */
export function fieldsNamed({ code }: Pick<BoundKernel, 'code'>, role: string): number[] {
  const operands = code.flatMap((line) => line.operands);
  const fields = operands.flatMap((one) => (one.is === 'field' && one.role === role ? [one.field] : []));
  return [...new Set(fields)];
}

/** Columns of a turn of the innermost loop, where they are carried out as vectors. */
export function blockOf(lanes: number): number {
  return lanes % 16 === 0 ? 16 : lanes % 8 === 0 ? 8 : 4;
}

/** The columns of a whole visit by vectors: a block, or a tile if idle lanes draw or kernels run tile by tile. */
export function unitOf({ code, order }: BoundKernel, lanes: number): number {
  return factsOf({ code }).draws > 0 || order === 'columns' ? lanes : blockOf(lanes);
}
