import type { SpikeTrain } from '../data/index.ts';
import {
  type Action,
  type Field,
  factsOf,
  fitToField,
  heldRange,
  indexItems,
  indexKeys,
  kernelsIn,
  labelRange,
  layoutOf,
  Memory,
  neuronIn,
  type Population,
  type ProgramView,
  servedSpikes,
  spikeLists,
  spikeLoopOf,
  suppliedTo,
  wordOf,
} from '../image/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { roomForSpikes } from './spike-address.ts';
import { type CoreState, drawStates, type SampleStart } from './state.ts';

/*
 * Checks that both engines share, with the same messages.
 */

/** Refuses values that a field cannot hold. */
export function checkValues(image: ProgramView, field: Field, values: ArrayLike<number>): void {
  const fail = (message: string): never => {
    throw new PlasticoreError('data', `${field.name}: ${message}`);
  };
  if (field.fixed === true) fail('is where synapses lead, and stays as compiled');
  if (areDelays(image, field)) fail('is how long synapses delay spikes, and stays as compiled');
  if (field.view !== undefined) fail('is a view of the shadow weight: write that');
  if (values.length !== field.count) fail(`expected ${field.count} values, found ${values.length}`);
  const fitted = fitToField(field);
  const { low, high } = heldRange(field);
  // Where cells fail, any number of the field's bits is one that its items may have.
  const isHeld = (value: number): boolean =>
    field.faulty === true && Number.isInteger(value) && low <= value && value <= high;
  for (let item = 0; item < field.count; item++) {
    const value = values[item] ?? 0;
    if (fitted(value) !== value && !isHeld(value)) fail(`item ${item} cannot be ${value}`);
    if (!field.perWord) continue;
    const layout = layoutOf(image, field);
    const isFirst = item === 0 || wordOf(layout, item) !== wordOf(layout, item - 1);
    if (!isFirst && value !== values[item - 1])
      fail(`item ${item} cannot be ${value} where item ${item - 1} of its word is ${values[item - 1]}`);
  }
}

/** Whether a field holds the delays of synapses, by which their projection is divided. */
function areDelays({ projections }: ProgramView, { name }: Field): boolean {
  return projections.some(({ partOf }) => name === `${projections[partOf ?? -1]?.name}.delay`);
}

/** The items of a field that stays as compiled: where the synapses of a sparse projection lead. */
export function fixedItems(image: ProgramView, field: Field): Float64Array {
  const index = image.fields.indexOf(field);
  for (const projection of image.projections) {
    const key = indexKeys.find((one) => projection.index?.[one] === index);
    if (key !== undefined) return Float64Array.from(indexItems(key, projection, image.projections));
  }
  throw new Error(`no projection has the index ${field.name}`);
}

/** Refuses a sample that the image cannot run: without steps, with too many, or with a label that it does not take. */
export function checkSample(image: ProgramView, { steps, label, spikes }: SampleStart): void {
  checkSteps(image, steps);
  checkLabel(image, label);
  if (spikes !== undefined) checkTrain(spikes, steps);
}

/** Refuses spikes of other steps than the sample has, or whose offsets do not ascend to a number that is there. */
function checkTrain(train: SpikeTrain, steps: number): void {
  const { offsets, indices } = train;
  if (train.steps !== steps) refuseData(`expected spikes of ${steps} steps, found ${train.steps}`);
  let last = 0;
  for (let step = 0; step <= steps; step++) {
    const offset = offsets[step] ?? Number.NaN;
    if (!(offset >= last)) refuseData(`offsets of spikes must not descend, found ${offset} after ${last}`);
    last = offset;
  }
  if (last > indices.length) refuseData(`offsets promise ${last} spikes, found ${indices.length}`);
}

function refuseData(message: string): never {
  throw new PlasticoreError('data', message);
}

/** A sample may be shorter than the image's steps, but not longer. */
function checkSteps({ core, program, steps }: ProgramView, found: number): void {
  if (core.controller !== undefined) {
    throw new PlasticoreError('usage', `'${program}' runs on named events, not on samples`, {
      hint: `the controller '${core.controller}' sends them: run the core under it`,
    });
  }
  if (Number.isInteger(found) && found >= 1 && found <= steps) return;
  throw new PlasticoreError('data', `expected a sample of 1 to ${steps} steps, found ${found}`);
}

/** Refuses a label that the program does not take: the range analysis of the microcode relies on its range. */
function checkLabel(image: ProgramView, label: number): void {
  const { low, high } = labelRange(image);
  if (Number.isInteger(label) && label >= low && label <= high) return;
  const field = image.fields[image.readout];
  throw new PlasticoreError(
    'data',
    field === undefined
      ? `expected label 0, since the program has no readout, found ${label}`
      : `${field.name}: expected labels ${low} to ${high}, found ${label}`,
  );
}

/** Refuses a state of another image: the numbers of its words and generators differ, or where synapses lead. */
export function checkState(image: ProgramView, state: CoreState): void {
  const { banks, core, generators, fields } = image;
  const expected = banks.map(({ wordBits, usedWords }) => Math.ceil((wordBits * usedWords) / 32));
  const found = state.banks.map(({ length }) => length);
  if (found.join() !== expected.join())
    throw new PlasticoreError(
      'data',
      `expected banks of ${expected.join(', ')} words of 32 bits, found ${found.join(', ')}`,
    );
  const count = core.lanes + generators.length + drawStates(image);
  if (state.generators.length !== count)
    throw new PlasticoreError('data', `expected ${count} generators, found ${state.generators.length}`);
  for (const field of fields) if (field.fixed === true) checkFixed(image, field, state);
}

function checkFixed(image: ProgramView, field: Field, { banks }: CoreState): void {
  const expected = fixedItems(image, field);
  const found = new Memory(image, banks).access(image, field).readAll();
  const wrong = expected.findIndex((value, item) => found[item] !== value);
  if (wrong < 0) return;
  throw new PlasticoreError(
    'data',
    `${field.name}: expected ${expected[wrong]} as item ${wrong}, found ${found[wrong]}`,
    { hint: 'the state is of a program with other synapses' },
  );
}

/** Refuses a step after the sample's last one. */
export function refuseStep(steps: number): never {
  if (steps === 0) throw new PlasticoreError('usage', 'no sample has begun: call begin() before step()');
  throw new PlasticoreError('usage', `the sample has ended after step ${steps}`);
}

/** The population that receives spikes from outside, with the neurons that do. */
export function receiving(
  { populations, input }: Pick<ProgramView, 'populations' | 'input'>,
  population: number,
): Population {
  const found = populations[population];
  if (found !== undefined && population === input) return { ...found, size: suppliedTo(found) };
  const what =
    found === undefined ? `there is no population ${population}` : `'${found.name}' makes its own spikes`;
  const hint = populations[input];
  throw new PlasticoreError('usage', `${what}: it cannot receive any`, {
    hint: hint === undefined ? 'this program has no input population' : `'${hint.name}' receives spikes`,
  });
}

/** Refuses a neuron that the input population does not have, or a value that its spikes do not carry. */
export function refuseNeuron(
  { populations, input }: Pick<ProgramView, 'populations' | 'input'>,
  spike: number,
): never {
  const { name, size, payload } = receiving({ populations, input }, input);
  const neuron = neuronIn({ payload }, spike);
  const [what, found] =
    payload === undefined || neuron >= size
      ? [`neurons 0 to ${size - 1}`, neuron]
      : [`values of ${payload.bits} bits above the ${payload.shift} of the neuron`, spike];
  throw new PlasticoreError('data', `${name}: expected ${what}, found ${found}`);
}

/** Kernels that may be suspended at the same time, each waiting for room in the FIFO. */
export const mostSuspended = 64;

export function failSuspended({ kernels, core, events, populations }: ProgramView): never {
  const emits = (actions: readonly Action[] = []): boolean =>
    kernelsIn(actions).some((index) => factsOf(at(kernels, index)).emits);
  const lists = spikeLists(events);
  const emitting = servedSpikes({ populations, events }).flatMap(({ population }, list) =>
    emits(lists[list]) ? [population] : [],
  );
  const names = [...new Set(emitting)].sort((a, b) => a - b).map((index) => `'${populations[index]?.name}'`);
  throw new PlasticoreError(
    'run',
    `more than ${mostSuspended} kernels, run by spikes of ${names.join(' and ')}, wait to emit into the full FIFO of ${core.fifoDepth} events`,
    { hint: 'use a deeper FIFO, or whenFull: drop' },
  );
}

/** Spikes that a step may emit before a loop of spikes counts as endless, approximately. */
const longestLoop = 2 ** 18;

/** The most spikes that a step may emit, a multiple of the room for them; undefined without a loop of spikes. */
export function mostEmittedInLoop(image: ProgramView): number | undefined {
  if (image.core.controller !== undefined || spikeLoopOf(image) === undefined) return undefined;
  const room = Math.max(1, roomForSpikes(image));
  return room * Math.ceil(longestLoop / room);
}

export function failLoop(image: ProgramView, most: number): never {
  const names = (spikeLoopOf(image)?.populations ?? []).map((index) => `'${image.populations[index]?.name}'`);
  throw new PlasticoreError(
    'run',
    `a step has emitted ${most} spikes and does not end: spikes of ${[...names, names[0]].join(' make spikes of ')}`,
    { hint: 'emit under a condition, or in the tick list, where the next step serves the spikes' },
  );
}

/** Where a NaN would have been stored: the location, for the message. */
export interface NaNPlace {
  readonly kernel: string;
  readonly field: string;
  readonly item: number;
  /** Samples begun since the counters were reset. */
  readonly sample: number;
  readonly step: number;
}

export function failNaN({ kernel, field, item, sample, step }: NaNPlace): never {
  throw new PlasticoreError(
    'run',
    `not a number: kernel '${kernel}' would store NaN into ${field}[${item}], sample ${sample} of this run, step ${step}`,
    { hint: 'floats have overflowed: lower the learning rate or the initial weights' },
  );
}
