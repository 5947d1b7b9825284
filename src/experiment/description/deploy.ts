import { type CompileOptions, compile, type GivenPlacement } from '../../compiler/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { type Program, withWeights } from '../../program/index.ts';
import { checkFpga } from '../../rtl/index.ts';
import { type Find, option, PlasticoreError, resolveAt, type SourceBytes } from '../../text/index.ts';
import { type FileReference, Models } from './models.ts';
import { noSettings, type Settings } from './settings.ts';

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
 * Loads a program and compiles it for an hw-model, or for its baseline at precision fp32.
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
  return { program, hw, image: compileOn(program, hw, { precision, seed, stages, inference }, placement) };
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
