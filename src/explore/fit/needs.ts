import { coresOf } from '../../compiler/index.ts';
import {
  type CellChoice,
  type Deployment,
  deployCell,
  type Experiment,
  loadCell,
} from '../../experiment/index.ts';
import { coreArea, type HwModel } from '../../hardware/index.ts';
import { memoryOf } from '../../report/index.ts';
import type { Find } from '../../text/index.ts';
import { attempt, withSettings } from './attempt.ts';

/** How much of something a program needs, and how much of it a chip has. */
export interface Need {
  /** `bits of the weight bank`, `cores`. */
  readonly what: string;
  /** The bank whose bits they are. */
  readonly bank?: string;
  readonly needed: number;
  readonly available: number;
}

/** The size of a compiled program, and of the chip that runs it. */
export interface Size {
  /** Bits of all fields of the program. */
  readonly memoryBits: number;
  /** Cores that hold a part of it. */
  readonly cores: number;
  /** Area of all cores of the chip. */
  readonly areaUm2: number;
  /** Whether an area is among the figures that were stated for another shape. */
  readonly isAreaOfOtherShape: boolean;
}

/** What a program takes of its chip: on one core, bits of each bank; on several, cores, and bits of the fullest one. */
export function needsOf({ image, system, hw }: Deployment): Need[] {
  const cores = system?.cores.map((core) => core.image) ?? [image];
  const banks = hw.banks.map(({ name, wordBits, capacityBits }): Need => {
    const used = cores.map(({ banks }) => banks.find((bank) => bank.name === name)?.usedWords ?? 0);
    const needed = wordBits * Math.max(...used);
    return { what: `bits of the ${name} bank`, bank: name, needed, available: capacityBits };
  });
  if (system === undefined) return banks;
  return [{ what: 'cores', needed: cores.length, available: coresOf(hw) }, ...banks];
}

export function sizeOf({ image, system, hw }: Deployment): Size {
  return {
    memoryBits: memoryOf(image).totalBits,
    cores: system?.cores.length ?? 1,
    areaUm2: coresOf(hw) * coreArea(hw).totalUm2,
    isAreaOfOtherShape: hw.otherShapes.some(({ isEnergy }) => !isEnergy),
  };
}

/** How many times the cores of a chip are tried, until some hold a program. A barrier may have no time for more. */
const times = [1, 2, 4, 8];
/** As many bits as can be simulated. */
const mostBits = 2 ** 32;

/**
 * What a program needs that its chip does not hold: found by compiling it for cores with more memory, or for a chip of more
 * cores.
 *
 * @returns undefined if these do not hold it either
 */
export function needsBeyond(experiment: Experiment, choice: CellChoice, find: Find): Need[] | undefined {
  const loaded = loadCell(experiment, choice, find);
  const { hw } = loaded;
  for (const more of largerThan(loaded)) {
    const deployment = attempt(() =>
      'hw' in more
        ? deployCell(experiment, choice, find, more)
        : deployCell(experiment, withSettings(choice, more.set), find),
    );
    if (deployment === undefined) continue;
    return needsOf(deployment).map((need) => {
      const bank = hw.banks.find(({ name }) => name === need.bank);
      return { ...need, available: bank?.capacityBits ?? coresOf(hw) };
    });
  }
  return undefined;
}

type Loaded = Pick<Deployment, 'program' | 'hw'>;

/**
 * Settings that give a chip more and more cores, or the chip with as much memory in its only core as can be simulated, of
 * which no estimator could say the costs.
 */
function largerThan({ program, hw }: Loaded): (Loaded | { readonly set: readonly string[] })[] {
  if (isSpread(hw))
    return times.map((factor) => ({ set: [`hw.chip.mesh.columns=${factor * hw.chip.mesh.columns}`] }));
  const banks = hw.banks.map((bank) => ({
    ...bank,
    capacityBits: bank.wordBits * Math.floor(mostBits / bank.wordBits),
  }));
  return [{ program, hw: { ...hw, banks } }];
}

/** Whether programs are spread over the cores of a chip; where it has a controller of its own, that decides. */
export function isSpread(hw: HwModel): hw is HwModel & { readonly chip: NonNullable<HwModel['chip']> } {
  return hw.chip !== undefined && hw.controller === undefined;
}
