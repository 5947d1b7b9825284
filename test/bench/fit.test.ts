import { expect, it } from 'vitest';
import { leastSquares } from './fit.ts';

it('finds the line that points lie on', () => {
  const points = [1, 2, 5].map((x) => ({ x, y: 3 + 0.5 * x }));
  const { intercept, slope, rSquared } = leastSquares(points);
  expect(intercept).toBeCloseTo(3);
  expect(slope).toBeCloseTo(0.5);
  expect(rSquared).toBeCloseTo(1);
});

it('says what share of the variance the line explains', () => {
  // By hand: means 1 and 2, sxx = 2, sxy = 3, slope 1.5, intercept 0.5.
  // Residues -0.5, 1, -0.5: squares 1.5; y about its mean: 4 + 1 + 1 = 6; R^2 = 1 - 1.5 / 6 = 0.75.
  const line = leastSquares([
    { x: 0, y: 0 },
    { x: 1, y: 3 },
    { x: 2, y: 3 },
  ]);
  expect(line.intercept).toBeCloseTo(0.5);
  expect(line.slope).toBeCloseTo(1.5);
  expect(line.rSquared).toBeCloseTo(0.75);
});

it('takes a point of weight 3 for three points', () => {
  const [a, b, c] = [
    { x: 0, y: 0 },
    { x: 1, y: 3 },
    { x: 2, y: 3 },
  ];
  const line = leastSquares([a, b, c], ({ x }) => (x === 1 ? 3 : 1));
  const repeated = leastSquares([a, b, b, b, c]);
  expect(line.intercept).toBeCloseTo(repeated.intercept);
  expect(line.slope).toBeCloseTo(repeated.slope);
  expect(line.rSquared).toBeCloseTo(repeated.rSquared);
});
