import type { Dataset, SpikeTrain } from '../../data/index.ts';
import { type Core, createCore, defaultEngine, predict, runSample } from '../../engine/index.ts';
import { type Cell, RunSequence } from '../../experiment/index.ts';
import { byFifoCounter, type Counters, type Image, price } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import {
  type CoreTrace,
  coreTraceFormat,
  type TraceExpected,
  type TraceSample,
  type TraceSampleExpected,
} from './core-trace-parts.ts';

/** Selects what a trace states about a core. */
export interface TracePlan {
  /** Names of fields; default: all stored fields. */
  readonly fields?: readonly string[] | undefined;
  /** Whether to state the fields after each step, too. */
  readonly everyStep?: boolean | undefined;
}

/** The files named by a trace, as references relative to the trace. */
export type TraceSource =
  | { readonly program: string; readonly hwModel: string; readonly settings: readonly string[] }
  | { readonly image: string };

/** The samples of a run in its order. */
export function traceSamples(cell: Cell, data: Dataset): TraceSample[] {
  const sequence = new RunSequence(cell, data);
  return Array.from({ length: sequence.count }, (_, index) => {
    const { epoch, learn, label } = sequence.at(index);
    return { epoch, learn, host: { label }, inputs: stepsOf(sequence.spikes(index)) };
  });
}

/**
 * Runs a cell on data, as an experiment does, and records everything that the core did.
 *
 * @throws PlasticoreError `usage` for a program whose spikes carry values, or that presents samples twice
 */
export function traceOf(
  cell: Cell,
  data: Dataset,
  source: TraceSource,
  options: TracePlan & { readonly engine?: string | undefined } = {},
): CoreTrace {
  const { image } = cell;
  refuseValues(image);
  const samples = traceSamples(cell, data);
  const plan = { fields: options.fields ?? storedFields(image), everyStep: options.everyStep ?? false };
  const expected = recordTrace(createCore(image, { engine: options.engine ?? defaultEngine }), samples, plan);
  return {
    format: coreTraceFormat,
    name: cell.name,
    description: `${image.program} on ${image.core.hwModel}, as plasticore ${image.provenance.compiler} runs it on ${data.name}`,
    ...('image' in source
      ? { image: source.image, settings: [] }
      : { program: source.program, hwModel: source.hwModel, settings: [...source.settings] }),
    precision: image.core.precision,
    seed: image.seed,
    ...traceHead(image, plan.fields),
    samples,
    expected,
  };
}

/** Golden traces name the neurons that spike, and nothing that their spikes carry. */
function refuseValues({ program, populations }: Image): void {
  const carrying = populations.find(({ payload }) => payload !== undefined);
  if (carrying === undefined) return;
  throw new PlasticoreError(
    'usage',
    `spikes of '${carrying.name}' in '${program}' carry values, which a golden trace does not state`,
    { hint: 'plasticore trace shows steps, and both engines can be compared by their reports' },
  );
}

/** The part of a trace that describes its core. */
export function traceHead(
  image: Image,
  fields: readonly string[],
): Pick<CoreTrace, 'core' | 'steps' | 'input' | 'populations' | 'fields'> {
  const { lanes, datapathBits, arithmetic, fifoDepth, whenFull } = image.core;
  const { clockMhz } = image.costs;
  return {
    core: { lanes, datapathBits, arithmetic, clockMhz, fifoDepth, whenFull },
    steps: image.steps,
    input: image.populations[image.input]?.name ?? '',
    populations: image.populations.map(({ name, size }) => ({ name, size })),
    fields: image.fields
      .filter(({ name }) => fields.includes(name))
      .map(({ name, count, bits, signed, storage }) => ({ name, items: count, bits, signed, storage })),
  };
}

/** Runs samples on a core from its present state and records what it did. */
export function recordTrace(
  engine: Core,
  samples: readonly TraceSample[],
  plan: { readonly fields: readonly string[]; readonly everyStep: boolean },
): TraceExpected {
  const { image } = engine;
  const watch = new FieldWatch(engine, plan.fields);
  engine.resetCounters();
  const initial = watch.changed();
  const results = samples.map((sample) => recordSample(engine, sample, watch, plan.everyStep));
  return { initial, samples: results, counters: countersOf(image, engine.counters()) };
}

function recordSample(
  engine: Core,
  sample: TraceSample,
  watch: FieldWatch,
  everyStep: boolean,
): TraceSampleExpected {
  const { image } = engine;
  const emitting = image.populations.flatMap(({ name }, index) =>
    index === image.input ? [] : [{ name, index }],
  );
  const spikes: Record<string, number[][]> = Object.fromEntries(emitting.map(({ name }) => [name, []]));
  const cycles: number[] = [];
  const steps: Record<string, number[]>[] = [];
  let before = cyclesOf(engine);
  engine.setEpoch(sample.epoch);
  runSample(engine, spikeTrainOf(sample.inputs), {
    label: sample.host.label,
    learn: sample.learn,
    observe: () => {
      for (const { name, index } of emitting) spikes[name]?.push([...engine.spikesOf(index)]);
      const now = cyclesOf(engine);
      cycles.push(now - before);
      before = now;
      if (everyStep) steps.push(watch.changed());
    },
  });
  return {
    spikes,
    cycles,
    ...(everyStep ? { steps } : {}),
    fields: watch.changed(),
    answer: predict(engine),
  };
}

/** Watches the fields of a plan for changes since they were last recorded. */
class FieldWatch {
  readonly #engine: Core;
  readonly #fields: readonly { readonly name: string; readonly index: number }[];
  readonly #last = new Map<string, Float64Array>();

  constructor(engine: Core, names: readonly string[]) {
    this.#engine = engine;
    this.#fields = engine.image.fields.flatMap(({ name }, index) =>
      names.includes(name) ? [{ name, index }] : [],
    );
  }

  /** The fields with an item that changed since the last call; all fields at the first call. */
  changed(): Record<string, number[]> {
    const values: Record<string, number[]> = {};
    for (const { name, index } of this.#fields) {
      const now = this.#engine.read(index);
      const last = this.#last.get(name);
      if (last?.every((value, item) => value === now[item])) continue;
      this.#last.set(name, now.slice());
      values[name] = [...now];
    }
    return values;
  }
}

/** Names of the fields stored in a bank. Views computed on reading follow from them. */
export function storedFields(image: Image): string[] {
  return image.fields.filter(({ layout }) => layout !== undefined).map(({ name }) => name);
}

function cyclesOf(engine: Core): number {
  return price(engine.counters(), engine.image.costs).cycles;
}

function countersOf(image: Image, counters: Counters): NonNullable<TraceExpected['counters']> {
  const sum = (bank: number, kind: 'reads' | 'writes') =>
    counters.work.reduce((total, count) => total + (count[kind][bank] ?? 0), 0);
  return {
    cycles: price(counters, image.costs).cycles,
    spikes: Object.fromEntries(
      image.populations.map(({ name }, index) => [name, counters.spikes[index] ?? 0]),
    ),
    router: byFifoCounter((name) => counters[name]),
    banks: image.banks.map(({ name }, bank) => ({
      name,
      wordsRead: sum(bank, 'reads'),
      wordsWritten: sum(bank, 'writes'),
    })),
  };
}

function stepsOf({ steps, offsets, indices }: SpikeTrain): number[][] {
  return Array.from({ length: steps }, (_, step) => [...indices.subarray(offsets[step], offsets[step + 1])]);
}

function spikeTrainOf(inputs: TraceSample['inputs']): SpikeTrain {
  const offsets = new Uint32Array(inputs.length + 1);
  for (const [step, spikes] of inputs.entries()) offsets[step + 1] = (offsets[step] ?? 0) + spikes.length;
  return { steps: inputs.length, offsets, indices: Uint32Array.from(inputs.flat()) };
}
