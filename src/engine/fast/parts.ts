import { type BoundKernel, emittingPopulation, type Image } from '../../image/index.ts';
import type { ChosenMode } from './mode.ts';

/** The columns of a kernel: all neurons of the population that its items belong to, or the first so many. */
export function columnsOf(kernel: BoundKernel, image: Image): number {
  return kernel.columns ?? image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
}

/** Columns of a turn of the innermost loop, where they are carried out as vectors. */
export function blockOf(lanes: number): number {
  return lanes % 16 === 0 ? 16 : lanes % 8 === 0 ? 8 : 4;
}

/** Neighbouring columns that one piece of code visits. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly mode: ChosenMode;
}

/** A kernel over the first so many columns: as vectors, as far as whole blocks go, and the rest one by one. */
export function partsOf(kernel: BoundKernel, image: Image, mode: ChosenMode): Part[] {
  const to = columnsOf(kernel, image);
  const isWhole = kernel.columns === undefined || kernel.columnGate !== undefined || mode.mode === 'scalar';
  const rest = isWhole ? 0 : to % blockOf(image.machine.lanes);
  const parts: Part[] = [
    { from: 0, to: to - rest, mode },
    { from: to - rest, to, mode: { ...mode, mode: 'scalar' } },
  ];
  return parts.filter((part, index) => part.to > part.from || (index === 0 && rest === 0));
}
