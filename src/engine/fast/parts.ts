import { type BoundKernel, emittingPopulation, type Image } from '../../image/index.ts';
import { operationNamed } from '../../microcode/index.ts';
import type { ChosenMode } from './mode.ts';
import { weightColumns } from './weight-rows.ts';

/** The columns of a kernel's row: items of a row of weights, else neurons. */
export function columnsOf(kernel: BoundKernel, image: Image): number {
  return kernel.domain === 'weights' ? weightColumns(kernel, image) : populationColumns(kernel, image);
}

/** All neurons of the population that a kernel's items belong to, or the first so many. */
export function populationColumns(kernel: BoundKernel, image: Image): number {
  return kernel.columns ?? image.populations[emittingPopulation(image, kernel)]?.size ?? 0;
}

/** Columns of a turn of the innermost loop, where they are carried out as vectors. */
export function blockOf(lanes: number): number {
  return lanes % 16 === 0 ? 16 : lanes % 8 === 0 ? 8 : 4;
}

/** What vectors visit whole: blocks, or tiles where idle lanes draw and in kernels that run tile by tile. */
export function unitOf({ code, order }: BoundKernel, lanes: number): number {
  const draws = code.some(({ mnemonic }) => operationNamed(mnemonic).draws);
  return draws || order === 'columns' ? lanes : blockOf(lanes);
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
