import type { Dataset, SpikeTrain } from '../../data/index.ts';
import { neuronOf, type Processor, populationOf, predict, runSample } from '../../engine/index.ts';
import { type Cell, EncodedSamples, lastingStages, Session } from '../../experiment/index.ts';
import {
  allLists,
  batchSizes,
  byFifoCounter,
  type Counters,
  countsSince,
  neuronIn,
  type Placement,
  type ProgramView,
  price,
  sentFrom,
  valueIn,
} from '../../image/index.ts';
import { tableOf } from '../../text/index.ts';
import {
  type CoreTrace,
  coreTraceFormat,
  type TraceExpected,
  type TraceSample,
  type TraceSampleExpected,
} from './core-trace.ts';

/** Selects what a trace states about a core. */
export interface TracePlan {
  /** Names of fields; default: all stored fields. */
  readonly fields?: readonly string[] | undefined;
  /** Whether to state the fields after each step, too. */
  readonly everyStep?: boolean | undefined;
  /** After which sample, of so many, to state the fields; default: all. */
  readonly states?: ((sample: number, samples: number) => boolean) | undefined;
}

/** The files named by a trace, as references relative to the trace. */
export type TraceSource =
  | { readonly program: string; readonly hwModel: string; readonly settings: readonly string[] }
  | { readonly image: string };

/** The samples of a session that are not done, as a trace states them. */
function traceSamples(session: Session): TraceSample[] {
  const { cell, data } = session;
  const encoded = new EncodedSamples(cell, data);
  const { image } = cell;
  const input = image.populations[image.input];
  const hasBatches = batchSizes(allLists(image.events)).length > 0;
  return Array.from(session.ahead(), (sample) => {
    const { epoch, learn, label, place } = sample;
    const { steps, offsets, indices } = encoded.start(sample).spikes;
    const byStep = (numberOf: (address: number) => number) =>
      Array.from({ length: steps }, (_, step) =>
        Array.from(indices.subarray(offsets[step], offsets[step + 1]), numberOf),
      );
    const inputs = byStep((address) => neuronIn(input ?? {}, address));
    const values = input?.payload && byStep((address) => valueIn(input, address));
    return {
      epoch,
      learn,
      ...(hasBatches && { place }),
      host: { label },
      inputs,
      ...(values && { values }),
    };
  });
}

/**
 * Runs a cell on data, as an experiment does, and records everything that the core did.
 *
 * @throws PlasticoreError `data` if the data do not fit the network
 */
export function traceOf(
  cell: Cell,
  data: Dataset,
  source: TraceSource,
  options: TracePlan & { readonly engine?: string | undefined } = {},
): CoreTrace {
  const { image } = cell;
  const stages = lastingStages(cell, data);
  const session = new Session(cell, data, { engine: options.engine, stages });
  const samples = traceSamples(session);
  const { fields = storedFields(image), everyStep = false, states } = options;
  const plan = { fields, everyStep, states };
  const expected = recordTrace(session.machine, samples, plan);
  return {
    format: coreTraceFormat,
    name: cell.name,
    description: `${image.program} on ${image.core.hwModel}, as Plasticore ${image.provenance.compiler} runs it on ${data.name}`,
    ...('image' in source
      ? { image: source.image, settings: [] }
      : { program: source.program, hwModel: source.hwModel, settings: [...source.settings] }),
    precision: image.core.precision,
    seed: image.seed,
    ...(image.chip !== undefined && { placement: slicesOf(image.placement) }),
    ...traceHead(image, plan.fields),
    samples,
    expected,
  };
}

/** Where the neurons are, as a trace states it. */
function slicesOf(placement: Placement): NonNullable<CoreTrace['placement']> {
  return tableOf(Object.fromEntries(Object.entries(placement).map(([name, slices]) => [name, [...slices]])));
}

/** The part of a trace that describes its core. */
export function traceHead(
  image: ProgramView,
  fields: readonly string[],
): Pick<CoreTrace, 'core' | 'steps' | 'input' | 'populations' | 'fields'> {
  const { lanes, datapathBits, arithmetic, fifoDepth, whenFull } = image.core;
  const { clockMhz } = image.costs;
  return {
    core: { lanes, datapathBits, arithmetic, clockMhz, fifoDepth, whenFull },
    steps: image.steps,
    input: image.populations[image.input]?.name ?? '',
    populations: image.populations.map(({ name, size, payload }) => ({
      name,
      size,
      ...(payload && { payload: { bits: payload.bits, signed: payload.signed } }),
    })),
    fields: image.fields
      .filter(({ name }) => fields.includes(name))
      .map(({ name, count, bits, signed, storage }) => ({ name, items: count, bits, signed, storage })),
  };
}

/** Runs samples on a core from its present state and records what it did. */
export function recordTrace(
  engine: Processor,
  samples: readonly TraceSample[],
  { fields, everyStep, states = () => true }: TracePlan & { readonly fields: readonly string[] },
): TraceExpected {
  const { image } = engine;
  const watch = new FieldWatch(engine, fields);
  engine.resetCounters();
  const initial = watch.changed();
  const results = samples.map((sample, index) => ({
    ...recordSample(engine, sample, watch, everyStep),
    fields: states(index, samples.length) ? watch.changed() : {},
    answer: predict(engine),
  }));
  return { initial, samples: results, counters: countersOf(image, engine.counters()) };
}

function recordSample(
  engine: Processor,
  sample: TraceSample,
  watch: FieldWatch,
  everyStep = false,
): Omit<TraceSampleExpected, 'fields' | 'answer'> {
  const { image } = engine;
  const emitting = image.populations.flatMap((population, index) =>
    index === image.input ? [] : [{ population, name: population.name, index }],
  );
  const carrying = emitting.filter(({ population }) => population.payload !== undefined);
  const spikes = tableOf<number[][]>();
  const values = tableOf<number[][]>();
  for (const { name } of emitting) spikes[name] = [];
  for (const { name } of carrying) values[name] = [];
  const cycles: number[] = [];
  const steps: Record<string, number[]>[] = [];
  let before = engine.counters();
  engine.setEpoch(sample.epoch);
  runSample(engine, spikeTrainOf(sample, image), {
    label: sample.host.label,
    learn: sample.learn,
    place: sample.place,
    observe: () => {
      for (const { name, index } of emitting) spikes[name]?.push([...engine.spikesOf(index)]);
      const emitted = carrying.length === 0 ? [] : latestOf(engine, spikes);
      for (const { population, index } of carrying)
        values[population.name]?.push(
          Array.from(
            emitted.filter((address) => populationOf(address) === index),
            (address) => valueIn(population, neuronOf(address)),
          ),
        );
      const now = engine.counters();
      cycles.push(price(countsSince(before, now), image.costs).cycles);
      before = now;
      if (everyStep) steps.push(watch.changed());
    },
  });
  return {
    spikes,
    ...(carrying.length > 0 && { values }),
    ...(cycles.length > sample.inputs.length && { replayed: true }),
    cycles,
    ...(everyStep ? { steps } : {}),
  };
}

/** The addresses of the spikes of the latest step, of which the last items of all lists are the neurons. */
function latestOf({ emitted }: Processor, spikes: Readonly<Record<string, readonly (readonly number[])[]>>) {
  const count = Object.values(spikes).reduce((sum, steps) => sum + (steps.at(-1)?.length ?? 0), 0);
  return [...emitted.subarray(0, count)];
}

/** Watches the fields of a plan for changes since they were last recorded. */
class FieldWatch {
  readonly #engine: Processor;
  readonly #fields: readonly { readonly name: string; readonly index: number }[];
  readonly #last = new Map<string, Float64Array>();

  constructor(engine: Processor, names: readonly string[]) {
    this.#engine = engine;
    this.#fields = engine.image.fields.flatMap(({ name }, index) =>
      names.includes(name) ? [{ name, index }] : [],
    );
  }

  /** The fields with an item that changed since the last call; all fields at the first call. */
  changed(): Record<string, number[]> {
    const values = tableOf<number[]>();
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
function storedFields(image: ProgramView): string[] {
  return image.fields.filter(({ layout }) => layout !== undefined).map(({ name }) => name);
}

function countersOf(image: ProgramView, counters: Counters): NonNullable<TraceExpected['counters']> {
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

/** The spikes that a sample supplies, as addresses. */
export function spikeTrainOf(
  { inputs, values }: TraceSample,
  { populations, input }: ProgramView,
): SpikeTrain {
  const offsets = new Uint32Array(inputs.length + 1);
  for (const [step, spikes] of inputs.entries()) offsets[step + 1] = (offsets[step] ?? 0) + spikes.length;
  const carried = values?.flat();
  const addressOf = (neuron: number, spike: number) =>
    sentFrom(populations[input] ?? {}, neuron, carried?.[spike] ?? 0);
  return { steps: inputs.length, offsets, indices: Uint32Array.from(inputs.flat(), addressOf) };
}
