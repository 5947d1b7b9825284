import type { HwModel } from '../../../src/hardware/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import type { Dice } from './dice.ts';
import { imageOf, type RandomProgram } from './program.ts';

/**
 * Lets cells of some banks fail, of those that may: not where they say where spikes go, or when. Nothing fails on a
 * core of floats, or with a controller.
 */
export function withFaults(dice: Dice, program: RandomProgram): RandomProgram {
  const { hw, seed } = program;
  return { ...program, hw: withFailingBanks(dice, hw, seed, (on) => imageOf({ ...program, hw: on })) };
}

/** @param compile compiles the program for a core, or throws */
export function withFailingBanks(
  dice: Dice,
  hw: HwModel,
  seed: number,
  compile: (hw: HwModel) => unknown,
): HwModel {
  if (hw.arithmetic !== 'integer' || hw.controller !== undefined) return hw;
  const errors = dice.pick(['stuck', 'fresh'] as const);
  const prefers = dice.pick(['either', 'either', 0, 1] as const);
  let failing = hw;
  const rate = dice.pick([0.001, 0.02, 0.1, 0.5]);
  const banks: string[] = [];
  for (const { name } of hw.banks) {
    if (dice.chance(0.3)) continue;
    const candidate: HwModel = { ...hw, faults: { seed, errors, prefers, rate, banks: [...banks, name] } };
    if (!compiles(() => compile(candidate))) continue;
    banks.push(name);
    failing = candidate;
  }
  return failing;
}

/** A stuck cell may hold the lowest number of its bits, which is more than some datapaths hold of a sum. */
function compiles(compile: () => unknown): boolean {
  try {
    compile();
    return true;
  } catch (error) {
    if (error instanceof PlasticoreError && (error.code === 'fit' || error.code === 'range')) return false;
    throw error;
  }
}
