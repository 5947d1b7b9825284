import type { HwModel } from '../hardware/index.ts';
import { type Image, imageOfAlikeCores, imageOfCore } from '../image/index.ts';
import type { Program } from '../program/index.ts';
import { type CompileOptions, compileCore, contentsByCore } from './compile-core.ts';
import { checkFaults } from './faults.ts';
import { compileCores, type GivenPlacement, withNetwork } from './parts/index.ts';

/**
 * Program + hw-model + precision -> image: for its core, or for as many cores of its chip as it needs.
 *
 * @param placement where the neurons are; default: as the program says, or where the compiler puts them. Given without
 * a chip, it makes cores whose network costs nothing
 * @throws PlasticoreError as {@link compileCore} does; `fit` with all limits that cores miss; `invalid-value` for a
 * placement that is wrong, and for what cannot be spread over cores
 */
export function compile(
  program: Program,
  hw: HwModel,
  options: CompileOptions,
  placement?: GivenPlacement,
): Image {
  // A chip with a controller of its own decides itself what its cores hold.
  const isSpread = hw.controller === undefined && (hw.chip !== undefined || placement !== undefined);
  checkFaults(program, hw);
  if (isSpread) return compileCores(program, hw, options, placement);
  const core = withNetwork(compileCore(program, hw, options), hw);
  return hw.chip === undefined
    ? imageOfCore(core)
    : imageOfAlikeCores(core, hw.chip, contentsByCore(core, program, hw, options));
}
