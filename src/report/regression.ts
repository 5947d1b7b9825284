import { at } from '../text/index.ts';
import { mean } from './statistics.ts';

/** How far answers are from the numbers that were asked for. */
export interface Regression {
  readonly sMAPE: number;
  readonly R2: number | null;
  readonly sMAPEOfMean: number;
}

/** @throws Error unless there is an answer for each target, of which there is one or more */
export function regressionOf(answers: readonly number[], targets: readonly number[]): Regression {
  const middle = mean(targets);
  if (middle === null || answers.length !== targets.length)
    throw new Error(`${answers.length} answers for ${targets.length} targets`);
  const squares = (others: readonly number[]): number =>
    targets.reduce((sum, target, index) => sum + (target - at(others, index)) ** 2, 0);
  const means = targets.map(() => middle);
  const variation = squares(means);
  return {
    sMAPE: smape(answers, targets),
    // Targets that are all alike have no variance to explain.
    R2: variation === 0 ? null : 1 - squares(answers) / variation,
    sMAPEOfMean: smape(means, targets),
  };
}

/**
 * The symmetric mean absolute percentage error, 0 to 200, as NeuroBench's harness 2.3 has it
 * (`neurobench/metrics/workload/smape.py`). An answer of zero where zero is asked for has no error.
 */
function smape(answers: readonly number[], targets: readonly number[]): number {
  const errors = targets.map((target, index) => {
    const answer = at(answers, index);
    const size = Math.abs(answer) + Math.abs(target);
    return size === 0 ? 0 : Math.abs(answer - target) / size;
  });
  return (200 * errors.reduce((sum, error) => sum + error, 0)) / targets.length;
}
