import * as z from 'zod';
import type { Dataset } from '../../data/index.ts';
import { coreStateSchema } from '../../engine/index.ts';
import { Part } from '../../golden/index.ts';
import { type Counters, countersSchema, heldRange, type Image } from '../../image/index.ts';
import { checkMachineState } from '../../machine/index.ts';
import type { StepReport } from '../../report/index.ts';
import {
  at,
  expected,
  list,
  oneOf,
  PlasticoreError,
  recordOf,
  strictObject,
  validated,
  whole,
} from '../../text/index.ts';
import { type Cell, passesOf } from '../description/index.ts';
import { countOf, indexOfStage, type Stage, scoredSamples, stagesOf } from '../session/index.ts';
import { noPlan, type RecordingPlan, recordedSamples } from './recording.ts';
import { hasScores, type RunState } from './run.ts';

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
  const { cell } = setting;
  const position = parsed(positionSchema(setting), value);
  const state = parsed(stateSchema(position, setting), value);
  checkMachineState(cell.image, state.core, ['core']);
  if (state.trained !== undefined) checkMachineState(cell.image, state.trained, ['trained']);
  if (state.best !== undefined) checkMachineState(cell.image, state.best, ['best']);
  return state;
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  return validated(schema, value, (fault) => new PlasticoreError('data', fault));
}

/** How far a run is. */
type Position = Pick<RunState, 'part' | 'epoch' | 'done'>;

function positionSchema({ cell, data }: RunSetting): z.ZodType<Position> {
  const stages = stagesOf(cell, data);
  return z
    .object({
      part: oneOf('a part of a run', ['begin', 'train', 'validate', 'score']),
      epoch: whole('an epoch', 0),
      done: whole('a number of samples', 0),
    })
    .superRefine((position, context) => {
      const { part, done } = position;
      const stage = stages[indexOfStage(stages, position)];
      const at = new Part(position, context);
      if (part === 'validate' && !stages.some((one) => one.part === part))
        at.at('part').issue('nothing is held out for validation');
      else if (stage === undefined)
        at.at('epoch').issue(`no epoch ${position.epoch} of ${passesOf(cell)} in part '${part}'`);
      else {
        const most = countOf(stage, data);
        at.at('done').expect(done <= most, `at most ${most} samples`);
      }
    });
}

/** Of the states of a run that is so far. */
function stateSchema(position: Position, setting: RunSetting): z.ZodType<RunState> {
  const { part, done } = position;
  const { cell, data, record } = setting;
  const { image } = cell;
  const stages = stagesOf(cell, data);
  const index = indexOfStage(stages, position);
  const [stage, before] = [at(stages, index), stages.slice(0, index)];
  const scored = part === 'score' ? done : 0;
  const classes = Math.max(data.test.classes, image.fields[image.readout]?.count ?? 0);
  const scores = hasScores(cell) ? (image.fields[image.readout]?.count ?? 0) : 0;
  const isKept = stage.leavesNoTrace && done > 0;
  const isChosen =
    cell.selection !== undefined && part !== 'score' && before.some((one) => one.part === 'validate');
  return strictObject({
    part: z.literal(part),
    epoch: z.literal(position.epoch),
    done: z.literal(done),
    correct: whole('a number of right answers', 0, done),
    core: coreStateSchema,
    trained: stage.leavesNoTrace && !isKept ? coreStateSchema.or(none) : coreIf(isKept),
    counters: countersSchema(image),
    history: historySchema(before, setting),
    best: coreIf(isChosen),
    life: cell.life === undefined ? none : lifeSchema(stage, before, setting),
    // A chip may give no answer, -1.
    predictions: list(whole('a class', cell.chip === undefined ? 0 : -1, classes - 1), 'answers', scored),
    scores: list(z.number(), `${scores} for each answer`, scored * scores),
    membraneUpdates: list(count, 'one for each population', image.populations.length).or(z.undefined()),
    neuronSpikes: list(numbers, 'one for each population', image.populations.length),
    recording: recordingSchema(Math.min(scored, recordedSamples), image, record ?? noPlan),
  }).superRefine((state, context) => {
    const all = new Part(state, context);
    checkCounters(all.at('counters'), done, image);
    if (part === 'score') {
      const right = rightAmong(state.predictions, cell, data);
      all.at('correct').expect(state.correct === right, `${right}`);
    }
    for (const [population, spikes] of all.at('neuronSpikes').items().entries()) {
      const counts = spikes.as([...spikes.value]);
      const { name, size } = at(image.populations, population);
      counts.length(size, `neurons of '${name}'`);
      counts.all((spiked) => Number.isSafeInteger(spiked) && spiked >= 0, 'a count');
    }
    all
      .at('life')
      .present()
      ?.at('byTask')
      .all((right) => right <= state.correct, `at most ${state.correct} right answers`);
  });
}

const none = z.undefined({ error: expected('nothing') }).optional();
const count = whole('a count', 0);
const numbers = z.instanceof(Float64Array, { error: expected('an array of numbers') });

function coreIf(isThere: boolean) {
  return isThere ? coreStateSchema : none;
}

/** A core counts its samples and steps, and serves what was pushed; a chip's controller counts in its own way. */
function checkCounters(counters: Part<Counters>, samples: number, image: Image): void {
  if (image.core.controller !== undefined) return;
  const { value } = counters;
  // A sample that is presented again is one sample, and has the steps of both presentations.
  const steps = samples * image.steps * (image.replay === undefined ? 1 : 2);
  counters.at('samples').expect(value.samples === samples, `${samples}`);
  counters.at('steps').expect(value.steps <= steps, `at most ${steps}`);
  counters.at('pops').expect(value.pops <= value.pushes, `at most ${value.pushes}, the pushes`);
}

/** @param before the stages that are done */
function historySchema(before: readonly Stage[], { cell, data }: RunSetting) {
  const { image, life } = cell;
  const passes = before.filter(({ part }) => part === 'train');
  const right = whole('a number of right answers', 0);
  const epoch = strictObject({
    epoch: count,
    samples: count,
    correct: right,
    validationCorrect: right.optional(),
    counters: countersSchema(image),
  });
  return list(epoch, 'one for each epoch', passes.length).superRefine((history, context) => {
    for (const [index, one] of new Part(history, context).items().entries()) {
      const { epoch: number, samples, correct, validationCorrect: found } = one.value;
      const all = passes[index] === undefined ? 0 : countOf(passes[index], data);
      one.at('epoch').expect(number === index, `${index}`);
      one.at('samples').expect(samples === all, `${all}`);
      one.at('correct').expect(correct <= samples, `at most ${samples}`);
      const validated = before.find((stage) => stage.part === 'validate' && stage.epoch === index);
      const most = life === undefined && validated !== undefined ? countOf(validated, data) : undefined;
      one
        .at('validationCorrect')
        .expect(
          most === undefined ? found === undefined : (found ?? Infinity) <= most,
          most === undefined ? 'nothing' : `at most ${most}`,
        );
      checkCounters(one.at('counters'), samples, image);
    }
  });
}

/** Right answers by task, of the present stage and of the tests before it. */
function lifeSchema(stage: Stage, before: readonly Stage[], { data }: RunSetting) {
  const tested = before.filter((one) => one.tested !== undefined);
  const byTask = z.array(whole('a number of right answers', 0));
  const test = strictObject({ stage: z.int(), correct: count, byTask });
  return strictObject({
    byTask: byTask.length(stage.tested?.tasks.length ?? 0, { error: expected('one for each task') }),
    tests: list(test, 'one for each test', tested.length).superRefine((tests, context) => {
      for (const [index, one] of new Part(tests, context).items().entries()) {
        const of = tested[index];
        if (of === undefined) return;
        const { correct } = one.value;
        const most = countOf(of, data);
        one.at('stage').expect(one.value.stage === of.tested?.stage, `${of.tested?.stage}`);
        one.at('correct').expect(correct <= most, `at most ${most}`);
        one.at('byTask').length(of.tested?.tasks.length ?? 0, 'one for each task');
        one.at('byTask').all((right) => right <= correct, `at most ${correct} right answers`);
      }
    }),
  });
}

function rightAmong(predictions: readonly number[], cell: Cell, data: Dataset): number {
  const { labels } = data.test;
  const order = scoredSamples(cell, data);
  return predictions.filter((answer, index) => answer === labels[order[index] ?? -1]).length;
}

const stepSchema: z.ZodType<StepReport> = strictObject({
  fired: count,
  updated: count,
  packets: count,
  hops: count,
  sops: count,
  timePs: count,
  energyPj: recordOf(z.string(), z.number().min(0)),
});

/** All that is recorded was recorded at the same moments. */
function recordingSchema(samples: number, image: Image, { fields, populations, costs }: RecordingPlan) {
  const steps = whole('a number of steps', 0, image.core.controller === undefined ? image.steps : undefined);
  const spikes = strictObject({ indices: z.array(whole('a neuron', 0)), ends: z.array(count) });
  return strictObject({
    steps: list(steps, 'one for each recorded sample', samples),
    fields: list(z.array(z.number()), 'one for each recorded field', fields.length),
    spikes: list(spikes, 'one for each recorded population', populations.length),
    costs: z.array(stepSchema),
  }).superRefine((recording, context) => {
    const all = new Part(recording, context);
    const moments = recording.steps.reduce((sum, own) => sum + own, 0);
    if (costs) all.at('costs').length(moments, 'one for each moment');
    for (const [slot, items] of all.at('fields').items().entries()) {
      const field = at(image.fields, at(fields, slot));
      items.length(moments * field.count, `${field.count} for each moment`);
      const { low, high } = heldRange(field);
      items.all(
        (value) =>
          field.storage === 'float32'
            ? !Number.isNaN(value)
            : Number.isInteger(value) && value >= low && value <= high,
        `a value of ${field.name}`,
      );
    }
    for (const [slot, spiked] of all.at('spikes').items().entries()) {
      const { indices, ends } = spiked.value;
      spiked.at('indices').allBelow(at(image.populations, at(populations, slot)).size, 'a neuron');
      spiked.at('ends').length(moments + 1, 'one for each moment, after a 0');
      spiked
        .at('ends')
        .all((end, place) => (place === 0 ? end === 0 : end >= at(ends, place - 1)), 'a later end');
      spiked.at('ends').expect(ends.at(-1) === indices.length, `an end at ${indices.length}`);
    }
  });
}
