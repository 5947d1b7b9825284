import type { SpikeTrain } from '../data/index.ts';
import { type Counters, type Field, fitToField, type Image, layoutOf, wordOf } from '../image/index.ts';
import { PlasticoreError, suggest } from '../text/index.ts';

/** Everything of a core that outlives a sample: the bits of its banks, and its generators. */
export interface CoreState {
  /** One for each bank, in packed form, 32 bits to an element. */
  readonly banks: readonly Uint32Array[];
  /**
   * States of the lanes' generators, then of those that the hw-model declares: their last `far` bits before the word under
   * way, the earliest lowest.
   */
  readonly lanes: Uint32Array;
}

export interface SampleOptions {
  /** What the host writes into `host.label`. */
  readonly label: number;
  /** Whether actions `when: learning` run. */
  readonly learn: boolean;
  /** Called after each step, for recordings. */
  readonly observe?: ((step: number) => void) | undefined;
}

/** A core that runs an image. The engines differ in speed only: memory, spikes, random states and counters are equal. */
export interface Engine {
  readonly name: 'reference' | 'fast';
  readonly image: Image;
  /** Gives scheduled parameters their values for an epoch, counted from 0. */
  setEpoch(epoch: number): void;
  /**
   * Runs the `sample` list and then a time step for each step of the input spikes: at most the image's, at least one.
   *
   * @throws PlasticoreError `data` for too many steps or none, `run` where a NaN would be stored
   */
  runSample(spikes: SpikeTrain, options: SampleOptions): void;
  /** The items of a field (by index), as the core's memory holds them. A view that is not stored is computed. */
  read(field: number): Float64Array;
  /**
   * Writes the items of a field (by index), and of the view of it that the core keeps.
   *
   * @throws PlasticoreError `data` for another number of values than items, or a value that the field does not hold
   */
  write(field: number, values: ArrayLike<number>): void;
  /** Scalars of the named event to be triggered, as the image's `eventScalars` lists them. They stay until overwritten. */
  readonly event: Int32Array;
  /** What the last trigger emitted, in the order of the visit: neurons, plus 2^24 times the number of their population. */
  readonly emitted: Uint32Array;
  /**
   * Runs the list of a named event (by index) for the scalars in `event`, which are not checked: {@link triggerEvent} is
   * for people. It allocates nothing.
   *
   * @returns how many items of `emitted` are valid
   */
  trigger(event: number): number;
  /** Spikes of a population in the latest step (or trigger), in the order of their emission. For the input: those supplied. */
  spikesOf(population: number): readonly number[];
  counters(): Counters;
  resetCounters(): void;
  save(): CoreState;
  restore(state: CoreState): void;
}

/** Bits of an emitted item that name the neuron; the rest name its population. */
export const neuronBits = 24;

/** The most items that a named event of an image emits. */
export function mostEmitted({ events }: Image): number {
  return Math.max(0, ...events.named.map((event) => event.mostEmitted));
}

/**
 * Triggers a named event, by name: `triggerEvent(engine, 'virtual', {neuron: 3, weight: 7})`. Scalars that are not given
 * keep what they were.
 *
 * @returns the neurons that were emitted, in the order of the visit
 * @throws PlasticoreError `usage` for an event or scalar that the image does not have, or a value out of its range
 */
export function triggerEvent(
  engine: Engine,
  name: string,
  scalars: Readonly<Record<string, number>> = {},
): number[] {
  const { events, eventScalars } = engine.image;
  const index = events.named.findIndex((event) => event.name === name);
  if (index < 0) {
    throw new PlasticoreError('usage', `there is no event '${name}'`, {
      hint: suggest(
        name,
        events.named.map((event) => event.name),
      ),
    });
  }
  for (const [scalar, value] of Object.entries(scalars)) {
    const at = eventScalars.findIndex((candidate) => candidate.name === scalar);
    const range = eventScalars[at];
    if (range === undefined) {
      throw new PlasticoreError('usage', `events have no scalar '${scalar}'`, {
        hint: suggest(
          scalar,
          eventScalars.map((candidate) => candidate.name),
        ),
      });
    }
    if (!Number.isInteger(value) || value < range.low || value > range.high)
      throw new PlasticoreError('usage', `${scalar}: expected ${range.low} to ${range.high}, found ${value}`);
    engine.event[at] = value;
  }
  const count = engine.trigger(index);
  return Array.from(engine.emitted.subarray(0, count), (item) => item % 2 ** neuronBits);
}

/** Refuses values that a field does not hold. */
export function checkValues(image: Image, field: Field, values: ArrayLike<number>): void {
  const fail = (message: string): never => {
    throw new PlasticoreError('data', `${field.name}: ${message}`);
  };
  if (field.view !== undefined) fail('is a view of the shadow weight: write that');
  if (values.length !== field.count) fail(`expected ${field.count} values, found ${values.length}`);
  const fitted = fitToField(field);
  for (let item = 0; item < field.count; item++) {
    const value = values[item] ?? 0;
    if (fitted(value) !== value) fail(`item ${item} cannot be ${value}`);
    if (!field.perWord) continue;
    const layout = layoutOf(image, field);
    const isFirst = item === 0 || wordOf(layout, item) !== wordOf(layout, item - 1);
    if (!isFirst && value !== values[item - 1])
      fail(`item ${item} cannot be ${value} where item ${item - 1} of its word is ${values[item - 1]}`);
  }
}

/** A sample may be shorter than the image's steps, but not longer. */
export function checkSteps(image: Image, { steps }: SpikeTrain): void {
  if (image.core.controller !== undefined)
    throw new PlasticoreError('usage', `'${image.program}' runs on named events, not on samples`, {
      hint: `what sends them is a controller: docs/${image.core.controller}.md has an example`,
    });
  if (steps >= 1 && steps <= image.steps) return;
  throw new PlasticoreError('data', `expected spikes of 1 to ${image.steps} steps, found ${steps}`);
}

/** The answer of a sample: the first of the largest items of the readout field. */
export function predict(engine: Engine): number {
  const scores = engine.read(engine.image.readout);
  let best = 0;
  for (let item = 1; item < scores.length; item++) if ((scores[item] ?? 0) > (scores[best] ?? 0)) best = item;
  return best;
}
