import * as z from 'zod';
import {
  countersSchema,
  isSpikeOf,
  itemNotHeld,
  labelRange,
  neuronIn,
  type ProgramView,
  servedSpikes,
  suppliedTo,
} from '../image/index.ts';
import { programLimits } from '../program/index.ts';
import {
  expected,
  found,
  issuesToReport,
  list,
  oneOf,
  PlasticoreError,
  strictObject,
  truth,
  whole,
} from '../text/index.ts';
import { checkState, checkTrain } from './checks.ts';
import { listOf, neuronOf, populationOf } from './spike-address.ts';
import type { AddressEvent, Checkpoint, CoreState } from './state.ts';

const words = z.instanceof(Uint32Array, { error: expected('words of 32 bits') });

/** The shape of a core's state. {@link checkSaved} checks its contents. */
export const coreStateSchema: z.ZodType<CoreState> = strictObject({
  banks: list(words, 'one for each bank'),
  generators: words,
});

/**
 * Makes sure that a core can go on from a state: its lengths, a value of its field in each item, generators that move.
 *
 * @throws PlasticoreError `data`, with the place, such as `generators.3`
 */
export function checkSaved(image: ProgramView, state: CoreState, path: readonly PropertyKey[] = []): void {
  within(path, () => checkState(image, state));
  const item = itemNotHeld(image, state.banks);
  if (item !== undefined) fail([...path, 'banks'], item);
  const { lanes } = image.core;
  for (const [index, generator] of state.generators.entries()) {
    const at = [...path, 'generators', index];
    // Xorshift never reaches 0, and would not leave it. A declared generator keeps `far` bits.
    const { far = 32 } = image.generators[index - lanes] ?? {};
    if (index < lanes && generator === 0) fail(at, 'expected a state other than 0');
    if (generator >= 2 ** far) fail(at, `expected ${far} bits, found ${generator}`);
  }
}

/**
 * Makes sure that a core can go on from a checkpoint: its shape, and everything from which the core takes an index, a
 * length or the bound of a loop.
 *
 * @throws PlasticoreError `data`, with the place, such as `waiting.0`
 */
export function checkCheckpoint(image: ProgramView, value: unknown): void {
  const { data: checkpoint, error } = checkpointSchema(image).safeParse(value);
  if (checkpoint === undefined) {
    const [issue] = issuesToReport(error.issues, value);
    fail(issue?.path ?? [], issue?.message ?? 'is not a checkpoint');
  }
  const { state, sample, stepsDone, emitted, waiting, event } = checkpoint;
  checkSaved(image, state, ['state']);
  const { spikes, steps } = sample;
  if (spikes !== undefined) {
    within(['sample', 'spikes'], () => checkTrain(spikes, steps));
    const neurons = [...spikes.indices.subarray(0, spikes.offsets[steps])];
    const issue = z.array(inputNeuron(image)).safeParse(neurons).error?.issues[0];
    if (issue !== undefined) fail(['sample', 'spikes', 'indices', ...issue.path], issue.message);
  }
  if (stepsDone > steps) fail(['stepsDone'], `expected at most ${steps}, found ${stepsDone}`);
  for (const [index, spike] of emitted.entries())
    checkNeuron(image, populationOf(spike), neuronOf(spike), ['emitted', index]);
  const { fifoDepth } = image.core;
  if (waiting.length > fifoDepth) fail(['waiting'], `expected at most ${fifoDepth}, found ${waiting.length}`);
  for (const [index, address] of waiting.entries()) checkWaiting(image, address, ['waiting', index]);
  for (const [index, value] of event.entries()) {
    const { low = 0, high = 0 } = image.eventScalars[index] ?? {};
    if (value < low || value > high) fail(['event', index], `expected ${low} to ${high}, found ${value}`);
  }
}

function checkpointSchema(image: ProgramView): z.ZodType<Checkpoint> {
  const neurons = z.array(inputNeuron(image));
  const { steps, eventScalars } = image;
  return strictObject({
    state: coreStateSchema,
    epoch: whole('an epoch', 0),
    sample: strictObject({
      label: whole(image.regression === undefined ? 'a class' : 'a number', 0, labelRange(image).high),
      learn: truth,
      isReplay: truth.optional(),
      place: strictObject({ index: whole('a sample of a pass', 0), isLast: truth }).optional(),
      steps: whole('a number of steps', 0, steps),
      spikes: strictObject({
        steps: whole('a number of steps', 1, steps),
        offsets: words,
        indices: z.instanceof(Uint16Array).or(z.instanceof(Uint32Array)),
      }).optional(),
    }),
    stepsDone: whole('a number of steps', 0, steps),
    emitted: z.array(whole('the address of a spike', 0, 2 ** 32 - 1)),
    received: neurons,
    pending: neurons,
    waiting: z.array(
      strictObject({
        population: whole('a population', 0),
        neuron: whole('a neuron', 0),
        spikes: oneOf('spikes', ['emitted', 'previous']).or(whole('a delay', 1, programLimits.delay)),
      }),
    ),
    event: list(whole('a scalar', -(2 ** 31), 2 ** 31 - 1), 'one for each scalar', eventScalars.length),
    counters: countersSchema(image),
  });
}

/** A neuron of the population that receives spikes from outside, if there is one. */
function inputNeuron({ populations, input }: ProgramView): z.ZodType<number> {
  const population = populations[input];
  const receiving = population && { ...population, size: suppliedTo(population) };
  if (receiving?.payload !== undefined)
    return z.number().refine((spike) => isSpikeOf(receiving, spike), {
      error: (issue) => `expected a neuron with the value of its spike, found ${found(issue.input)}`,
    });
  if (receiving !== undefined) return whole('a neuron', 0, receiving.size - 1);
  return z.never({ error: (issue) => `expected no spike from outside, found ${found(issue.input)}` });
}

function checkWaiting(
  image: ProgramView,
  { population, neuron, spikes }: AddressEvent,
  path: readonly PropertyKey[],
): void {
  checkNeuron(image, population, neuron, path);
  const isKept = (image.events.previousSpike[population] ?? []).length > 0;
  if (spikes === 'previous' && !isKept)
    fail(path, `the core keeps no spikes of '${image.populations[population]?.name}'`);
  if (typeof spikes === 'number' && listOf(servedSpikes(image), population, spikes) < 0)
    fail(path, `no spike of '${image.populations[population]?.name}' waits ${spikes} steps`);
}

function checkNeuron(
  image: ProgramView,
  population: number,
  neuron: number,
  path: readonly PropertyKey[],
): void {
  const owner = image.populations[population];
  if (owner === undefined) fail(path, `there is no population ${population}`);
  if (!isSpikeOf(owner, neuron)) fail(path, `'${owner.name}' has no neuron ${neuronIn(owner, neuron)}`);
}

/** Gives the fault of a check its place. */
function within(path: readonly PropertyKey[], check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof PlasticoreError) fail(path, error.message);
    throw error;
  }
}

function fail(path: readonly PropertyKey[], message: string): never {
  const place = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  throw new PlasticoreError('data', `${place}${message}`);
}
