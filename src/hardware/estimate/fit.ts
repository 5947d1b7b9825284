/** A fit of published figures: what it gives for each of them, and how far it is off. */
export interface Fit {
  readonly coefficients: readonly number[];
  /** For each figure: published over fitted. */
  readonly ratios: readonly number[];
  /** Standard deviation of the logarithms of the ratios, over as many figures as there are beyond the coefficients. */
  readonly spread: number;
}

/**
 * Fits the logarithms of positive figures by least squares: ln y = sum of coefficients x row.
 *
 * @param rows for each figure, what the coefficients are multiplied by
 */
export function fitLogarithms(rows: readonly (readonly number[])[], figures: readonly number[]): Fit {
  return solve(rows, figures.map(Math.log), (fitted, index) => (figures[index] ?? 0) / Math.exp(fitted));
}

/** Fits positive figures themselves by least squares of their relative errors: y = sum of coefficients x row. */
export function fitSums(rows: readonly (readonly number[])[], figures: readonly number[]): Fit {
  const relative = rows.map((row, index) => row.map((value) => value / (figures[index] ?? 1)));
  return solve(
    relative,
    figures.map(() => 1),
    (fitted) => 1 / fitted,
  );
}

function solve(
  rows: readonly (readonly number[])[],
  wanted: readonly number[],
  ratioOf: (fitted: number, index: number) => number,
): Fit {
  const coefficients = leastSquares(rows, wanted);
  const ratios = rows.map((row, index) => ratioOf(dot(row, coefficients), index));
  const squares = ratios.reduce((sum, ratio) => sum + Math.log(ratio) ** 2, 0);
  return { coefficients, ratios, spread: Math.sqrt(squares / (rows.length - coefficients.length)) };
}

/** Solves the normal equations by elimination; the largest pivot comes first. */
function leastSquares(rows: readonly (readonly number[])[], wanted: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0;
  if (rows.length <= size) throw new Error(`${rows.length} figures for ${size} coefficients`);
  const indices = Array.from({ length: size }, (_, index) => index);
  const column = (index: number) => rows.map((row) => row[index] ?? 0);
  const system = indices.map((i) => [
    ...indices.map((j) => dot(column(i), column(j))),
    dot(column(i), wanted),
  ]);
  for (const step of indices) {
    const best = indices
      .slice(step)
      .reduce((a, b) => (Math.abs(at(system, b, step)) > Math.abs(at(system, a, step)) ? b : a));
    [system[step], system[best]] = [system[best] ?? [], system[step] ?? []];
    for (const other of indices) {
      if (other === step) continue;
      const factor = at(system, other, step) / at(system, step, step);
      system[other] = (system[other] ?? []).map((value, index) => value - factor * at(system, step, index));
    }
  }
  return indices.map((index) => at(system, index, size) / at(system, index, index));
}

function at(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
