import { join } from 'node:path';
import { parseSettings } from '../experiment/index.ts';
import { writeTogether } from '../fs/index.ts';
import { type HwModel, nandUm2 } from '../hardware/index.ts';
import type { CoreImage } from '../image/index.ts';
import { grouped } from '../report/index.ts';
import { type Style, table } from '../report/node.ts';
import { gatesFiles, type SynthesisedDesign, synthesisedModel } from '../rtl/index.ts';
import {
  familyOf,
  type ModuleGates,
  partOf,
  type Synthesis,
  type SynthesisTarget,
  synthesiseGates,
  type UsedResource,
  versionOf,
} from '../rtl/node.ts';
import { PlasticoreError } from '../text/index.ts';

/** The choice that maps a core to the gates of a chip, beside the parts of FPGAs. */
export const gates = 'gates';

/** A core that is synthesised, and the hw-model that it was written for. */
export interface CoreToSynthesise {
  readonly image: CoreImage;
  readonly hw: HwModel;
  /** How a file in the folder refers to that model, and what is set of it. */
  readonly extended: string;
  readonly settings: readonly string[];
}

/** Maps a core to gates; prints those of each module, and writes an hw-model with them. */
export function synthesisedGates(
  folder: string,
  sources: readonly string[],
  core: CoreToSynthesise,
  style: Style,
): string {
  writeTogether(folder, gatesFiles(sources, { top: coreModule }));
  const found = synthesiseGates(folder);
  const file = `${core.hw.name}-${gates}.yaml`;
  writeTogether(folder, [[file, gatesModel(core, found)]]);
  const all = found.reduce((sum, { nands }) => sum + nands, 0);
  const rows = found.map(({ module, nands }) => [
    module,
    grouped(Math.round(nands)),
    `${((100 * nands) / all).toFixed(1)} %`,
  ]);
  const head = ['gates', 'NAND2', 'of the logic'];
  return `${table(head, [...rows, ['all', grouped(Math.round(all)), '']], 'lrr', style)}\n${join(folder, file)}: an hw-model with its control`;
}

const coreModule = 'plasticore_core';

/** The model whose control is what was synthesised: all that is in no pipeline and no bank. */
function gatesModel(core: CoreToSynthesise, found: readonly ModuleGates[]): string {
  const { hw } = core;
  const nands = found.reduce((sum, own) => sum + (own.module === coreModule ? own.nands : 0), 0);
  const areaUm2 = Math.round(nands * nandUm2 * (hw.technologyNm / 45) ** 2);
  const how = `${grouped(Math.round(nands))} gates of ${nandUm2} um2 at 45 nm, by the square of the node at ${hw.technologyNm} nm`;
  return synthesisedModel(
    synthesisedOf(core, versionOf('yosys')),
    gates,
    { control: { areaUm2, energyPj: 'auto', source: 'synthesis' } },
    how,
  );
}

function synthesisedOf(
  { image, hw, extended, settings }: CoreToSynthesise,
  tools: string,
): SynthesisedDesign {
  return { image, hw, extended, settings: parseSettings(settings).hw, tools };
}

/**
 * Writes the hw-model of a core on an FPGA, with what it takes of the part and the clock at which it may run; for a
 * board, with what is around the core.
 *
 * @throws PlasticoreError `run` if the router does not say what there is of a resource
 */
export function synthesisedPart(
  folder: string,
  target: SynthesisTarget,
  core: CoreToSynthesise,
  { clockMhz, used }: Synthesis,
): string {
  const { router, block, large, multiplierBits } = familyOf(target);
  const tools = `${versionOf('yosys')} and ${versionOf(router)}`;
  const of = (what: UsedResource['is']): UsedResource => {
    const found = used.find(({ is }) => is === what);
    if (found === undefined)
      throw new PlasticoreError('run', `${router} does not say how many ${what} there are`);
    return found;
  };
  const kinds = { block, ...(large && { large }) };
  const blocks = Object.entries(kinds).map(([name, shape]) => ({
    name,
    shape,
    ...of(name as 'block' | 'large'),
  }));
  const part = partOf(target);
  const { program, core: shape } = core.image;
  const fpga = {
    part,
    luts: of('luts').available,
    multipliers: { count: of('multipliers').available, bits: multiplierBits },
    memories: Object.fromEntries(
      blocks.map(({ name, shape, available }) => [name, { count: available, ...shape }]),
    ),
    source: 'synthesis',
    core: {
      ...{ program, precision: shape.precision, lanes: shape.lanes },
      luts: of('luts').used,
      multipliers: of('multipliers').used,
      blocks: Object.fromEntries(blocks.map(({ name, used: own }) => [name, own])),
      source: 'synthesis',
    },
  };
  // Rounded down: the core does not run at more.
  const clock = Math.floor(10 * clockMhz) / 10;
  const file = `${core.hw.name}-${target}.yaml`;
  const text = synthesisedModel(synthesisedOf(core, tools), target, { clockMhz: clock, fpga });
  writeTogether(folder, [[file, text]]);
  return `${join(folder, file)}: an hw-model with what the core takes, and its clock`;
}
