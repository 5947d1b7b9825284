import { at, isSet, numberAt } from '../../arrays/index.ts';
import type { Costs } from '../../report/index.ts';
import type { Dice } from './dice.ts';

/** The costs of the designs of a run, in each draw. All runs have the same number of draws. */
export type DrawnCosts = readonly (readonly Costs[])[];

/** Points at which volumes are measured. */
const points = 1000;

/**
 * The runs that together are expected to dominate the most of the space of costs beyond what is known: the expected
 * improvement of the hypervolume by a set, over draws, built greedily (Daulton, Balandat & Bakshy, NeurIPS 2020).
 * Volumes are counted at random points, as Bader & Zitzler do (HypE, Evol. Comput. 19(1), 2011), between the best and
 * the worst that is known or expected.
 *
 * @returns the positions of the runs, the best first
 */
export function mostGain(
  known: readonly Costs[],
  runs: readonly DrawnCosts[],
  count: number,
  dice: Dice,
): number[] {
  const beyond = pointsIn([...known, ...runs.flatMap(expected)], dice).filter(
    (point) => !known.some((costs) => reaches(costs, point)),
  );
  const draws = runs[0]?.length ?? 0;
  const dominated = Array.from({ length: draws }, () => new Uint8Array(beyond.length));
  const visit = (run: DrawnCosts, visitor: (draw: Uint8Array, point: number) => void) => {
    for (const [index, draw] of dominated.entries()) {
      const designs = at(run, index);
      for (const [number, point] of beyond.entries()) {
        if (!isSet(draw, number) && designs.some((costs) => reaches(costs, point))) visitor(draw, number);
      }
    }
  };
  const gainOf = (run: DrawnCosts) => {
    let gain = 0;
    visit(run, () => {
      gain++;
    });
    return gain;
  };
  // The gain of a run only falls as others are chosen, so one that is still the best needs no look at the rest.
  const most = runs.map(gainOf);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, runs.length)) {
    const best = most.indexOf(Math.max(...most));
    const gain = gainOf(at(runs, best));
    most[best] = gain;
    if (most.some((other) => other > gain)) continue;
    visit(at(runs, best), (draw, point) => {
      draw[point] = 1;
    });
    most[best] = Number.NEGATIVE_INFINITY;
    chosen.push(best);
  }
  return chosen;
}

/** The designs of a run, with the mean costs of all draws. */
function expected(run: DrawnCosts): Costs[] {
  return at(run, 0).map((costs, design) =>
    costs.map(
      (_, objective) => run.reduce((sum, draw) => sum + at(at(draw, design), objective), 0) / run.length,
    ),
  );
}

/** Random points in the box that holds all of some costs. */
function pointsIn(all: readonly Costs[], dice: Dice): Costs[] {
  const ranges = at(all, 0).map((_, objective) => {
    const costs = all.map((one) => at(one, objective));
    return { low: least(costs), high: -least(costs.map((cost) => -cost)) };
  });
  return Array.from({ length: points }, () =>
    ranges.map(({ low, high }) => low + (high - low) * dice.share()),
  );
}

/** Of any number of values, which `Math.min(...values)` does not take. */
function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
}

function reaches(costs: Costs, point: Costs): boolean {
  for (let objective = 0; objective < costs.length; objective++)
    if (numberAt(costs, objective) > numberAt(point, objective)) return false;
  return true;
}
