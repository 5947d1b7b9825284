import type { NdArray } from '../../data/index.ts';
import type { Processor } from '../../engine/index.ts';
import { type Counters, countsSince, type Field, type Image, type ProgramView } from '../../image/index.ts';
import { membranesOf, type StepReport, stepReport } from '../../report/index.ts';
import { append, largest, option, PlasticoreError, suggest, tableOf } from '../../text/index.ts';

/** Number of recorded test samples: the first ones of the set, so that a recording stays small. */
export const recordedSamples = 10;

/** The plan of a recording after each step: fields and spikes, by index into the image's fields and populations. */
export interface RecordingPlan {
  readonly fields: readonly number[];
  readonly populations: readonly number[];
  /** Whether to record what each step of a chip of many cores takes. */
  readonly costs: boolean;
}

/** Nothing to record. */
export const noPlan: RecordingPlan = { fields: [], populations: [], costs: false };

/** Values recorded so far, for the first test samples. */
export interface Recording {
  /** For each recorded sample, its steps: the encoder may end a sample before the program's last step. */
  readonly steps: number[];
  /** For each field of the plan, its items after each step of each sample. */
  readonly fields: number[][];
  /** For each population of the plan, its spikes, and their number after each step. */
  readonly spikes: { readonly indices: number[]; readonly ends: number[] }[];
  /** The cost of each step, if the plan asks for it. */
  readonly costs: StepReport[];
}

const spikesName = 'spikes';
const stepsName = 'steps';

/**
 * Parses the option `record`: comma-separated parts, each `WHAT:POPULATION` or `steps`. WHAT is a population field or
 * `spikes`; POPULATION is a name, or `*` for all populations that have it. `steps` is what each step takes, on a chip
 * of many cores.
 *
 * @throws PlasticoreError `usage` with the nearest known name, and for the steps of a single core
 */
export function planRecording(spec: string, image: Image): RecordingPlan {
  const fields = new Set<number>();
  const populations = new Set<number>();
  const names = image.populations.map(({ name }) => name);
  let costs = false;
  for (const part of spec.split(',')) {
    if (part.trim() === stepsName) {
      costs = true;
      if (image.costs.network === undefined)
        throw fail(
          `expected a chip of many cores for '${stepsName}', found hw-model '${image.core.hwModel}', which is a single core`,
          `choose an hw-model with a section 'chip', such as mesh, or record ${spikesName}:*`,
        );
      continue;
    }
    const [what = '', population = '', ...rest] = part.trim().split(':');
    if (what === '' || population === '' || rest.length > 0) {
      throw fail(`expected WHAT:POPULATION, found '${part}'`, 'for example v:hidden,spikes:*, or steps');
    }
    const chosen = population === '*' ? names : [population];
    if (population !== '*' && !names.includes(population)) {
      throw fail(`there is no population '${population}'`, suggest(population, names));
    }
    if (what === spikesName) {
      for (const name of chosen) populations.add(names.indexOf(name));
      continue;
    }
    const found = chosen.flatMap((name) => {
      const index = image.fields.findIndex((field) => field.name === `${name}.${what}`);
      return index < 0 ? [] : [index];
    });
    if (found.length === 0) {
      const owner = population === '*' ? 'no population' : `'${population}'`;
      const known = image.fields.flatMap(({ name }) =>
        chosen.some((owned) => name.startsWith(`${owned}.`)) ? [name.split('.')[1] ?? ''] : [],
      );
      throw fail(
        `${owner} has ${population === '*' ? 'a' : 'no'} field '${what}'`,
        suggest(what, [...new Set(known), spikesName]),
      );
    }
    for (const index of found) fields.add(index);
  }
  return { fields: [...fields], populations: [...populations], costs };
}

/** The names of everything that a plan records: `hidden.v`, `input.spikes`, `steps`. */
export function recordedNames(plan: RecordingPlan | undefined, image: Image): string[] {
  if (plan === undefined) return [];
  return [
    ...plan.fields.map((field) => image.fields[field]?.name ?? ''),
    ...plan.populations.map((population) => `${image.populations[population]?.name}.${spikesName}`),
    ...(plan.costs ? [stepsName] : []),
  ];
}

function fail(message: string, hint: string): PlasticoreError {
  return new PlasticoreError('usage', message, { file: option('record'), hint });
}

function emptyRecording({ fields, populations }: RecordingPlan): Recording {
  return {
    steps: [],
    fields: fields.map(() => []),
    spikes: populations.map(() => ({ indices: [], ends: [0] })),
    costs: [],
  };
}

/**
 * The arrays of `record.npz`, with the steps of the longest sample; shorter ones are padded with zeros, and spikes with
 * none:
 *
 * - `POPULATION.FIELD`, samples x steps x neurons: the field after each step;
 * - `POPULATION.spikes.indices` and `.offsets`: the neurons that spiked in step t of sample s are
 *   `indices[offsets[s * steps + t] : offsets[s * steps + t + 1]]`, in the order of their emission;
 * - `steps`, `label` and `prediction` of each sample; no `label` where samples have none.
 */
export function recordingArrays(
  image: Image,
  plan: RecordingPlan,
  recording: Recording,
  labels: ArrayLike<number>,
  predictions: readonly number[],
): Record<string, NdArray> {
  const { steps } = recording;
  const samples = steps.length;
  const most = largest(steps, 1);
  const arrays = tableOf<NdArray>();
  for (const [slot, index] of plan.fields.entries()) {
    const field = image.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    const items = recording.fields[slot] ?? [];
    const padded = bySample(steps, (from, to) => [
      ...items.slice(from * field.count, to * field.count),
      ...new Array<number>((most - (to - from)) * field.count).fill(0),
    ]);
    arrays[field.name] = { shape: [samples, most, field.count], data: itemsOf(field, padded) };
  }
  for (const [slot, index] of plan.populations.entries()) {
    const name = image.populations[index]?.name ?? '';
    const { indices = [], ends = [] } = recording.spikes[slot] ?? {};
    const offsets = bySample(steps, (from, to) => [
      ...ends.slice(from + 1, to + 1),
      ...new Array<number>(most - (to - from)).fill(ends[to] ?? 0),
    ]);
    arrays[`${name}.spikes.indices`] = { shape: [indices.length], data: Uint32Array.from(indices) };
    arrays[`${name}.spikes.offsets`] = {
      shape: [offsets.length + 1],
      data: Uint32Array.from([0, ...offsets]),
    };
  }
  const first = Uint16Array.from({ length: samples }, (_, sample) => labels[sample] ?? 0);
  arrays.steps = { shape: [samples], data: Uint32Array.from(steps) };
  if (labels.length > 0) arrays.label = { shape: [samples], data: first };
  arrays.prediction = { shape: [samples], data: Uint16Array.from(predictions.slice(0, samples)) };
  return arrays;
}

/** The lists of all samples, joined; a sample has the steps `from` up to, not including, `to` of all recorded ones. */
function bySample(steps: readonly number[], make: (from: number, to: number) => number[]): number[] {
  let to = 0;
  return steps.flatMap((count) => {
    to += count;
    return make(to - count, to);
  });
}

/** A field's items in the narrowest numeric type that holds all of them. */
export function itemsOf(
  { storage, bits, signed }: Pick<Field, 'storage' | 'bits' | 'signed'>,
  items: Iterable<number> & ArrayLike<number>,
): NdArray['data'] {
  if (storage === 'float32') return Float32Array.from(items);
  if (bits <= 8) return signed ? Int8Array.from(items) : Uint8Array.from(items);
  if (bits <= 16) return signed ? Int16Array.from(items) : Uint16Array.from(items);
  return signed ? Int32Array.from(items) : Uint32Array.from(items);
}

/** Records what a plan asks for, sample by sample and step by step. */
export class Recorder {
  readonly recording: Recording;
  readonly #machine: Processor;
  readonly #plan: RecordingPlan;
  /** The counts before the step to come. */
  #before: Counters | undefined;

  /** @param from what was recorded before the run was interrupted */
  constructor(machine: Processor, plan: RecordingPlan, from: Recording = emptyRecording(plan)) {
    this.#machine = machine;
    this.#plan = plan;
    this.recording = structuredClone(from);
  }

  /** Begins a sample: the steps recorded from now on are its own. What begins it counts with its first step. */
  sample(): void {
    this.recording.steps.push(0);
    if (this.#plan.costs) this.#before = this.#machine.counters();
  }

  /** Appends what one step of the sample leaves, and what it took. */
  step(): void {
    const { steps, fields, spikes, costs } = this.recording;
    const { fields: plannedFields, populations } = this.#plan;
    steps.push((steps.pop() ?? 0) + 1);
    for (const [slot, field] of plannedFields.entries())
      append(fields[slot] ?? [], this.#machine.read(field));
    for (const [slot, population] of populations.entries()) {
      const of = spikes[slot];
      if (of === undefined) continue;
      append(of.indices, this.#machine.spikesOf(population));
      of.ends.push(of.indices.length);
    }
    if (this.#before === undefined) return;
    const now = this.#machine.counters();
    costs.push(stepReport(this.#machine.image, countsSince(this.#before, now)));
    this.#before = now;
  }
}

/** Counts in how many steps neurons change their potentials; the first step of a sample counts for all of them. */
export class MembraneUpdates {
  readonly #machine: Processor;
  readonly #membranes: readonly { readonly population: number; readonly field: number }[];
  /** The potentials after the step before; none at the start of a sample. */
  readonly #before: Float64Array[] = [];
  /** So far, by population. */
  readonly counts: number[];

  constructor(machine: Processor, counts: readonly number[] = noUpdates(machine.image)) {
    this.#machine = machine;
    this.#membranes = membranesOf(machine.image);
    this.counts = [...counts];
  }

  /** Before the first step of a sample. */
  begin(): void {
    this.#before.length = 0;
  }

  /** After each step. */
  step(): void {
    for (const [index, { population, field }] of this.#membranes.entries()) {
      const now = this.#machine.read(field);
      const before = this.#before[index];
      let updates = before === undefined ? now.length : 0;
      if (before !== undefined)
        for (let neuron = 0; neuron < now.length; neuron++) updates += Number(now[neuron] !== before[neuron]);
      this.counts[population] = (this.counts[population] ?? 0) + updates;
      this.#before[index] = now;
    }
  }
}

const noUpdates = ({ populations }: ProgramView): number[] => populations.map(() => 0);
