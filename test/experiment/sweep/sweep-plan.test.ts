import { describe, expect, test } from 'vitest';
import { type Extent, joinExtents } from '../../../src/experiment/sweep/sweep-plan.ts';

const axis = (...values: readonly unknown[]) => [{ path: 'hw.lanes', values }];
const of = (precisions: string, seeds: readonly number[], ...lanes: readonly unknown[]): Extent => ({
  precisions: precisions.split(' '),
  seeds,
  axes: axis(...lanes),
});
const experiment = of('mp8-8 mp16-8 fp32', [1, 2, 3, 4], 8, 16);

describe('two sweeps in one folder have', () => {
  test('the order of the later one where it asks for all', () => {
    const later = of('fp32 mp16-8', [3, 1, 2], 16, { value: 1 }, 8);
    expect(joinExtents(of('mp16-8', [1, 3], { value: 1 }), later, experiment)).toEqual(later);
  });

  test('else that of the experiment, whichever came first, and what it does not list last', () => {
    const [a, b] = [of('fp32 mp2-2', [4, 9], 16), of('mp8-8', [2], 8, 4)];
    expect(joinExtents(a, b, experiment)).toEqual(of('mp8-8 fp32 mp2-2', [2, 4, 9], 8, 16, 4));
    expect(joinExtents(b, a, experiment)).toEqual(of('mp8-8 fp32 mp2-2', [2, 4, 9], 8, 16, 4));
  });
});
