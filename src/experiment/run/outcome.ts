import { type Dataset, type LabelledSet, targetNumber } from '../../data/index.ts';
import { stateSha256 } from '../../engine/index.ts';
import {
  type LifeOutcome,
  makeReport,
  type Report,
  regressionOf,
  shareOfMostFrequent,
  sumOfEpochs,
  type Timing,
} from '../../report/index.ts';
import { at } from '../../text/index.ts';
import { type Cell, type Life, passesOf } from '../description/index.ts';
import {
  bestEpoch,
  jointSamples,
  type LivingCell,
  lifeSamples,
  scoredSamples,
  stagesOf,
} from '../session/index.ts';
import { provenanceOf, type RunIdentity } from './identity.ts';
import type { RunResult } from './run.ts';

/** Makes the report of a run. Equal runs give equal reports, apart from `timing`. */
export function reportOf(
  cell: Cell,
  data: Dataset,
  identity: RunIdentity,
  result: RunResult,
  timing: Pick<Timing, 'wallSeconds' | 'workers' | 'host'>,
): Report {
  const { image, validation } = cell;
  const provenance = provenanceOf(cell, data, identity);
  const isAsked = data.test.classes > 0;
  const { history, scored, machine, speed } = result;
  const order = scoredSamples(cell, data);
  const labels = Array.from(order, (sample) => at(data.test.labels, sample));
  const numbers = targetsAndAnswers(cell, data.test, labels, scored.scores);
  return makeReport(
    {
      image,
      remark: result.remark,
      history,
      trainCounters: sumOfEpochs(history, image),
      scored: {
        on: validation === undefined ? 'test' : 'validation',
        samples: order.length,
        correct: isAsked ? scored.correct : undefined,
        ...(numbers !== undefined && { regression: regressionOf(numbers.answers, numbers.targets) }),
        ...(!isAsked && numbers === undefined && data.test.inputs > 0 && { isUnlabelled: true }),
        chance: isAsked ? shareOfMostFrequent(labels) : undefined,
        counters: scored.counters,
      },
      ...(data.validationFrom !== undefined && { validated: data.test.count - data.validationFrom }),
      activity: {
        samples: order.length,
        neuronSpikes: scored.neuronSpikes,
        read: (field) => machine.read(field),
        // A chip's controller counts steps in its own way.
        steps: image.core.controller === undefined ? scored.counters.steps : result.steps,
        membraneUpdates: scored.membraneUpdates,
      },
      ...(cell.life !== undefined && { life: lifeOutcome({ ...cell, life: cell.life }, data, result) }),
    },
    {
      ...provenance,
      ...(provenance.validation?.bestEpoch !== undefined && {
        validation: { ...provenance.validation, bestEpoch: bestEpoch(history) ?? 0 },
      }),
      // Where the host of a chip makes the cores itself, the machine has one like them, which has not run.
      ...(machine.cores.length === image.cores.length && { stateSha256: stateSha256(machine.save()) }),
    },
    {
      wallSeconds: timing.wallSeconds,
      trainSamplesPerSecond: speed.train,
      testSamplesPerSecond: speed.test,
      engine: machine.engine,
      workers: timing.workers,
      host: timing.host,
    },
  );
}

/** The section of a report on a life that has run. */
function lifeOutcome(
  cell: Cell & { readonly life: Life },
  data: Dataset,
  { tests = [] }: Pick<RunResult, 'tests'>,
): LifeOutcome {
  const { life } = cell;
  const found = lifeSamples(cell, data);
  const planned = stagesOf(cell, data).flatMap(({ tested, samples }) =>
    tested === undefined ? [] : [{ ...tested, samples: samples?.length ?? 0 }],
  );
  return {
    isJoint: life.isJoint,
    tasks: found.tasks.map(({ name, samples }) => ({ name, samples: samples.length })),
    stages: presentedStages(cell, data).map(({ samples, ...stage }) => ({
      ...stage,
      samples: samples.length,
      classes: [...new Set(Array.from(samples, (sample) => at(data.train.labels, sample)))],
    })),
    tests: tests.map(({ stage, correct, byTask }, index) => {
      const { tasks, samples } = at(planned, index);
      return { stage, tasks, samples, correct, byTask };
    }),
  };
}

/** The stages of a life as they are presented: those of a joint one are a single one. */
function presentedStages(cell: LivingCell & Pick<Cell, 'epochs'>, data: Dataset) {
  const { life } = cell;
  const found = lifeSamples(cell, data);
  if (life.isJoint)
    return [
      {
        name: 'all together',
        isFrozen: false,
        passes: passesOf(cell),
        tasks: [...found.tasks.keys()],
        samples: jointSamples(found),
      },
    ];
  return life.stages.map(({ name, isFrozen, passes }, index) => {
    const { samples, task } = at(found.stages, index);
    return { name, isFrozen, passes, tasks: [task], samples };
  });
}

/** The targets of samples, and the answers. */
interface Numbers {
  readonly targets: readonly number[];
  readonly answers: readonly number[];
}

/**
 * The numbers of a regression; undefined where samples ask for classes, or for nothing.
 *
 * @param labels of the samples that were asked
 * @param scores what the readout held at the end of each
 */
export function targetsAndAnswers(
  { image: { regression } }: Pick<Cell, 'image'>,
  { targets }: Pick<LabelledSet, 'targets'>,
  labels: readonly number[],
  scores: readonly number[],
): Numbers | undefined {
  if (targets === undefined || regression === undefined || labels.length === 0) return undefined;
  return {
    targets: labels.map((label) => targetNumber(targets, label)),
    answers: scores.map((score) => targetNumber(targets, score / regression.unit)),
  };
}
