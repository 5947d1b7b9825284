import {
  type Cell,
  type CellChoice,
  type Experiment,
  joinSettings,
  loadCell,
  loadExperiment,
  noSettings,
  pathSetting,
  resolveCell,
} from '../../src/experiment/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import type { Program } from '../../src/program/index.ts';
import { type Find, option } from '../../src/text/index.ts';
import type { Design } from '../shared/design.ts';

/** A design, compiled, with what it was compiled from. */
export interface CompiledDesign {
  readonly design: Design;
  readonly experiment: Experiment;
  readonly program: Program;
  readonly hw: HwModel;
  /** The same without the person's settings. */
  readonly own: { readonly program: Program; readonly hw: HwModel };
  readonly cell: Cell;
  /** Finds the bundled files, with the design's edits in their place. */
  readonly find: Find;
  readonly compiledMs: number;
}

/**
 * Compiles a design.
 *
 * @param find knows the design's edits
 * @throws PlasticoreError with the faults that were found
 */
export function compileDesign(design: Design, find: Find): CompiledDesign {
  const began = performance.now();
  const { experiment, choice } = chosen(design, find);
  const loaded = loadCell(experiment, choice, find);
  const { hw, precision, seed } = choice;
  const own =
    Object.keys(design.settings).length === 0 ? loaded : loadCell(experiment, { hw, precision, seed }, find);
  const cell = resolveCell(experiment, choice, find, loaded);
  return { design, experiment, ...loaded, own, cell, find, compiledMs: performance.now() - began };
}

/** The experiment of a design, and what the design chooses, as the command line's options do. */
export function chosen(
  design: Design,
  find: Find,
): { readonly experiment: Experiment; readonly choice: CellChoice } {
  const settings = joinSettings(
    noSettings,
    ...Object.entries(design.settings).map(([path, value]) =>
      pathSetting(path, value, { file: option('set', path) }),
    ),
  );
  const { hw, precision, seed } = design;
  return {
    experiment: loadExperiment(find('experiment', design.experiment, ''), settings.experiment),
    choice: { hw, precision, seed, settings },
  };
}
