import { does } from '../isa/index.ts';
import type { ActionSpec, Program } from '../program/index.ts';
import { numberAt, PlasticoreError, suggest } from '../text/index.ts';
import { actionsOf } from './frozen/index.ts';
import type { ParameterStage } from './parameters.ts';

/** When projections learn, where stages of training let only some of them. */
export interface LearningGates {
  /** The intervals of epochs in which a rule of a projection runs, by index; undefined for all. */
  intervalsOf(projection: string): readonly number[] | undefined;
}

/**
 * Finds when each projection learns.
 *
 * @param epochs first epochs of the intervals; each stage begins one
 * @throws PlasticoreError `invalid-value` for a projection that the program does not have, or that no rule changes
 */
export function learningGates(
  program: Program,
  epochs: readonly number[],
  stages: readonly ParameterStage[] = [],
): LearningGates {
  if (stages.every(({ learns }) => learns === undefined)) return { intervalsOf: () => undefined };
  const names = Object.keys(program.spec.projections);
  const learning = learningProjections(program);
  for (const { learns = [], places } of stages)
    for (const name of learns) {
      if (learning.has(name)) continue;
      const isKnown = names.includes(name);
      throw new PlasticoreError(
        'invalid-value',
        isKnown
          ? `no rule of program '${program.spec.name}' changes projection '${name}'`
          : `program '${program.spec.name}' has no projection '${name}'`,
        {
          ...places[`learn.${name}`],
          hint: isKnown ? `those that learn: ${[...learning].join(', ')}` : suggest(name, [...learning]),
        },
      );
    }
  const learnsIn = (first: number): readonly string[] | undefined =>
    stages.findLast((stage) => stage.first <= first)?.learns;
  return {
    intervalsOf: (projection) => {
      const found = [...epochs.keys()].filter(
        (index) => learnsIn(numberAt(epochs, index))?.includes(projection) ?? true,
      );
      return found.length === epochs.length ? undefined : found;
    },
  };
}

/** Whether an action runs a kernel that writes a field of the synapses that it runs over: a part of a rule. */
export function writesSynapses({ kernels }: Program, { run = '' }: ActionSpec): boolean {
  return (
    kernels
      .get(run)
      ?.body.some(
        (line) =>
          does(line, 'store') &&
          line.operands.some((operand) => operand.is === 'field' && operand.role === 'syn'),
      ) === true
  );
}

/** The projections whose synapses some list changes while the core learns. */
export function learningProjections(program: Program): ReadonlySet<string> {
  const rules = actionsOf(program).filter(
    ({ action, isLearning }) => isLearning && writesSynapses(program, action),
  );
  return new Set(rules.flatMap(({ action }) => action.over ?? []));
}
