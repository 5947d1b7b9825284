import { constantsOf } from '../../compiler/index.ts';
import { deploy, findHwModel, noSettings, parseSettings } from '../../experiment/index.ts';
import {
  type CoreCoverage,
  type GoldenTrace,
  kernelsRun,
  type ReplayContext,
  type ReplayCoverage,
  type ReplayDeployment,
  type Verdict,
} from '../../golden/index.ts';
import { type Image, labelRange } from '../../image/index.ts';
import { createMachine } from '../../machine/index.ts';
import type { Program } from '../../program/index.ts';
import { attempt, type Find, type Override, PlasticoreError, suggest } from '../../text/index.ts';
import { firstDivergence } from './compare.ts';
import type { CoreTrace } from './core-trace.ts';
import { exercisedBy, LineOutcomes } from './exercised.ts';
import { recordTrace, type TracePlan, traceHead } from './record.ts';

/** How a trace finds the files it names. */
export interface TraceFiles {
  /** The trace's file. References in the trace are relative to it. */
  readonly file: string;
  /** Name of the engine. */
  readonly engine: string;
  /** Finds programs, hw-models and microcode. */
  readonly find: Find;
  /** Reads an image file that the trace names. */
  readonly readImage: (reference: string, from: string) => Image;
}

/**
 * Replays a trace of any format: runs its stimulus and compares everything that it states.
 *
 * @throws PlasticoreError if the trace cannot be replayed: something that it names is missing, or does not match its
 * description
 */
export function replayTrace(trace: GoldenTrace, files: TraceFiles): Verdict {
  const cores: CoreCoverage[] = [];
  const verdict = trace.replay({ ...replayContext(files), onCore: (core) => cores.push(core) });
  if (!verdict.agrees || verdict.exercised !== undefined || cores.length === 0) return verdict;
  return { ...verdict, exercised: { kernels: kernelsRun(cores) } };
}

/** Makes the context of a replay, or of a bench. */
export function replayContext({ file, engine, find, readImage }: TraceFiles): ReplayContext {
  const requestOf = ({ program, hw, from, precision, seed, settings, placement }: ReplayDeployment) => ({
    program: typeof program === 'string' ? { name: program, from } : program,
    hw: { name: hw, from },
    precision,
    seed,
    settings: { ...noSettings, ...settings },
    placement: placement && { slices: placement, locate: () => ({ file }) },
  });
  return {
    file,
    engine,
    deploy: (request) => deploy(requestOf(request), find).image,
    parameters: (request) => constantsIn(deploy(requestOf(request), find).program),
    hwModel: ({ hw, from, settings }) => findHwModel({ name: hw, from }, '', find, settings),
    readImage: (reference) => readImage(reference, file),
  };
}

function constantsIn(program: Program): Readonly<Record<string, number>> {
  const all = Object.keys(program.spec.parameters).map((name) => attempt(() => constantsOf(program, [name])));
  return Object.assign({}, ...all.filter((found) => !(found instanceof PlasticoreError)));
}

/** Replays a `plasticore-trace/1`. */
export function replayCoreTrace(trace: CoreTrace, context: ReplayContext): Verdict {
  const image = imageOf(trace, context);
  const names = trace.fields.map(({ name }) => name);
  checkHead(trace, image, names, context.file);
  checkLabels(trace, image, context.file);
  const everyStep = trace.expected.samples.some(({ steps }) => steps !== undefined);
  const { found, exercised } = runAgain(trace, image, context.engine, { fields: names, everyStep });
  const divergence = firstDivergence(trace, found);
  if (divergence !== undefined) return { agrees: false, divergence };
  return { agrees: true, summary: summaryOf(trace), exercised: exercised() };
}

/**
 * How much of a model the samples of a trace run.
 *
 * @param states after which sample, of so many, the trace states the fields
 */
export function coverageOf(
  trace: CoreTrace,
  image: Image,
  engine: string,
  states: NonNullable<TracePlan['states']>,
): ReplayCoverage {
  const fields = trace.fields.map(({ name }) => name);
  return runAgain(trace, image, engine, { fields, states }).exercised();
}

function runAgain(
  trace: CoreTrace,
  image: Image,
  engine: string,
  plan: TracePlan & { readonly fields: readonly string[] },
) {
  const outcomes = engine === 'reference' ? new LineOutcomes(image) : undefined;
  const machine = createMachine(image, { engine, watch: outcomes?.watch });
  const found = recordTrace(machine, trace.samples, plan);
  return { found, exercised: () => exercisedBy(trace, machine, found, outcomes) };
}

function imageOf(trace: CoreTrace, { file, deploy, readImage }: ReplayContext): Image {
  const { image, program = '', hwModel = '', precision, seed, placement } = trace;
  if (image !== undefined) return readImage(image);
  const { program: ofProgram, hw: ofHw } = parseSettings(trace.settings);
  // Files in settings are found from the trace's own.
  const here = (setting: Override): Override => ({ ...setting, place: { file } });
  const settings = { program: ofProgram.map(here), hw: ofHw.map(here) };
  return deploy({ program, hw: hwModel, from: file, precision, seed, settings, placement });
}

/**
 * Checks that the image's core is the one described by the trace. On another core, the trace would diverge although
 * nothing is wrong.
 */
function checkHead(trace: CoreTrace, image: Image, names: readonly string[], file: string): void {
  const stored = new Set(image.fields.map(({ name }) => name));
  const unknown = names.find((name) => !stored.has(name));
  if (unknown !== undefined) {
    throw new PlasticoreError('data', `fields: '${image.program}' has no field '${unknown}'`, {
      file,
      hint: suggest(unknown, [...stored]),
    });
  }
  const head = traceHead(image, names);
  const { populations, fields, ...rest } = head;
  const pairs: [string, unknown, unknown][] = [
    ['precision', image.core.precision, trace.precision],
    ['seed', image.seed, trace.seed],
    ...Object.entries(rest.core).map(([name, value]): [string, unknown, unknown] => [
      `core.${name}`,
      value,
      trace.core[name as keyof CoreTrace['core']],
    ]),
    ['steps', rest.steps, trace.steps],
    ['input', rest.input, trace.input],
    ...trace.populations.flatMap((stated): [string, unknown, unknown][] => {
      const has = populations.find(({ name }) => name === stated.name);
      return [
        [`size of population ${stated.name}`, has?.size, stated.size],
        [`payload of population ${stated.name}`, payloadOf(has), payloadOf(stated)],
      ];
    }),
    ...trace.fields.flatMap((stated): [string, unknown, unknown][] => {
      const field = fields.find(({ name }) => name === stated.name);
      return (['items', 'bits', 'signed', 'storage'] as const).map((key) => [
        `${key} of field ${stated.name}`,
        field?.[key],
        stated[key],
      ]);
    }),
  ];
  for (const [what, has, states] of pairs) {
    if (has !== states) throw other(what, String(has ?? 'nothing'), String(states));
  }

  function other(what: string, has: string, states: string): PlasticoreError {
    return new PlasticoreError(
      'data',
      `the trace describes a different core: ${what}: expected ${has}, found ${states}`,
      {
        file,
        hint: `it names ${trace.image ?? `program ${trace.program} on hw-model ${trace.hwModel}`}`,
      },
    );
  }
}

function payloadOf(population: CoreTrace['populations'][number] | undefined): string {
  const { payload } = population ?? {};
  return payload === undefined ? 'none' : `${payload.bits} bits, ${payload.signed ? 'signed' : 'unsigned'}`;
}

/** Checks that labels are those which the program takes: the compiler relies on it when it derives ranges. */
function checkLabels({ samples }: CoreTrace, image: Image, file: string): void {
  const { name } = image.fields[image.readout] ?? {};
  const { high } = labelRange(image);
  const index = samples.findIndex(({ host }) => host.label > high);
  if (name === undefined || index < 0) return;
  const expected =
    image.regression === undefined
      ? `a class below ${high + 1}, the items of readout ${name}`
      : `a number of ${image.regression.bits} bits`;
  throw new PlasticoreError(
    'data',
    `samples.${index}.host.label: expected ${expected}, found ${samples[index]?.host.label}`,
    { file },
  );
}

function summaryOf({ samples, steps, fields, expected }: CoreTrace): string {
  const spikes = expected.samples
    .flatMap((sample) => Object.values(sample.spikes))
    .reduce((sum, byStep) => sum + byStep.flat().length, 0);
  const parts = [
    `${samples.length} samples of ${steps} steps`,
    `${spikes} spikes in order`,
    `${fields.length} fields`,
    ...(expected.samples.some(({ cycles }) => cycles !== undefined) ? ['cycles of each step'] : []),
    ...(expected.counters === undefined ? [] : ['all counters']),
  ];
  return parts.join(', ');
}
