import * as z from 'zod';
import type { Dataset } from '../../data/index.ts';
import { coreStateSchema } from '../../engine/index.ts';
import { type Counters, countersSchema, heldRange, type Image } from '../../image/index.ts';
import { checkMachineState } from '../../machine/index.ts';
import type { StepReport } from '../../report/index.ts';
import {
  at,
  expected,
  flatIssues,
  list,
  oneOf,
  PlasticoreError,
  recordOf,
  strictObject,
  whole,
} from '../../text/index.ts';
import { type Cell, passesOf } from '../description/index.ts';
import { bestEpoch, countOf, indexOfStage, type Stage, scoredSamples, stagesOf } from '../session/index.ts';
import { noPlan, type Recording, type RecordingPlan, recordedSamples } from './recording.ts';
import { hasScores, type RunState } from './state.ts';

/** The run that a state has to be of. */
export interface RunSetting {
  readonly cell: Cell;
  /** Already limited, as for {@link runCell}. */
  readonly data: Dataset;
  /** The plan of the recording; nothing is recorded if absent. */
  readonly record?: RecordingPlan | undefined;
}

/**
 * Makes sure that a value is a state from which a run can go on: its shape, and everything from which the run takes an
 * index, a length or the bound of a loop.
 *
 * @throws PlasticoreError `data`, with the place, such as `history.0.correct`
 */
export function checkRunState(value: unknown, setting: RunSetting): RunState {
  const { data: state, error } = runStateSchema(setting).safeParse(value);
  if (state === undefined) {
    const [issue] = flatIssues(error.issues);
    fail(issue?.path ?? [], issue?.message ?? 'is not the state of a run');
  }
  checkPart(state, setting);
  checkHistory(state, setting);
  checkScored(state, setting);
  checkRecording(state, setting);
  checkMachineState(setting.cell.image, state.core, ['core']);
  if (state.trained !== undefined) checkMachineState(setting.cell.image, state.trained, ['trained']);
  if (state.best !== undefined) checkMachineState(setting.cell.image, state.best, ['best']);
  return state;
}

function fail(path: readonly PropertyKey[], message: string): never {
  const place = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
  throw new PlasticoreError('data', `${place}${message}`);
}

function expect(holds: boolean, path: readonly PropertyKey[], message: () => string): void {
  if (!holds) fail(path, message());
}

function runStateSchema({ cell, data, record }: RunSetting): z.ZodType<RunState> {
  const { image } = cell;
  const epochs = passesOf(cell);
  const { train, test } = data;
  const counters = countersSchema(image);
  const most = Math.max(train.count, test.count);
  const right = whole('a number of right answers', 0, most);
  const classes = Math.max(test.classes, image.fields[image.readout]?.count ?? 0);
  const { fields, populations } = record ?? noPlan;
  return strictObject({
    part: oneOf('a part of a run', ['begin', 'train', 'validate', 'score']),
    epoch: whole('an epoch', 0, epochs),
    done: whole('a number of samples', 0, most),
    correct: right,
    core: coreStateSchema,
    trained: coreStateSchema.or(z.undefined()),
    counters,
    history: z.array(
      strictObject({
        epoch: whole('an epoch', 0, epochs),
        samples: whole('a number of samples', 0, train.count),
        correct: right,
        validationCorrect: right.optional(),
        counters,
      }),
    ),
    best: coreStateSchema.optional(),
    life: strictObject({
      byTask: z.array(right),
      tests: z.array(strictObject({ stage: z.int(), correct: right, byTask: z.array(right) })),
    }).optional(),
    // A chip may give no answer, -1.
    predictions: z.array(whole('a class', cell.chip === undefined ? 0 : -1, classes - 1)),
    scores: z.array(z.number()),
    membraneUpdates: list(count, 'one for each population', image.populations.length).or(z.undefined()),
    neuronSpikes: list(numbers, 'one for each population', image.populations.length),
    recording: strictObject({
      steps: z.array(
        whole('a number of steps', 0, image.core.controller === undefined ? image.steps : undefined),
      ),
      fields: list(z.array(z.number()), 'one for each recorded field', fields.length),
      spikes: list(
        strictObject({ indices: z.array(z.number()), ends: z.array(z.number()) }),
        'one for each recorded population',
        populations.length,
      ),
      costs: z.array(stepSchema),
    }),
  });
}

const count = whole('a count', 0);
const stepSchema: z.ZodType<StepReport> = strictObject({
  fired: count,
  updated: count,
  packets: count,
  hops: count,
  sops: count,
  timePs: count,
  energyPj: recordOf(z.string(), z.number().min(0)),
});

const numbers = z.instanceof(Float64Array, { error: expected('an array of numbers') });

/** The stages of a run up to the one that a state is of, the last of them. */
function stagesUpTo({ part, epoch }: RunState, { cell, data }: RunSetting): readonly Stage[] {
  const stages = stagesOf(cell, data);
  const { validation, selection, life } = cell;
  const isHeldOut = part !== 'validate' || (validation ?? selection ?? life) !== undefined;
  expect(isHeldOut, ['part'], () => 'nothing is held out for validation');
  const index = indexOfStage(stages, { part, epoch });
  expect(index >= 0, ['epoch'], () => `no epoch ${epoch} of ${passesOf(cell)} in part '${part}'`);
  return stages.slice(0, index + 1);
}

/** Part, epoch and samples agree: see the states that a session hands over. */
function checkPart(state: RunState, setting: RunSetting): void {
  const { part, done, correct, history, trained } = state;
  const stages = stagesUpTo(state, setting);
  const stage = at(stages, stages.length - 1);
  const count = countOf(stage, setting.data);
  expect(done <= count, ['done'], () => `expected at most ${count} samples, found ${done}`);
  expect(correct <= done, ['correct'], () => `expected at most ${done} right answers, found ${correct}`);
  const trainedEpochs = stages.slice(0, -1).filter((before) => before.part === 'train').length;
  const { length } = history;
  expect(length === trainedEpochs, ['history'], () => `expected ${trainedEpochs} epochs, found ${length}`);
  const isKept = stage.leavesNoTrace && done > 0;
  const isRight = trained === undefined ? !isKept : stage.leavesNoTrace;
  expect(isRight, ['trained'], () => `expected ${isKept ? 'a core' : 'nothing'} in part '${part}'`);
  const isChosen =
    setting.cell.selection !== undefined && part !== 'score' && bestEpoch(history) !== undefined;
  expect(
    isChosen === (state.best !== undefined),
    ['best'],
    () => `expected ${isChosen ? 'a core' : 'nothing'}`,
  );
  checkCounters(state.counters, done, setting.cell.image, ['counters']);
  if (setting.cell.life !== undefined) checkTests(state, stages, setting.data);
  else expect(state.life === undefined, ['life'], () => 'the run has no stages of a life');
}

/** Right answers by task, of the present part and of the tests before it. */
function checkTests({ life, correct }: RunState, stages: readonly Stage[], data: Dataset): void {
  const { byTask = [], tests = [] } = life ?? {};
  const tested = stages.filter((stage) => stage.tested !== undefined);
  const now = at(stages, stages.length - 1).tested;
  const before = now === undefined ? tested : tested.slice(0, -1);
  const path = ['life', 'tests'];
  expect(
    tests.length === before.length,
    path,
    () => `expected ${before.length} tests, found ${tests.length}`,
  );
  const check = (
    found: readonly number[],
    tasks: number,
    right: number,
    where: readonly PropertyKey[],
  ): void => {
    expect(found.length === tasks, where, () => `expected ${tasks} tasks, found ${found.length}`);
    const wrong = found.findIndex((count) => count > right);
    expect(
      wrong < 0,
      [...where, wrong],
      () => `expected at most ${right} right answers, found ${found[wrong]}`,
    );
  };
  for (const [index, test] of tests.entries()) {
    const stage = at(before, index);
    const count = countOf(stage, data);
    expect(
      test.stage === stage.tested?.stage,
      [...path, index, 'stage'],
      () => `expected ${stage.tested?.stage}, found ${test.stage}`,
    );
    expect(
      test.correct <= count,
      [...path, index, 'correct'],
      () => `expected at most ${count}, found ${test.correct}`,
    );
    check(test.byTask, stage.tested?.tasks.length ?? 0, test.correct, [...path, index, 'byTask']);
  }
  check(byTask, now?.tasks.length ?? 0, correct, ['life', 'byTask']);
}

function checkHistory(state: RunState, setting: RunSetting): void {
  const { image, life } = setting.cell;
  const left = stagesUpTo(state, setting).slice(0, -1);
  const passes = left.filter(({ part }) => part === 'train');
  for (const [index, { epoch, samples, correct, validationCorrect, counters }] of state.history.entries()) {
    const path = ['history', index];
    expect(epoch === index, [...path, 'epoch'], () => `expected ${index}, found ${epoch}`);
    const all = countOf(at(passes, index), setting.data);
    expect(samples === all, [...path, 'samples'], () => `expected ${all}, found ${samples}`);
    expect(correct <= samples, [...path, 'correct'], () => `expected at most ${samples}, found ${correct}`);
    const validated = left.find((stage) => stage.part === 'validate' && stage.epoch === index);
    const count =
      life === undefined && validated !== undefined ? countOf(validated, setting.data) : undefined;
    const isRight =
      count === undefined ? validationCorrect === undefined : (validationCorrect ?? Infinity) <= count;
    const wanted = count === undefined ? 'nothing' : `at most ${count}`;
    expect(isRight, [...path, 'validationCorrect'], () => `expected ${wanted}, found ${validationCorrect}`);
    checkCounters(counters, samples, image, [...path, 'counters']);
  }
}

/** A core counts its samples and steps, and serves what was pushed; a chip's controller counts in its own way. */
function checkCounters(
  counters: Counters,
  samples: number,
  image: Image,
  path: readonly PropertyKey[],
): void {
  if (image.core.controller !== undefined) return;
  const { samples: counted, steps, pushes, pops } = counters;
  expect(counted === samples, [...path, 'samples'], () => `expected ${samples}, found ${counted}`);
  // A sample that is presented again is one sample, and has the steps of both presentations.
  const most = samples * image.steps * (image.replay === undefined ? 1 : 2);
  expect(steps <= most, [...path, 'steps'], () => `expected at most ${most}, found ${steps}`);
  expect(pops <= pushes, [...path, 'pops'], () => `expected at most ${pushes}, the pushes, found ${pops}`);
}

/** Answers, of which those that are right were counted, and each neuron's spikes. */
function checkScored(state: RunState, { cell, data }: RunSetting): void {
  const { part, done, correct, predictions, scores, neuronSpikes } = state;
  const scored = part === 'score' ? done : 0;
  const { length } = predictions;
  expect(length === scored, ['predictions'], () => `expected ${scored} answers, found ${length}`);
  const items = hasScores(cell) ? (cell.image.fields[cell.image.readout]?.count ?? 0) : 0;
  const all = scored * items;
  expect(
    scores.length === all,
    ['scores'],
    () => `expected ${all}, ${items} for each sample, found ${scores.length}`,
  );
  const right = part === 'score' ? rightAmong(predictions, cell, data) : 0;
  expect(part !== 'score' || right === correct, ['correct'], () => `expected ${right}, found ${correct}`);
  for (const [index, { name, size }] of cell.image.populations.entries()) {
    const spikes = neuronSpikes[index] ?? new Float64Array();
    const path = ['neuronSpikes', index];
    expect(spikes.length === size, path, () => `'${name}' has ${size} neurons, found ${spikes.length}`);
    const wrong = spikes.findIndex((count) => !Number.isSafeInteger(count) || count < 0);
    expect(wrong < 0, [...path, wrong], () => `expected a count, found ${spikes[wrong]}`);
  }
}

function rightAmong(predictions: readonly number[], cell: Cell, data: Dataset): number {
  const { labels } = data.test;
  const order = scoredSamples(cell, data);
  return predictions.filter((answer, index) => answer === labels[at(order, index)]).length;
}

/** All that is recorded was recorded at the same moments. */
function checkRecording({ part, done, recording }: RunState, { cell, record }: RunSetting): void {
  const { image } = cell;
  const { fields, populations, costs } = record ?? noPlan;
  const samples = part === 'score' ? Math.min(done, recordedSamples) : 0;
  const at = ['recording'];
  expect(
    recording.steps.length === samples,
    [...at, 'steps'],
    () => `expected those of ${samples} samples, found ${recording.steps.length}`,
  );
  const moments = recording.steps.reduce((sum, steps) => sum + steps, 0);
  const expectMoments = (found: number, path: readonly PropertyKey[]): void =>
    expect(found === moments, path, () => `recorded at ${found} moments, expected ${moments}`);
  if (costs) expectMoments(recording.costs.length, [...at, 'costs']);
  for (const [slot, index] of fields.entries()) {
    const field = image.fields[index];
    const items = recording.fields[slot] ?? [];
    if (field === undefined) throw new Error(`no field ${index}`);
    const path = [...at, 'fields', slot];
    expect(
      items.length % field.count === 0,
      path,
      () => `${items.length} items are not of ${field.count} each`,
    );
    expectMoments(items.length / field.count, path);
    const { low, high } = heldRange(field);
    const isHeld = (value: number): boolean =>
      field.storage === 'float32'
        ? !Number.isNaN(value)
        : Number.isInteger(value) && value >= low && value <= high;
    const wrong = items.findIndex((value) => !isHeld(value));
    expect(wrong < 0, [...path, wrong], () => `${field.name} cannot be ${items[wrong]}`);
  }
  for (const [slot, index] of populations.entries()) {
    const spikes = recording.spikes[slot];
    if (spikes === undefined) throw new Error(`no spikes ${slot}`);
    checkSpikes(spikes, image.populations[index]?.size ?? 0, [...at, 'spikes', slot]);
    expectMoments(spikes.ends.length - 1, [...at, 'spikes', slot]);
  }
}

function checkSpikes(
  { indices, ends }: Recording['spikes'][number],
  size: number,
  path: readonly PropertyKey[],
): void {
  const wrong = indices.findIndex((neuron) => !Number.isInteger(neuron) || neuron < 0 || neuron >= size);
  expect(wrong < 0, [...path, 'indices', wrong], () => `expected 0 to ${size - 1}, found ${indices[wrong]}`);
  const isEnd = (end: number, at: number): boolean =>
    Number.isInteger(end) && (at === 0 ? end === 0 : end >= (ends[at - 1] ?? 0));
  const out = ends.findIndex((end, at) => !isEnd(end, at));
  expect(out < 0, [...path, 'ends', out], () => `${ends[out]} is out of order`);
  const last = ends.at(-1);
  expect(
    last === indices.length,
    [...path, 'ends'],
    () => `expected the last to be ${indices.length}, found ${last}`,
  );
}
