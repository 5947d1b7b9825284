import { usesOf } from '../control/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { type CoreImage, checkStalls, type Population, type Projection } from '../image/index.ts';
import { connectionOf, type Program, refuse, stepsOf } from '../program/index.ts';
import { Faults, suggest } from '../text/index.ts';
import { assembleImage, type ImageParts } from './assemble.ts';
import {
  checkController,
  checkCoreArrays,
  checkFit,
  checkLoops,
  checkMapping,
  checkMicrocode,
} from './checks/index.ts';
import { checkDelays, delayPartOf, delayParts, resolveDelays, resolveEntries } from './delays.ts';
import {
  allocate,
  declareFields,
  type FieldDraft,
  fieldIndex,
  indexedBy,
  initialContents,
} from './fields/index.ts';
import { leftOutOf } from './frozen/index.ts';
import { learningGates } from './gates.ts';
import { bindKernel, resolveScalars, Schedule } from './kernels/index.ts';
import { type KernelUse, resolveLists } from './lists/index.ts';
import { type ParameterOverrides, type ParameterStage, resolveParameters } from './parameters.ts';
import { payloadOf } from './payloads.ts';
import { precisionOf, widthNames } from './precision.ts';
import { imageRegressionOf } from './regression.ts';
import type { CompileTarget } from './target.ts';

export interface CompileOptions {
  /** `mp16-8` and the like; `fp32` on a float32 core; `own` on a core that leaves widths to programs. */
  readonly precision: string;
  /** Seed of the initial weights, of the lanes' generators and of the encoder; an unsigned 32-bit integer. */
  readonly seed: number;
  /** Values that replace the program's parameters. */
  readonly parameters?: ParameterOverrides;
  /** Stages of training with values of their own, ascending, the first from epoch 0 on. */
  readonly stages?: readonly ParameterStage[] | undefined;
  /**
   * For a core that only infers: rules, shadow weights and all other fields that serve learning alone are left out.
   * Answers stay those of the whole program, bit for bit.
   */
  readonly inference?: boolean | undefined;
}

/**
 * Program + core + precision -> the image of a single core: what an engine loads, or a controller of one's own.
 *
 * @throws PlasticoreError for unknown names, widths that the core does not offer, arithmetic that may leave the
 * datapath: with all faults of the fields, or all of the lists and of the kernels that they run; then for memory that
 * the core does not have
 */
export function compileCore(program: Program, hw: HwModel, options: CompileOptions): CoreImage {
  const { target, drafts, schedule, parts } = analyse(program, hw, options);
  const memory = allocate(drafts, hw);
  checkFit(memory, target, (core, precision) => declareFields(targetOf(program, core, options, precision)));
  const image = complete({ ...parts, memory }, target, schedule, options.seed);
  checkMicrocode(image, hw);
  return image;
}

/**
 * What each core of a chip under a controller of its own starts with; undefined if all start as the one that was
 * compiled.
 */
export function contentsByCore(
  image: CoreImage,
  program: Program,
  hw: HwModel,
  options: CompileOptions,
): readonly CoreImage['contents'][] | undefined {
  const cores = [...program.arrays.values()].find((array) => array.cores !== undefined)?.cores;
  if (cores === undefined) return undefined;
  const target = targetOf(program, hw, options, options.precision);
  return Array.from({ length: cores }, (_, core) => initialContents(image, target, core).contents);
}

/** A program resolved for a core: everything but the places of its fields. */
export interface Analysis {
  readonly target: CompileTarget;
  readonly drafts: readonly FieldDraft[];
  readonly schedule: Schedule;
  readonly parts: Omit<ImageParts, 'memory'>;
}

/** Resolves names, lists and parameters, binds the kernels and analyses them. */
export function analyse(program: Program, hw: HwModel, options: CompileOptions): Analysis {
  const { spec } = program;
  const target = targetOf(program, hw, options, options.precision);
  checkController(program, hw);
  checkCoreArrays(program, hw);
  checkMapping(target, hw);
  const drafts = declareFields(target);
  const faults = new Faults();
  const lists = resolveLists(target, drafts, faults);
  const schedule = new Schedule();
  const scalars = resolveScalars(target);
  const readout = faults.attempt(() => readoutOf(program, drafts)) ?? -1;
  const regression = faults.attempt(() => imageRegressionOf(target, drafts[readout]));
  const populations = Object.entries(spec.populations).map(([name, { size, inputs }]): Population => {
    const payload = faults.attempt(() => payloadOf(target, name));
    const supplied = inputs === undefined || inputs === size ? {} : { inputs };
    return { name, size, ...(payload && { payload }), ...supplied };
  });
  const projections = projectionsOf(target, populations, drafts);
  const ranged = {
    core: hw,
    steps: stepsOf(spec),
    epochs: target.parameters.epochs,
    parameters: schedule.parameters,
    generators: hw.generators,
    eventScalars: scalars,
    fields: drafts,
    populations,
    projections,
    readout,
    regression,
  };
  const bindings = { target, fields: drafts, scalars, ranged };
  const kernels = lists.uses.flatMap(
    (use) =>
      faults.attempt(() => ({
        ...bindKernel(use, bindings, schedule),
        label: workName(use),
        learningOnly: use.learningOnly,
      })) ?? [],
  );
  faults.throwIfAny();
  return {
    target,
    drafts,
    schedule,
    parts: {
      populations,
      projections,
      kernels,
      passes: lists.passes,
      events: lists.events,
      eventScalars: scalars,
      input: populations.findIndex(({ name }) => name === spec.input),
      replay: lists.replay,
      readout,
      regression,
      controller: hw.controller,
    },
  };
}

/** Assembles the image, checks what only a whole image shows, and fills its banks. */
export function complete(
  parts: ImageParts,
  target: CompileTarget,
  schedule: Schedule,
  seed: number,
): CoreImage {
  const image = assembleImage(parts, target, schedule, seed);
  const place = target.program.locate(['events']);
  checkLoops(image, place);
  checkStalls(image, place);
  const { contents, arrays } = initialContents(image, target);
  return { ...image, contents, provenance: { ...image.provenance, arrays } };
}

function targetOf(program: Program, hw: HwModel, options: CompileOptions, name: string): CompileTarget {
  const precision = precisionOf(name, hw);
  const given = { ...widthNames(precision), steps: program.spec.steps };
  const parameters = resolveParameters(program, options.parameters ?? {}, given, options.stages);
  const leftOut = leftOutOf(program, options.inference === true);
  const delays = new Map(
    [...resolveDelays(program, parameters, options.seed)].filter(
      ([projection]) => !leftOut.delays.has(projection),
    ),
  );
  const entries = resolveEntries(program, parameters, delays);
  checkDelays(program, hw, delays, entries);
  const gates = learningGates(program, parameters.epochs, options.stages);
  const controller = hw.controllerData && usesOf(hw.controllerData);
  return { program, hw, precision, parameters, delays, entries, leftOut, gates, controller };
}

/** The index of the field that holds the answer; -1 if there is none. */
function readoutOf(program: Program, fields: readonly FieldDraft[]): number {
  const { readout } = program.spec;
  if (readout === undefined) return -1;
  const index = fieldIndex(fields, readout, (message, hint) => refuse(program, ['readout'], message, hint));
  const { positions } = fields[index] ?? {};
  if (positions !== undefined)
    refuse(
      program,
      ['readout'],
      `the readout '${readout}' has ${positions} positions`,
      'choose a field of one number',
    );
  // The items of the readout are the classes.
  const [owner = ''] = readout.split('.');
  const populations = Object.keys(program.spec.populations);
  if (populations.includes(owner)) return index;
  const message = `the readout is a field of a population; '${owner}' is none`;
  return refuse(program, ['readout'], message, suggest(owner, populations));
}

/** The projections of a program, then the parts of those whose synapses have delays of their own. */
function projectionsOf(
  { program, delays }: CompileTarget,
  populations: readonly Population[],
  drafts: readonly FieldDraft[],
): readonly Projection[] {
  const positionOf = (name: string): number =>
    populations.findIndex((population) => population.name === name);
  const whole = Object.entries(program.spec.projections).map(([name, { from, to }]): Projection => {
    const { segments, weightRows, weightRowLength } = connectionOf(program, name);
    return {
      name,
      source: positionOf(from),
      target: positionOf(to),
      segments,
      weightRows,
      weightRowLength,
      ...indexedBy(drafts, name),
    };
  });
  const parts = delayParts(delays).map((part) => delayPartOf(whole, part, delays));
  return [...whole, ...parts.map((part) => ({ ...part, ...indexedBy(drafts, part.name) }))];
}

/** A kernel with what it runs over, and the narrower domain or the delay if it runs over less than all of that. */
function workName({ kernel, domain, over, part }: KernelUse): string {
  const narrower = domain === kernel.domain ? '' : `, one ${domain}`;
  const delayed = part === undefined ? '' : `, delay ${part.delay}`;
  return `${kernel.name}(${over}${narrower}${delayed})`;
}
