import { basename, join } from 'node:path';
import { compileFor, precisionOf } from '../../compiler/index.ts';
import { createMachine } from '../../cores/index.ts';
import { findHwModel, noSettings } from '../../experiment/index.ts';
import { checkWritable, findFile, makeFolder, readBytes, writeAtomically } from '../../fs/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import {
  compare,
  filesOf,
  firesNames,
  type Imported,
  importFiles,
  importNir,
  resetNames,
  rulesOf,
  type Stage,
} from '../../import/index.ts';
import { conventions, type Framework, readNir } from '../../nir/index.ts';
import { loadProgram, type Program } from '../../program/index.ts';
import {
  type Drift,
  driftJson,
  driftLayersCsv,
  driftSamplesCsv,
  grouped,
  readDrift,
} from '../../report/index.ts';
import { driftTables } from '../../report/node.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import {
  aboveZeroOption,
  cellOptions,
  engineOption,
  hwOption,
  jsonOption,
  precisionOption,
  wholeOption,
} from '../options.ts';
import { isSpikeFile, pathFrom, spikeSource } from '../spike-source.ts';

const frameworks = Object.keys(conventions).filter((name): name is Framework => name in conventions);
/** The most steps of a sample where no data say how many there are. */
const defaultSteps = 100;
/** Files that --check writes beside those of the import. */
const driftFiles = { json: 'drift.json', layers: 'drift-layers.csv', samples: 'drift-samples.csv' } as const;

export const importCommand = defineCommand({
  positionals: ['file'],
  options: {
    file: { type: 'string', demandOption: true, describe: 'A .nir file' },
    out: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'Folder for the program, its weights, an experiment that runs it, and what was decided',
    },
    from: {
      choices: frameworks,
      requiresArg: true,
      describe:
        'The framework that wrote the file: its conventions; by default NIR’s equations at their word',
    },
    dt: aboveZeroOption(
      'Time of a step, in the unit of the file’s time constants; by default the framework’s',
    ),
    reset: {
      choices: resetNames,
      requiresArg: true,
      describe: 'What a spike does to the potential; zero and subtract act when the framework’s reset acts',
    },
    fires: {
      choices: firesNames,
      requiresArg: true,
      describe:
        'When a neuron fires: above its threshold, where it reaches it, or each time that its potential holds it',
    },
    hw: { ...hwOption, default: 'reference' },
    precision: { ...precisionOption, default: 'mp16-8' },
    accumulator: wholeOption('Bits of potentials and currents; by default 16', 8, 32),
    steps: wholeOption('The most steps of a sample; by default those of the data, or 100', 1, 2 ** 20),
    calibrate: {
      type: 'string',
      requiresArg: true,
      describe:
        'Samples that decide on the scales; by default the worst case does. A .npz file with an array input, a data set (of which the training set), or digits, those in the package',
    },
    check: {
      type: 'string',
      requiresArg: true,
      describe:
        'Samples to run in floats and in integers, and to compare: a .npz file with input, and label and pred if it has them, a data set (of which the test set), or digits',
    },
    encoder: {
      ...cellOptions.encoder,
      describe:
        'How samples of a data set become spikes; by default phase for features, bins of 10 ms for spikes with their times',
    },
    limit: wholeOption('Use at most this many samples to calibrate, and as many to check', 1),
    engine: engineOption,
    json: { ...jsonOption, describe: 'Print what was decided, and the comparison, as JSON' },
  },
  examples: [
    ['import net.nir --from snntorch -o net', 'a program and an experiment that runs it'],
    [
      'import net.nir --from snntorch -o net --calibrate train.npz --check test.npz',
      'scales from data, then floats beside integers',
    ],
    ['import net.nir --from sinabs --check test.npz --precision mp16-4', 'what 4-bit weights do to it'],
  ],
  async run(options, terminal) {
    const { file, out, from, dt, reset, precision, calibrate, check, engine } = options;
    if (out === undefined && check === undefined)
      throw new PlasticoreError('usage', 'missing: --out or --check');
    const source = { name: basename(file), bytes: readBytes(file) };
    const graph = await readNir({ name: file, bytes: source.bytes });
    const hw = findHwModel({ name: options.hw, from: '' }, precision, findFile, noSettings.hw);
    refuseUnsuited(hw);
    const { weightBits } = precisionOf(precision, hw);
    const { rules, decisions } = rulesOf({ from, dt, reset, fires: options.fires });
    const delivery = hw.chip?.delivery === 'next' ? 'next' : 'same';
    const steps = options.steps ?? defaultSteps;
    const samplesOf = (path: string | undefined, part: 'train' | 'test') =>
      path === undefined ? undefined : spikeSource(path, part, { ...options, steps });
    const [calibration, checked] = await Promise.all([
      samplesOf(calibrate, 'train'),
      samplesOf(check, 'test'),
    ]);
    const given = calibration ?? checked;
    const imported = importNir(graph, {
      name: programName(source.name),
      rules,
      widths: { weightBits, accumulatorBits: options.accumulator ?? 16 },
      steps: options.steps ?? (given === undefined ? steps : (input: Stage) => given(input).steps),
      delivery,
      calibration,
    });
    const own = [check, calibrate].find((path) => path !== undefined && isSpikeFile(path));
    const context = {
      source,
      data: out === undefined || own === undefined ? undefined : pathFrom(out, own),
      hw: options.hw,
      precision,
      decisions: [
        ...decisions,
        {
          what: 'when spikes arrive on the chip',
          value: `in the ${delivery === 'next' ? 'next' : 'same'} step`,
          why: `hw-model ${hw.name}`,
        },
      ],
    };
    const files = filesOf(imported, context);
    const compiled = compileFor(programOf(imported, files), hw, { precision, seed: 1 });
    let drift: Drift | undefined;
    if (check !== undefined && checked !== undefined) {
      const samples = checked(imported.integers.network.input);
      const core = createMachine(compiled, { engine });
      terminal.note(
        `${check}: ${grouped(samples.samples)} samples of ${samples.steps} steps, in floats and in integers`,
      );
      drift = readDrift(driftJson(compare({ ...imported, core }, samples)), check);
    }
    if (out !== undefined) {
      makeFolder(out);
      const all = [...files, ...(drift === undefined ? [] : driftTexts(drift))];
      for (const [name] of all) checkWritable(join(out, name));
      for (const [name, content] of all) writeAtomically(join(out, name), content);
      terminal.note(`${out}: ${all.map(([name]) => name).join(', ')}`);
    }
    const record: unknown = JSON.parse(String(files.get(importFiles.record)));
    if (options.json) terminal.print(JSON.stringify({ import: record, drift: drift ?? null }, null, 2));
    else if (drift !== undefined) terminal.print(driftTables(drift, terminal.style));
  },
});

/** The program as it stands in its files. */
function programOf({ description }: Imported, files: ReadonlyMap<string, string | Uint8Array>): Program {
  const text = String(files.get(importFiles.program));
  const weights = files.get(importFiles.weights);
  return loadProgram(
    { text, file: importFiles.program },
    {
      arrays: (name) => {
        if (weights instanceof Uint8Array) return { file: name, bytes: weights };
        throw new Error(`${description.name} has no ${name}`);
      },
    },
  );
}

function driftTexts(drift: Drift): readonly (readonly [string, string])[] {
  return [
    [driftFiles.json, driftJson(drift)],
    [driftFiles.layers, driftLayersCsv(drift)],
    [driftFiles.samples, driftSamplesCsv(drift)],
  ];
}

/** A program is named after its file. */
function programName(file: string): string {
  return file.replace(/\.nir$/, '').replace(/[^A-Za-z0-9_-]/g, '_');
}

/** Chips with a controller of their own run its program alone. */
function refuseUnsuited(hw: HwModel): void {
  if (hw.controller === undefined) return;
  throw new PlasticoreError(
    'fit',
    `hw-model '${hw.name}' runs the program of its own neurons alone, which its controller drives: no network is imported to it`,
    { hint: 'choose a core that runs any microcode, such as reference, large or mesh' },
  );
}
