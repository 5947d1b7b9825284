/** Checks what a core cannot do with a program. */

export {
  checkController,
  checkCoreArrays,
  checkFit,
  checkMapping,
  checkMicrocode,
  networkLayout,
  shortagesIn,
} from './core.ts';
export { againstColumns, checkDraws, checkLoops, checkRegisters } from './kernels.ts';
