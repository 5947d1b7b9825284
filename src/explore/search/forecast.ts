import { at, numberAt } from '../../text/index.ts';

/** A run, as far as it is known beforehand. */
export interface RunFeatures {
  /** Its places on the axes, in steps from value to value. */
  readonly place: readonly number[];
  /** Numbers from which its cost may follow, each of about the size of one. */
  readonly features: readonly number[];
}

export interface RunCost extends RunFeatures {
  readonly cost: number;
}

export interface CostForecast {
  readonly mean: number;
  readonly deviation: number;
}

/** Variances in units of the chance of a run: of each feature's effect, and of those of the axes. */
interface Prior {
  readonly features: readonly number[];
  readonly axes: number;
}

const featureVariances = [0, 0.01, 1, 100, 10_000];
const axesVariances = [0, 0.1, 1, 10];
/** That of the level: any is as likely. */
const levelVariance = 100;
/** Before any run is known, chance counts as so many observations of such a share of the variance. */
const [priorDegrees, priorVariance] = [2, 1e-4];

interface Fit {
  readonly prior: Prior;
  readonly factor: readonly Float64Array[];
  /** The costs, with correlations taken out. */
  readonly whitened: Float64Array;
  /** Of the chance of a run, as a share of the costs' variance. */
  readonly variance: number;
  readonly logLikelihood: number;
}

/**
 * Forecasts a cost of runs: a Gaussian process whose mean is a line over some features, plus an effect of each axis, of
 * which neighbouring values have similar ones, plus chance. How much each of them matters is what makes the known runs
 * most likely (Rasmussen & Williams, Gaussian Processes for Machine Learning, 2006, 2.7 and 5.4). With the cost after
 * few samples as a feature, it is the model of Kennedy & O'Hagan (Biometrika 87(1), 2000) for what a costly run says
 * beyond a cheap one.
 */
export class Forecast {
  readonly #known: readonly RunCost[];
  readonly #costs: MeanAndDeviation;
  readonly #fit: Fit;

  /** @param known at least one run */
  constructor(known: readonly RunCost[]) {
    this.#known = known;
    this.#costs = meanAndDeviation(known.map(({ cost }) => cost));
    const costs = known.map(({ cost }) => (cost - this.#costs.mean) / this.#costs.deviation);
    const fits = priorsFor(at(known, 0).features.length).map((prior) => this.#fitted(costs, prior));
    this.#fit = fits.reduce((best, one) => (one.logLikelihood > best.logLikelihood ? one : best));
  }

  /** The cost that a run will have, its chance included. */
  of(run: RunFeatures): CostForecast {
    const { prior, factor, whitened, variance } = this.#fit;
    const shared = solved(
      factor,
      this.#known.map((other) => covariance(run, other, prior)),
    );
    const spread = Math.max(1, covariance(run, run, prior) + 1 - dot(shared, shared));
    return {
      mean: this.#costs.mean + this.#costs.deviation * dot(shared, whitened),
      deviation: this.#costs.deviation * Math.sqrt(variance * spread),
    };
  }

  #fitted(costs: readonly number[], prior: Prior): Fit {
    const factor = factored(
      this.#known.map((a, row) =>
        this.#known.slice(0, row + 1).map((b, column) => covariance(a, b, prior) + (row === column ? 1 : 0)),
      ),
    );
    const whitened = solved(factor, costs);
    const degrees = costs.length + priorDegrees;
    const variance = (dot(whitened, whitened) + priorDegrees * priorVariance) / degrees;
    const logDeterminant = factor.reduce((sum, row, index) => sum + Math.log(numberAt(row, index)), 0);
    const logLikelihood = -(degrees / 2) * Math.log(variance) - logDeterminant;
    return { prior, factor, whitened, variance, logLikelihood };
  }
}

/** All combinations of variances. */
function priorsFor(features: number): Prior[] {
  let combinations: (readonly number[])[] = [[]];
  for (let feature = 0; feature < features; feature++)
    combinations = combinations.flatMap((some) => featureVariances.map((variance) => [...some, variance]));
  return combinations.flatMap((some) => axesVariances.map((axes) => ({ features: some, axes })));
}

export interface MeanAndDeviation {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation of values; 1 if they are all the same. */
export function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

/** Of two runs, apart from their chance: of the level, of the lines over features, and of the effects of the axes. */
function covariance(a: RunFeatures, b: RunFeatures, prior: Prior): number {
  let alike = 0;
  for (const [axis, place] of a.place.entries()) alike += Math.exp(-Math.abs(place - at(b.place, axis)));
  let sum = levelVariance + (prior.axes * alike) / Math.max(1, a.place.length);
  for (const [index, feature] of a.features.entries())
    sum += at(prior.features, index) * feature * at(b.features, index);
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += numberAt(a, index) * numberAt(b, index);
  return sum;
}

/** Cholesky's factor L of a matrix L Lᵀ, of which the rows up to the diagonal are given. */
function factored(matrix: readonly (readonly number[])[]): Float64Array[] {
  const rows: Float64Array[] = [];
  for (const given of matrix) {
    const row = solved(rows, given.slice(0, -1), given.length);
    row[given.length - 1] = Math.sqrt(at(given, given.length - 1) - dot(row, row));
    rows.push(row);
  }
  return rows;
}

/** Solves L x = values, with L lower triangular; `length` may leave room behind x. */
function solved(
  factor: readonly Float64Array[],
  values: readonly number[],
  length = values.length,
): Float64Array {
  const solution = new Float64Array(length);
  for (const [index, value] of values.entries()) {
    const row = at(factor, index);
    let rest = value;
    for (let before = 0; before < index; before++) rest -= numberAt(row, before) * numberAt(solution, before);
    solution[index] = rest / numberAt(row, index);
  }
  return solution;
}
