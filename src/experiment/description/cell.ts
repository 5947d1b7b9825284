import type { DescribedSetup } from '../../chips/index.ts';
import { constantsOf, type GivenPlacement } from '../../compiler/index.ts';
import type {
  CueAccumulation,
  Encoding,
  MackeyGlass,
  Shift,
  Split,
  SpontaneousActivity,
  ValidationPart,
} from '../../data/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import type { Program } from '../../program/index.ts';
import {
  command,
  type Find,
  fileOf,
  option,
  type Path,
  type Place,
  PlasticoreError,
} from '../../text/index.ts';
import {
  type Deployment,
  type DeploymentRequest,
  deploy,
  type FileReference,
  loadBoth,
  type Models,
} from './deploy.ts';
import { type Life, lifeOf, parameterStages } from './life.ts';
import type { Experiment, HostedChip } from './load.ts';
import type { ExperimentSpec } from './schema.ts';
import { experimentSettings, joinSettings, noSettings, type Settings } from './settings.ts';

/** The choices of the command line. Each replaces a part of the experiment's default cell. */
export interface CellChoice {
  readonly hw?: string | undefined;
  readonly precision?: string | undefined;
  readonly seed?: number | undefined;
  readonly epochs?: number | undefined;
  readonly limit?: number | undefined;
  readonly encoder?: Encoding | undefined;
  /**
   * Holds out a part of the training set and scores it instead of the test set; with `true`, the experiment's own part.
   */
  readonly validate?: ValidationPart | true | undefined;
  /** A `.npz` file of weights to start with: arrays named like projections, as a run writes them. */
  readonly weights?: string | undefined;
  /** Compiles for a core that only infers, and only tests. */
  readonly inference?: boolean | undefined;
  /** Applied after the experiment's own settings. */
  readonly settings?: Settings | undefined;
  /** Where the neurons are, on a chip of many cores. */
  readonly placement?: GivenPlacement | undefined;
}

/** A task whose samples are generated. */
type Task =
  | { readonly cueAccumulation: CueAccumulation }
  | { readonly mackeyGlass: MackeyGlass }
  | { readonly spontaneousActivity: SpontaneousActivity };

/** One compiled cell of an experiment: everything a run depends on except the data. */
export interface Cell {
  /** The experiment's name, or the image's file name. */
  readonly name: string;
  readonly image: Image;
  /** The model that it was compiled for; absent for an image from a file. */
  readonly hw?: HwModel | undefined;
  /** The reference of that model, whose name may be that of another one. */
  readonly hwReference?: FileReference | undefined;
  /** Replaces the image in the identity of a run whose counts are priced later; absent for any other run. */
  readonly function?: string | undefined;
  readonly encoder: Encoding;
  /** The hosted chip and its setup; absent if samples run in time steps. */
  readonly chip?: DescribedSetup | undefined;
  /** The task that generates the samples, if no data set is named. */
  readonly task?: Task | undefined;
  /** Which arrays of its files hold the samples; absent for data in a layout of their own. */
  readonly arrays?: ExperimentSpec['arrays'];
  /** How the data are split into training and test set; absent if they keep their own split. */
  readonly split?: Split | undefined;
  /** How the samples are changed; absent if they are not. */
  readonly shift?: Shift | undefined;
  /** Passes over the training set; in a life, over the samples of each stage that states none. */
  readonly epochs: number;
  /** The stages that it learns, in order; absent for one training set in random order. */
  readonly life?: Life | undefined;
  /** Set if it was compiled without what serves learning alone. */
  readonly inference?: boolean | undefined;
  readonly limit: number | undefined;
  /** The part of the training set that is held out and scored instead of the test set; absent for none. */
  readonly validation?: ValidationPart | undefined;
  /** The part that chooses the epoch whose weights are tested; absent if those of the last one are. */
  readonly selection?: ValidationPart | undefined;
  /** Settings applied to program and hw-model, as `path=value`, in order. */
  readonly settings: readonly string[];
}

/**
 * Compiles what a cell of an experiment runs: its program, on its chip.
 *
 * @param loaded both, if they are known; see {@link loadCell}
 */
export function deployCell(
  experiment: Experiment,
  choice: CellChoice,
  find: Find,
  loaded?: Pick<Deployment, 'program' | 'hw'>,
): Deployment {
  return deploy(requestOf(experiment, choice), find, loaded);
}

/**
 * Loads the program and the hw-model of a cell, without compiling them.
 *
 * @param models keeps files that other cells name, too
 */
export function loadCell(
  experiment: Experiment,
  choice: CellChoice,
  find: Find,
  models?: Models,
): Pick<Deployment, 'program' | 'hw'> {
  return loadBoth(requestOf(experiment, choice), find, models);
}

function requestOf(experiment: Experiment, choice: CellChoice) {
  const { spec } = experiment;
  const precision = choice.precision ?? spec.default.precision;
  return {
    program: { name: spec.program, from: fileNaming(experiment, 'program') },
    hw:
      choice.hw === undefined
        ? { name: spec.hw, from: fileNaming(experiment, 'hw') }
        : { name: choice.hw, from: '' },
    precision,
    seed: choice.seed ?? spec.default.seed,
    settings: joinSettings(settingsOf(experiment, precision), choice.settings ?? noSettings),
    stages: parameterStages(lifeOfCell(experiment, choice)),
    weights: choice.weights,
    inference: choice.inference ?? false,
    placement: choice.placement,
  } satisfies DeploymentRequest;
}

function lifeOfCell(experiment: Experiment, { inference = false, epochs }: CellChoice): Life | undefined {
  return lifeOf(experiment, inference ? 0 : (epochs ?? experiment.spec.epochs));
}

/**
 * Compiles a cell of an experiment.
 *
 * @param loaded its program and its hw-model, if they are known; see {@link loadCell}
 */
export function resolveCell(
  experiment: Experiment,
  choice: CellChoice,
  find: Find,
  loaded?: Pick<Deployment, 'program' | 'hw'>,
): Cell {
  const { spec, hosted } = experiment;
  if (hosted?.host.encodesSamples === true && choice.encoder !== undefined) {
    throw new PlasticoreError(
      'usage',
      `${option('encoder')} cannot be given: the host of chip '${hosted.chip}' makes its own events`,
    );
  }
  if (hosted?.host.makesCores === true && choice.weights !== undefined)
    throw new PlasticoreError(
      'usage',
      `${option('weights')} cannot be given: the host of chip '${hosted.chip}' fills its cores itself`,
    );
  const { inference = false } = choice;
  if (inference && (choice.epochs ?? 0) > 0)
    throw new PlasticoreError(
      'usage',
      `${option('epochs', choice.epochs)}: a core that only infers learns nothing`,
      { hint: `leave out ${option('epochs')} or ${option('inference')}` },
    );
  const request = requestOf(experiment, choice);
  const { program, hw, image } = deploy(request, find, loaded);
  const life = lifeOfCell(experiment, choice);
  const encoder = choice.encoder ?? spec.encoder;
  const epochs = inference ? 0 : (choice.epochs ?? spec.epochs);
  const validation = choice.validate === true ? spec.validation : choice.validate;
  const isSelected = spec.testEpoch === 'best' && epochs > 0 && validation === undefined;
  return {
    name: spec.name,
    image,
    hw,
    hwReference: request.hw,
    encoder,
    chip: hosted && setupOf(hosted, program, hw, encoder),
    task: spec.task,
    split: spec.split,
    arrays: spec.arrays,
    ...(spec.shift !== undefined && { shift: spec.shift }),
    epochs,
    ...(life !== undefined && { life }),
    ...(inference && { inference }),
    limit: choice.limit ?? spec.limit,
    validation,
    ...(isSelected && { selection: spec.validation }),
    settings: describeSettings(request.settings),
  };
}

function setupOf(
  { chip, host, options }: HostedChip,
  program: Program,
  hw: HwModel,
  encoder: Encoding,
): DescribedSetup {
  const registers = constantsOf(program, host.registers);
  const { chip: model, controllerModule: module } = hw;
  const setup = { chip, options, registers, ...(model && { model }), ...(module && { module }) };
  return { ...setup, input: host.hosting(setup).describe(encoder) };
}

/** The file that sets a key of an experiment: its own, or '' if a command-line option replaces the key. */
export function fileNaming({ source, locate }: Experiment, key: 'program' | 'hw' | 'data'): string {
  const place = locate([key]);
  return place.file === undefined ? source.file : fileOf(place);
}

/** An experiment's parameters at a precision, then its `set`, as settings with their places in the file. */
function settingsOf({ spec, locate }: Experiment, precision: string): Settings {
  const parameters = (values: Readonly<Record<string, unknown>>, path: Path): Settings => ({
    ...noSettings,
    program: Object.entries(values).map(([name, value]) => ({
      path: ['parameters', name],
      value,
      place: locate([...path, name]),
    })),
  });
  return joinSettings(
    parameters(spec.parameters, ['parameters']),
    parameters(spec.precisionParameters[precision] ?? {}, ['precisionParameters', precision]),
    experimentSettings(spec.set, (path): Place => locate(['set', path])),
  );
}

/** Settings in the syntax of the option `set`: each path once, with its last value. */
export function describeSettings({ program, hw }: Settings): string[] {
  const last = new Map<string, string>();
  for (const [target, overrides] of Object.entries({ program, hw })) {
    for (const { path, value } of overrides) {
      const name = [target, ...path].join('.');
      last.delete(name);
      last.set(name, JSON.stringify(value));
    }
  }
  return [...last].map(([path, value]) => `${path}=${value}`);
}

/** Rejects a choice that contradicts one already made in the image. */
export function checkImageChoice(image: Image, choice: CellChoice): void {
  const { core, seed } = image;
  const fixed: readonly (readonly [string, string | number | undefined, string | number])[] = [
    ['hw', choice.hw, core.hwModel],
    ['precision', choice.precision, core.precision],
    ['seed', choice.seed, seed],
  ];
  for (const [key, wanted, has] of fixed) {
    if (wanted === undefined || wanted === has) continue;
    throw new PlasticoreError('usage', `${option(key, wanted)}: the image was compiled for ${has}`, {
      hint: `${command('compile')} compiles it again`,
    });
  }
  const compiled = { weights: choice.weights !== undefined, inference: choice.inference === true };
  for (const [key, isGiven] of Object.entries(compiled))
    if (isGiven)
      throw new PlasticoreError('usage', `${option(key)}: an image is already compiled`, {
        hint: `${command('compile PROGRAM', option(key))} compiles it again`,
      });
  if (choice.placement !== undefined)
    throw new PlasticoreError('usage', `${option('placement')}: an image has its placement`, {
      hint: `compile it again with ${option('placement')}: ${command('compile')}`,
    });
  const { program = [], hw = [] } = choice.settings ?? noSettings;
  const set = [...program, ...hw][0];
  if (set === undefined) return;
  throw new PlasticoreError('usage', 'an image is already compiled', {
    ...set.place,
    hint: `${command('compile PROGRAM', option('set'))} compiles it again`,
  });
}
