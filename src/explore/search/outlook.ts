import { type Costs, frontOf } from '../../report/index.ts';
import { at, isSet, known, numberAt } from '../../text/index.ts';
import type { Choice } from '../space/index.ts';
import type { Dice } from './choices.ts';
import { type CostForecast, Forecast, meanAndDeviation, type RunFeatures } from './forecast.ts';

/** Designs that share a run, and their costs with few samples: undefined for those that cannot be on the front. */
export interface FewRun {
  readonly choices: readonly Choice[];
  readonly few: readonly (Costs | undefined)[];
}

/** A run that has taken all samples, too. */
export interface DoneRun extends FewRun {
  readonly all: readonly (Costs | undefined)[];
}

/** How often costs are drawn. */
const draws = 32;
/** A forecast from more runs than this takes too long. */
const mostKnown = 200;

/** Draws of the costs of runs with all samples. Each run has a design with costs. */
export function drawRuns(left: readonly FewRun[], done: readonly DoneRun[], dice: Dice): DrawnCosts[] {
  const objectives = at(definedOf(at(left, 0).few), 0).map(
    (_, objective) => new Outlook(left, done, objective),
  );
  // All designs of a run change alike, so that one which another beats stays beaten.
  const best = left.map(({ few }) => {
    const costs = definedOf(few);
    return frontOf(costs).map((position) => at(costs, position));
  });
  return left.map((run, index) => {
    const changes = objectives.map((outlook) => outlook.changeOf(run));
    return Array.from({ length: draws }, () => {
      const drawn = changes.map(({ mean, deviation }) => mean + deviation * dice.normal());
      return at(best, index).map((one) =>
        one.map((cost, objective) => at(objectives, objective).changed(cost, at(drawn, objective))),
      );
    });
  });
}

/** A cost of a run, as few samples show it. */
interface Told extends RunFeatures {
  /** The cost, as the mean of the run's designs. */
  readonly few: number;
  /** How far the cost of another such run with few samples may be from it. */
  readonly deviation: number;
}

/** How a cost changes from few samples to all. */
class Outlook {
  readonly #objective: number;
  /** Costs that are positive change by factors, others by differences. */
  readonly #byFactors: boolean;
  readonly #told: ReadonlyMap<FewRun, Told>;
  readonly #later: Forecast | undefined;

  constructor(left: readonly FewRun[], done: readonly DoneRun[], objective: number) {
    this.#objective = objective;
    const runs = [...done, ...left];
    const costs = definedOf([...runs.flatMap(({ few }) => few), ...done.flatMap(({ all }) => all)]);
    this.#byFactors = costs.every((one) => at(one, objective) > 0);
    this.#told = this.#tell(runs);
    const later = done.flatMap((run) => {
      const changes = run.few.flatMap((few, index) => {
        const all = run.all[index];
        return few === undefined || all === undefined ? [] : [this.#scaled(all) - this.#scaled(few)];
      });
      const told = known(this.#told, run);
      return changes.length === 0 ? [] : [{ ...told, cost: told.few + meanOf(changes) }];
    });
    this.#later = later.length === 0 ? undefined : new Forecast(later);
  }

  /** Before any run has taken all samples, few samples say as much as another run with so few would. */
  changeOf(run: FewRun): CostForecast {
    const told = known(this.#told, run);
    if (this.#later === undefined) return { mean: 0, deviation: told.deviation };
    const { mean, deviation } = this.#later.of(told);
    return { mean: mean - told.few, deviation };
  }

  changed(cost: number, by: number): number {
    return this.#byFactors ? cost * Math.exp(by) : cost + by;
  }

  /**
   * An accuracy with few samples is mostly chance, so what the axes say of it tells more; an energy is known. So both
   * are features: what the axes say, and what they leave.
   */
  #tell(runs: readonly FewRun[]): Map<FewRun, Told> {
    const all = runs.map((run) => ({ run, place: placeOf(run), cost: this.#fewOf(run), features: [] }));
    const axes = new Forecast(all.slice(0, mostKnown));
    const scale = meanAndDeviation(all.map(({ cost }) => cost));
    return new Map(
      all.map(({ run, place, cost, features: none }) => {
        const { mean, deviation } = axes.of({ place, features: none });
        const features = [(mean - scale.mean) / scale.deviation, (cost - mean) / scale.deviation];
        return [run, { place, features, few: cost, deviation }];
      }),
    );
  }

  #scaled(costs: Costs): number {
    const cost = at(costs, this.#objective);
    return this.#byFactors ? Math.log(cost) : cost;
  }

  #fewOf({ few }: FewRun): number {
    return meanOf(definedOf(few).map((costs) => this.#scaled(costs)));
  }
}

/** The mean place of the designs of a run on each axis. */
function placeOf({ choices }: FewRun): number[] {
  return at(choices, 0).map((_, axis) => meanOf(choices.map((choice) => at(choice, axis))));
}

function definedOf(costs: readonly (Costs | undefined)[]): Costs[] {
  return costs.flatMap((one) => (one === undefined ? [] : [one]));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

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
