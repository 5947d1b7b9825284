import type { HwModel } from '../hardware/index.ts';
import { type BoundKernel, type Field, type Image, loadedField, type Projection } from '../image/index.ts';
import { connectionOf, type Program } from '../program/index.ts';
import { PlasticoreError } from '../text/index.ts';
import { allocate, type MemoryMap } from './allocate.ts';
import { initialContents } from './contents.ts';
import { deriveCosts } from './costs.ts';
import { declareFields, type FieldDraft, fieldIndex } from './fields.ts';
import { checkFit } from './fit.ts';
import type { KernelUse } from './kernel-uses.ts';
import { bindKernel, Schedule } from './kernels.ts';
import { resolveLists, type SweepUse } from './lists.ts';
import { type ParameterOverrides, resolveParameters } from './parameters.ts';
import { type Precision, precisionOf, widthNames } from './precision.ts';
import { compilerVersion, sourceHashes } from './provenance.ts';
import { resolveScalars } from './scalars.ts';
import { checkStalls, mostEmittedBy } from './stalls.ts';

export interface CompileOptions {
  /** `mp16-8` and the like; `fp32` on a float32 core. */
  readonly precision: string;
  /** Seed of the initial weights, of the lanes' generators and of the encoder; an unsigned 32-bit integer. */
  readonly seed: number;
  /** Values that replace the program's parameters. */
  readonly parameters?: ParameterOverrides;
}

/**
 * Program + core + precision -> image.
 *
 * @throws PlasticoreError at the first fault: unknown names, widths that the core does not offer, arithmetic that may
 * leave the datapath, memory that the core does not have
 */
export function compile(program: Program, hw: HwModel, options: CompileOptions): Image {
  const { spec } = program;
  const precision = precisionOf(options.precision, hw);
  checkController(program, hw);
  const parameters = resolveParameters(program, options.parameters ?? {}, widthNames(precision));
  const drafts = declareFields(program, hw, precision, parameters);
  const lists = resolveLists(program, drafts, parameters);
  const schedule = new Schedule();
  const scalars = resolveScalars(program, parameters, hw.datapathBits);
  const kernels = lists.uses.map((use) =>
    bindKernel(use, program, hw, drafts, parameters, schedule, scalars),
  );
  const readout =
    spec.readout === undefined
      ? -1
      : fieldIndex(drafts, spec.readout, (message, hint) => {
          throw new PlasticoreError('invalid-value', message, { ...program.locate(['readout']), hint });
        });

  const memory = allocate(drafts, hw);
  checkFit(memory, spec.name, hw, precision, (otherHw, other) =>
    draftsAt(program, otherHw, other, options.parameters ?? {}),
  );

  const populations = Object.entries(spec.populations).map(([name, { size }]) => ({ name, size }));
  const projections = Object.entries(spec.projections).map(([name, { from, to }]): Projection => {
    const source = populations.findIndex((population) => population.name === from);
    const target = populations.findIndex((population) => population.name === to);
    const { segments, weightRows, weightRowLength } = connectionOf(program, name);
    return { name, source, target, segments, weightRows, weightRowLength };
  });
  const bound = kernels.map((kernel) => kernel.bound);
  const image: Image = {
    program: spec.name,
    core: {
      hwModel: hw.name,
      precision: precision.name,
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
    fields: withNeeds(memory, bound, lists.uses, lists.sweeps, readout),
    populations,
    generators: hw.generators,
    input: populations.findIndex(({ name }) => name === spec.input),
    projections,
    epochs: parameters.epochs,
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
    work: [...lists.uses.map(workName), ...lists.sweeps.map(({ label }) => label)],
    costs: deriveCosts(kernels, lists.sweeps, memory, hw),
    contents: [],
    provenance: { compiler: compilerVersion, sources: sourceHashes(program.sources) },
  };
  checkStalls(image, program.locate(['events']));
  return { ...image, contents: initialContents(image, program, parameters) };
}

function checkController({ spec, locate }: Program, hw: HwModel): void {
  const [name] = Object.keys(spec.events.on);
  const { sample, tick, spike, previousSpike } = spec.events;
  const runsOnSamples = [
    sample,
    tick,
    ...[spike, previousSpike].flatMap((lists) => Object.values(lists)),
  ].some((list) => list.length > 0);
  if (hw.controller !== undefined && (name === undefined || runsOnSamples)) {
    throw new PlasticoreError(
      'fit',
      `hw-model '${hw.name}' has a controller of its own, which triggers named events: '${spec.name}' runs on samples and steps`,
      {
        ...locate(['events']),
        hint: 'choose another hw-model, or write a program whose events are events.on and nothing else',
      },
    );
  }
  if (name === undefined || hw.controller !== undefined) return;
  throw new PlasticoreError(
    'fit',
    `hw-model '${hw.name}' has no controller of its own that could trigger event '${name}'`,
    { ...locate(['events', 'on', name]), hint: 'use an hw-model with a controller, or events.spike' },
  );
}

/** A kernel and what it runs over; where a list picks less than the kernel's domain, that too. */
function workName({ kernel, domain, over }: KernelUse): string {
  return domain === kernel.domain ? `${kernel.name}(${over})` : `${kernel.name}(${over}, one ${domain})`;
}

function draftsAt(
  program: Program,
  hw: HwModel,
  precision: Precision,
  overrides: ParameterOverrides,
): FieldDraft[] {
  return declareFields(program, hw, precision, resolveParameters(program, overrides, widthNames(precision)));
}

/** A field is needed for inference where something that runs without learning touches it. */
function withNeeds(
  memory: MemoryMap,
  kernels: readonly BoundKernel[],
  uses: readonly KernelUse[],
  sweeps: readonly SweepUse[],
  readout: number,
): Field[] {
  const needed = new Set([memory.fields[readout]]);
  for (const [index, kernel] of kernels.entries()) {
    if (uses[index]?.learningOnly) continue;
    const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
    const operands = kernel.code.flatMap((line) =>
      line.operands.flatMap((operand) => (operand.is === 'field' ? [operand.field] : [])),
    );
    for (const field of [...gates, ...operands]) {
      needed.add(memory.fields[field]);
      needed.add(loadedField(memory.fields, field));
    }
  }
  for (const test of sweeps) {
    if (test.does === 'test' && !test.learningOnly)
      for (const field of test.fields) needed.add(memory.fields[field]);
  }
  return memory.fields.map((field) => ({
    ...field,
    neededFor: needed.has(field) ? 'inference' : 'learning',
  }));
}
