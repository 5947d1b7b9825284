import { expect, test } from 'vitest';
import { integerScalesOf } from '../../src/import/map/linear.ts';

/** Weights onto two neurons: the first half leads to neuron 0, the second to neuron 1. */
function scalesOf(first: readonly number[], second: readonly number[]) {
  const weights = Float64Array.from([...first, ...second]);
  const targets = Uint32Array.from(weights, (_, at) => Number(at >= first.length));
  const rows = () => ({ starts: Uint32Array.of(0, weights.length), targets, weights });
  const scales = integerScalesOf({ sliding: undefined, rows }, 2, 4);
  return scales && [...scales];
}

test('weights of 4 bits are recognised from -8 to 7, and no further', () => {
  expect(scalesOf([-8, 3], [7, 1])).toEqual([1, 1]);
  expect(scalesOf([-2, 0.75], [1.75, 0.25])).toEqual([0.25, 0.25]);
  expect(scalesOf([-8, 7], [-2, 1.75])).toEqual([1, 0.25]);
  expect(scalesOf([-8, 7], [8, 7])).toBeUndefined();
});
