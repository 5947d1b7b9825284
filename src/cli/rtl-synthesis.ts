import { join } from 'node:path';
import { parseSettings } from '../experiment/index.ts';
import { writeTogether } from '../fs/index.ts';
import { type HwModel, nandUm2 } from '../hardware/index.ts';
import type { CoreImage } from '../image/index.ts';
import { grouped } from '../report/index.ts';
import { type Style, table } from '../report/node.ts';
import { gatesFiles, type Synthesised, synthesisedModel } from '../rtl/index.ts';
import {
  type ModuleGates,
  partOf,
  type Synthesis,
  synthesiseGates,
  type Target,
  versionOf,
} from '../rtl/node.ts';

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

/**
 * Writes the hw-model of a core on an FPGA, with what it takes of the part and the clock at which it may run; for a
 * board, with what is around the core.
 */
export function synthesisedPart(
  folder: string,
  target: Target,
  core: SynthesisedCore,
  { clockMhz, used }: Synthesis,
): string {
  const part = partOf(target);
  const router = part.startsWith('ice40') ? 'nextpnr-ice40' : 'nextpnr-ecp5';
  const tools = `${versionOf('yosys')} and ${versionOf(router)}`;
  const amounts = used.map(({ resource, used: own, available }) => ({ resource, own, available }));
  const of = (what: RegExp) => amounts.find(({ resource }) => what.test(resource));
  const [luts, products, blocks, large] = [
    of(/^lookup tables|^logic cells/),
    of(/^multipliers of/),
    of(/^block RAMs/),
    of(/^RAMs of/),
  ];
  const known = core.hw.fpga?.part === part;
  const file = `${core.hw.name}-${target}.yaml`;
  const fpga = {
    ...(known
      ? {}
      : {
          part,
          luts: luts?.available,
          multipliers: {
            count: products?.available ?? 0,
            bits: Number(/\d+/.exec(products?.resource ?? '18')?.[0]),
          },
          memories: memoriesOf(blocks, large),
          source: 'synthesis',
        }),
    core: {
      luts: luts?.own,
      multipliers: products?.own ?? 0,
      blocks: { block: blocks?.own ?? 0, ...(large && { large: large.own }) },
      source: 'synthesis',
    },
  };
  // Rounded down: the core does not run at more.
  const clock = Math.floor(10 * clockMhz) / 10;
  const text = synthesisedModel(synthesisedOf(core, tools), target, { clockMhz: clock, fpga });
  writeTogether(folder, [[file, text]]);
  return `${join(folder, file)}: an hw-model with what the core takes, and its clock`;
}

interface Amount {
  readonly resource: string;
  readonly available: number;
}

/** Block memories as the router counts them: their shapes are those of the family. */
function memoriesOf(blocks: Amount | undefined, large: Amount | undefined) {
  const isSmall = blocks?.resource.includes('4 Kbit') ?? false;
  const shape = isSmall
    ? { bits: 4096, narrowest: 2, widest: 16, leastBits: 512 }
    : { bits: 16_384, narrowest: 1, widest: 32, leastBits: 2048 };
  const single = { bits: 262_144, narrowest: 16, widest: 16, leastBits: 65_536, singlePort: true };
  return {
    block: { count: blocks?.available ?? 0, ...shape },
    ...(large && { large: { count: large.available, ...single } }),
  };
}
