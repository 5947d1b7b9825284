/** TrueNorth: all cores of a chip, tick by tick, on one thread or several. */

export type { Activity, ChipCores } from './activity.ts';
export { truenorth } from './chip.ts';
export {
  axons,
  type ChipContents,
  type CoreContents,
  contentNames,
  largestOffset,
  neurons,
  rowBytes,
} from './contents.ts';
export { TrueNorthChip, type TrueNorthParts } from './controller.ts';
export { MachineCores } from './machine-cores.ts';
export { ModuleCores } from './module-cores.ts';
export { type TrueNorthOptions, truenorthOptions } from './options.ts';
export { RandomContents } from './random-contents.ts';
