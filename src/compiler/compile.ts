import type { HwModel } from '../hardware/index.ts';
import { checkStalls, type Image, mostEmittedBy, type Population, type Projection } from '../image/index.ts';
import { sha256 } from '../native/index.ts';
import { connectionOf, type Program, refuse } from '../program/index.ts';
import { Faults, type SourceText, suggest } from '../text/index.ts';
import { checkController, checkFit, checkLoops } from './checks/index.ts';
import { deriveCosts } from './costs/index.ts';
import {
  allocate,
  declareFields,
  type FieldDraft,
  fieldIndex,
  initialContents,
  withNeeds,
} from './fields/index.ts';
import { bindKernel, resolveScalars, Schedule } from './kernels/index.ts';
import { type KernelUse, resolveLists } from './lists/index.ts';
import { type ParameterOverrides, resolveParameters } from './parameters.ts';
import { precisionOf, widthNames } from './precision.ts';
import type { Target } from './target.ts';

/** The compiling release; a test holds it equal to the package's version. */
export const compilerVersion = '0.1.0';

export interface CompileOptions {
  /** `mp16-8` and the like; `fp32` on a float32 core; `own` on a core that leaves widths to programs. */
  readonly precision: string;
  /** Seed of the initial weights, of the lanes' generators and of the encoder; an unsigned 32-bit integer. */
  readonly seed: number;
  /** Values that replace the program's parameters. */
  readonly parameters?: ParameterOverrides;
}

/**
 * Program + core + precision -> image.
 *
 * @throws PlasticoreError for unknown names, widths that the core does not offer, arithmetic that may leave the datapath:
 * with all faults of the fields, or all of the lists and of the kernels that they run; then for memory that the core
 * does not have
 */
export function compile(program: Program, hw: HwModel, options: CompileOptions): Image {
  const { spec } = program;
  const targetAt = (core: HwModel, name: string): Target => {
    const precision = precisionOf(name, core);
    const parameters = resolveParameters(program, options.parameters ?? {}, widthNames(precision));
    return { program, hw: core, precision, parameters };
  };
  const target = targetAt(hw, options.precision);
  checkController(program, hw);

  const drafts = declareFields(target);
  const faults = new Faults();
  const lists = resolveLists(target, drafts, faults);
  const schedule = new Schedule();
  const scalars = resolveScalars(target);
  const readout = faults.attempt(() => readoutOf(program, drafts)) ?? -1;
  const populations = Object.entries(spec.populations).map(([name, { size }]) => ({ name, size }));
  const projections = projectionsOf(program, populations);
  const ranged = {
    core: hw,
    steps: spec.steps,
    epochs: target.parameters.epochs,
    parameters: schedule.parameters,
    generators: hw.generators,
    eventScalars: scalars,
    fields: drafts,
    populations,
    projections,
    readout,
  };
  const bindings = { target, fields: drafts, scalars, ranged };
  const kernels = lists.uses.flatMap(
    (use) => faults.attempt(() => bindKernel(use, bindings, schedule)) ?? [],
  );
  faults.throwIfAny();
  const bound = kernels.map((kernel) => kernel.bound);

  const memory = allocate(drafts, hw);
  checkFit(memory, target, (core, precision) => declareFields(targetAt(core, precision)));

  const image: Image = {
    program: spec.name,
    core: {
      hwModel: hw.name,
      precision: target.precision.name,
      arithmetic: hw.arithmetic,
      lanes: hw.lanes,
      datapathBits: hw.datapathBits,
      columnGate: hw.columnGate,
      fifoDepth: hw.router.fifoDepth,
      whenFull: hw.router.whenFull,
      controller: hw.controller,
    },
    seed: options.seed,
    steps: spec.steps,
    banks: memory.banks,
    layouts: memory.layouts,
    fields: withNeeds(memory, {
      kernels: bound.map((kernel, index) => ({
        kernel,
        learningOnly: lists.uses[index]?.learningOnly === true,
      })),
      tests: lists.passes.filter(({ does }) => does === 'test'),
      readout,
    }),
    populations,
    generators: hw.generators,
    input: populations.findIndex(({ name }) => name === spec.input),
    projections,
    epochs: target.parameters.epochs,
    parameters: schedule.parameters,
    kernels: bound,
    events: {
      ...lists.events,
      named: lists.events.named.map((event) => ({
        ...event,
        mostEmitted: mostEmittedBy(event.actions, { kernels: bound, populations, projections }),
      })),
    },
    eventScalars: scalars.map(({ name, low, high }) => ({ name, low, high })),
    readout,
    work: [...lists.uses.map(workName), ...lists.passes.map(({ label }) => label)],
    costs: deriveCosts(kernels, lists.passes, memory, hw),
    contents: [],
    provenance: { compiler: compilerVersion, sources: program.sources.map(fingerprint), arrays: [] },
  };
  checkLoops(image, program.locate(['events']));
  checkStalls(image, program.locate(['events']));
  const { contents, arrays } = initialContents(image, target);
  return { ...image, contents, provenance: { ...image.provenance, arrays } };
}

/** The index of the field that holds the answer; -1 if there is none. */
function readoutOf(program: Program, fields: readonly FieldDraft[]): number {
  const { readout } = program.spec;
  if (readout === undefined) return -1;
  const index = fieldIndex(fields, readout, (message, hint) => refuse(program, ['readout'], message, hint));
  // The items of the readout are the classes.
  const [owner = ''] = readout.split('.');
  const populations = Object.keys(program.spec.populations);
  if (populations.includes(owner)) return index;
  const message = `the readout is a field of a population; '${owner}' is none`;
  return refuse(program, ['readout'], message, suggest(owner, populations));
}

function projectionsOf(program: Program, populations: readonly Population[]): Projection[] {
  const indexOf = (name: string): number => populations.findIndex((population) => population.name === name);
  return Object.entries(program.spec.projections).map(([name, { from, to }]): Projection => {
    const { segments, weightRows, weightRowLength } = connectionOf(program, name);
    return {
      name,
      source: indexOf(from),
      target: indexOf(to),
      segments,
      weightRows,
      weightRowLength,
    };
  });
}

/** A kernel with what it runs over, and the narrower domain if a list restricts it. */
function workName({ kernel, domain, over }: KernelUse): string {
  return domain === kernel.domain ? `${kernel.name}(${over})` : `${kernel.name}(${over}, one ${domain})`;
}

/** A source's name without its folder, and its hash. */
function fingerprint({ file, text }: SourceText): { file: string; sha256: string } {
  return { file: file.split(/[\\/]/).at(-1) ?? file, sha256: sha256([new TextEncoder().encode(text)]) };
}
