/** TrueNorth: all cores of a chip, tick by tick, on one thread or several. */

export type { ChipCores } from './activity.ts';
export { truenorth } from './chip.ts';
export {
  axons,
  type ChipContents,
  type CoreContents,
  contentNames,
  neurons,
  rowBytes,
} from './contents.ts';
export { TrueNorthChip } from './controller.ts';
export { programHash } from './known-program.ts';
export { MachineCores } from './machine-cores.ts';
export { ModuleCores } from './module-cores.ts';
export { RandomContents, truenorthOptions } from './random-contents.ts';
