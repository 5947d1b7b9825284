import { join } from 'node:path';
import { parseSettings } from '../experiment/index.ts';
import { writeTogether } from '../fs/index.ts';
import { type HwModel, nandUm2 } from '../hardware/index.ts';
import type { CoreImage } from '../image/index.ts';
import { grouped } from '../report/index.ts';
import { type Style, table } from '../report/node.ts';
import { gatesFiles, type Synthesised, synthesisedModel } from '../rtl/index.ts';
import { type ModuleGates, synthesiseGates, versionOf } from '../rtl/node.ts';

/** What maps a core to the gates of a chip, beside the parts of FPGAs. */
export const gates = 'gates';

/** A core that is synthesised, and the hw-model that it was written for. */
export interface SynthesisedCore {
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
  core: SynthesisedCore,
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
function gatesModel(core: SynthesisedCore, found: readonly ModuleGates[]): string {
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

function synthesisedOf({ image, hw, extended, settings }: SynthesisedCore, tools: string): Synthesised {
  return { image, hw, extended, settings: parseSettings(settings).hw, tools };
}
