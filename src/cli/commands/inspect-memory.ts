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
import { type Framework, readNir } from '../../nir/index.ts';
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
import { attempt, command, option, PlasticoreError, reasonOf } from '../../text/index.ts';
import { kindOf } from '../file-kind.ts';
import { defaultSteps } from '../import-reading.ts';
import { type BatchOptions, batchNetwork, isLayers, readLayers } from '../layer-sizes.ts';
import type { Terminal } from '../terminal.ts';
import { refuseExperimentSettings } from './compile.ts';
import { isNirFile } from './inspect-nir.ts';

/** The core whose widths count where none is named. */
const usualHw = 'reference';

interface MemoryLine extends BatchOptions {
  readonly file: string;
  readonly basis?: string | undefined;
  readonly from?: Framework | undefined;
  readonly set?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

/** Prints the bits of each field of a network, at each precision; and where they do not fit its core. */
export async function printMemory(options: MemoryLine, terminal: Terminal): Promise<void> {
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
    const taken = attempt(() => take(network.program(hw, precision), hw, precision, { ...options, isNamed }));
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
}

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
  { file: network, hw, conv = [], recurrent = false, from }: MemoryLine,
  settings: Settings,
): Promise<AskedNetwork> {
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
      { hint: `for example \`${command('inspect 784-400-100-10', option('memory'))}\`` },
    );
  if (isNir) {
    refuseExperimentSettings(settings.experiment);
    return importedNetwork(network, from, settings);
  }
  const kind = kindOf(network);
  if (kind === 'experiment') return cellsOf(network, hw, settings);
  if (kind === 'image')
    throw new PlasticoreError('usage', 'an image is compiled at one precision', {
      file: network,
      hint: `${command(`inspect ${network}`)} prints its memory`,
    });
  refuseExperimentSettings(settings.experiment);
  const program = findProgram({ name: network, from: '' }, findFile, settings.program);
  return { precisions: allPrecisions, program: () => program };
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
