import { basename, join } from 'node:path';
import type { EngineName } from '../../engine/index.ts';
import { findHwModel, noSettings } from '../../experiment/index.ts';
import { loadChips } from '../../experiment/node.ts';
import { checkWritable, findFile, readBytes, writeAtomically, writeTogether } from '../../fs/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import {
  currentNames,
  driftOf,
  firesNames,
  importFiles,
  importPrecision,
  importTo,
  inputKindNames,
  leakNames,
  learningRules,
  type MadeImport,
  ObservedRun,
  type Reading,
  readingNotes,
  readingsOf,
  resetNames,
  targetOf,
} from '../../import/index.ts';
import { frameworks, writeNirData } from '../../nir/index.ts';
import {
  type Drift,
  driftJson,
  driftLayersCsv,
  driftRemarks,
  driftSamplesCsv,
  grouped,
} from '../../report/index.ts';
import { driftTables } from '../../report/node.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { mendingNote } from '../drift-mending.ts';
import { referenceFrom } from '../files.ts';
import { readingsOption, readNetwork } from '../import-reading.ts';
import {
  aboveZeroByNode,
  argument,
  cellOptions,
  choiceByNode,
  choiceOption,
  engineOption,
  formulaOption,
  hwOption,
  jsonOption,
  listOption,
  outOption,
  textOption,
  wholeOption,
} from '../options.ts';
import { sampleLines } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

/** Files that --check writes beside those of the import. */
const driftFiles = { json: 'drift.json', layers: 'drift-layers.csv', samples: 'drift-samples.csv' } as const;

export const importCommand = defineCommand({
  positionals: ['file'],
  options: {
    file: argument('A .nir file, or a .net file of lava-dl'),
    out: outOption(
      'Folder for the program, its weights, an experiment that runs it, and a record of all decisions',
    ),
    from: choiceOption(
      frameworks,
      'The framework that wrote the file, and whose conventions hold; by default NIR’s equations are taken literally',
    ),
    dt: aboveZeroByNode(
      'Time of a step, in the unit of the file’s time constants; by default the framework’s; NODE=TIME for one node',
    ),
    reset: choiceByNode(
      'What a spike does to the potential; zero and subtract act when the framework’s reset acts, late ones in the next step, after the leak',
      resetNames,
    ),
    fires: choiceByNode(
      'When a neuron fires: above its threshold, where it reaches it, or each time that its potential holds it',
      firesNames,
    ),
    leak: choiceByNode('How potentials leak', leakNames),
    current: choiceByNode('How synaptic currents take their input', currentNames),
    readings: readingsOption,
    hw: { ...hwOption, default: 'reference' },
    precision: textOption(
      'mpS-W: W-bit weights (S is that of weights that learn); by default mp16-8, or the nearest that the hw-model offers',
    ),
    accumulator: wholeOption(
      'Bits of potentials and currents, or the next width that the hw-model has; by default 16',
      8,
      32,
    ),
    weights: {
      ...choiceOption(
        ['rounded', 'as-is', 'global'],
        'as-is: weights were trained as integers times a scale, for all or for each channel, and are not rounded again; global: on Xylo, rounded at one scale for all hidden neurons and one for outputs, instead of one for each neuron',
      ),
      default: 'rounded',
    },
    learn: listOption(
      'Layers that go on learning, joined by commas: nodes of neurons, or of the weights before them; all others are frozen',
    ),
    rule: choiceOption(learningRules, 'The rule by which they learn; by default three-factor'),
    readout: textOption('The output node that answers; by default the first of the graph'),
    input: choiceOption(
      inputKindNames,
      'The kind of input: spikes, a value in each step, or values that stay the same in all steps; by default the kind that the data imply',
    ),
    scale: formulaOption(
      'What 1 of the data is to the network, such as 1/255 for pixels; by default 1 for numbers that are not whole',
    ),
    offset: formulaOption('What 0 of the data is to the network, such as -0.1307/0.3081; by default 0'),
    steps: wholeOption('The most steps of a sample; by default those of the data, or 100', 1, 2 ** 20),
    calibrate: textOption(
      'Samples from which scales are computed; by default, scales fit the worst case. A .npz file with an array input, NIRData, a data set (of which the training set), or digits, those in the package',
    ),
    check: textOption(
      'Samples to run in floats and in integers, and to compare: a .npz file with input, and label and pred if it has them, NIRData, a data set (of which the test set), or digits',
    ),
    observe: textOption(
      'With --check: a file (.h5) for what comes in, and what each node gives on the core, as NIRData of nir',
    ),
    encoder: {
      ...cellOptions.encoder,
      describe:
        'How samples of a data set become spikes; by default bernoulli for features, bins of 10 ms for spikes with their times',
    },
    limit: wholeOption('Use at most this many samples to calibrate, and as many to check', 1),
    engine: engineOption,
    json: { ...jsonOption, describe: 'Print the decisions and the comparison as JSON' },
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
    const { out, check, observe } = options;
    if (out === undefined && check === undefined)
      throw new PlasticoreError('usage', 'missing: --out or --check');
    if (observe !== undefined && check === undefined)
      throw new PlasticoreError('usage', '--observe: nothing runs without --check');
    const source = { file: options.file, name: basename(options.file), bytes: readBytes(options.file) };
    const model = findHwModel(
      { name: options.hw, from: '' },
      options.precision ?? importPrecision,
      findFile,
      noSettings.hw,
    );
    const { controllerModule: module } = model;
    const chips = await loadChips(module === undefined ? [] : [module]);
    const progress = sampleLines(terminal);
    const target = targetOf(model, chips, options, findFile, (done, samples) =>
      progress('calibration', done, samples),
    );
    const { reading, data, copies } = await readNetwork(options, source, terminal);
    const hw = referenceFrom(join(out ?? '', importFiles.experiment), { name: options.hw, from: '' });
    const made = importTo(target, reading, { source, hw, data }, findFile);
    for (const { what, value, why } of made.decisions) terminal.note(`${what}: ${value}; ${why}`);
    for (const note of importNotes(made, reading)) terminal.note(note);
    const observed =
      observe !== undefined && reading.checked !== undefined
        ? new ObservedRun(reading.checked, reading.rules.dt)
        : undefined;
    if (observe !== undefined) checkWritable(observe);
    const drift = checkedDrift(made, reading, model, options.engine, terminal, observed);
    if (observe !== undefined && observed !== undefined) {
      writeAtomically(observe, await writeNirData(observed.observables()));
      terminal.note(`${observe}: ${[...observed.observables().keys()].join(', ')}`);
    }
    if (out !== undefined) {
      const all = [...made.files, ...copies, ...(drift === undefined ? [] : driftTexts(drift))];
      writeTogether(out, all);
      terminal.note(`${out}: ${all.map(([name]) => name).join(', ')}`);
    }
    const record: unknown = JSON.parse(String(made.files.get(importFiles.record)));
    if (options.json) terminal.print(JSON.stringify({ import: record, drift: drift ?? null }, null, 2));
    else if (drift !== undefined) terminal.print(driftTables(drift, terminal.style));
  },
});

/** Floats beside integers, with what is remarkable about them. */
function checkedDrift(
  made: MadeImport,
  reading: Reading,
  hw: HwModel,
  engine: EngineName,
  terminal: Terminal,
  observed: ObservedRun | undefined,
): Drift | undefined {
  const { checked, calibration } = reading;
  if (checked === undefined) return undefined;
  const { name, samples, steps } = checked;
  terminal.note(`${name}: ${grouped(samples)} samples of ${steps} steps, in floats and on ${hw.name}`);
  const progress = sampleLines(terminal);
  const drift = driftOf(made, reading, engine, (done) => progress('check', done, samples), observed);
  if (drift === undefined) return undefined;
  const { widths } = made.imported;
  const mending = widths && mendingNote(drift, hw, widths, calibration !== undefined);
  for (const remark of [...driftRemarks(drift), ...(mending === undefined ? [] : [mending])])
    terminal.note(remark);
  return drift;
}

/** Notes on an import that went well. */
function importNotes({ imported }: MadeImport, { stated, findings }: Reading): string[] {
  const { output, readout, rules, graph, network, notes } = imported;
  const { from, dt, reset } = stated;
  const others = [...network.outputs.keys()].filter((node) => node !== output);
  const word =
    from === undefined && !findings.some(({ isReproduced }) => isReproduced)
      ? [
          `no --from: the equations of NIR at their word${dt === undefined ? `, with steps of ${rules.dt}` : ''}${reset === undefined ? ', and spikes that reset to v_reset' : ''}`,
        ]
      : [];
  const first =
    others.length === 0
      ? []
      : [
          `'${output}' answers, by ${readout.name}; --readout chooses another output: ${others.map((node) => `'${node}'`).join(', ')}`,
        ];
  return [...word, ...readingNotes(readingsOf(graph, rules)), ...first, ...notes];
}

function driftTexts(drift: Drift): readonly (readonly [string, string])[] {
  return [
    [driftFiles.json, driftJson(drift)],
    [driftFiles.layers, driftLayersCsv(drift)],
    [driftFiles.samples, driftSamplesCsv(drift)],
  ];
}
