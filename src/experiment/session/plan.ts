import type { Dataset, LabelledSet } from '../../data/index.ts';
import { permutation } from '../../random/index.ts';
import { at } from '../../text/index.ts';
import { type Cell, type Life, passesOf } from '../description/index.ts';
import { jointSamples, type LifeSamples, lifeSamples, samplesOfTasks } from './life-plan.ts';

/**
 * `begin`: scoring before anything is learned. `train`: an epoch. `validate`: scoring between two epochs. `score`:
 * final scoring, of the test set or validation split.
 */
export type RunPart = 'begin' | 'train' | 'validate' | 'score';

/** One pass over samples: of the training set if it learns, else mostly of the test set or the validation split. */
export interface Stage {
  readonly part: RunPart;
  /** The epoch in training or just trained; at the end, the number of epochs. */
  readonly epoch: number;
  readonly learns: boolean;
  /** The set that its samples come from. */
  readonly from: 'train' | 'test';
  /** Its samples, by their numbers in the set; absent for all of them. */
  readonly samples?: Uint32Array | undefined;
  /** Whether samples are changed at random, if their encoder does that for training; by default, they are. */
  readonly augment?: boolean | undefined;
  /** Whether samples come as the set has them, or in an order drawn for this epoch. */
  readonly order: 'stored' | 'shuffled';
  /** The epoch by which scheduled parameters have their values. */
  readonly parameters: number;
  /** Whether the machine gets back the state that it had before. */
  readonly leavesNoTrace: boolean;
  /** In a life: what its samples tell apart. */
  readonly tested?: Tested | undefined;
}

/** The measure of the test after a stage of a life. */
interface Tested {
  /** The stage, from 0; -1 before the first one. */
  readonly stage: number;
  /** Its tasks, by index. */
  readonly tasks: readonly number[];
  /** For each of them, whether it has a sample, by the number of the sample in the test set. */
  readonly has: readonly Uint8Array[];
}

/** The choices that decide the stages of a run. */
export type PlannedCell = Pick<Cell, 'epochs' | 'validation' | 'life' | 'image' | 'limit'>;

const scoring = { learns: false, from: 'test', order: 'stored' } as const;

/**
 * The stages of a run, one after the other: epochs over the training set, then the test set. A validation split takes
 * the place of the test set, and is also scored between two epochs; one that stands behind the test set is scored after
 * each. A life has its own: see {@link stagesOfLife}.
 *
 * @throws PlasticoreError `data` for a life that the data do not have
 */
export function stagesOf(cell: PlannedCell, data: Dataset): Stage[] {
  const { epochs, validation, life } = cell;
  if (life !== undefined) return stagesOfLife({ ...cell, life }, data);
  const { validationFrom, test } = data;
  const [tested, held] =
    validationFrom === undefined ? [] : [range(0, validationFrom), range(validationFrom, test.count)];
  const trained = Array.from({ length: epochs }, (_, epoch): Stage[] => {
    const when = { epoch, parameters: epoch };
    const isValidated = held !== undefined || (validation !== undefined && epoch + 1 < epochs);
    const validate = { part: 'validate', ...when, ...scoring, samples: held, leavesNoTrace: true } as const;
    return [
      { part: 'train', ...when, learns: true, from: 'train', order: 'shuffled', leavesNoTrace: false },
      ...(isValidated ? [validate] : []),
    ];
  }).flat();
  return [...trained, { ...lastScore(epochs), samples: tested, leavesNoTrace: false }];
}

/** Numbers of samples, from the first up to the end. */
function range(first: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - first }, (_, index) => first + index);
}

function lastScore(epochs: number): Omit<Stage, 'leavesNoTrace'> {
  return { part: 'score', epoch: epochs, parameters: Math.max(0, epochs - 1), ...scoring };
}

/**
 * The stages of a life, each with its passes and then a test, which leaves no trace. The last test is the final
 * scoring. All stages of a joint life are one.
 */
function stagesOfLife(cell: PlannedCell & { readonly life: Life }, data: Dataset): Stage[] {
  const { life } = cell;
  const found = lifeSamples(cell, data);
  const passes = passesOf(cell);
  const stages: Stage[] = [];
  let epoch = 0;
  const pass = (how: Pick<Stage, 'samples' | 'learns' | 'order' | 'augment'>): void => {
    const when = { epoch, parameters: epoch };
    stages.push({ part: 'train', ...when, from: 'train', ...how, leavesNoTrace: false });
    epoch += 1;
  };
  const test = (stage: number, isLast: boolean, tasks: readonly number[]): void => {
    const has = tasks.map((task) => membersOf(at(found.tasks, task).samples, data.test.count));
    const tested = { samples: samplesOfTasks(found, tasks), tested: { stage, tasks, has } };
    if (isLast) stages.push({ ...lastScore(passes), ...tested, leavesNoTrace: false });
    else {
      const when = { epoch: Math.max(0, epoch - 1), parameters: Math.max(0, epoch - 1) };
      stages.push({
        part: stage < 0 ? 'begin' : 'validate',
        ...when,
        ...scoring,
        ...tested,
        leavesNoTrace: true,
      });
    }
  };
  const last = life.stages.length - 1;
  if (life.isJoint) {
    const samples = jointSamples(found);
    while (epoch < passes) pass({ samples, learns: true, order: 'shuffled' });
    test(0, true, tasksAfter(found, life, last) ?? []);
    return stages;
  }
  if (life.isTestedBefore) test(-1, false, [...found.tasks.keys()]);
  for (const [index, { passes: own, order, isFrozen, augment }] of life.stages.entries()) {
    const { samples } = at(found.stages, index);
    for (let done = 0; done < own; done++) pass({ samples, learns: !isFrozen, order, augment });
    const tasks = tasksAfter(found, life, index);
    if (tasks !== undefined) test(index, index === last, tasks);
  }
  return stages;
}

/** The tasks that are tested after a stage, each once; undefined for no test. */
function tasksAfter({ stages }: LifeSamples, life: Life, stage: number): readonly number[] | undefined {
  const { tested } = at(life.stages, stage);
  return tested && [...new Set(tested.map((one) => at(stages, one).task))];
}

function membersOf(samples: Uint32Array, count: number): Uint8Array {
  const has = new Uint8Array(count);
  for (const sample of samples) has[sample] = 1;
  return has;
}

/** The stages of a run that change its machine. */
export function lastingStages(cell: PlannedCell, data: Dataset): Stage[] {
  return stagesOf(cell, data).filter(({ leavesNoTrace }) => !leavesNoTrace);
}

/** The set that a stage takes its samples from. */
export function setOf({ from }: Pick<Stage, 'from'>, data: Dataset): LabelledSet {
  return data[from];
}

/** Samples of a stage. */
export function countOf({ from, samples }: Stage, data: Dataset): number {
  return samples?.length ?? data[from].count;
}

/** Samples of a whole run, learned and scored. */
export function sampleCount(cell: PlannedCell, data: Dataset): number {
  return samplesIn(stagesOf(cell, data), data);
}

/** The samples of a stage by their numbers in the set, in the order in which they are presented. */
export function orderOf(stage: Stage, data: Dataset, seed: number): Uint32Array {
  const count = countOf(stage, data);
  const { samples } = stage;
  const order =
    stage.order === 'shuffled'
      ? shuffled(count, setOf(stage, data).recordingSteps ?? 1, seed, stage.epoch)
      : range(0, count);
  return samples === undefined ? order : order.map((index) => at(samples, index));
}

/** Numbers of samples in an order drawn for an epoch; the steps of a recording stay together. */
function shuffled(count: number, steps: number, seed: number, epoch: number): Uint32Array {
  const recordings = permutation(Math.ceil(count / steps), seed, epoch);
  if (steps === 1) return recordings;
  const order = new Uint32Array(count);
  let next = 0;
  for (const recording of recordings)
    for (const sample of range(recording * steps, Math.min(count, (recording + 1) * steps)))
      order[next++] = sample;
  return order;
}

/** The samples that a run is scored on at its end, by their numbers in the test set, in their order. */
export function scoredSamples(cell: PlannedCell, data: Dataset): Uint32Array {
  const stages = stagesOf(cell, data);
  return orderOf(at(stages, stages.length - 1), data, cell.image.seed);
}

/** Samples in all of some stages. */
export function samplesIn(stages: readonly Stage[], data: Dataset): number {
  return stages.reduce((sum, stage) => sum + countOf(stage, data), 0);
}

/** The index of a stage. */
export function indexOfStage(
  stages: readonly Stage[],
  { part, epoch }: Pick<Stage, 'part' | 'epoch'>,
): number {
  return stages.findIndex((stage) => stage.part === part && stage.epoch === epoch);
}

/** Samples of a run that are done, validation between epochs included. */
export function samplesDone(
  cell: PlannedCell,
  data: Dataset,
  position: Pick<Stage, 'part' | 'epoch'> & { readonly done: number },
): number {
  const stages = stagesOf(cell, data);
  return samplesIn(stages.slice(0, indexOfStage(stages, position)), data) + position.done;
}
