import { coresOf, networkLayout } from '../../compiler/index.ts';
import {
  type CellChoice,
  type Deployment,
  deployCell,
  type Experiment,
  loadCell,
  Models,
} from '../../experiment/index.ts';
import { coreArea, type HwModel, limitSharesOf } from '../../hardware/index.ts';
import { microcodeMemories, microcodeNeeds, microcodeUnitOf } from '../../microcode/index.ts';
import type { Program } from '../../program/index.ts';
import { memoryOf } from '../../report/index.ts';
import { fpgaNeeds } from '../../rtl/index.ts';
import { attempt, type Find, PlasticoreError } from '../../text/index.ts';
import { withSettings } from './change.ts';

/** The amount of a resource that a program needs, and the amount on the chip. */
export interface Need {
  /** `bits of the weight bank`, `cores`. */
  readonly what: string;
  /** The bank with these bits. */
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
  /** Area of all cores of the chip; 0 for an FPGA. */
  readonly areaUm2: number;
  /** Whether an area is among the figures that were stated for another shape. */
  readonly isAreaOfOtherShape: boolean;
}

/**
 * The needs of a compiled program: on one core, bits of each bank; on several, cores, and bits of the fullest
 * one; and what it takes of the hw-model's limits on networks, and of those on microcode.
 */
export function needsOf({ program, image, hw }: Deployment): Need[] {
  const ofNetwork =
    hw.mapping === undefined ? [] : limitSharesOf(networkLayout(sizesAlone(program)), hw.mapping);
  const banks = hw.banks.map(({ name, wordBits, capacityBits }): Need => {
    const used = image.cores.map(
      (core) => core.image.banks.find((bank) => bank.name === name)?.usedWords ?? 0,
    );
    const needed = wordBits * Math.max(...used);
    return { what: `bits of the ${name} bank`, bank: name, needed, available: capacityBits };
  });
  const held = [...banks, ...microcodeOf(image, hw)];
  if (hw.fpga !== undefined) return [...fpgaNeeds(image, hw, hw.fpga), ...held];
  if (hw.chip === undefined) return [...ofNetwork, ...held];
  return [{ what: 'cores', needed: image.cores.length, available: coresOf(hw) }, ...ofNetwork, ...held];
}

/** What the programs of cores take of each memory for microcode that is limited, at most. */
function microcodeOf({ cores }: Deployment['image'], hw: HwModel): Need[] {
  const { microcode = {} } = hw;
  const limited = microcodeMemories.filter((name) => microcode[name] !== undefined);
  if (limited.length === 0) return [];
  const needs = cores.map(({ image }) => microcodeNeeds(image, microcodeUnitOf(hw)));
  return limited.map((name) => ({
    what: name === 'words' ? 'words of microcode' : `${name} of microcode`,
    needed: Math.max(...needs.map((needed) => needed[name])),
    available: microcode[name] ?? 0,
  }));
}

/** Its sizes alone are asked: neither delays nor what learns. */
const sizesAlone = (program: Program) => ({
  program,
  delays: new Map(),
  leftOut: { projections: new Set<string>(), plastic: new Set<string>() },
});

export function sizeOf({ image, hw }: Deployment): Size {
  return {
    memoryBits: memoryOf(image).totalBits,
    cores: image.cores.length,
    areaUm2: coresOf(hw) * coreArea(hw).totalUm2,
    isAreaOfOtherShape: hw.otherShapes.some(({ isEnergy }) => !isEnergy),
  };
}

/** Factors by which a chip's cores are multiplied until they hold a program. A barrier may have no time for more. */
const times = [1, 2, 4, 8];
/** As many bits as can be simulated. */
const mostBits = 2 ** 32;

/**
 * The needs of a program that does not fit its chip, found by compiling it for cores with more memory, or for a chip
 * with more cores.
 *
 * @param models keeps the files that others of its kind name, too
 * @returns undefined if it does not fit these either
 */
export function needsBeyond(
  experiment: Experiment,
  choice: CellChoice,
  find: Find,
  models = new Models(find),
): Need[] | undefined {
  const loaded = loadCell(experiment, choice, find, models);
  const { hw } = loaded;
  for (const more of largerThan(loaded)) {
    const deployment = attempt(() => {
      if ('hw' in more) return deployCell(experiment, choice, find, more);
      const cell = withSettings(choice, more.set);
      return deployCell(experiment, cell, find, loadCell(experiment, cell, find, models));
    });
    // The design has no other fault than its size, so the change causes any refusal.
    if (deployment instanceof PlasticoreError) continue;
    // Kernels that no word of microcode does need no number of words.
    const needs = attempt(() => needsOf({ ...deployment, hw }));
    return needs instanceof PlasticoreError ? undefined : needs;
  }
  return undefined;
}

/** The program and the core of a deployment. */
export type LoadedDeployment = Pick<Deployment, 'program' | 'hw'>;

/**
 * Settings that give a chip more and more cores, or its only core as much memory as can be simulated; no estimator
 * knows the costs of that.
 */
function largerThan({
  program,
  hw,
}: LoadedDeployment): (LoadedDeployment | { readonly set: readonly string[] })[] {
  if (spreadsPrograms(hw))
    return times.map((factor) => ({ set: [`hw.chip.mesh.columns=${factor * hw.chip.mesh.columns}`] }));
  return [{ program, hw: withRoom(hw) }];
}

/** A core like it that holds as much as can be simulated, and stands alone. */
export function withRoom(hw: HwModel): HwModel {
  const banks = hw.banks.map((bank) => ({
    ...bank,
    capacityBits: bank.wordBits * Math.floor(mostBits / bank.wordBits),
  }));
  const {
    words: _words,
    kernels: _kernels,
    accesses: _accesses,
    scalars: _scalars,
    ...files
  } = hw.microcode ?? {};
  return {
    ...hw,
    banks,
    microcode: hw.microcode && files,
    fpga: undefined,
    chip: spreadsPrograms(hw) ? undefined : hw.chip,
  };
}

/** Whether programs are spread over the cores of a chip; a chip with its own controller decides itself. */
export function spreadsPrograms(
  hw: HwModel,
): hw is HwModel & { readonly chip: NonNullable<HwModel['chip']> } {
  return hw.chip !== undefined && hw.controller === undefined;
}
