/** A network that becomes a program of its own on a core, or is put on the neurons of a chip. */
import { fillFromArrays } from '../chips/index.ts';
import { compile } from '../compiler/index.ts';
import { createCore, type EngineName } from '../engine/index.ts';
import { findFile } from '../fs/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { coreImageOf } from '../image/index.ts';
import {
  type ChipImport,
  checkGraph,
  chipFilesOf,
  chipNotesOf,
  compiledFrom,
  type Decision,
  type ImportedNetwork,
  importFiles,
  importOnCore,
  importToChip,
  importToXylo,
  notesOf,
  overridesOf,
  runningOn,
  runningOnChip,
  runningOnXylo,
  xyloFilesOf,
} from '../import/index.ts';
import { createMachine } from '../machine/index.ts';
import { loadProgram } from '../program/index.ts';
import { accumulatorOf, type ChipWithNetworks, type learningOf, programName } from './import-choices.ts';
import type { Reading } from './import-reading.ts';
import { sampleLines } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** An import before anything of it is written. */
export interface MadeImport {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly decisions: readonly Decision[];
  readonly notes: readonly string[];
  readonly imported: Pick<ImportedNetwork, 'graph' | 'rules' | 'readout' | 'output'>;
  readonly outputs: ReadonlyMap<string, unknown>;
  /** The runner of a check. */
  running(engine: EngineName): ReturnType<typeof runningOn>;
}

interface CoreLine {
  readonly accumulator?: number | undefined;
  readonly weights: string;
  readonly readout?: string | undefined;
  readonly learning: ReturnType<typeof learningOf>;
}

/** A network as a program of its own: the cheapest of several. */
export function importToCore(
  reading: Reading,
  hw: HwModel,
  { accumulator, weights, readout, learning }: CoreLine,
  terminal: Terminal,
): MadeImport {
  const { source } = reading.context;
  const { calibration } = reading;
  const progress = sampleLines(terminal);
  const { imported, image, decisions, files } = importOnCore(
    reading,
    hw,
    {
      name: programName(source.name),
      accumulatorBits: accumulatorOf(hw, accumulator),
      areIntegers: weights === 'as-is',
      readout,
      learning,
      onCalibrated: calibration && ((done) => progress('calibration', done, calibration.samples)),
    },
    findFile,
  );
  return {
    files,
    decisions,
    notes: notesOf(imported),
    imported,
    outputs: imported.integers.network.outputs,
    running: (engine) => runningOn(createMachine(image, { engine }), imported),
  };
}

/** A network on Xylo's neurons, quantised as Rockpool does. */
export function importWithRockpool(
  { graph, rules, steps, context, input }: Reading,
  hw: HwModel,
  { weights, readout }: Pick<CoreLine, 'weights' | 'readout'>,
): MadeImport {
  checkGraph(graph, rules, input, readout, hw);
  const { source, precision } = context;
  const imported = importToXylo(graph, {
    name: programName(source.name),
    file: source.name,
    rules,
    steps,
    input,
    method: weights === 'global' ? 'global' : 'channel',
    // Its hw-model has a cost for what is only passed.
    passesAll: hw.kernels.passedHidden !== undefined,
    output: readout,
  });
  const files = xyloFilesOf(imported, context);
  const image = compiledFrom(imported, files, source.name, hw, precision, findFile);
  return {
    files,
    decisions: [],
    notes: imported.notes,
    imported,
    outputs: imported.network.outputs,
    running: (engine) => runningOnXylo(createMachine(image, { engine }), imported),
  };
}

/** A network on the neurons of a chip, whose program stays as it is. */
export function importToNeurons(
  { graph, rules, steps, context, input }: Reading,
  hw: HwModel,
  chip: ChipWithNetworks,
  readout: string | undefined,
): MadeImport {
  const { source, precision } = context;
  const bundled = findFile('program', chip.networks.program, '');
  const microcode = (reference: string, from: string) => findFile('microcode', reference, from);
  const { spec } = loadProgram(bundled, { microcode });
  const imported: ChipImport = importToChip(graph, chip, {
    name: programName(source.name),
    rules,
    steps,
    input,
    program: spec,
    output: readout,
  });
  const files = chipFilesOf(imported, context);
  return {
    files,
    decisions: [],
    notes: chipNotesOf(imported),
    imported,
    outputs: imported.network.outputs,
    running(engine) {
      const arrays = (file: string) => {
        const bytes = files.get(importFiles.weights);
        if (bytes instanceof Uint8Array) return { file, bytes };
        throw new Error(`no ${file}`);
      };
      const overrides = overridesOf(imported, importFiles.experiment);
      const program = loadProgram(bundled, { microcode, arrays }, overrides);
      const image = compile(program, hw, { precision, seed: 1 });
      const core = createCore(coreImageOf(image), { engine });
      fillFromArrays(core);
      return runningOnChip(core, imported.networks, imported.network, imported.mapped);
    },
  };
}
