import { at } from '../../arrays/index.ts';
import type { Dataset } from '../../data/index.ts';
import type { LifeOutcome } from '../../report/index.ts';
import { type Cell, type Life, passesOf } from '../description/index.ts';
import { jointSamples, type LivingCell, lifeSamples, stagesOf } from '../session/index.ts';
import type { RunResult } from './run.ts';

/** The section of a report on a life that has run. */
export function lifeOutcome(
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

/** Samples for training that a run presents, each counted once. */
export function learnedSamples(cell: Cell, data: Dataset): number {
  if (cell.life === undefined) return data.train.count;
  return jointSamples(lifeSamples({ ...cell, life: cell.life }, data)).length;
}
