import type { NdArray } from '../../data/index.ts';
import type { Core } from '../../engine/index.ts';
import type { Field, Image } from '../../image/index.ts';
import { option, PlasticoreError, suggest } from '../../text/index.ts';

/** Number of recorded test samples: the first ones of the set, so that a recording stays small. */
export const recordedSamples = 10;

/** The fields and spikes to record after each step, by index into the image's fields and populations. */
export interface RecordingPlan {
  readonly fields: readonly number[];
  readonly populations: readonly number[];
}

/** Values recorded so far, for the first `samples` test samples. */
export interface Recording {
  samples: number;
  /** For each field of the plan, its items after each step of each sample. */
  readonly fields: number[][];
  /** For each population of the plan, its spikes, and their number after each step. */
  readonly spikes: { readonly indices: number[]; readonly ends: number[] }[];
}

const spikesName = 'spikes';

/**
 * Parses the option `record`: comma-separated `WHAT:POPULATION` parts. WHAT is a population field or `spikes`;
 * POPULATION is a name, or `*` for all populations that have it.
 *
 * @throws PlasticoreError `usage` with the nearest known name
 */
export function planRecording(spec: string, image: Image): RecordingPlan {
  const fields = new Set<number>();
  const populations = new Set<number>();
  const names = image.populations.map(({ name }) => name);
  for (const part of spec.split(',')) {
    const [what = '', population = '', ...rest] = part.trim().split(':');
    if (what === '' || population === '' || rest.length > 0) {
      throw fail(`expected WHAT:POPULATION, found '${part}'`, 'for example v:hidden,spikes:*');
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
  return { fields: [...fields], populations: [...populations] };
}

/** The names of everything that a plan records: `hidden.v`, `input.spikes`. */
export function recordedNames(plan: RecordingPlan | undefined, image: Image): string[] {
  if (plan === undefined) return [];
  return [
    ...plan.fields.map((field) => image.fields[field]?.name ?? ''),
    ...plan.populations.map((population) => `${image.populations[population]?.name}.${spikesName}`),
  ];
}

function fail(message: string, hint: string): PlasticoreError {
  return new PlasticoreError('usage', message, { file: option('record'), hint });
}

export function emptyRecording({ fields, populations }: RecordingPlan): Recording {
  return {
    samples: 0,
    fields: fields.map(() => []),
    spikes: populations.map(() => ({ indices: [], ends: [0] })),
  };
}

/** Appends the values of one step. */
export function recordStep(engine: Core, plan: RecordingPlan, recording: Recording): void {
  for (const [slot, field] of plan.fields.entries()) recording.fields[slot]?.push(...engine.read(field));
  for (const [slot, population] of plan.populations.entries()) {
    const spikes = recording.spikes[slot];
    spikes?.indices.push(...engine.spikesOf(population));
    spikes?.ends.push(spikes.indices.length);
  }
}

/**
 * The arrays of `record.npz`:
 *
 * - `POPULATION.FIELD`, samples x steps x neurons: the field after each step;
 * - `POPULATION.spikes.indices` and `.offsets`: the neurons that spiked in step t of sample s are
 *   `indices[offsets[s * steps + t] : offsets[s * steps + t + 1]]`, in the order of their emission;
 * - `label` and `prediction` of each sample.
 */
export function recordingArrays(
  image: Image,
  plan: RecordingPlan,
  recording: Recording,
  labels: ArrayLike<number>,
  predictions: readonly number[],
): Record<string, NdArray> {
  const { samples } = recording;
  const arrays: Record<string, NdArray> = {};
  for (const [slot, index] of plan.fields.entries()) {
    const field = image.fields[index];
    if (field === undefined) throw new Error(`no field ${index}`);
    arrays[field.name] = {
      shape: [samples, image.steps, field.count],
      data: itemsOf(field, recording.fields[slot] ?? []),
    };
  }
  for (const [slot, index] of plan.populations.entries()) {
    const name = image.populations[index]?.name ?? '';
    const { indices = [], ends = [] } = recording.spikes[slot] ?? {};
    arrays[`${name}.spikes.indices`] = { shape: [indices.length], data: Uint32Array.from(indices) };
    arrays[`${name}.spikes.offsets`] = { shape: [ends.length], data: Uint32Array.from(ends) };
  }
  const first = Uint16Array.from({ length: samples }, (_, sample) => labels[sample] ?? 0);
  arrays.label = { shape: [samples], data: first };
  arrays.prediction = { shape: [samples], data: Uint16Array.from(predictions.slice(0, samples)) };
  return arrays;
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
