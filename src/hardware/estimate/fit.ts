import { at } from '../../text/index.ts';

/** A fit of published figures: its value for each of them, and how far it is off. */
export interface Fit {
  readonly coefficients: readonly number[];
  /** For each figure: published over fitted. */
  readonly ratios: readonly number[];
  /** Standard deviation of the logarithms of the ratios, over as many figures as there are beyond the coefficients. */
  readonly spread: number;
}

/** How figures are fitted, where that is not plain. */
interface Fitting {
  /** How much each figure counts; 1 where absent. */
  readonly weights?: readonly number[];
  /** Exponents of the rows that were chosen to suit the same figures: they count as coefficients. */
  readonly chosen?: number;
}

type Rows = readonly (readonly number[])[];

/**
 * Fits the logarithms of positive figures by least squares: ln y = sum of coefficients x row.
 *
 * @param rows for each figure, what the coefficients are multiplied by
 */
export function fitLogarithms(rows: Rows, figures: readonly number[], fitting: Fitting = {}): Fit {
  const coefficients = leastSquares(rows, figures.map(Math.log), fitting.weights);
  return judged(
    coefficients,
    figures,
    rows.map((row) => Math.exp(dot(row, coefficients))),
    fitting,
  );
}

/**
 * Fits sums to positive figures, y = sum of coefficients x row, by least squares of the logarithms of their ratios, so
 * that half of a figure counts as much as its double. Starts from the least relative errors.
 */
export function fitSums(rows: Rows, figures: readonly number[], fitting: Fitting = {}): Fit {
  const over = (divisors: readonly number[]) =>
    rows.map((row, index) => row.map((value) => value / at(divisors, index)));
  let coefficients = leastSquares(
    over(figures),
    figures.map(() => 1),
    fitting.weights,
  );
  const sums = () => rows.map((row) => dot(row, coefficients));
  for (let step = 0; step < 50; step++) {
    const now = sums();
    const missing = figures.map((figure, index) => Math.log(figure / at(now, index)));
    const change = leastSquares(over(now), missing, fitting.weights);
    coefficients = coefficients.map((value, index) => value + at(change, index));
  }
  return judged(coefficients, figures, sums(), fitting);
}

function judged(
  coefficients: readonly number[],
  figures: readonly number[],
  fitted: readonly number[],
  { weights, chosen = 0 }: Fitting,
): Fit {
  const ratios = figures.map((figure, index) => figure / at(fitted, index));
  const squares = ratios.reduce(
    (sum, ratio, index) => sum + (weights === undefined ? 1 : at(weights, index)) * Math.log(ratio) ** 2,
    0,
  );
  const whole = weights === undefined ? figures.length : weights.reduce((sum, weight) => sum + weight, 0);
  return { coefficients, ratios, spread: Math.sqrt(squares / (whole - coefficients.length - chosen)) };
}

/** Solves the normal equations by elimination; the largest pivot comes first. */
function leastSquares(rows: Rows, wanted: readonly number[], weights?: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0;
  if (rows.length <= size) throw new Error(`${rows.length} figures for ${size} coefficients`);
  const indices = Array.from({ length: size }, (_, index) => index);
  const column = (index: number) => rows.map((row) => at(row, index));
  const weighted = (index: number) =>
    column(index).map((value, row) => value * (weights === undefined ? 1 : at(weights, row)));
  const system = indices.map((i) => [
    ...indices.map((j) => dot(weighted(i), column(j))),
    dot(weighted(i), wanted),
  ]);
  const cell = (row: number, of: number) => at(at(system, row), of);
  for (const step of indices) {
    const best = indices
      .slice(step)
      .reduce((a, b) => (Math.abs(cell(b, step)) > Math.abs(cell(a, step)) ? b : a));
    [system[step], system[best]] = [at(system, best), at(system, step)];
    for (const other of indices) {
      if (other === step) continue;
      const factor = cell(other, step) / cell(step, step);
      system[other] = at(system, other).map((value, index) => value - factor * cell(step, index));
    }
  }
  return indices.map((index) => cell(index, size) / cell(index, index));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * at(b, index), 0);
}
