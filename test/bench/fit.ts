export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line y = intercept + slope x. */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
  /** The share of the variance of y that the line explains. */
  readonly rSquared: number;
}

/** The line with the least sum of squared distances in y, each times the weight of its point. */
export function leastSquares(points: readonly Point[], weightOf: (point: Point) => number = () => 1): Line {
  const weights = points.reduce((sum, point) => sum + weightOf(point), 0);
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + weightOf(point) * of(point), 0) / weights;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const slope = mean(({ x, y }) => (x - meanX) * (y - meanY)) / mean(({ x }) => (x - meanX) ** 2);
  const intercept = meanY - slope * meanX;
  const residue = mean(({ x, y }) => (y - intercept - slope * x) ** 2);
  return { intercept, slope, rSquared: 1 - residue / mean(({ y }) => (y - meanY) ** 2) };
}
