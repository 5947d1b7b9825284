import type { CoreImage, EventScalar, NamedEvent, Population, Projection } from '../image/index.ts';
import { mostEmittedBy } from '../image/index.ts';
import { type Program, stepsOf } from '../program/index.ts';
import { sha256 } from '../random/index.ts';
import type { SourceText } from '../text/index.ts';
import { basisOf, deriveCosts } from './costs/index.ts';
import { faultsOf } from './faults.ts';
import { type FieldAllocation, withNeeds } from './fields/index.ts';
import type { AnalysedKernel, Schedule } from './kernels/index.ts';
import type { ResolvedLists, ResolvedPass } from './lists/index.ts';
import type { CompileTarget } from './target.ts';

/** The compiling release; a test holds it equal to the package's version. */
export const compilerVersion = '0.1.0';

/** A kernel of an image, and how the image counts it. */
export interface PlacedKernel extends AnalysedKernel {
  /** Its name among the pieces of work. */
  readonly label: string;
  /** Whether it runs only for learning. */
  readonly learningOnly: boolean;
}

/** Everything that becomes an image, resolved to indices; its fields have their places in banks. */
export interface ImageParts {
  readonly memory: FieldAllocation;
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly kernels: readonly PlacedKernel[];
  readonly passes: readonly ResolvedPass[];
  readonly events: ResolvedLists['events'];
  readonly eventScalars: readonly EventScalar[];
  /** Index of the population that the host supplies; -1 for none. */
  readonly input: number;
  /** Index of the field that decides whether a sample is presented again; undefined where none is. */
  readonly replay: number | undefined;
  /** Index of the field that holds the answer; -1 for none. */
  readonly readout: number;
  /** How samples ask for a number; undefined where they ask for a class. */
  readonly regression: CoreImage['regression'];
  /** The core's controller, if its events come from one. */
  readonly controller: string | undefined;
}

/** Puts an image together and prices its work. Its banks are still empty: see `initialContents`. */
export function assembleImage(
  parts: ImageParts,
  { program, hw, precision, parameters, controller }: CompileTarget,
  schedule: Schedule,
  seed: number,
): CoreImage {
  const { memory, populations, projections, kernels, passes, events, readout } = parts;
  const bound = kernels.map((kernel) => kernel.bound);
  const faults = faultsOf(hw);
  const image: Omit<CoreImage, 'costs' | 'contents' | 'provenance'> = {
    program: program.spec.name,
    core: {
      hwModel: hw.name,
      precision: precision.name,
      arithmetic: hw.arithmetic,
      lanes: hw.lanes,
      datapathBits: hw.datapathBits,
      columnGate: hw.columnGate,
      fifoDepth: hw.router.fifoDepth,
      whenFull: hw.router.whenFull,
      controller: parts.controller,
      ...(hw.controllerModule !== undefined && {
        controllerModule: {
          file: withoutFolders(hw.controllerModule.file),
          sha256: hw.controllerModule.sha256,
        },
      }),
      ...(hw.controllerData !== undefined && { controllerData: hw.controllerData }),
    },
    seed,
    ...(faults !== undefined && { faults }),
    ...presentationOf(program, parts),
    ...(parts.replay !== undefined && { replay: parts.replay }),
    banks: memory.banks,
    layouts: memory.layouts,
    fields: withNeeds(memory, {
      kernels: kernels.map(({ bound: kernel, learningOnly }) => ({ kernel, learningOnly })),
      reads: [
        ...passes.filter(({ does }) => does !== 'clear'),
        ...(parts.replay === undefined ? [] : [{ fields: [parts.replay], learningOnly: true }]),
      ],
      readout,
      projections,
      hasController: parts.controller !== undefined,
      controller,
    }),
    populations,
    generators: hw.generators,
    input: parts.input,
    projections,
    epochs: parameters.epochs,
    parameters: schedule.parameters,
    kernels: bound,
    events: {
      ...events,
      named: events.named.map(
        (event): NamedEvent => ({
          ...event,
          mostEmitted: mostEmittedBy(event.actions, { kernels: bound, populations, projections }),
        }),
      ),
    },
    eventScalars: parts.eventScalars.map(({ name, low, high }) => ({ name, low, high })),
    readout,
    ...(parts.regression !== undefined && { regression: parts.regression }),
    work: [...kernels.map(({ label }) => label), ...passes.map(({ label }) => label)],
  };
  return {
    ...image,
    costs: deriveCosts(basisOf(kernels, image), hw),
    contents: [],
    provenance: { compiler: compilerVersion, sources: program.sources.map(fingerprint), arrays: [] },
  };
}

/** How samples reach the program. */
function presentationOf(
  { spec }: Program,
  { input }: Pick<ImageParts, 'input'>,
): Pick<CoreImage, 'steps' | 'settle' | 'inputChannels'> {
  const steps = stepsOf(spec);
  if (input < 0) return { steps };
  const { settle, inputAxes, populations } = spec;
  const [, , channels] = populations[spec.input ?? '']?.shape ?? [];
  return {
    steps,
    ...(settle > 0 && { settle }),
    ...(inputAxes === 'channels rows columns' && { inputChannels: channels }),
  };
}

/** A source's name without its folder, and its hash. */
function fingerprint({ file, text }: SourceText): { file: string; sha256: string } {
  return { file: withoutFolders(file), sha256: sha256([new TextEncoder().encode(text)]) };
}

function withoutFolders(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
