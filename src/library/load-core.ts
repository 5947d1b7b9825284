import { compile } from '../compiler/index.ts';
import {
  findHwModel,
  findProgram,
  findWeights,
  joinSettings,
  noSettings,
  pathSetting,
} from '../experiment/index.ts';
import type { Image } from '../image/index.ts';
import { type Program, withWeights } from '../program/index.ts';
import { type Find, option, PlasticoreError } from '../text/index.ts';
import { type RunningOptions, SimulatedCore } from './core.ts';

/** Options of {@link loadCore}: what to compile, and how the core runs. */
export interface CoreChoice extends RunningOptions {
  /** The core model: a bundled name or a path. Default: `reference`. */
  readonly on?: string | undefined;
  /** `mpS-W` for S-bit shadow weights and W-bit inference weights, or `fp32`. Default: `mp16-8`. */
  readonly precision?: string | undefined;
  /** Seed of initial weights, encodings and the core's generators. Default: 1. */
  readonly seed?: number | undefined;
  /** A `.npz` file of weights to start with: arrays named like projections, as a run writes them. */
  readonly weights?: string | undefined;
  /** Whether to leave out rules, shadow weights and whatever else serves learning alone. Default: `false`. */
  readonly inference?: boolean | undefined;
  /** Values to replace in the program or the core model: `{'hw.lanes': 32, 'program.parameters.gain': 1}`. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Loads a program, compiles it for a core model, and starts it. If the model describes a chip of many cores, the
 * program runs on as many of them as it needs.
 *
 * @param program a bundled name such as `mnist-snn`, a path that `find` knows, a program made in code, or an image
 * @param find looks files up: `findBundled` of `plasticore/bundled`, or `findAmong` your own
 * @throws PlasticoreError with the faults that were found, each with its place
 */
export function loadCore(program: string | Program | Image, choice: CoreChoice, find: Find): SimulatedCore {
  if (typeof program === 'object' && 'cores' in program) {
    refuseChoice(program, choice);
    return new SimulatedCore(program, choice);
  }
  const { on = 'reference', precision = 'mp16-8', seed = 1, weights, inference, set = {} } = choice;
  const settings = joinSettings(
    noSettings,
    ...Object.entries(set).map(([path, value]) => pathSetting(path, value, { file: option('set', path) })),
  );
  const stated =
    typeof program === 'string' ? findProgram({ name: program, from: '' }, find, settings.program) : program;
  const loaded = weights === undefined ? stated : withWeights(stated, findWeights(weights, find));
  const hw = findHwModel({ name: on, from: '' }, precision, find, settings.hw);
  return new SimulatedCore(compile(loaded, hw, { precision, seed, inference }), choice);
}

/** An image has already been compiled for one core model, precision and seed. */
function refuseChoice(image: Image, { on, precision, seed, weights, inference, set }: CoreChoice): void {
  const given = Object.entries({ on, precision, seed, weights, inference, set }).find(
    ([, value]) => value !== undefined,
  )?.[0];
  if (given === undefined) return;
  throw new PlasticoreError('usage', `${given} cannot be chosen: '${image.program}' is already compiled`, {
    hint: 'load the program instead of its image',
  });
}
