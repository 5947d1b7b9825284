import type { BoundKernel, Image } from '../../../../image/index.ts';
import { blockOf, columnsOf } from './columns.ts';
import type { ChosenMode } from './mode.ts';

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
  const rest = isWhole ? 0 : to % blockOf(image.core.lanes);
  const parts: Part[] = [
    { from: 0, to: to - rest, mode },
    { from: to - rest, to, mode: { ...mode, mode: 'scalar' } },
  ];
  return parts.filter((part, index) => part.to > part.from || (index === 0 && rest === 0));
}
