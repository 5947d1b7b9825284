import type { HwModel } from '../../src/hardware/index.ts';
import type { RandomProgram } from '../engine/random/program.ts';

/** A random program without what is not written as hardware yet, on a core of few lanes: Icarus is slow. */
export function tamed({ hw, ...others }: RandomProgram): RandomProgram {
  return { ...others, hw: plainCore(hw) };
}

function plainCore(hw: HwModel): HwModel {
  const lanes = 2 ** Math.min(2, Math.floor(Math.log2(hw.lanes)));
  return {
    ...hw,
    lanes,
    generators: hw.generators.map((generator) => ({ ...generator, lanes: Math.min(generator.lanes, lanes) })),
  };
}
