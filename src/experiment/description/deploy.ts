import { type CompileOptions, compile, type GivenPlacement, repriced } from '../../compiler/index.ts';
import { type HwModel, hwModelReader, resolveForModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { loadProgram, type Program, programFiles, withWeights } from '../../program/index.ts';
import { checkFpga, wiredFor } from '../../rtl/index.ts';
import {
  type Find,
  type Override,
  option,
  PlasticoreError,
  resolveAt,
  type SourceBytes,
} from '../../text/index.ts';
import { noSettings, type Settings } from './settings.ts';

/** A file by name or path, and the file that names it; '' for the command line. */
export interface FileReference {
  readonly name: string;
  readonly from: string;
}

type HwModelReader = ReturnType<typeof hwModelReader>;

/** Programs and hw-models as files describe them. Files are read and parsed once, however many cells name them. */
export class Models {
  readonly #find: Find;
  readonly #programs = new Map<string, Program>();
  readonly #readers = new Map<string, { readonly file: string; readonly read: HwModelReader }>();

  constructor(find: Find) {
    this.#find = find;
  }

  /** Loads a program with its microcode. */
  program({ name, from }: FileReference, overrides: readonly Override[] = []): Program {
    const key = JSON.stringify([name, from, overrides]);
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const source = this.#find('program', name, from);
    const program = loadProgram(source, programFiles(this.#find), overrides);
    this.#programs.set(key, program);
    return program;
  }

  /** Loads the hw-model for a precision: the named one, or for fp32 the baseline it refers to. */
  hw(reference: FileReference, precision: string, overrides: readonly Override[] = []): HwModel {
    const { file, read } = this.#reader(reference);
    const hw = read(overrides);
    if (precision !== 'fp32' || hw.arithmetic === 'float32' || hw.baseline === undefined) return hw;
    return this.#reader({ name: hw.baseline, from: file }).read(overrides);
  }

  #reader({ name, from }: FileReference): { readonly file: string; readonly read: HwModelReader } {
    const key = JSON.stringify([name, from]);
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const { text, file } = this.#find('hw-model', name, from);
    const reader = {
      file,
      read: hwModelReader(text, file, resolveForModel(this.#find)),
    };
    this.#readers.set(key, reader);
    return reader;
  }
}

/** Loads a program with its microcode. */
export function findProgram(
  reference: FileReference,
  find: Find,
  overrides: readonly Override[] = [],
): Program {
  return new Models(find).program(reference, overrides);
}

/** Loads the hw-model for a precision: the named one, or for fp32 the baseline it refers to. */
export function findHwModel(
  reference: FileReference,
  precision: string,
  find: Find,
  overrides: readonly Override[] = [],
): HwModel {
  return new Models(find).hw(reference, precision, overrides);
}

/** One deployment to compile: a program on a core. */
export interface Deployment {
  readonly program: Program;
  readonly hw: HwModel;
  readonly image: Image;
}

/** What to compile: references with the file that contains each ('' for the command line), precision and seed. */
export interface DeploymentRequest {
  readonly program: FileReference | Program;
  readonly hw: FileReference;
  readonly precision: string;
  readonly seed: number;
  readonly settings?: Settings | undefined;
  /** Stages of training whose parameters have values of their own. */
  readonly stages?: CompileOptions['stages'];
  /** A `.npz` file of weights to start with. */
  readonly weights?: string | undefined;
  /** For a core that only infers: without what serves learning alone. */
  readonly inference?: boolean | undefined;
  /** Where the neurons are, on a chip of many cores; by default, where the program or the compiler puts them. */
  readonly placement?: GivenPlacement | undefined;
}

/**
 * Loads a program and compiles it for an hw-model, or for its baseline at precision fp32. The model of a hard-wired
 * core then has the bits of this program.
 *
 * @param loaded program and hw-model, if they are known
 * @throws PlasticoreError with the faults that were found
 */
export function deploy(
  request: DeploymentRequest,
  find: Find,
  loaded?: Pick<Deployment, 'program' | 'hw'>,
): Deployment {
  const { precision, seed, stages, inference, placement } = request;
  const { program, hw } = loaded ?? loadBoth(request, find);
  const image = compileOn(program, hw, { precision, seed, stages, inference }, placement);
  const wired = wiredFor(image, hw);
  return { program, hw: wired, image: wired === hw ? image : repriced(image, wired) };
}

/** @throws PlasticoreError `usage` for a placement on an hw-model without a chip to place anything on */
function compileOn(
  program: Program,
  hw: HwModel,
  options: CompileOptions,
  placement: GivenPlacement | undefined,
): Image {
  if (placement !== undefined && (hw.chip === undefined || hw.controller !== undefined))
    throw new PlasticoreError('usage', `hw-model '${hw.name}' has one core: there is nothing to place`, {
      ...placement.locate?.([]),
      hint: 'choose an hw-model with `chip`, such as mesh',
    });
  const image = compile(program, hw, options, placement);
  checkFpga(image, hw);
  return image;
}

/** Loads what a deployment compiles: the program with the weights that it starts with, and the hw-model. */
export function loadBoth(
  request: DeploymentRequest,
  find: Find,
  models: Models = new Models(find),
): Pick<Deployment, 'program' | 'hw'> {
  const { precision, weights, settings = noSettings } = request;
  const stated =
    'spec' in request.program ? request.program : models.program(request.program, settings.program);
  const program = weights === undefined ? stated : withWeights(stated, findWeights(weights, find));
  return { program, hw: models.hw(request.hw, precision, settings.hw) };
}

/** Finds the file of the option `weights`. */
export function findWeights(weights: string, find: Find): SourceBytes {
  if (find.bytes === undefined)
    throw new PlasticoreError('usage', `${option('weights')}: nothing is given that finds files`);
  return resolveAt(weights, '', { file: option('weights') }, find.bytes);
}
