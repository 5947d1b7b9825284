import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { costBasis, offered, pricesOn } from '../compiler/index.ts';
import { defaultValidationFraction, usualFeatureEncoder } from '../data/index.ts';
import {
  type Cell,
  type CellChoice,
  checkImageChoice,
  type Deployment,
  deploy,
  fileNaming,
  findHwModel,
  noSettings,
  parseSettings,
  resolveCell,
} from '../experiment/index.ts';
import { dataOf } from '../experiment/node.ts';
import { bundledNames, findFile } from '../fs/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { canLearn, type Image, isSpread, type PlacedCore } from '../image/index.ts';
import { wiredFor } from '../rtl/index.ts';
import { at, option, PlasticoreError } from '../text/index.ts';
import type { TraceSource } from '../trace/index.ts';
import { kindOf } from './file-kind.ts';
import { isImagePath, readImageFile, readPlacementFile, referenceFrom } from './files.ts';
import { openExperimentOf, settingsOf } from './open-experiment.ts';
import type { Terminal } from './terminal.ts';

/** A command line's choice of the cell to run: the values of `cellOptions`, and the rest of a `CellChoice`. */
export interface CellLine extends Omit<CellChoice, 'settings' | 'placement'> {
  /** An experiment, or an image. */
  readonly experiment: string;
  readonly data?: string | undefined;
  /** A placement file. */
  readonly placement?: string | undefined;
  readonly set?: readonly string[] | undefined;
  /** A module with the controller of the core. */
  readonly chip?: string | undefined;
}

/** A cell, and what it was made from. */
export interface ChosenCell {
  readonly cell: Cell;
  readonly data: string | undefined;
  /** The cell's origin, as a file at a given path refers to it. */
  sourceFrom(file: string): TraceSource;
}

/** Resolves the cell that a command line names. */
export async function chooseCell(line: CellLine, terminal: Terminal): Promise<ChosenCell> {
  const { chip: _, ...cellLine } = line;
  const settings = settingsOf(line);
  const choice: CellChoice = { ...cellLine, settings, placement: readPlacementFile(line.placement) };
  if (isImagePath(line.experiment)) return imageCell(line, choice);
  const { experiment } = await openExperimentOf(line, terminal);
  const cell = resolveCell(experiment, choice, findFile);
  const { spec } = experiment;
  const hw =
    line.hw === undefined
      ? { name: spec.hw, from: fileNaming(experiment, 'hw') }
      : { name: line.hw, from: '' };
  const program = { name: spec.program, from: fileNaming(experiment, 'program') };
  const sourceFrom = (file: string) => ({
    program: referenceFrom(file, program),
    hwModel: referenceFrom(file, hw),
    settings: cell.settings.map((setting) =>
      settingFrom(file, setting, line.set?.some(startsAs(setting)) === true ? '' : experiment.source.file),
    ),
  });
  return { cell, data: line.data ?? dataOf(experiment), sourceFrom };
}

/** Whether an option sets the path that a setting sets. */
const startsAs = (setting: string) => (given: string) =>
  setting.startsWith(`${given.slice(0, given.indexOf('=')).trim()}=`);

/** A setting as a file states it: what it says is in a file is found from there. */
function settingFrom(file: string, setting: string, from: string): string {
  const equals = setting.indexOf('=') + 1;
  const value: unknown = JSON.parse(setting.slice(equals));
  if (typeof value !== 'object' || value === null || !('file' in value) || typeof value.file !== 'string')
    return setting;
  const named = { ...value, file: referenceFrom(file, { name: value.file, from }) };
  return `${setting.slice(0, equals)}${JSON.stringify(named)}`;
}

/** An image runs with the settings it was compiled for; the cell's other settings have defaults. */
function imageCell({ experiment: file, data }: CellLine, choice: CellChoice): ChosenCell {
  const image = readImageFile(file);
  checkImageChoice(image, choice);
  const cell: Cell = {
    name: basename(file),
    image,
    encoder: choice.encoder ?? usualFeatureEncoder,
    epochs: choice.epochs ?? Number(canLearn(image)),
    limit: choice.limit,
    validation: choice.validate === true ? defaultValidationFraction : choice.validate,
    settings: [],
  };
  const sourceFrom = (path: string) => ({ image: referenceFrom(path, { name: file, from: '' }) });
  return { cell, data, sourceFrom };
}

/** What a command line is about: an image, or what an experiment's cell or a program compiles to. */
export interface CommandSubject {
  readonly image: Image;
  /** The core that it was compiled for: an image names its hw-model, but does not hold it. */
  hw(): HwModel;
  /** Its cell, with samples; undefined for a program. */
  readonly samples?: ChosenCell;
}

/**
 * The subject of a command line that names an image, an experiment or a program.
 *
 * @param line how to compile it, and what to run; of an image, `hw` only says where its hw-model is
 */
export async function subjectOf(
  file: string,
  line: Omit<CellLine, 'experiment'>,
  terminal: Terminal,
): Promise<CommandSubject> {
  const kind = kindOf(file);
  if (kind === 'hw-model')
    throw new PlasticoreError(
      'usage',
      'this is an hw-model; an image, an experiment or a program is expected',
      { file, hint: `plasticore hw show ${file} prints it` },
    );
  if (kind === 'program') {
    const { image, hw } = deployProgram(file, line);
    return { image, hw: () => hw };
  }
  const own = { ...line, experiment: file, ...(kind === 'image' && { hw: undefined }) };
  const samples = await chooseCell(own, terminal);
  const { image, hw } = samples.cell;
  return { image, hw: () => hw ?? modelOf(image, line.hw), samples };
}

/** The core that a program is compiled for where a line names none. */
const usualCore = 'reference';

/** Compiles a program as a command line says. */
export function deployProgram(
  name: string,
  line: Pick<CellLine, 'hw' | 'precision' | 'seed' | 'set' | 'weights' | 'inference' | 'placement'>,
): Deployment {
  const { hw = usualCore, seed = 1, set = [], weights, inference } = line;
  return deploy(
    {
      program: { name, from: '' },
      hw: { name: hw, from: '' },
      precision: line.precision ?? firstPrecision(hw),
      seed,
      settings: parseSettings(set),
      weights,
      inference,
      placement: readPlacementFile(line.placement),
    },
    findFile,
  );
}

/**
 * The hw-model of an image, which names it but does not hold it: units and ports are in the model alone.
 *
 * @param given its name, if it is not the one that the image has
 * @throws PlasticoreError `usage` if the image was compiled for another core than the model describes now
 */
function modelOf(image: Image, given: string | undefined): HwModel {
  const name = given ?? image.core.hwModel;
  if (given === undefined && !bundledNames('hw-model').includes(name))
    throw new PlasticoreError(
      'usage',
      `the image was compiled for hw-model '${name}', which is not bundled, and an image names it without its file`,
      { hint: `${option('hw', 'FILE.yaml')} says where it is` },
    );
  const hw = wiredFor(image, findHwModel({ name, from: '' }, '', findFile, noSettings.hw));
  // A file drops keys without a value.
  const [stated, derived] = [image.costs, pricesOn(costBasis(image), hw)].map((costs) =>
    JSON.parse(JSON.stringify(costs)),
  );
  if (isDeepStrictEqual(stated, derived)) return hw;
  throw new PlasticoreError(
    'usage',
    `the image was compiled for another core than hw-model '${name}' describes`,
    {
      hint: `name its hw-model with ${option('hw')}, or start from the experiment, with the same ${option('set')}`,
    },
  );
}

/** The default precision for a program: the bundled programs' own choice, if the core offers it. */
function firstPrecision(hw: string): string {
  const precisions = offered(findHwModel({ name: hw, from: '' }, '', findFile));
  return precisions.find((name) => name === 'mp16-8') ?? precisions[0] ?? 'fp32';
}

/**
 * The core of an image that is written in Verilog.
 *
 * @param number on a chip of many cores, which of them
 * @throws PlasticoreError `usage` where the number of a core is missing, or where it names none
 */
export function writtenCore(image: Image, number: number | undefined): PlacedCore {
  if (!isSpread(image)) {
    if (number !== undefined)
      throw new PlasticoreError('usage', `${option('core', number)}: ${image.program} is on one core`, {
        hint: `leave it out, or place the program on a chip of many cores, such as ${option('hw', 'mesh')}`,
      });
    return at(image.cores, 0);
  }
  const numbers = image.cores.map((core) => core.number);
  const hint = `its cores are ${numbers.join(', ')}`;
  const { hwModel } = image.core;
  if (number === undefined)
    throw new PlasticoreError(
      'usage',
      `${image.program} is placed on ${numbers.length} cores of ${hwModel}: ${option('core')} says which one`,
      { hint },
    );
  const found = image.cores.find((core) => core.number === number);
  if (found === undefined)
    throw new PlasticoreError(
      'usage',
      `${option('core', number)}: no such core holds a part of ${image.program}`,
      { hint },
    );
  return found;
}
