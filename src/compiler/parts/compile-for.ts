import type { HwModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import type { Program } from '../../program/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { type CompileOptions, compile } from '../compile.ts';
import { compileSystem } from './compile-system.ts';
import { withNetwork } from './network-costs.ts';
import type { GivenPlacement } from './placement-file.ts';
import type { SystemImage } from './system-image.ts';

/** A compiled program. */
export interface Compiled {
  /** The whole program. */
  readonly image: Image;
  /** What each core holds, on a chip of many cores. */
  readonly system?: SystemImage | undefined;
}

/**
 * Compiles a program for an hw-model: for its core, or for as many cores of its chip as it needs.
 *
 * @throws PlasticoreError as `compile` and `compileSystem` do
 */
export function compileFor(
  program: Program,
  hw: HwModel,
  options: CompileOptions,
  placement?: GivenPlacement,
): Compiled {
  // A chip with a controller of its own decides itself what its cores hold.
  if (hw.chip === undefined || hw.controller !== undefined) {
    if (placement !== undefined)
      throw new PlasticoreError('usage', `hw-model '${hw.name}' has one core: there is nothing to place`, {
        ...placement.locate([]),
        hint: 'choose an hw-model with `chip`, such as mesh',
      });
    return { image: withNetwork(compile(program, hw, options), hw) };
  }
  const system = compileSystem(program, hw, options, placement?.slices, placement?.locate);
  return { image: system.whole, system };
}
