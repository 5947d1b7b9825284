import { compile, nearestPrecision, offered, precisionOf } from '../../compiler/index.ts';
import { writeNpz } from '../../data/index.ts';
import {
  findHwModel,
  findProgram,
  loadCell,
  loadExperiment,
  Models,
  parseSettings,
  type Settings,
} from '../../experiment/index.ts';
import { withRoom } from '../../explore/index.ts';
import { findFile, readBytes } from '../../fs/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { accumulatorOf, importNir, inputSpikes, rulesOf } from '../../import/index.ts';
import { type Framework, frameworks, readNir } from '../../nir/index.ts';
import { createProgram, layeredProgram, type Program, type ProgramFiles } from '../../program/index.ts';
import { memoryOf } from '../../report/index.ts';
import {
  batchMemory,
  batchMemoryTables,
  hasSavings,
  type MemoryOfPrecision,
  memoryTables,
  savingsNote,
} from '../../report/node.ts';
import { attempt, command, isBareName, option, PlasticoreError, reasonOf } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { defaultSteps } from '../import-reading.ts';
import { batchNetwork, isLayers, readLayers } from '../layer-sizes.ts';
import {
  argument,
  choiceOption,
  flagOption,
  hwOption,
  inferenceOption,
  jsonOption,
  listOption,
  setOption,
  textsOption,
  wholeOption,
} from '../options.ts';
import { refuseExperimentSettings } from './compile.ts';
import { isNirFile } from './inspect-nir.ts';

/** The core whose widths count where none is named. */
const usualHw = 'reference';

export const memoryCommand = defineCommand({
  positionals: ['network'],
  options: {
    network: argument(
      'A bundled program by name, or the path of a file or of an experiment, which names its core; a .nir file; or sizes of layers, such as 784-400-100-10',
      ['program'],
    ),
    hw: {
      ...hwOption,
      describe: `A core, by name or the path of a file: says at which precisions the network does not fit it; by default, widths are those of ${usualHw}, and everything fits`,
    },
    precision: listOption(
      'One or several, joined by commas; by default all that the hw-model offers, and its baseline',
    ),
    recurrent: flagOption('Of sizes: neurons of a hidden layer hear each other'),
    conv: textsOption(
      'Of sizes: CHANNELSxWINDOW/STRIDE, a convolution before the other layers; may be repeated, in order',
    ),
    from: choiceOption(frameworks, 'Of a .nir file: the framework that wrote it'),
    inference: inferenceOption,
    basis: choiceOption(
      ['gomez-tang'],
      'Of three sizes: counts a batch as the table of Gomez and Tang does, in bytes, beside other ways',
    ),
    batch: wholeOption('With --basis: samples of a batch; by default 128', 1, 2 ** 20),
    steps: wholeOption('With --basis: time steps of a sample; by default 20', 1, 2 ** 16),
    set: setOption,
    json: jsonOption,
  },
  examples: [
    ['memory 784-400-100-10', 'a network by its layers, at each precision'],
    ['memory 28x28x1-10 --conv 16x5/2 --conv 32x5/2 --hw reference', 'and where it does not fit'],
    ['memory net.nir --from snntorch', 'a network from another framework'],
    [
      'memory 150-256-20 --recurrent --basis gomez-tang --steps 10',
      'a published table of memory, to the byte',
    ],
    ['memory mnist-snn --hw reference', 'a program, at all precisions of the reference core'],
    ['memory mnist-snn --hw reference --precision mp16-8,fp32 --json', 'two of them, as JSON'],
    ['memory mnist-snn --hw reference --set hw.inferenceWeights=sliced', 'without copies of the weights'],
  ],
  async run(options, terminal) {
    if (options.basis !== undefined) {
      const counted = batchMemory(batchNetwork(options));
      terminal.print(
        options.json
          ? JSON.stringify({ schema: 'plasticore/batch-memory/1', ...counted }, null, 2)
          : batchMemoryTables(counted, terminal.style),
      );
      return;
    }
    for (const name of ['batch', 'steps'] as const)
      if (options[name] !== undefined)
        throw new PlasticoreError('usage', `${option(name)} goes with ${option('basis', 'gomez-tang')}`);
    const settings = parseSettings(options.set ?? []);
    const network = await networkOf(options, settings);
    const isNamed = network.hw !== undefined || options.hw !== undefined;
    const modelOf = (precision: string): HwModel =>
      network.hw?.(precision) ??
      findHwModel({ name: options.hw ?? usualHw, from: '' }, precision, findFile, settings.hw);
    const precisions = options.precision ?? network.precisions(modelOf(''));
    const all = precisions.map((precision): MemoryUse => {
      const hw = attempt(() => modelOf(precision));
      // Settings of a bank, as `fit` prints them, may be of one that the baseline does not have.
      if (hw instanceof PlasticoreError && precision === 'fp32' && options.precision === undefined)
        return { precision, image: undefined, misfit: reasonOf(hw) };
      if (hw instanceof PlasticoreError) throw hw;
      const taken = attempt(() =>
        take(network.program(hw, precision), hw, precision, { ...options, isNamed }),
      );
      if (!(taken instanceof PlasticoreError)) return taken;
      // Values of a program may need more bits than a precision has; nobody chose that precision.
      if (taken.code !== 'invalid-value' || options.precision !== undefined) throw taken;
      return { precision, image: undefined, misfit: reasonOf(taken), fault: taken };
    });
    // What is wrong at every precision is wrong with the program.
    const [{ fault } = {}] = all;
    if (fault !== undefined && all.every((taken) => taken.fault !== undefined)) throw fault;
    const misfits = all.flatMap(({ precision, misfit }) =>
      misfit === undefined ? [] : [{ precision, reason: misfit }],
    );
    const known = all.flatMap(({ precision, image, misfit }): MemoryOfPrecision[] =>
      image === undefined
        ? []
        : [
            {
              precision,
              memory: memoryOf(image),
              ...(isNamed && { fits: misfit === undefined }),
            },
          ],
    );
    if (options.json) {
      terminal.print(JSON.stringify({ schema: 'plasticore/memory/1', precisions: known, misfits }, null, 2));
      return;
    }
    const { style } = terminal;
    const [first] = all.flatMap(({ image }) => image ?? []);
    if (first !== undefined) {
      const flags = first.fields.filter(({ kind }) => kind !== 'real').map(({ name }) => name);
      terminal.print(memoryTables(known, style));
      if (hasSavings(known)) terminal.print(`\n${style.dim(savingsNote(flags))}`);
    }
    for (const { precision, reason } of misfits) terminal.print(`\n${precision}: ${reason}`);
    if (!isNamed)
      terminal.print(
        `\n${style.dim(`Widths and words are those of ${usualHw}; --hw says what does not fit a core.`)}`,
      );
  },
});

/** The memory of a network on a core at a precision, and why it does not fit, if so. */
interface MemoryUse {
  readonly precision: string;
  /** Undefined where no core like this one holds it, however large. */
  readonly image: Image | undefined;
  readonly misfit: string | undefined;
  /** The error about values of the program that the precision does not hold. */
  readonly fault?: PlasticoreError;
}

/** Compiles for the core, or for one like it that is large enough. */
function take(
  program: Program,
  hw: HwModel,
  precision: string,
  { isNamed, inference }: { readonly isNamed: boolean; readonly inference?: boolean | undefined },
): MemoryUse {
  const on = (core: HwModel): Image => compile(program, core, { precision, seed: 1, inference });
  if (!isNamed) return { precision, image: on(withRoom(hw)), misfit: undefined };
  const fitting = attempt(() => on(hw));
  if (!(fitting instanceof PlasticoreError)) return { precision, image: fitting, misfit: undefined };
  if (fitting.code !== 'fit') throw fitting;
  const large = attempt(() => on(withRoom(hw)));
  return {
    precision,
    image: large instanceof PlasticoreError ? undefined : large,
    misfit: reasonOf(fitting),
  };
}

/** A network whose memory is asked for. */
interface AskedNetwork {
  /** The precisions that say something of it. */
  precisions(hw: HwModel): readonly string[];
  program(hw: HwModel, precision: string): Program;
  /** Its core, if it names one. */
  hw?(precision: string): HwModel;
}

async function networkOf(
  options: {
    readonly network: string;
    readonly conv?: readonly string[] | undefined;
    readonly recurrent?: boolean | undefined;
    readonly from?: Framework | undefined;
    readonly hw?: string | undefined;
  },
  settings: Settings,
): Promise<AskedNetwork> {
  const { network, conv = [], recurrent = false, from } = options;
  const isNir = isNirFile(network);
  if (!isNir && from !== undefined)
    throw new PlasticoreError('usage', `${option('from')}: '${network}' is no .nir file`);
  if (isLayers(network)) {
    refuseExperimentSettings(settings.experiment);
    const layers = layeredProgram(readLayers(network, conv, recurrent));
    const program = createProgram(layers, { microcode }, settings.program);
    return { precisions: allPrecisions, program: () => program };
  }
  if (conv.length > 0 || recurrent)
    throw new PlasticoreError(
      'usage',
      `${option(recurrent ? 'recurrent' : 'conv')}: '${network}' is no list of layers, and says itself how they are connected`,
      { hint: `for example \`${command('memory 784-400-100-10')}\`` },
    );
  if (isNir) {
    refuseExperimentSettings(settings.experiment);
    return importedNetwork(network, from, settings);
  }
  if (isExperiment(network)) return cellsOf(network, options.hw, settings);
  refuseExperimentSettings(settings.experiment);
  const program = findProgram({ name: network, from: '' }, findFile, settings.program);
  return { precisions: allPrecisions, program: () => program };
}

/** Whether a path leads to an experiment; a name is that of a program. */
function isExperiment(network: string): boolean {
  if (isBareName(network)) return false;
  return /^format:\s*["']?plasticore\/experiment\//m.test(findFile('program', network, '').text);
}

/** The program of an experiment, on its core, as it sets both. */
function cellsOf(file: string, hw: string | undefined, settings: Settings): AskedNetwork {
  const experiment = loadExperiment(findFile('experiment', file, ''), settings.experiment);
  const models = new Models(findFile);
  const cell = (precision: string) =>
    loadCell(
      experiment,
      { hw, precision: precision === '' ? undefined : precision, settings },
      findFile,
      models,
    );
  return {
    precisions: allPrecisions,
    program: (_, precision) => cell(precision).program,
    hw: (precision) => cell(precision).hw,
  };
}

const microcode: ProgramFiles['microcode'] = (reference, file) => findFile('microcode', reference, file);

/** Without samples, the worst case decides on the scales: widths do not depend on them. */
async function importedNetwork(
  file: string,
  from: Framework | undefined,
  settings: Settings,
): Promise<AskedNetwork> {
  const graph = await readNir({ name: file, bytes: readBytes(file) });
  const { rules } = rulesOf({ from: from ?? graph.framework }, graph);
  return {
    // It does not learn: shadow weights say nothing.
    precisions: (hw) => [
      ...new Set(hw.precision.weightBits.map((bits) => nearestPrecision(hw, `mp16-${bits}`))),
    ],
    program(hw, precision) {
      const { weightBits } = precisionOf(precision, hw);
      const widths = { weightBits, accumulatorBits: accumulatorOf(hw, undefined) };
      const { description, arrays } = importNir(
        { graph, rules, input: inputSpikes, name: 'imported', file, steps: defaultSteps },
        { widths },
      );
      const bytes = writeNpz(arrays);
      return createProgram(
        description,
        { microcode, arrays: (name) => ({ file: name, bytes }) },
        settings.program,
      );
    },
  };
}

/** The precisions that a core offers, and fp32 if it has a baseline. */
function allPrecisions(hw: HwModel): string[] {
  return [...offered(hw), ...(hw.baseline === undefined ? [] : ['fp32'])];
}
